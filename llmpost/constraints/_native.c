/* The Python face of the compiled walk: arrays in, bits out. The interpreter's lock is let go while a mask is found. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "walk.h"

#include <stdlib.h>
#include <string.h>

typedef ALGEBRA_OBJECT AlgebraObject;
typedef struct { PyObject_HEAD Walk walk; PyObject *algebra; } Self;

static const AlgebraFunctions *functions;
static PyObject *budget_exceeded; /* the class */
static PyObject *frombuffer;      /* of numpy */

static PyObject *raise_failure(Failure failure) {
    if (failure == NOTHING) return PyErr_NoMemory();
    PyErr_SetString(budget_exceeded, functions->message(failure));
    return NULL;
}

/* Making a walk: the arrays of the trie are checked, and packed as the loop wants them. */

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

static int pack(Walk *walk, const Arrays *arrays) {
    walk->num_nodes = (int32_t)arrays->num_nodes;
    walk->size = (int32_t)arrays->size;
    walk->num_words = (walk->size + 31) / 32;
    walk->nodes = malloc((size_t)arrays->num_nodes * sizeof(TrieNode));
    walk->parents = malloc((size_t)arrays->num_nodes * sizeof(int32_t));
    walk->lists = malloc(2 * ((size_t)arrays->num_tokens + 1) * sizeof(int32_t));
    if (!walk->nodes || !walk->parents || !walk->lists) return -1;
    memcpy(walk->parents, arrays->parents, (size_t)arrays->num_nodes * sizeof(int32_t));
    int32_t used = 0;
    for (Py_ssize_t i = 0; i < arrays->num_nodes; i++) {
        int32_t first = arrays->first_token[i], num_ids = arrays->first_token[i + 1] - first, token = NONE;
        if (num_ids == 1) token = arrays->tokens[first];
        if (num_ids > 1) {
            token = -2 - used;
            walk->lists[used++] = num_ids;
            memcpy(walk->lists + used, arrays->tokens + first, (size_t)num_ids * sizeof(int32_t));
            used += num_ids;
        }
        walk->nodes[i] = (TrieNode){arrays->ends[i], token, arrays->depths[i], arrays->octets[i], NO_TEXT};
        if (arrays->depths[i] > walk->longest) walk->longest = arrays->depths[i];
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

static int read_arrays(PyObject *const objects[6], Walk *walk, long size) {
    static const Py_ssize_t items[6] = {1, 2, 4, 4, 4, 4};
    Py_buffer views[6];
    int num_read = 0;
    for (; num_read < 6; num_read++) {
        Py_ssize_t num_nodes = num_read ? views[0].len : -1;
        Py_ssize_t wanted = num_read < 4 ? num_nodes : num_read == 4 ? num_nodes + 1 : -1;
        if (read_array(objects[num_read], items[num_read], wanted, &views[num_read])) break;
    }
    int result = -1;
    Failure failure = NOTHING;
    if (num_read == 6) {
        Arrays arrays = {views[0].buf, views[1].buf, views[2].buf,   views[3].buf,     views[4].buf,
                         views[5].buf, views[0].len, views[5].len / 4, size};
        const char *wrong = what_is_wrong(&arrays);
        if (wrong)
            PyErr_Format(PyExc_ValueError, "the arrays are no trie: %s", wrong);
        else if (pack(walk, &arrays) || tables_open(walk, &failure))
            raise_failure(failure);
        else
            result = 0;
    }
    while (num_read--) PyBuffer_Release(&views[num_read]);
    return result;
}

static PyObject *new_walk(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"algebra", "octets",      "depths", "ends",     "parents",
                            "first_token", "tokens", "size",   "is_split", NULL};
    PyObject *algebra, *objects[6];
    long size;
    int is_split = 1;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O!OOOOOOl|p", names, (PyTypeObject *)functions->type,
                                     &algebra, &objects[0], &objects[1], &objects[2], &objects[3], &objects[4],
                                     &objects[5], &size, &is_split))
        return NULL;
    if (size < 0 || size >= INT32_MAX / 2) return PyErr_Format(PyExc_ValueError, "a vocabulary of %ld ids", size);
    Self *self = (Self *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    Py_INCREF(algebra);
    self->algebra = algebra;
    self->walk.algebra = &((AlgebraObject *)algebra)->algebra;
    self->walk.functions = functions;
    self->walk.is_split = is_split;
    if (!read_arrays(objects, &self->walk, size)) return (PyObject *)self;
    Py_DECREF(self);
    return NULL;
}

static void free_walk(Self *self) {
    if (self->walk.tables) tables_close(self->walk.tables);
    free(self->walk.nodes);
    free(self->walk.parents);
    free(self->walk.lists);
    Py_XDECREF(self->algebra);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Filling masks. */

static int64_t fill_bits(Walk *walk, Term term, uint32_t *out, Failure *failure) {
    Place place;
    if (place_open(&place, walk)) {
        *failure = NOTHING;
        return -1;
    }
    memset(out, 0, (size_t)walk->num_words * sizeof(uint32_t));
    int done = walk->is_split ? split_fill(&place, 0, term, out) : 0;
    if (!done) done = walk_below(&place, 0, term, out);
    *failure = place.failure;
    place_close(&place);
    return done < 0 ? -1 : count_bits(out, walk->num_words);
}

static int read_term(const Self *self, PyObject *object, Term *term) {
    long value = PyLong_AsLong(object);
    if (value == -1 && PyErr_Occurred()) return -1;
    if (value < 0 || value >= self->walk.algebra->num_terms) {
        PyErr_Format(PyExc_ValueError, "%ld is no term of this algebra", value);
        return -1;
    }
    *term = (Term)value;
    return 0;
}

static int read_out(const Self *self, PyObject *object, Py_buffer *view) {
    if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)) return -1;
    if (view->itemsize == 4 && view->len == 4 * (Py_ssize_t)self->walk.num_words) return 0;
    PyErr_Format(PyExc_ValueError, "an array that is not %d words of 32 bits", self->walk.num_words);
    PyBuffer_Release(view);
    return -1;
}

static PyObject *fill(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    Term term;
    Py_buffer out;
    if (size != 2) return PyErr_Format(PyExc_TypeError, "fill takes a term and an array");
    if (read_term(self, arguments[0], &term) || read_out(self, arguments[1], &out)) return NULL;
    int64_t count;
    Failure failure;
    Py_BEGIN_ALLOW_THREADS
    count = fill_bits(&self->walk, term, out.buf, &failure);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&out);
    return count < 0 ? raise_failure(failure) : PyLong_FromLongLong(count);
}

typedef struct {
    Term term;
    Py_buffer out;
    int64_t count;
    Failure failure;
} Job;

typedef struct {
    Walk *walk;
    Job *jobs;
    int64_t num_jobs;
    _Atomic int64_t next;
} Jobs;

static void *work(void *argument) {
    Jobs *jobs = argument;
    for (int64_t i; (i = atomic_fetch_add(&jobs->next, 1)) < jobs->num_jobs;) {
        Job *job = &jobs->jobs[i];
        job->count = fill_bits(jobs->walk, job->term, job->out.buf, &job->failure);
    }
    return NULL;
}

/* One thread is the caller's; where no other can be had, that one does it all. */
static void work_in_threads(Jobs *jobs, long num_threads) {
    enum { MOST = 64, STACK = 1 << 21 };
    pthread_t threads[MOST];
    pthread_attr_t attributes;
    int started = 0;
    if (num_threads > jobs->num_jobs) num_threads = (long)jobs->num_jobs;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    while (started < num_threads - 1 && started < MOST && !pthread_create(&threads[started], &attributes, work, jobs))
        started++;
    pthread_attr_destroy(&attributes);
    work(jobs);
    while (started) pthread_join(threads[--started], NULL);
}

static PyObject *counts_of(const Jobs *jobs) {
    PyObject *counts = PyList_New((Py_ssize_t)jobs->num_jobs);
    for (int64_t i = 0; counts && i < jobs->num_jobs; i++) {
        const Job *job = &jobs->jobs[i];
        PyObject *count = job->count < 0 ? raise_failure(job->failure) : PyLong_FromLongLong(job->count);
        if (count) PyList_SET_ITEM(counts, (Py_ssize_t)i, count);
        else Py_CLEAR(counts);
    }
    return counts;
}

static PyObject *fill_jobs(Self *self, PyObject *terms, PyObject *outs, long num_threads) {
    Py_ssize_t size = PySequence_Fast_GET_SIZE(terms);
    if (size != PySequence_Fast_GET_SIZE(outs)) return PyErr_Format(PyExc_ValueError, "one array for each term");
    Jobs jobs = {&self->walk, calloc((size_t)size + 1, sizeof(Job)), 0, 0};
    if (!jobs.jobs) return PyErr_NoMemory();
    for (; jobs.num_jobs < size; jobs.num_jobs++) {
        Job *job = &jobs.jobs[jobs.num_jobs];
        if (read_term(self, PySequence_Fast_GET_ITEM(terms, jobs.num_jobs), &job->term)) break;
        if (read_out(self, PySequence_Fast_GET_ITEM(outs, jobs.num_jobs), &job->out)) break;
    }
    PyObject *counts = NULL;
    if (jobs.num_jobs == size) {
        Py_BEGIN_ALLOW_THREADS
        work_in_threads(&jobs, num_threads);
        Py_END_ALLOW_THREADS
        counts = counts_of(&jobs);
    }
    for (int64_t i = 0; i < jobs.num_jobs; i++) PyBuffer_Release(&jobs.jobs[i].out);
    free(jobs.jobs);
    return counts;
}

static PyObject *fill_many(Self *self, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"terms", "outs", "num_threads", NULL};
    PyObject *terms, *outs, *counts = NULL;
    long num_threads;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OOl", names, &terms, &outs, &num_threads)) return NULL;
    terms = PySequence_Fast(terms, "terms");
    outs = terms ? PySequence_Fast(outs, "arrays") : NULL;
    if (outs) counts = fill_jobs(self, terms, outs, num_threads);
    Py_XDECREF(terms);
    Py_XDECREF(outs);
    return counts;
}

/* Where tokens lead, and keys. */

typedef struct { int32_t *ids, *terms; int64_t size; } Ends;

static void visit(void *taker, int32_t token, Term term) {
    Ends *ends = taker;
    ends->ids[ends->size] = token;
    ends->terms[ends->size++] = term;
}

static PyObject *array_of(const int32_t *values, int64_t size) {
    PyObject *bytes = PyByteArray_FromStringAndSize((const char *)values, (Py_ssize_t)(size * 4));
    PyObject *array = bytes ? PyObject_CallFunction(frombuffer, "Os", bytes, "int32") : NULL;
    Py_XDECREF(bytes);
    return array;
}

static PyObject *ends_of(Self *self, PyObject *object) {
    Term term;
    if (read_term(self, object, &term)) return NULL;
    Ends ends = {malloc(((size_t)self->walk.size + 1) * 4), malloc(((size_t)self->walk.size + 1) * 4), 0};
    Place place = {.steps = NULL};
    int done = -1;
    Py_BEGIN_ALLOW_THREADS
    if (ends.ids && ends.terms && !place_open(&place, &self->walk)) done = walk_all(&place, term, visit, &ends);
    place_close(&place);
    Py_END_ALLOW_THREADS
    PyObject *ids = NULL, *terms = NULL;
    if (done < 0) raise_failure(place.failure);
    else if ((ids = array_of(ends.ids, ends.size))) terms = array_of(ends.terms, ends.size);
    free(ends.ids);
    free(ends.terms);
    if (ids && terms) return Py_BuildValue("(NN)", ids, terms);
    Py_XDECREF(ids);
    return NULL;
}

static PyObject *key(Self *self, PyObject *object) {
    Term term;
    if (read_term(self, object, &term)) return NULL;
    Failure failure = NOTHING;
    Term found = key_of(&self->walk, term, &failure);
    return found < 0 ? raise_failure(failure) : PyLong_FromLong(found);
}

static PyMethodDef methods[] = {
    {"fill", (PyCFunction)(void (*)(void))fill, METH_FASTCALL, "Set exactly the bits of the allowed ids; how many."},
    {"fill_many", (PyCFunction)(void (*)(void))fill_many, METH_VARARGS | METH_KEYWORDS, "The same for several terms."},
    {"ends_of", (PyCFunction)ends_of, METH_O, "Every allowed id, and the term it leads to."},
    {"key", (PyCFunction)key, METH_O, "Terms with equal keys have equal masks."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject walk_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "llmpost.constraints._native.Walk",
    .tp_doc = "The walk over trie and automaton, compiled: the members of NumpyWalk, and the same meaning.",
    .tp_basicsize = sizeof(Self),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = new_walk,
    .tp_dealloc = (destructor)free_walk,
    .tp_methods = methods,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "The compiled twin of llmpost.constraints.walk.", .m_size = -1,
};

static PyObject *imported(const char *module_name, const char *name) {
    PyObject *found = PyImport_ImportModule(module_name);
    PyObject *value = found ? PyObject_GetAttrString(found, name) : NULL;
    Py_XDECREF(found);
    return value;
}

PyMODINIT_FUNC PyInit__native(void) {
    budget_exceeded = imported("llmpost.automata.algebra", "BudgetExceeded");
    frombuffer = budget_exceeded ? imported("numpy", "frombuffer") : NULL;
    PyObject *capsule = frombuffer ? imported("llmpost.automata._native", "functions") : NULL;
    functions = capsule ? PyCapsule_GetPointer(capsule, ALGEBRA_CAPSULE) : NULL; /* its module is never unloaded */
    Py_XDECREF(capsule);
    if (!functions || PyType_Ready(&walk_type)) return NULL;
    PyObject *native = PyModule_Create(&module);
    if (native && PyModule_AddObjectRef(native, "Walk", (PyObject *)&walk_type)) Py_CLEAR(native);
    return native;
}
