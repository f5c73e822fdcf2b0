/* The Python face of the compiled scan: a shelf and a state in, the next state out. */
#include "face.h"
#include "scan.h"

enum { SHELF_ARRAYS = 9, CLASS_ARRAYS = 3, NUM_ARRAYS = SHELF_ARRAYS + CLASS_ARRAYS, PERMITS = 6, CHECKS = 8 };

/* The buffers of a shelf, held while it is read: meanwhile nobody can make them grow. */
typedef struct { Py_buffer views[NUM_ARRAYS]; int num_views; } Held;

static void let_go(Held *held) {
    while (held->num_views) PyBuffer_Release(&held->views[--held->num_views]);
}

static int hold(Held *held, PyObject *array, Py_ssize_t item) {
    Py_buffer *view = &held->views[held->num_views];
    if (PyObject_GetBuffer(array, view, PyBUF_SIMPLE)) return -1;
    held->num_views++;
    if (view->len % item == 0) return 0;
    PyErr_SetString(PyExc_ValueError, "an array of a shelf has other numbers");
    return -1;
}

static int hold_all(Held *held, PyObject *shelf, long *num_classes) {
    held->num_views = 0;
    if (!PyTuple_Check(shelf) || PyTuple_GET_SIZE(shelf) != SHELF_ARRAYS + 1) goto other;
    PyObject *classes = PyTuple_GET_ITEM(shelf, SHELF_ARRAYS);
    if (!PyTuple_Check(classes) || PyTuple_GET_SIZE(classes) != CLASS_ARRAYS + 1) goto other;
    for (int i = 0; i < SHELF_ARRAYS; i++)
        if (hold(held, PyTuple_GET_ITEM(shelf, i), i == PERMITS || i == CHECKS ? 1 : sizeof(int32_t))) return -1;
    for (int i = 0; i < CLASS_ARRAYS; i++)
        if (hold(held, PyTuple_GET_ITEM(classes, i + 1), sizeof(int32_t))) return -1;
    *num_classes = PyLong_AsLong(PyTuple_GET_ITEM(classes, 0));
    return *num_classes == -1 && PyErr_Occurred() ? -1 : 0;
other:
    PyErr_SetString(PyExc_TypeError, "no shelf");
    return -1;
}

static Shelf shelf_of(const Held *held, long num_classes) {
    const Py_buffer *views = held->views;
    const int32_t *arrays[NUM_ARRAYS];
    for (int i = 0; i < NUM_ARRAYS; i++) arrays[i] = views[i].buf;
    return (Shelf){
        arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], arrays[5], views[PERMITS].buf, arrays[7],
        views[CHECKS].buf, (int32_t)num_classes, arrays[9], arrays[10], arrays[11],
        views[1].len / (Py_ssize_t)sizeof(int32_t) - 1, views[7].len / (Py_ssize_t)sizeof(int32_t),
        views[10].len / (Py_ssize_t)sizeof(int32_t),
    };
}

static int32_t num_tags(const Shelf *shelf) {
    int32_t most = 0;
    for (int64_t i = 0; i < shelf->num_languages; i++)
        if (shelf->tag_of[i] >= most) most = shelf->tag_of[i] + 1;
    return most;
}

/* The numbers of a tuple; -1 with an exception. */
static int read_numbers(PyObject *tuple, int64_t *numbers, Py_ssize_t size) {
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != size)
        return PyErr_Format(PyExc_TypeError, "a tuple of %zd numbers is wanted", size), -1;
    for (Py_ssize_t i = 0; i < size; i++) {
        numbers[i] = PyLong_AsLongLong(PyTuple_GET_ITEM(tuple, i));
        if (numbers[i] == -1 && PyErr_Occurred()) return -1;
    }
    return 0;
}

static int read_threads(Scan *scan, PyObject *threads) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(threads); i++) {
        int64_t of[2];
        if (read_numbers(PyTuple_GET_ITEM(threads, i), of, 2)) return -1;
        if (of[1] < 0 || of[1] >= scan->shelf.num_rows) return PyErr_Format(PyExc_ValueError, "no row of the shelf"), -1;
        if (scan_add_thread(scan, (Thread){of[0], (int32_t)of[1]})) return PyErr_NoMemory(), -1;
    }
    return 0;
}

static int read_candidates(Scan *scan, PyObject *candidates, int32_t tags) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(candidates); i++) {
        int64_t of[5];
        if (read_numbers(PyTuple_GET_ITEM(candidates, i), of, 5)) return -1;
        if (of[0] < 0 || of[0] >= tags) return PyErr_Format(PyExc_ValueError, "no tag of the shelf"), -1;
        if (scan_keep(scan, (Candidate){of[1], of[2], (int32_t)of[0], (int32_t)of[3], (int32_t)of[4], -1})) return PyErr_NoMemory(), -1;
    }
    return 0;
}

static int is_within(const Scan *scan, int64_t near, int64_t far, int64_t end) {
    int64_t classes = scan->shelf.num_classes;
    return near >= 0 && near < classes && far >= 0 && far < classes && scan->index >= 0 && end <= scan->text.length;
}

static PyObject *threads_of(const Scan *scan) {
    PyObject *threads = PyTuple_New(scan->num_threads);
    for (int64_t i = 0; threads && i < scan->num_threads; i++) {
        PyObject *thread = Py_BuildValue("(Li)", (long long)scan->threads[i].start, (int)scan->threads[i].row);
        if (thread) PyTuple_SET_ITEM(threads, i, thread);
        else Py_CLEAR(threads);
    }
    return threads;
}

static PyObject *candidates_of(const Scan *scan) {
    PyObject *left = PyList_New(0);
    for (int64_t i = 0; left && i < scan->num_candidates; i++) {
        const Candidate *one = &scan->candidates[i];
        if (one->start == REMOVED) continue;
        PyObject *is_undecided = one->is_undecided ? Py_True : Py_False;
        PyObject *candidate =
            Py_BuildValue("(iLLOi)", (int)one->tag, (long long)one->start, (long long)one->end, is_undecided, (int)one->to_check);
        if (!candidate || PyList_Append(left, candidate)) Py_CLEAR(left);
        Py_XDECREF(candidate);
    }
    PyObject *candidates = left ? PyList_AsTuple(left) : NULL;
    Py_XDECREF(left);
    return candidates;
}

static PyObject *advance_of(const Scan *scan) {
    PyObject *threads = threads_of(scan), *candidates = threads ? candidates_of(scan) : NULL;
    if (!candidates) {
        Py_XDECREF(threads);
        return NULL;
    }
    return Py_BuildValue(
        "((LiiNN)LL)", (long long)scan->position, (int)scan->near, (int)scan->far, threads, candidates,
        (long long)scan->index, (long long)scan->missing);
}

PyObject *scan_method(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *shelf, *threads, *candidates, *text, *result = NULL;
    Held held;
    long long reach, position, index, end;
    long num_classes;
    int near, far;
    if (!PyArg_ParseTuple(
            arguments, "OL(LiiO!O!)ULL", &shelf, &reach, &position, &near, &far, &PyTuple_Type, &threads, &PyTuple_Type,
            &candidates, &text, &index, &end))
        return NULL;
    Scan scan = {.text = {PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)},
                 .reach = reach, .position = position, .index = index, .near = near, .far = far, .missing = UNKNOWN_STEP};
    if (!hold_all(&held, shelf, &num_classes)) {
        scan.shelf = shelf_of(&held, num_classes);
        int32_t tags = num_tags(&scan.shelf);
        if (!is_within(&scan, near, far, end)) PyErr_SetString(PyExc_ValueError, "no place of the text");
        else if (scan_open(&scan, tags)) PyErr_NoMemory();
        else if (!read_threads(&scan, threads) && !read_candidates(&scan, candidates, tags)) {
            if (scan_run(&scan, end)) PyErr_NoMemory();
            else result = advance_of(&scan);
        }
    }
    scan_close(&scan);
    let_go(&held);
    return result;
}
