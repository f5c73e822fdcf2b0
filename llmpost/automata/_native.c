/* The Python face of the compiled algebra: arguments in, terms out, failures as exceptions.
 *
 * No Python object is touched while the mutex is held, and nobody waits for the mutex with the interpreter's lock: a
 * walk in another thread may hold the one, and needs the other only when it has let go. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include "terms.h"

#include <stdlib.h>
#include <string.h>

typedef ALGEBRA_OBJECT Self;

static PyObject *budget_exceeded; /* the class */

static PyObject *raise_failure(Failure failure) {
    PyObject *type = failure == LEFT_RECURSION || failure == DEFINED_TWICE ? PyExc_ValueError : budget_exceeded;
    PyErr_SetString(type, failure_message(failure));
    return NULL;
}

static PyObject *run(Self *self, Work work, void *arguments) {
    Algebra *algebra = &self->algebra;
    if (pthread_mutex_trylock(&algebra->mutex)) {
        Py_BEGIN_ALLOW_THREADS
        pthread_mutex_lock(&algebra->mutex);
        Py_END_ALLOW_THREADS
    }
    Failure failure;
    Term result = guarded_inside(algebra, work, arguments, &failure);
    pthread_mutex_unlock(&algebra->mutex);
    return result < 0 ? raise_failure(failure) : PyLong_FromLong(result);
}

/* Reading arguments. Each of these returns 0, or -1 with an exception. */

static int read_term(const Self *self, PyObject *object, Term *term) {
    long value = PyLong_AsLong(object);
    if (value == -1 && PyErr_Occurred()) return -1;
    if (value < 0 || value >= self->algebra.num_terms) {
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

/* The ranges from 0 to `limit`; `*ranges` is the caller's to free. */
static int read_ranges(PyObject *object, long limit, Range **ranges, int32_t *num_ranges) {
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

/* Without the surrogates, which are no characters; the array has room for one range more. */
static int32_t without_surrogates(Range *ranges, int32_t size) {
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

typedef struct { Term *terms; Py_ssize_t num_terms; } Parts;

static int read_parts(const Self *self, PyObject *object, Parts *parts) {
    PyObject *list = PySequence_Fast(object, "parts are terms");
    if (!list) return -1;
    *parts = (Parts){malloc(((size_t)PySequence_Fast_GET_SIZE(list) + 1) * sizeof(Term)), 0};
    if (!parts->terms) PyErr_NoMemory();
    while (parts->terms && parts->num_terms < PySequence_Fast_GET_SIZE(list)) {
        PyObject *item = PySequence_Fast_GET_ITEM(list, parts->num_terms);
        if (read_term(self, item, &parts->terms[parts->num_terms])) break;
        parts->num_terms++;
    }
    Py_DECREF(list);
    if (!PyErr_Occurred()) return 0;
    free(parts->terms);
    return -1;
}

/* Characters and octets. */

typedef struct { Range *ranges; int32_t num_ranges; } RangesCall;

static Term characters_work(Algebra *algebra, void *arguments) {
    RangesCall *call = arguments;
    return make_characters(algebra, call->ranges, call->num_ranges);
}

static Term octets_work(Algebra *algebra, void *arguments) {
    RangesCall *call = arguments;
    return make_octets(algebra, call->ranges, call->num_ranges);
}

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

/* Choice. Texts are sorted by their first eight bytes as one number, and by the rest where those are equal. */

typedef struct { uint64_t head; Text text; } Headed;
typedef struct { Text *texts; int32_t num_texts; int64_t num_bytes; } ChoiceCall;

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

static Term choice_work(Algebra *algebra, void *arguments) {
    ChoiceCall *call = arguments;
    return call->num_texts ? make_texts(algebra, call->texts, call->num_texts, call->num_bytes) : EMPTY;
}

static PyObject *choice_of(Self *self, Headed *headed_texts, Text *texts, Py_ssize_t size) {
    ChoiceCall call = {texts, 0, 0};
    qsort(headed_texts, (size_t)size, sizeof(Headed), by_text);
    for (Py_ssize_t i = 0; i < size; i++) {
        if (i && by_text(&headed_texts[i - 1], &headed_texts[i]) == 0) continue;
        texts[call.num_texts++] = headed_texts[i].text;
        call.num_bytes += headed_texts[i].text.size;
    }
    return run(self, choice_work, &call);
}

static PyObject *choice(Self *self, PyObject *object) {
    PyObject *list = PySequence_Fast(object, "a choice is of texts"), *result = NULL;
    if (!list) return NULL;
    Py_ssize_t size = PySequence_Fast_GET_SIZE(list), num_read = 0;
    Headed *headed_texts = malloc(((size_t)size + 1) * sizeof(Headed));
    Text *texts = malloc(((size_t)size + 1) * sizeof(Text));
    if (!headed_texts || !texts) PyErr_NoMemory();
    for (; !PyErr_Occurred() && num_read < size; num_read++) {
        PyObject *item = PySequence_Fast_GET_ITEM(list, num_read);
        if (!PyBytes_Check(item) || PyBytes_GET_SIZE(item) > INT32_MAX / 2)
            PyErr_SetString(PyExc_TypeError, "a choice is of bytes");
        else
            headed_texts[num_read] = headed(item);
    }
    if (!PyErr_Occurred()) result = choice_of(self, headed_texts, texts, size);
    free(headed_texts);
    free(texts);
    Py_DECREF(list); /* it kept the bytes */
    return result;
}

/* Concat, alternate, intersect. */

static Term concat_work(Algebra *algebra, void *arguments) {
    Parts *parts = arguments;
    Term result = EPSILON;
    for (Py_ssize_t i = parts->num_terms; i-- > 0;) result = make_concat(algebra, parts->terms[i], result);
    return result;
}

static void push_parts(Algebra *algebra, const Parts *parts) {
    for (Py_ssize_t i = 0; i < parts->num_terms; i++) push(algebra, parts->terms[i]);
}

static Term alternate_work(Algebra *algebra, void *arguments) {
    push_parts(algebra, arguments);
    return make_alternate(algebra, 0);
}

static Term intersect_work(Algebra *algebra, void *arguments) {
    push_parts(algebra, arguments);
    return make_intersect(algebra, 0);
}

static PyObject *of_parts(Self *self, PyObject *object, Work work) {
    Parts parts;
    if (read_parts(self, object, &parts)) return NULL;
    PyObject *result = run(self, work, &parts);
    free(parts.terms);
    return result;
}

static PyObject *concat(Self *self, PyObject *parts) { return of_parts(self, parts, concat_work); }
static PyObject *alternate(Self *self, PyObject *parts) { return of_parts(self, parts, alternate_work); }
static PyObject *intersect(Self *self, PyObject *parts) { return of_parts(self, parts, intersect_work); }

/* Complement, repeat, rules. */

typedef struct { Term term; int32_t low, high; Term body; uint8_t byte; } TermCall;

static Term complement_work(Algebra *algebra, void *arguments) {
    return make_complement(algebra, ((TermCall *)arguments)->term);
}

static PyObject *complement(Self *self, PyObject *object) {
    TermCall call;
    return read_term(self, object, &call.term) ? NULL : run(self, complement_work, &call);
}

static Term repeat_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    return make_repeat(algebra, call->term, call->low, call->high);
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
    return read_term(self, term, &call.term) ? NULL : run(self, repeat_work, &call);
}

static Term rule_work(Algebra *algebra, void *arguments) {
    (void)arguments;
    return make_rule(algebra);
}

static PyObject *rule(Self *self, PyObject *nothing) {
    (void)nothing;
    return run(self, rule_work, NULL);
}

static Term define_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    define_rule(algebra, call->term, call->body);
    return EMPTY;
}

static PyObject *define(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    TermCall call;
    if (size != 2) return PyErr_Format(PyExc_TypeError, "define takes a rule and its body");
    if (read_term(self, arguments[0], &call.term) || read_term(self, arguments[1], &call.body)) return NULL;
    PyObject *done = run(self, define_work, &call);
    if (!done) return NULL;
    Py_DECREF(done);
    Py_RETURN_NONE;
}

/* Asking. */

static Term derive_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    return derive(algebra, call->term, call->byte);
}

static Term step_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    return step(algebra, call->term, call->byte);
}

static PyObject *derive_method(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    TermCall call;
    if (size != 2) return PyErr_Format(PyExc_TypeError, "derive takes a term and a byte");
    if (read_term(self, arguments[0], &call.term)) return NULL;
    long byte = PyLong_AsLong(arguments[1]);
    if (byte == -1 && PyErr_Occurred()) return NULL;
    if (byte < 0 || byte > 255) return PyErr_Format(PyExc_ValueError, "%ld is no byte", byte);
    call.byte = (uint8_t)byte;
    const Row *row = known_row(&self->algebra, call.term);
    Term known = row ? __atomic_load_n(&row->raw[row->partition->class_of[byte]], __ATOMIC_ACQUIRE) : UNKNOWN;
    return known >= 0 ? PyLong_FromLong(known) : run(self, derive_work, &call);
}

static PyObject *after_bytes(Self *self, Term term, const uint8_t *bytes, Py_ssize_t size) {
    for (Py_ssize_t i = 0; i < size && term != EMPTY; i++) {
        const Row *row = known_row(&self->algebra, term);
        Term next = row ? known_step(row, bytes[i]) : UNKNOWN;
        if (next == UNKNOWN) {
            TermCall call = {.term = term, .byte = bytes[i]};
            Failure failure;
            Py_BEGIN_ALLOW_THREADS
            next = guarded(&self->algebra, step_work, &call, &failure);
            Py_END_ALLOW_THREADS
            if (next < 0) return raise_failure(failure);
        }
        term = next;
    }
    return PyLong_FromLong(term);
}

static PyObject *after(Self *self, PyObject *const *arguments, Py_ssize_t size) {
    Term term;
    if (size != 2) return PyErr_Format(PyExc_TypeError, "after takes a term and bytes");
    if (read_term(self, arguments[0], &term)) return NULL;
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
    return read_term(self, object, &term) ? NULL : PyBool_FromLong(can_end(&self->algebra, term));
}

static Term live_work(Algebra *algebra, void *arguments) { return is_live(algebra, ((TermCall *)arguments)->term); }

static PyObject *is_live_method(Self *self, PyObject *object) {
    TermCall call;
    if (read_term(self, object, &call.term)) return NULL;
    Term live;
    Failure failure;
    Py_BEGIN_ALLOW_THREADS /* it may take long */
    live = guarded(&self->algebra, live_work, &call, &failure);
    Py_END_ALLOW_THREADS
    return live < 0 ? raise_failure(failure) : PyBool_FromLong(live);
}

static PyObject *num_terms(Self *self, void *closure) {
    (void)closure;
    return PyLong_FromLongLong(self->algebra.num_terms);
}

static PyObject *bytes_used(Self *self, void *closure) {
    (void)closure;
    return PyLong_FromLongLong(self->algebra.bytes);
}

/* The type, and the functions of the capsule. */

static PyObject *new_algebra(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"max_terms", "max_steps", "max_bytes", NULL};
    long long max_terms = 1000000, max_steps = 1000000, max_bytes = 1LL << 28;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|LLL", names, &max_terms, &max_steps, &max_bytes))
        return NULL;
    Self *self = (Self *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    Failure failure = algebra_open(&self->algebra, max_terms, max_steps, max_bytes);
    if (failure == NOTHING) return (PyObject *)self;
    Py_DECREF(self);
    return raise_failure(failure);
}

static void free_algebra(Self *self) {
    if (self->weak_references) PyObject_ClearWeakRefs((PyObject *)self);
    algebra_close(&self->algebra);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef methods[] = {
    {"characters", (PyCFunction)characters, METH_O, "One Unicode scalar value of these ranges, as UTF-8."},
    {"octets", (PyCFunction)octets, METH_O, "One byte of these ranges."},
    {"choice", (PyCFunction)choice, METH_O, "Exactly these texts."},
    {"concat", (PyCFunction)concat, METH_O, "One part after the other."},
    {"alternate", (PyCFunction)alternate, METH_O, "Any of the parts."},
    {"intersect", (PyCFunction)intersect, METH_O, "All of the parts at once."},
    {"complement", (PyCFunction)complement, METH_O, "Every byte string that is not in it."},
    {"repeat", (PyCFunction)(void (*)(void))repeat, METH_VARARGS | METH_KEYWORDS, "From low to high times."},
    {"rule", (PyCFunction)rule, METH_NOARGS, "A new name for a language that is defined later."},
    {"define", (PyCFunction)(void (*)(void))define, METH_FASTCALL, "Say, once, what a rule is."},
    {"derive", (PyCFunction)(void (*)(void))derive_method, METH_FASTCALL, "What may follow after a byte."},
    {"after", (PyCFunction)(void (*)(void))after, METH_FASTCALL, "What may follow after bytes; EMPTY where it is dead."},
    {"can_end", (PyCFunction)can_end_method, METH_O, "Whether the empty text is in it."},
    {"is_live", (PyCFunction)is_live_method, METH_O, "Whether any text is in it."},
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
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = new_algebra,
    .tp_dealloc = (destructor)free_algebra,
    .tp_methods = methods,
    .tp_getset = properties,
    .tp_weaklistoffset = offsetof(Self, weak_references),
};

static Term row_work(Algebra *algebra, void *arguments) {
    make_row(algebra, ((TermCall *)arguments)->term);
    return EMPTY;
}

static const Row *row_function(Algebra *algebra, Term term, Failure *failure) {
    TermCall call = {.term = term};
    return guarded(algebra, row_work, &call, failure) < 0 ? NULL : known_row(algebra, term);
}

static Term step_function(Algebra *algebra, Term term, uint8_t byte, Failure *failure) {
    TermCall call = {.term = term, .byte = byte};
    return guarded(algebra, step_work, &call, failure);
}

static Term concat_function(Algebra *algebra, Term first, Term rest, Failure *failure) {
    Parts parts = {(Term[]){first, rest}, 2};
    return guarded(algebra, concat_work, &parts, failure);
}

static Term alternate_function(Algebra *algebra, const Term *terms, int64_t num_terms, Failure *failure) {
    Parts parts = {(Term *)terms, (Py_ssize_t)num_terms};
    return guarded(algebra, alternate_work, &parts, failure);
}

static Term repeat_function(Algebra *algebra, Term term, int32_t low, int32_t high, Failure *failure) {
    TermCall call = {.term = term, .low = low, .high = high};
    return guarded(algebra, repeat_work, &call, failure);
}

static Term all_characters_function(Algebra *algebra, Failure *failure) {
    RangesCall call = {(Range[]){{0, 0xD7FF}, {0xE000, 0x10FFFF}}, 2};
    return guarded(algebra, characters_work, &call, failure);
}

static AlgebraFunctions functions = {
    row_function,    step_function,           concat_function, alternate_function,
    repeat_function, all_characters_function, failure_message, &algebra_type,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "The compiled twin of llmpost.automata.algebra.", .m_size = -1,
};

PyMODINIT_FUNC PyInit__native(void) {
    PyObject *reference = PyImport_ImportModule("llmpost.automata.algebra");
    if (!reference) return NULL;
    budget_exceeded = PyObject_GetAttrString(reference, "BudgetExceeded");
    Py_DECREF(reference);
    if (!budget_exceeded || PyType_Ready(&algebra_type)) return NULL;
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
