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

/* What the results are made as: the named tuples of scan.py. */
typedef struct { PyTypeObject *advance, *state, *thread, *candidate; } Kinds;

static int read_kinds(PyObject *tuple, Kinds *kinds) {
    PyTypeObject **each[] = {&kinds->advance, &kinds->state, &kinds->thread, &kinds->candidate};
    for (int i = 0; i < 4; i++) {
        PyObject *kind = PyTuple_Check(tuple) && PyTuple_GET_SIZE(tuple) == 4 ? PyTuple_GET_ITEM(tuple, i) : NULL;
        if (!kind || !PyType_Check(kind) || !PyType_IsSubtype((PyTypeObject *)kind, &PyTuple_Type))
            return PyErr_Format(PyExc_TypeError, "four kinds of tuples are wanted"), -1;
        *each[i] = (PyTypeObject *)kind;
    }
    return 0;
}

/* A tuple of its kind; it takes the items, and is NULL where one of them is. */
static PyObject *made(PyTypeObject *kind, PyObject *const *items, Py_ssize_t size) {
    PyObject *tuple = kind->tp_alloc(kind, size);
    int is_whole = tuple != NULL;
    for (Py_ssize_t i = 0; i < size; i++) {
        is_whole = is_whole && items[i];
        if (tuple) PyTuple_SET_ITEM(tuple, i, items[i]);
        else Py_XDECREF(items[i]);
    }
    if (is_whole) return tuple;
    Py_XDECREF(tuple);
    return NULL;
}

static PyObject *threads_of(const Scan *scan, PyTypeObject *kind) {
    PyObject *threads = PyTuple_New(scan->num_threads);
    for (int64_t i = 0; threads && i < scan->num_threads; i++) {
        const Thread *one = &scan->threads[i];
        PyObject *thread = made(kind, (PyObject *[]){PyLong_FromLongLong(one->start), PyLong_FromLong(one->row)}, 2);
        if (thread) PyTuple_SET_ITEM(threads, i, thread);
        else Py_CLEAR(threads);
    }
    return threads;
}

static PyObject *candidate_of(const Candidate *one, PyTypeObject *kind) {
    PyObject *items[] = {
        PyLong_FromLong(one->tag), PyLong_FromLongLong(one->start), PyLong_FromLongLong(one->end),
        PyBool_FromLong(one->is_undecided), PyLong_FromLong(one->to_check),
    };
    return made(kind, items, 5);
}

static PyObject *candidates_of(const Scan *scan, PyTypeObject *kind) {
    int64_t left = 0;
    for (int64_t i = 0; i < scan->num_candidates; i++) left += scan->candidates[i].start != REMOVED;
    PyObject *candidates = PyTuple_New(left);
    for (int64_t i = 0, place = 0; candidates && i < scan->num_candidates; i++) {
        if (scan->candidates[i].start == REMOVED) continue;
        PyObject *candidate = candidate_of(&scan->candidates[i], kind);
        if (candidate) PyTuple_SET_ITEM(candidates, place++, candidate);
        else Py_CLEAR(candidates);
    }
    return candidates;
}

static PyObject *advance_of(const Scan *scan, const Kinds *kinds) {
    PyObject *of_state[] = {
        PyLong_FromLongLong(scan->position), PyLong_FromLong(scan->near), PyLong_FromLong(scan->far),
        threads_of(scan, kinds->thread), candidates_of(scan, kinds->candidate),
    };
    PyObject *state = made(kinds->state, of_state, 5);
    return made(
        kinds->advance, (PyObject *[]){state, PyLong_FromLongLong(scan->index), PyLong_FromLongLong(scan->missing)}, 3);
}

PyObject *scan_method(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *of_kinds, *shelf, *threads, *candidates, *text, *result = NULL;
    Kinds kinds;
    Held held;
    long long reach, position, index, end;
    long num_classes;
    int near, far;
    if (!PyArg_ParseTuple(
            arguments, "OOL(LiiO!O!)ULL", &of_kinds, &shelf, &reach, &position, &near, &far, &PyTuple_Type, &threads, &PyTuple_Type,
            &candidates, &text, &index, &end))
        return NULL;
    if (read_kinds(of_kinds, &kinds)) return NULL;
    Scan scan = {.text = {PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)},
                 .reach = reach, .position = position, .index = index, .near = near, .far = far, .missing = UNKNOWN_STEP};
    if (!hold_all(&held, shelf, &num_classes)) {
        scan.shelf = shelf_of(&held, num_classes);
        int32_t tags = num_tags(&scan.shelf);
        if (!is_within(&scan, near, far, end)) PyErr_SetString(PyExc_ValueError, "no place of the text");
        else if (scan_open(&scan, tags)) PyErr_NoMemory();
        else if (!read_threads(&scan, threads) && !read_candidates(&scan, candidates, tags)) {
            if (scan_run(&scan, end)) PyErr_NoMemory();
            else result = advance_of(&scan, &kinds);
        }
    }
    scan_close(&scan);
    let_go(&held);
    return result;
}
