/* Arguments: terms, ranges, texts and documents, checked and brought into order, as arrays. */
#include "face.h"

#include <stdlib.h>
#include <string.h>

int read_term(const Algebra *algebra, PyObject *object, Term *term) {
    long value = PyLong_AsLong(object);
    if (value == -1 && PyErr_Occurred()) return -1;
    if (value < 0 || value >= __atomic_load_n(&algebra->num_terms, __ATOMIC_RELAXED)) {
        PyErr_Format(PyExc_ValueError, "%ld is no term of this algebra", value);
        return -1;
    }
    *term = (Term)value;
    return 0;
}

static int by_low(const void *left, const void *right) {
    const Range *a = left, *b = right;
    return (a->low > b->low) - (a->low < b->low);
}

/* Ascending and apart, and none next to another; in place. */
static Py_ssize_t join_ranges(Range *ranges, Py_ssize_t size) {
    Py_ssize_t kept = 0;
    qsort(ranges, (size_t)size, sizeof(Range), by_low);
    for (Py_ssize_t i = 0; i < size; i++) {
        if (kept && ranges[i].low <= ranges[kept - 1].high + 1) {
            if (ranges[i].high > ranges[kept - 1].high) ranges[kept - 1].high = ranges[i].high;
        } else {
            ranges[kept++] = ranges[i];
        }
    }
    return kept;
}

static int read_range(PyObject *object, long limit, Range *range) {
    PyObject *pair = PySequence_Fast(object, "a range is a pair of numbers");
    if (!pair) return -1;
    int is_pair = PySequence_Fast_GET_SIZE(pair) == 2;
    if (!is_pair) PyErr_SetString(PyExc_ValueError, "a range is a pair of numbers");
    long low = is_pair ? PyLong_AsLong(PySequence_Fast_GET_ITEM(pair, 0)) : -1;
    long high = is_pair && !PyErr_Occurred() ? PyLong_AsLong(PySequence_Fast_GET_ITEM(pair, 1)) : -1;
    Py_DECREF(pair);
    if (PyErr_Occurred()) return -1;
    *range = (Range){(int32_t)(low < 0 ? 0 : low > limit ? limit + 1 : low),
                     (int32_t)(high < 0 ? -1 : high > limit ? limit : high)};
    return 0;
}

int read_ranges(PyObject *object, long limit, Range **ranges, int32_t *num_ranges) {
    PyObject *list = PySequence_Fast(object, "ranges are pairs of numbers");
    if (!list) return -1;
    Py_ssize_t size = PySequence_Fast_GET_SIZE(list), kept = 0;
    *ranges = malloc(((size_t)size + 1) * sizeof(Range)); /* one more, for a range that is cut in two */
    for (Py_ssize_t i = 0; *ranges && i < size; i++) {
        if (read_range(PySequence_Fast_GET_ITEM(list, i), limit, *ranges + kept)) break;
        kept += (*ranges)[kept].low <= (*ranges)[kept].high;
    }
    Py_DECREF(list);
    if (!*ranges) PyErr_NoMemory();
    if (PyErr_Occurred()) {
        free(*ranges);
        return -1;
    }
    *num_ranges = (int32_t)join_ranges(*ranges, kept);
    return 0;
}

int32_t without_surrogates(Range *ranges, int32_t size) {
    int32_t before = 0, after;
    while (before < size && ranges[before].high < 0xD800) before++;
    for (after = before; after < size && ranges[after].low < 0xE000;) after++;
    if (before == after) return size;
    Range left = {ranges[before].low, 0xD7FF}, right = {0xE000, ranges[after - 1].high};
    int32_t kept = before + (left.low <= left.high), end = kept + (right.low <= right.high);
    memmove(ranges + end, ranges + after, (size_t)(size - after) * sizeof(Range));
    if (kept > before) ranges[before] = left;
    if (end > kept) ranges[kept] = right;
    return end + size - after;
}

int read_parts(const Algebra *algebra, PyObject *object, Parts *parts) {
    PyObject *list = PySequence_Fast(object, "parts are terms");
    if (!list) return -1;
    *parts = (Parts){malloc(((size_t)PySequence_Fast_GET_SIZE(list) + 1) * sizeof(Term)), 0};
    if (!parts->terms) PyErr_NoMemory();
    while (parts->terms && parts->num_terms < PySequence_Fast_GET_SIZE(list)) {
        PyObject *item = PySequence_Fast_GET_ITEM(list, parts->num_terms);
        if (read_term(algebra, item, &parts->terms[parts->num_terms])) break;
        parts->num_terms++;
    }
    Py_DECREF(list);
    if (!PyErr_Occurred()) return 0;
    free(parts->terms);
    return -1;
}

/* Texts are sorted by their first eight bytes as one number, and by the rest where those are equal. */

typedef struct { uint64_t head; Text text; } Headed;

static int by_text(const void *left, const void *right) {
    const Headed *a = left, *b = right;
    if (a->head != b->head) return a->head < b->head ? -1 : 1;
    int32_t common = a->text.size < b->text.size ? a->text.size : b->text.size;
    int order = common ? memcmp(a->text.data, b->text.data, (size_t)common) : 0;
    return order ? order : (a->text.size > b->text.size) - (a->text.size < b->text.size);
}

static Headed headed(PyObject *bytes) {
    Headed result = {0, {PyBytes_AS_STRING(bytes), (int32_t)PyBytes_GET_SIZE(bytes)}};
    for (int32_t i = 0; i < 8; i++)
        result.head = result.head << 8 | (i < result.text.size ? (uint8_t)result.text.data[i] : 0);
    return result;
}

static void keep_each_once(Headed *headed_texts, Py_ssize_t size, TextsCall *call) {
    qsort(headed_texts, (size_t)size, sizeof(Headed), by_text);
    for (Py_ssize_t i = 0; i < size; i++) {
        if (i && by_text(&headed_texts[i - 1], &headed_texts[i]) == 0) continue;
        call->texts[call->num_texts++] = headed_texts[i].text;
        call->num_bytes += headed_texts[i].text.size;
    }
}

int read_texts(PyObject *list, TextsCall *call) {
    Py_ssize_t size = PySequence_Fast_GET_SIZE(list), num_read = 0;
    Headed *headed_texts = malloc(((size_t)size + 1) * sizeof(Headed));
    *call = (TextsCall){malloc(((size_t)size + 1) * sizeof(Text)), 0, 0};
    if (!headed_texts || !call->texts) PyErr_NoMemory();
    for (; !PyErr_Occurred() && num_read < size; num_read++) {
        PyObject *item = PySequence_Fast_GET_ITEM(list, num_read);
        if (!PyBytes_Check(item) || PyBytes_GET_SIZE(item) > INT32_MAX / 2)
            PyErr_SetString(PyExc_TypeError, "a choice is of bytes");
        else
            headed_texts[num_read] = headed(item);
    }
    int failed = PyErr_Occurred() != NULL;
    if (!failed) keep_each_once(headed_texts, size, call);
    free(headed_texts);
    if (failed) free(call->texts);
    return failed ? -1 : 0;
}

/* Documents. */

int read_document(PyObject *text, PyObject *marks, PyObject *least, DocumentCall *call) {
    Document *document = &call->document;
    long fewest = PyLong_AsLong(least);
    *call = (DocumentCall){.least = fewest < INT32_MAX ? (int32_t)fewest : INT32_MAX};
    if (fewest == -1 && PyErr_Occurred()) return -1;
    if (!PyBytes_Check(text) || !PyBytes_Check(marks)) {
        PyErr_SetString(PyExc_TypeError, "a text and its marks are bytes");
        return -1;
    }
    Py_ssize_t size = PyBytes_GET_SIZE(marks);
    if (fewest < 0 || size != PyBytes_GET_SIZE(text) + 1 || size > INT32_MAX / 2) {
        PyErr_Format(PyExc_ValueError, "%zd marks for %zd bytes, least %ld", size, PyBytes_GET_SIZE(text), fewest);
        return -1;
    }
    document->size = (int32_t)size;
    document->text = malloc((size_t)size);
    document->marks = malloc((size_t)size);
    if (!document->text || !document->marks) {
        free_document(document);
        PyErr_NoMemory();
        return -1;
    }
    memcpy(document->text, PyBytes_AS_STRING(text), (size_t)size); /* a null stands behind it */
    memcpy(document->marks, PyBytes_AS_STRING(marks), (size_t)size);
    settle_document(document, call->least);
    return 0;
}

void free_document(Document *document) {
    free(document->text);
    free(document->marks);
    free(document->starts);
}
