/* The Python face of the compiled algebra: arguments in, terms out. */
#include "face.h"

#include <structmember.h>

#include <stdlib.h>

static PyObject *number_of(Term term) { return term < 0 ? NULL : PyLong_FromLong(term); }

static PyObject *run(Self *self, Work work, void *arguments) { return number_of(ask(&self->account, work, arguments)); }

/* Making terms. */

static PyObject *characters(Self *self, PyObject *object) {
    RangesCall call;
    if (read_ranges(object, 0x10FFFF, &call.ranges, &call.num_ranges)) return NULL;
    call.num_ranges = without_surrogates(call.ranges, call.num_ranges);
    PyObject *result = run(self, characters_work, &call);
    free(call.ranges);
    return result;
}

static PyObject *octets(Self *self, PyObject *object) {
    RangesCall call;
    if (read_ranges(object, 0xFF, &call.ranges, &call.num_ranges)) return NULL;
    PyObject *result = run(self, octets_work, &call);
    free(call.ranges);
    return result;
}

static PyObject *choice(Self *self, PyObject *object) {
    PyObject *list = PySequence_Fast(object, "a choice is of texts"), *result = NULL;
    TextsCall call;
    if (!list) return NULL;
    if (!read_texts(list, &call)) {
        result = run(self, choice_work, &call);
        free(call.texts);
    }
    Py_DECREF(list);
    return result;
}

/* It is sorted without the mutex, and without the interpreter's lock. */
static PyObject *sorted_substrings(Self *self, DocumentCall *call) {
    int failed;
    Py_BEGIN_ALLOW_THREADS
    failed = sort_document(&call->document);
    Py_END_ALLOW_THREADS
    return failed ? PyErr_NoMemory() : run(self, add_document_work, call);
}

static PyObject *substrings(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    DocumentCall call;
    if (size != 3) return PyErr_Format(PyExc_TypeError, "substrings takes a text, its marks, and a least length");
    if (read_document(arguments[0], arguments[1], arguments[2], &call)) return NULL;
    Term known = ask(&self->account, known_document_work, &call);
    PyObject *result = known == UNKNOWN_DOCUMENT ? sorted_substrings(self, &call) : number_of(known);
    free_document(&call.document);
    return result;
}

static PyObject *of_parts(Self *self, PyObject *object, Work work) {
    Parts parts;
    if (read_parts(self->account.algebra, object, &parts)) return NULL;
    PyObject *result = run(self, work, &parts);
    free(parts.terms);
    return result;
}

static PyObject *concat(Self *self, PyObject *parts) { return of_parts(self, parts, concat_work); }
static PyObject *alternate(Self *self, PyObject *parts) { return of_parts(self, parts, alternate_work); }
static PyObject *intersect(Self *self, PyObject *parts) { return of_parts(self, parts, intersect_work); }

static PyObject *complement(Self *self, PyObject *object) {
    TermCall call;
    return read_term(self->account.algebra, object, &call.term) ? NULL : run(self, complement_work, &call);
}

static PyObject *repeat(Self *self, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"term", "low", "high", NULL};
    PyObject *term, *high_object;
    long low, high = -1;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OlO", names, &term, &low, &high_object)) return NULL;
    if (high_object != Py_None && (high = PyLong_AsLong(high_object)) == -1 && PyErr_Occurred()) return NULL;
    int is_counted = high_object != Py_None;
    if (low < 0 || (is_counted && low > high) || low >= INT32_MAX || high >= INT32_MAX)
        return PyErr_Format(PyExc_ValueError, "%ld to %R times", low, high_object);
    TermCall call = {.low = (int32_t)low, .high = is_counted ? (int32_t)high : -1};
    return read_term(self->account.algebra, term, &call.term) ? NULL : run(self, repeat_work, &call);
}

static PyObject *rule(Self *self, PyObject *nothing) {
    (void)nothing;
    return run(self, rule_work, NULL);
}

static PyObject *define(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    TermCall call;
    if (size != 2) return PyErr_Format(PyExc_TypeError, "define takes a rule and its body");
    if (read_term(self->account.algebra, arguments[0], &call.term)) return NULL;
    if (read_term(self->account.algebra, arguments[1], &call.body)) return NULL;
    PyObject *done = run(self, define_work, &call);
    if (!done) return NULL;
    Py_DECREF(done);
    Py_RETURN_NONE;
}

static PyObject *deferred(Self *self, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"read", "at_most", "like", NULL};
    PyObject *at_most = Py_None, *like = Py_None;
    DeferredCall call = {NULL, FAR, UNKNOWN};
    long most = FAR;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|OO", names, &call.read, &at_most, &like)) return NULL;
    if (like != Py_None && read_term(self->account.algebra, like, &call.like)) return NULL;
    if (at_most != Py_None && (most = PyLong_AsLong(at_most)) == -1 && PyErr_Occurred()) return NULL;
    if (most < 1) return PyErr_Format(PyExc_ValueError, "a text of %ld bytes", most);
    if (most < FAR) call.most = (int32_t)most;
    return number_of(defer(&self->account, call));
}

static PyObject *watched(Self *self, PyObject *object) {
    TermCall call;
    return read_term(self->account.algebra, object, &call.term) ? NULL : run(self, watched_work, &call);
}

/* Asking. */

static PyObject *derive_method(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    TermCall call;
    if (size != 2) return PyErr_Format(PyExc_TypeError, "derive takes a term and a byte");
    if (read_term(self->account.algebra, arguments[0], &call.term)) return NULL;
    long byte = PyLong_AsLong(arguments[1]);
    if (byte == -1 && PyErr_Occurred()) return NULL;
    if (byte < 0 || byte > 255) return PyErr_Format(PyExc_ValueError, "%ld is no byte", byte);
    call.byte = (uint8_t)byte;
    const Row *row = known_row(self->account.algebra, call.term);
    Term known = row ? __atomic_load_n(&row->raw[row->partition->class_of[byte]], __ATOMIC_ACQUIRE) : UNKNOWN;
    return known >= 0 ? PyLong_FromLong(known) : run(self, derive_work, &call);
}

static PyObject *after_bytes(Self *self, Term term, const uint8_t *bytes, Py_ssize_t size) {
    Algebra *algebra = self->account.algebra;
    for (Py_ssize_t i = 0; i < size && term > EMPTY; i++) {
        const Row *row = known_row(algebra, term);
        TermCall call = {.term = term, .byte = bytes[i]};
        Term next = row ? known_step(row, bytes[i]) : UNKNOWN;
        term = next == UNKNOWN ? ask_long(&self->account, step_work, &call) : next;
    }
    return number_of(term);
}

static PyObject *after(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    Term term;
    if (size != 2) return PyErr_Format(PyExc_TypeError, "after takes a term and bytes");
    if (read_term(self->account.algebra, arguments[0], &term)) return NULL;
    if (PyBytes_Check(arguments[1]))
        return after_bytes(self, term, (uint8_t *)PyBytes_AS_STRING(arguments[1]), PyBytes_GET_SIZE(arguments[1]));
    Py_buffer view;
    if (PyObject_GetBuffer(arguments[1], &view, PyBUF_SIMPLE)) return NULL;
    PyObject *result = after_bytes(self, term, view.buf, view.len);
    PyBuffer_Release(&view);
    return result;
}

static PyObject *can_end_method(Self *self, PyObject *object) {
    Term term;
    if (read_term(self->account.algebra, object, &term)) return NULL;
    return PyBool_FromLong(can_end(self->account.algebra, term));
}

static PyObject *is_watched_method(Self *self, PyObject *object) {
    Term term;
    if (read_term(self->account.algebra, object, &term)) return NULL;
    return PyBool_FromLong(node_of(self->account.algebra, term)->flags & HEAD_WATCHED);
}

/* The members of a term of this kind; `itself` where it is of another. */
static PyObject *members_or_itself(const Algebra *algebra, Term term, Kind kind, Term itself) {
    const Node *node = node_of(algebra, term);
    int is_many = node->kind == kind;
    PyObject *parts = PyTuple_New(is_many ? node->size : 1);
    for (Py_ssize_t i = 0; parts && i < PyTuple_GET_SIZE(parts); i++) {
        PyObject *part = PyLong_FromLong(is_many ? node->members[i] : itself);
        if (part) PyTuple_SET_ITEM(parts, i, part);
        else Py_CLEAR(parts);
    }
    return parts;
}

static PyObject *taken_apart(Self *self, PyObject *object) {
    const Algebra *algebra = self->account.algebra;
    Term term;
    if (read_term(self->account.algebra, object, &term)) return NULL;
    const Node *node = node_of(algebra, term);
    Term head = node->kind == IS_CONCAT ? node->members[0] : term, rest = node->kind == IS_CONCAT ? node->members[1] : EPSILON;
    PyObject *parts = members_or_itself(algebra, head, IS_ALTERNATE, term);
    return parts ? Py_BuildValue("(Ni)", parts, kind_of(algebra, head) == IS_ALTERNATE ? rest : EPSILON) : NULL;
}

static PyObject *intersected(Self *self, PyObject *object) {
    Term term;
    if (read_term(self->account.algebra, object, &term)) return NULL;
    return members_or_itself(self->account.algebra, term, IS_INTERSECT, term);
}

static PyObject *is_live_method(Self *self, PyObject *object) {
    TermCall call;
    if (read_term(self->account.algebra, object, &call.term)) return NULL;
    Term live = ask_long(&self->account, live_work, &call);
    return live < 0 ? NULL : PyBool_FromLong(live);
}

static PyObject *distance_method(Self *self, PyObject *object) {
    TermCall call;
    if (read_term(self->account.algebra, object, &call.term)) return NULL;
    const Node *node = node_of(self->account.algebra, call.term);
    if (node->flags & CAN_END) return PyLong_FromLong(0);
    Term length = ask_long(&self->account, distance_work, &call);
    if (length < 0) return NULL;
    if (length >= FAR) Py_RETURN_NONE;
    return PyLong_FromLong(length);
}

static PyObject *at_most(Self *self, PyObject *object) {
    TermCall call;
    if (read_term(self->account.algebra, object, &call.term)) return NULL;
    int32_t most = enough_bytes(self->account.algebra, call.term);
    if (most >= FAR) most = ask_long(&self->account, enough_work, &call);
    if (most < 0) return NULL;
    if (most >= FAR) Py_RETURN_NONE;
    return PyLong_FromLong(most);
}

static PyObject *shortest(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    TermCall call;
    if (size != 1 && size != 2) return PyErr_Format(PyExc_TypeError, "shortest takes a term, and a number of bytes");
    if (read_term(self->account.algebra, arguments[0], &call.term)) return NULL;
    Term length = ask_long(&self->account, distance_work, &call);
    if (length < 0) return NULL;
    if (length >= FAR) length = 0;
    if (size == 2 && arguments[1] != Py_None) {
        long most = PyLong_AsLong(arguments[1]);
        if (most == -1 && PyErr_Occurred()) return NULL;
        if (most < length) length = most < 0 ? 0 : (Term)most;
    }
    PyObject *text = PyBytes_FromStringAndSize(NULL, length);
    for (Term i = 0; text && i < length; i++) {
        Term next = ask_long(&self->account, lead_work, &call);
        if (next < 0) Py_CLEAR(text);
        else PyBytes_AS_STRING(text)[i] = (char)call.byte;
        call.term = next;
    }
    return text;
}

static PyObject *num_terms(Self *self, void *closure) {
    (void)closure;
    return PyLong_FromLongLong(self->account.algebra->num_terms);
}

static PyObject *bytes_used(Self *self, void *closure) {
    (void)closure;
    return PyLong_FromLongLong(__atomic_load_n(&self->account.algebra->bytes, __ATOMIC_RELAXED));
}

/* The type, and the functions of the capsule. */

static PyObject *new_algebra(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"max_terms", "max_steps", "max_bytes", NULL};
    long long max_terms = 1000000, max_steps = 1000000, max_bytes = 1LL << 28;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|LLL", names, &max_terms, &max_steps, &max_bytes))
        return NULL;
    Self *self = (Self *)type->tp_alloc(type, 0);
    Algebra *algebra = self ? malloc(sizeof(Algebra)) : NULL;
    if (!algebra) {
        Py_XDECREF(self);
        return PyErr_NoMemory();
    }
    Failure failure = algebra_open(algebra, max_terms, max_steps, max_bytes);
    self->account = algebra->own;
    if (failure == NOTHING) return (PyObject *)self;
    raise_failure(&self->account, failure);
    Py_DECREF(self);
    return NULL;
}

static PyObject *open_account(Self *self, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"max_bytes", "max_seconds", NULL};
    long long max_bytes;
    double max_seconds;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "Ld", names, &max_bytes, &max_seconds)) return NULL;
    if (max_bytes <= 0 || !(max_seconds > 0)) return PyErr_Format(PyExc_ValueError, "an account of nothing");
    int64_t nanoseconds = max_seconds < 1e9 ? (int64_t)(max_seconds * 1e9 + 1) : 0;
    Self *account = (Self *)Py_TYPE(self)->tp_alloc(Py_TYPE(self), 0);
    if (!account) return NULL;
    account->account = account_open(self->account.algebra, max_bytes, nanoseconds);
    account->owner = Py_NewRef(self->owner ? self->owner : (PyObject *)self);
    return (PyObject *)account;
}

static PyObject *keep_clock_method(Self *self, PyObject *object) {
    int is_kept = PyObject_IsTrue(object);
    if (is_kept < 0) return NULL;
    keep_clock(&self->account, is_kept);
    Py_RETURN_NONE;
}

static int traverse(Self *self, visitproc visit, void *arg) {
    Py_VISIT(self->owner);
    return self->owner || !self->account.algebra ? 0 : visit_deferreds(self->account.algebra, visit, arg);
}

/* Of the owner; an account keeps it, because what walks has no other hold on the algebra. */
static int clear(Self *self) {
    if (!self->owner && self->account.algebra) clear_deferreds(self->account.algebra);
    return 0;
}

static void free_algebra(Self *self) {
    PyObject_GC_UnTrack(self);
    clear(self);
    if (self->weak_references) PyObject_ClearWeakRefs((PyObject *)self);
    if (!self->owner && self->account.algebra) {
        algebra_close(self->account.algebra);
        free(self->account.algebra);
    }
    Py_XDECREF(self->owner);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef methods[] = {
    {"account", (PyCFunction)(void (*)(void))open_account, METH_VARARGS | METH_KEYWORDS,
     "The same algebra; what is added through it is charged, and bounded."},
    {"keep_clock", (PyCFunction)keep_clock_method, METH_O, "Whether all calls together have the time of one."},
    {"characters", (PyCFunction)characters, METH_O, "One Unicode scalar value of these ranges, as UTF-8."},
    {"octets", (PyCFunction)octets, METH_O, "One byte of these ranges."},
    {"choice", (PyCFunction)choice, METH_O, "Exactly these texts."},
    {"substrings", (PyCFunction)(void (*)(void))substrings, METH_FASTCALL, "Every piece of a text between marks."},
    {"concat", (PyCFunction)concat, METH_O, "One part after the other."},
    {"alternate", (PyCFunction)alternate, METH_O, "Any of the parts."},
    {"intersect", (PyCFunction)intersect, METH_O, "All of the parts at once."},
    {"complement", (PyCFunction)complement, METH_O, "Every byte string that is not in it."},
    {"repeat", (PyCFunction)(void (*)(void))repeat, METH_VARARGS | METH_KEYWORDS, "From low to high times."},
    {"rule", (PyCFunction)rule, METH_NOARGS, "A new name for a language that is defined later."},
    {"define", (PyCFunction)(void (*)(void))define, METH_FASTCALL, "Say, once, what a rule is."},
    {"deferred", (PyCFunction)(void (*)(void))deferred, METH_VARARGS | METH_KEYWORDS,
     "A language that is read when a derivative needs it."},
    {"watched", (PyCFunction)watched, METH_O, "The same language, watched until it has been read."},
    {"is_watched", (PyCFunction)is_watched_method, METH_O, "Whether the text stands before or inside a watched part."},
    {"taken_apart", (PyCFunction)taken_apart, METH_O, "Parts and a rest: any of the parts, and then the rest."},
    {"intersected", (PyCFunction)intersected, METH_O, "Terms of which it is the intersection."},
    {"derive", (PyCFunction)(void (*)(void))derive_method, METH_FASTCALL, "What may follow after a byte."},
    {"after", (PyCFunction)(void (*)(void))after, METH_FASTCALL, "What may follow after bytes; EMPTY where it is dead."},
    {"can_end", (PyCFunction)can_end_method, METH_O, "Whether the empty text is in it."},
    {"is_live", (PyCFunction)is_live_method, METH_O, "Whether any text is in it."},
    {"distance", (PyCFunction)distance_method, METH_O, "How many bytes its shortest text has; None where it has none."},
    {"at_most", (PyCFunction)at_most, METH_O, "A number that `distance` is not above; None where none is known."},
    {"shortest", (PyCFunction)(void (*)(void))shortest, METH_FASTCALL, "The first bytes of the first of its shortest texts."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef properties[] = {
    {"num_terms", (getter)num_terms, NULL, "How many terms there are.", NULL},
    {"bytes_used", (getter)bytes_used, NULL, "How much memory is taken.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyTypeObject algebra_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "llmpost.automata._native.Algebra",
    .tp_doc = "The algebra of byte languages, compiled: the members of ReferenceAlgebra, and the same meaning.",
    .tp_basicsize = sizeof(Self),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)traverse,
    .tp_clear = (inquiry)clear,
    .tp_new = new_algebra,
    .tp_dealloc = (destructor)free_algebra,
    .tp_methods = methods,
    .tp_getset = properties,
    .tp_weaklistoffset = offsetof(Self, weak_references),
};

static PyMethodDef module_methods[] = {
    {"scan", scan_method, METH_VARARGS, "The twin of llmpost.automata.finding.scan.scan, told its kinds of tuples."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "The compiled twins of llmpost.automata.",
    .m_size = -1, .m_methods = module_methods,
};

PyMODINIT_FUNC PyInit__native(void) {
    PyObject *reference = PyImport_ImportModule("llmpost.automata.algebra");
    if (!reference) return NULL;
    budget_exceeded = PyObject_GetAttrString(reference, "BudgetExceeded");
    Py_DECREF(reference);
    if (!budget_exceeded || PyType_Ready(&algebra_type)) return NULL;
    functions.type = &algebra_type;
    PyObject *native = PyModule_Create(&module);
    if (!native) return NULL;
    PyObject *capsule = PyCapsule_New(&functions, ALGEBRA_CAPSULE, NULL);
    if (PyModule_AddObjectRef(native, "Algebra", (PyObject *)&algebra_type) || !capsule ||
        PyModule_AddObjectRef(native, "functions", capsule)) {
        Py_XDECREF(capsule);
        Py_DECREF(native);
        return NULL;
    }
    Py_DECREF(capsule);
    return native;
}
