/* The Python face of the compiled walk: arrays in, bits out. The interpreter's lock is let go while a mask is found. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "trie.h"

#include <stdlib.h>
#include <string.h>

typedef ALGEBRA_OBJECT AlgebraObject;
typedef struct { PyObject_HEAD Walk walk; PyObject *algebra, *trie; } Self;

static const AlgebraFunctions *functions;
static PyObject *frombuffer; /* of numpy */

static PyObject *raise_failure(Account *account, Failure failure) {
    functions->raise(account, failure);
    return NULL;
}

static PyObject *new_walk(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"algebra", "trie", "is_split", NULL};
    PyObject *algebra, *trie;
    int is_split = 1;
    Failure failure;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O!O!|p", names, (PyTypeObject *)functions->type, &algebra,
                                     &trie_type, &trie, &is_split))
        return NULL;
    Self *self = (Self *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    self->algebra = Py_NewRef(algebra);
    self->trie = Py_NewRef(trie);
    self->walk.functions = functions;
    self->walk.algebra = ((AlgebraObject *)algebra)->account.algebra;
    self->walk.trie = &((TrieObject *)trie)->trie;
    self->walk.is_split = is_split && self->walk.trie->is_splittable;
    if ((self->walk.classes = classes_open(&self->walk, &failure))) return (PyObject *)self;
    raise_failure(&((AlgebraObject *)algebra)->account, failure);
    Py_DECREF(self);
    return NULL;
}

/* The functions that the algebra keeps may refer to this walk's owner. They are the algebra's to clear. */
static int traverse(Self *self, visitproc visit, void *arg) {
    Py_VISIT(self->algebra);
    return 0;
}

static void free_walk(Self *self) {
    PyObject_GC_UnTrack(self);
    if (self->walk.classes) classes_close(self->walk.classes);
    Py_XDECREF(self->trie);
    Py_XDECREF(self->algebra);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Filling masks. */

typedef struct {
    Term term;
    Account *account;
    Py_buffer out;
    int64_t count;
    int32_t farthest;
    Failure failure;
} Job;

static void fill_bits(Walk *walk, Job *job) {
    Place place;
    uint32_t *out = job->out.buf;
    job->count = -1;
    job->failure = NOTHING;
    if (place_open(&place, walk, job->account)) return;
    memset(out, 0, (size_t)walk->trie->num_words * sizeof(uint32_t));
    functions->begin(job->account);
    Term term = key_of(&place, job->term); /* the same mask, and loops without counters make no new terms */
    int done = term < 0 ? -1 : walk->is_split ? split_fill(&place, 0, term, out) : 0;
    if (!done) done = walk_below(&place, 0, term, out);
    job->failure = place.failure;
    job->farthest = place.farthest;
    if (done >= 0) job->count = count_bits(out, walk->trie->num_words);
    place_close(&place);
}

/* Who pays: an account of the walk's algebra; None: the algebra itself. */
static int read_account(const Self *self, PyObject *object, Account **account) {
    AlgebraObject *found = (AlgebraObject *)(object == Py_None ? self->algebra : object);
    if (object != Py_None && !PyObject_TypeCheck(object, (PyTypeObject *)functions->type)) {
        PyErr_SetString(PyExc_TypeError, "who pays is an account of the walk's algebra");
        return -1;
    }
    *account = &found->account;
    if (found->account.algebra == self->walk.algebra) return 0;
    PyErr_SetString(PyExc_ValueError, "an account of another algebra");
    return -1;
}

static int read_term(const Self *self, PyObject *object, Term *term) {
    long value = PyLong_AsLong(object);
    if (value == -1 && PyErr_Occurred()) return -1;
    if (value < 0 || value >= __atomic_load_n(&self->walk.algebra->num_terms, __ATOMIC_RELAXED)) {
        PyErr_Format(PyExc_ValueError, "%ld is no term of this algebra", value);
        return -1;
    }
    *term = (Term)value;
    return 0;
}

static int read_out(const Self *self, PyObject *object, Py_buffer *view) {
    if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)) return -1;
    if (view->itemsize == 4 && view->len == 4 * (Py_ssize_t)self->walk.trie->num_words) return 0;
    PyErr_Format(PyExc_ValueError, "an array that is not %d words of 32 bits", self->walk.trie->num_words);
    PyBuffer_Release(view);
    return -1;
}

static int read_job(const Self *self, PyObject *term, PyObject *out, PyObject *account, Job *job) {
    if (read_term(self, term, &job->term) || read_account(self, account, &job->account)) return -1;
    return read_out(self, out, &job->out);
}

typedef PyObject *Answer(const Job *); /* NULL with an exception */

static PyObject *count_of(const Job *job) {
    return job->count < 0 ? raise_failure(job->account, job->failure) : PyLong_FromLongLong(job->count);
}

static PyObject *count_and_farthest_of(const Job *job) {
    if (job->count < 0) return raise_failure(job->account, job->failure);
    return Py_BuildValue("(Li)", (long long)job->count, job->farthest);
}

static PyObject *fill_one(Self *self, PyObject *const *arguments, Py_ssize_t size, Answer *answer) {
    Job job;
    if (size != 2 && size != 3) return PyErr_Format(PyExc_TypeError, "fill takes a term, an array, and who pays");
    if (read_job(self, arguments[0], arguments[1], size == 3 ? arguments[2] : Py_None, &job)) return NULL;
    Py_BEGIN_ALLOW_THREADS
    fill_bits(&self->walk, &job);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&job.out);
    return answer(&job);
}

static PyObject *fill(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    return fill_one(self, arguments, size, count_of);
}

static PyObject *filled(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    return fill_one(self, arguments, size, count_and_farthest_of);
}

typedef struct {
    Walk *walk;
    Job *jobs;
    int64_t num_jobs;
    _Atomic int64_t next;
} Jobs;

static void *work(void *argument) {
    Jobs *jobs = argument;
    for (int64_t i; (i = atomic_fetch_add(&jobs->next, 1)) < jobs->num_jobs;) fill_bits(jobs->walk, &jobs->jobs[i]);
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

static PyObject *answers_of(const Jobs *jobs, Answer *answer) {
    PyObject *counts = PyList_New((Py_ssize_t)jobs->num_jobs);
    for (int64_t i = 0; counts && i < jobs->num_jobs; i++) {
        PyObject *count = answer(&jobs->jobs[i]);
        if (count) PyList_SET_ITEM(counts, (Py_ssize_t)i, count);
        else Py_CLEAR(counts);
    }
    return counts;
}

static PyObject *fill_jobs(Self *self, PyObject *lists[3], long num_threads, Answer *answer) {
    PyObject *terms = lists[0], *outs = lists[1], *payers = lists[2];
    Py_ssize_t size = PySequence_Fast_GET_SIZE(terms);
    if (size != PySequence_Fast_GET_SIZE(outs) || (payers && size != PySequence_Fast_GET_SIZE(payers)))
        return PyErr_Format(PyExc_ValueError, "one array for each term, and one who pays");
    Jobs jobs = {&self->walk, calloc((size_t)size + 1, sizeof(Job)), 0, 0};
    if (!jobs.jobs) return PyErr_NoMemory();
    for (; jobs.num_jobs < size; jobs.num_jobs++) {
        PyObject *payer = payers ? PySequence_Fast_GET_ITEM(payers, jobs.num_jobs) : Py_None;
        if (read_job(self, PySequence_Fast_GET_ITEM(terms, jobs.num_jobs),
                     PySequence_Fast_GET_ITEM(outs, jobs.num_jobs), payer, &jobs.jobs[jobs.num_jobs]))
            break;
    }
    PyObject *counts = NULL;
    if (jobs.num_jobs == size) {
        Py_BEGIN_ALLOW_THREADS
        work_in_threads(&jobs, num_threads);
        Py_END_ALLOW_THREADS
        counts = answers_of(&jobs, answer);
    }
    for (int64_t i = 0; i < jobs.num_jobs; i++) PyBuffer_Release(&jobs.jobs[i].out);
    free(jobs.jobs);
    return counts;
}

static PyObject *fill_several(Self *self, PyObject *arguments, PyObject *keywords, Answer *answer) {
    static char *names[] = {"terms", "outs", "num_threads", "payers", NULL};
    PyObject *terms, *outs, *payers = NULL, *counts = NULL;
    long num_threads;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OOl|O", names, &terms, &outs, &num_threads, &payers))
        return NULL;
    terms = PySequence_Fast(terms, "terms");
    outs = terms ? PySequence_Fast(outs, "arrays") : NULL;
    payers = outs && payers ? PySequence_Fast(payers, "payers") : NULL;
    PyObject *lists[3] = {terms, outs, payers};
    if (outs && !PyErr_Occurred()) counts = fill_jobs(self, lists, num_threads, answer);
    Py_XDECREF(terms);
    Py_XDECREF(outs);
    Py_XDECREF(payers);
    return counts;
}

static PyObject *fill_many(Self *self, PyObject *arguments, PyObject *keywords) {
    return fill_several(self, arguments, keywords, count_of);
}

static PyObject *filled_many(Self *self, PyObject *arguments, PyObject *keywords) {
    return fill_several(self, arguments, keywords, count_and_farthest_of);
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

static int read_question(const Self *self, PyObject *const *arguments, Py_ssize_t size, Job *job) {
    if (size != 1 && size != 2) {
        PyErr_SetString(PyExc_TypeError, "a term, and who pays");
        return -1;
    }
    PyObject *account = size == 2 ? arguments[1] : Py_None;
    return read_term(self, arguments[0], &job->term) || read_account(self, account, &job->account) ? -1 : 0;
}

static int open_ends(const Self *self, Ends *ends) {
    size_t size = ((size_t)self->walk.trie->size + 1) * 4;
    *ends = (Ends){malloc(size), malloc(size), 0};
    return ends->ids && ends->terms ? 0 : -1;
}

static void close_ends(Ends *ends) {
    free(ends->ids);
    free(ends->terms);
}

static PyObject *arrays_of(Ends *ends) {
    PyObject *ids = array_of(ends->ids, ends->size), *terms = ids ? array_of(ends->terms, ends->size) : NULL;
    close_ends(ends);
    if (ids && terms) return Py_BuildValue("(NN)", ids, terms);
    Py_XDECREF(ids);
    return NULL;
}

static PyObject *ends_of(Self *self, PyObject *const *arguments, Py_ssize_t num_arguments) {
    Job job;
    if (read_question(self, arguments, num_arguments, &job)) return NULL;
    Ends ends;
    Place place = {.steps = NULL};
    int done = open_ends(self, &ends);
    Py_BEGIN_ALLOW_THREADS
    functions->begin(job.account);
    if (!done) done = place_open(&place, &self->walk, job.account);
    if (!done) done = walk_all(&place, job.term, visit, &ends);
    place_close(&place);
    Py_END_ALLOW_THREADS
    if (done >= 0) return arrays_of(&ends);
    close_ends(&ends);
    return raise_failure(job.account, place.failure);
}

static PyObject *shortening_method(Self *self, PyObject *const *arguments, Py_ssize_t num_arguments) {
    Job job;
    if (num_arguments != 3) return PyErr_Format(PyExc_TypeError, "a term, a number of nodes, and who pays");
    PyObject *const question[2] = {arguments[0], arguments[2]};
    long long max_nodes = PyLong_AsLongLong(arguments[1]);
    if ((max_nodes == -1 && PyErr_Occurred()) || read_question(self, question, 2, &job)) return NULL;
    Ends ends;
    Place place = {.steps = NULL};
    int done = open_ends(self, &ends);
    Py_BEGIN_ALLOW_THREADS
    functions->begin(job.account);
    if (!done) done = place_open(&place, &self->walk, job.account);
    if (!done) done = shortening(&place, job.term, max_nodes, visit, &ends);
    place_close(&place);
    Py_END_ALLOW_THREADS
    if (done > 0) return arrays_of(&ends);
    close_ends(&ends);
    if (done < 0) return raise_failure(job.account, place.failure);
    Py_RETURN_NONE;
}

static PyObject *left_out(Self *self, PyObject *object) {
    Term term;
    if (read_term(self, object, &term)) return NULL;
    return PyLong_FromLong(left_out_of_key(&self->walk, term));
}

static PyObject *key(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    Job job;
    if (read_question(self, arguments, size, &job)) return NULL;
    Place place = {&self->walk, job.account, NULL, NOTHING, 0, 0};
    functions->begin(job.account);
    Term found = key_of(&place, job.term);
    return found < 0 ? raise_failure(job.account, place.failure) : PyLong_FromLong(found);
}

static PyMethodDef methods[] = {
    {"fill", (PyCFunction)(void (*)(void))fill, METH_FASTCALL, "Set exactly the bits of the allowed ids; how many."},
    {"fill_many", (PyCFunction)(void (*)(void))fill_many, METH_VARARGS | METH_KEYWORDS, "The same for several terms."},
    {"filled", (PyCFunction)(void (*)(void))filled, METH_FASTCALL, "`fill`, and the bytes enough to an end behind any."},
    {"filled_many", (PyCFunction)(void (*)(void))filled_many, METH_VARARGS | METH_KEYWORDS, "The same for several terms."},
    {"shortening", (PyCFunction)(void (*)(void))shortening_method, METH_FASTCALL,
     "The ids that shortest texts begin with, and the terms they lead to; None where that are too many nodes."},
    {"left_out", (PyCFunction)left_out, METH_O, "Bytes to an end that the key of the term may not know of, at the most."},
    {"ends_of", (PyCFunction)(void (*)(void))ends_of, METH_FASTCALL, "Every allowed id, and the term it leads to."},
    {"key", (PyCFunction)(void (*)(void))key, METH_FASTCALL, "Terms with equal keys have equal masks."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject walk_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "llmpost.constraints._native.Walk",
    .tp_doc = "The walk over trie and automaton, compiled: the members of NumpyWalk, and the same meaning.",
    .tp_basicsize = sizeof(Self),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)traverse,
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
    frombuffer = imported("numpy", "frombuffer");
    PyObject *capsule = frombuffer ? imported("llmpost.automata._native", "functions") : NULL;
    functions = capsule ? PyCapsule_GetPointer(capsule, ALGEBRA_CAPSULE) : NULL; /* its module is never unloaded */
    Py_XDECREF(capsule);
    if (!functions || PyType_Ready(&walk_type) || PyType_Ready(&trie_type)) return NULL;
    PyObject *native = PyModule_Create(&module);
    if (native && (PyModule_AddObjectRef(native, "Walk", (PyObject *)&walk_type) ||
                   PyModule_AddObjectRef(native, "PackedTrie", (PyObject *)&trie_type)))
        Py_CLEAR(native);
    return native;
}
