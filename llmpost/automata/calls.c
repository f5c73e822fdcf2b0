/* Calls: work is asked of an algebra until all that is deferred on the way was read, and failures become exceptions. */
#include "face.h"

PyObject *budget_exceeded;

static PyObject *class_of(Failure failure) {
    int is_misuse = failure == LEFT_RECURSION || failure == DEFINED_TWICE || failure == BROKEN_PROMISE;
    return is_misuse ? PyExc_ValueError : budget_exceeded;
}

void raise_failure(Account *account, Failure failure) {
    char message[MESSAGE];
    if (failure == NOTHING) {
        PyErr_NoMemory();
    } else if (failure >= NEEDS) {
        raise_deferred(account->algebra, failure - NEEDS);
    } else {
        describe(account, failure, message);
        PyErr_SetString(class_of(failure), message);
    }
}

/* Whether to ask again. */
static int is_settled(Account *account, Failure failure) {
    if (failure >= NEEDS) return !read_deferred(account, failure - NEEDS);
    raise_failure(account, failure);
    return 0;
}

Term ask(Account *account, Work work, void *arguments) {
    Term result;
    Failure failure;
    begin_call(account);
    do {
        if (pthread_mutex_trylock(&account->algebra->mutex)) {
            Py_BEGIN_ALLOW_THREADS
            wait_for(account);
            Py_END_ALLOW_THREADS
        }
        result = guarded_inside(account, work, arguments, &failure);
        pthread_mutex_unlock(&account->algebra->mutex);
    } while (result < 0 && is_settled(account, failure));
    return result;
}

Term ask_long(Account *account, Work work, void *arguments) {
    Term result;
    Failure failure;
    begin_call(account);
    do {
        Py_BEGIN_ALLOW_THREADS
        result = guarded(account, work, arguments, &failure);
        Py_END_ALLOW_THREADS
    } while (result < 0 && is_settled(account, failure));
    return result;
}

static int read_unlocked(Account *account, int32_t place) {
    PyGILState_STATE state = PyGILState_Ensure();
    int failed = read_deferred(account, place);
    if (failed) keep_raised(account->algebra, place);
    PyGILState_Release(state);
    return failed;
}

Term ask_unlocked(Account *account, Work work, void *arguments, Failure *failure) {
    for (;;) {
        Term result = guarded(account, work, arguments, failure);
        if (result >= 0 || *failure < NEEDS || read_unlocked(account, *failure - NEEDS)) return result;
    }
}
