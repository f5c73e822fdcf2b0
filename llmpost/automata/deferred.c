/* What is deferred: Python functions that give a term its body, called when a derivative needs it and dropped then.
 *
 * All of this runs with the interpreter's lock and without the mutex, so that a function may ask the algebra, wait for
 * locks of its own, and be collected. Of several threads that read one at once, the first to end is heard. */
#include "face.h"

static Term defer_work(Algebra *algebra, void *arguments) {
    DeferredCall *call = arguments;
    return make_deferred(algebra, call->read, call->most, call->like);
}

Term defer(Account *account, DeferredCall call) {
    if (!PyCallable_Check(call.read)) {
        PyErr_SetString(PyExc_TypeError, "what is deferred is read by a function");
        return FAILED;
    }
    Term term = ask(account, defer_work, &call);
    if (term >= 0) Py_INCREF(call.read);
    return term;
}

static Term keep_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    keep_body(algebra, call->term, call->body);
    return EMPTY;
}

static int keep(Account *account, int32_t place, PyObject *body) {
    Algebra *algebra = account->algebra;
    TermCall call = {.term = algebra->deferreds[place].term};
    if (read_term(algebra, body, &call.body) || ask(account, keep_work, &call) < 0) return -1;
    Py_CLEAR(algebra->deferreds[place].read);
    Py_CLEAR(algebra->deferreds[place].raised);
    return 0;
}

int read_deferred(Account *account, int32_t place) {
    Algebra *algebra = account->algebra;
    if (algebra->deferreds[place].body != UNKNOWN) return 0; /* another thread was faster */
    PyObject *read = Py_XNewRef(algebra->deferreds[place].read);
    if (!read) {
        PyErr_SetString(PyExc_ValueError, "what is deferred was dropped with the algebra");
        return -1;
    }
    PyObject *body = PyObject_CallNoArgs(read);
    int failed = !body || keep(account, place, body);
    Py_XDECREF(body);
    Py_DECREF(read);
    return failed ? -1 : 0;
}

void keep_raised(Algebra *algebra, int32_t place) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback) PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    Py_XSETREF(algebra->deferreds[place].raised, value);
}

void raise_deferred(Algebra *algebra, int32_t place) {
    PyObject *raised = algebra->deferreds[place].raised; /* NULL: another thread has read it since */
    if (raised) PyErr_SetObject((PyObject *)Py_TYPE(raised), raised);
    else PyErr_SetString(PyExc_RuntimeError, "what is deferred could not be read");
}

int visit_deferreds(Algebra *algebra, visitproc visit, void *arg) {
    for (int64_t i = 0; i < algebra->num_deferreds; i++) {
        Py_VISIT(algebra->deferreds[i].read);
        Py_VISIT(algebra->deferreds[i].raised);
    }
    return 0;
}

void clear_deferreds(Algebra *algebra) {
    for (int64_t i = 0; i < algebra->num_deferreds; i++) {
        Py_CLEAR(algebra->deferreds[i].read);
        Py_CLEAR(algebra->deferreds[i].raised);
    }
}
