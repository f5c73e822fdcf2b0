/* The Python face of a trie as walks want it: the arrays of `llmpost.vocabulary.trie.Trie`, packed, and the tables.
 *
 * Made once for a vocabulary; nothing of it changes afterwards, so that all walks, in all threads, read it as it is. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "trie.h"

#include <stdlib.h>
#include <string.h>

/* The arrays are checked, and packed as the loop wants them. */

typedef struct {
    const uint8_t *octets;
    const uint16_t *depths;
    const int32_t *ends, *parents, *first_token, *tokens;
    Py_ssize_t num_nodes, num_tokens;
    long size;
} Arrays;

static const char *what_is_wrong(const Arrays *arrays) {
    if (arrays->num_nodes < 1 || arrays->num_nodes >= INT32_MAX || arrays->num_tokens > arrays->size) return "size";
    if (arrays->depths[0] != 0 || arrays->ends[0] != arrays->num_nodes || arrays->first_token[0] != 0) return "root";
    for (Py_ssize_t i = 1; i < arrays->num_nodes; i++) {
        int32_t parent = arrays->parents[i];
        if (parent < 0 || parent >= i || arrays->depths[i] != arrays->depths[parent] + 1) return "parents";
        if (arrays->ends[i] <= i || arrays->ends[i] > arrays->ends[parent]) return "ends";
        if (i > 1 && arrays->depths[i] > arrays->depths[i - 1] + 1) return "depths";
    }
    for (Py_ssize_t i = 0; i < arrays->num_nodes; i++)
        if (arrays->first_token[i + 1] < arrays->first_token[i]) return "first_token";
    if (arrays->first_token[arrays->num_nodes] > arrays->num_tokens) return "first_token";
    for (Py_ssize_t i = 0; i < arrays->num_tokens; i++)
        if (arrays->tokens[i] < 0 || arrays->tokens[i] >= arrays->size) return "tokens";
    return NULL;
}

static int pack(Trie *trie, const Arrays *arrays) {
    trie->num_nodes = (int32_t)arrays->num_nodes;
    trie->size = (int32_t)arrays->size;
    trie->num_words = (trie->size + 31) / 32;
    trie->nodes = malloc((size_t)arrays->num_nodes * sizeof(TrieNode));
    trie->parents = malloc((size_t)arrays->num_nodes * sizeof(int32_t));
    trie->lists = malloc(2 * ((size_t)arrays->num_tokens + 1) * sizeof(int32_t));
    if (!trie->nodes || !trie->parents || !trie->lists) return -1;
    memcpy(trie->parents, arrays->parents, (size_t)arrays->num_nodes * sizeof(int32_t));
    int32_t used = 0;
    for (Py_ssize_t i = 0; i < arrays->num_nodes; i++) {
        int32_t first = arrays->first_token[i], num_ids = arrays->first_token[i + 1] - first, token = NONE;
        if (num_ids == 1) token = arrays->tokens[first];
        if (num_ids > 1) {
            token = -2 - used;
            trie->lists[used++] = num_ids;
            memcpy(trie->lists + used, arrays->tokens + first, (size_t)num_ids * sizeof(int32_t));
            used += num_ids;
        }
        trie->nodes[i] = (TrieNode){arrays->ends[i], token, arrays->depths[i], arrays->octets[i], NO_TEXT};
        if (arrays->depths[i] > trie->longest) trie->longest = arrays->depths[i];
        if (arrays->depths[i] == 1) trie->first_nodes[arrays->octets[i]] = (int32_t)i;
    }
    return 0;
}

static int read_array(PyObject *object, Py_ssize_t item, Py_ssize_t wanted, Py_buffer *view) {
    if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS)) return -1;
    if (view->itemsize == item && (wanted < 0 || view->len == wanted * item)) return 0;
    PyBuffer_Release(view);
    PyErr_SetString(PyExc_ValueError, "an array of another type or size");
    return -1;
}

static int read_arrays(PyObject *const objects[6], Trie *trie, long size) {
    static const Py_ssize_t items[6] = {1, 2, 4, 4, 4, 4};
    Py_buffer views[6];
    int num_read = 0;
    for (; num_read < 6; num_read++) {
        Py_ssize_t num_nodes = num_read ? views[0].len : -1;
        Py_ssize_t wanted = num_read < 4 ? num_nodes : num_read == 4 ? num_nodes + 1 : -1;
        if (read_array(objects[num_read], items[num_read], wanted, &views[num_read])) break;
    }
    int result = -1;
    if (num_read == 6) {
        Arrays arrays = {views[0].buf, views[1].buf, views[2].buf,   views[3].buf,     views[4].buf,
                         views[5].buf, views[0].len, views[5].len / 4, size};
        const char *wrong = what_is_wrong(&arrays);
        if (wrong)
            PyErr_Format(PyExc_ValueError, "the arrays are no trie: %s", wrong);
        else if (pack(trie, &arrays) || tables_open(trie))
            PyErr_NoMemory();
        else
            result = 0;
    }
    while (num_read--) PyBuffer_Release(&views[num_read]);
    return result;
}

static PyObject *new_trie(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"octets", "depths", "ends", "parents", "first_token", "tokens", "size", NULL};
    PyObject *objects[6];
    long size;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OOOOOOl", names, &objects[0], &objects[1], &objects[2],
                                     &objects[3], &objects[4], &objects[5], &size))
        return NULL;
    if (size < 0 || size >= INT32_MAX / 2) return PyErr_Format(PyExc_ValueError, "a vocabulary of %ld ids", size);
    TrieObject *self = (TrieObject *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    self->trie.is_splittable = 1;
    if (!read_arrays(objects, &self->trie, size)) return (PyObject *)self;
    Py_DECREF(self);
    return NULL;
}

static void free_trie(TrieObject *self) {
    if (self->trie.tables) tables_close(self->trie.tables);
    free(self->trie.nodes);
    free(self->trie.parents);
    free(self->trie.lists);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

PyTypeObject trie_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "llmpost.constraints._native.PackedTrie",
    .tp_doc = "The arrays of a trie, packed for the walks over it, and what splitting knows of the vocabulary.",
    .tp_basicsize = sizeof(TrieObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = new_trie,
    .tp_dealloc = (destructor)free_trie,
};
