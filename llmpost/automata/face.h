/* What the files of the Python face see of each other: the object, its arguments, and failures as exceptions.
 *
 * No Python object is touched while the mutex is held, and nobody waits for the mutex with the interpreter's lock: a
 * walk in another thread may hold the one, and needs the other only when it has let go. */
#ifndef LLMPOST_FACE_H
#define LLMPOST_FACE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "substrings.h"

typedef ALGEBRA_OBJECT Self;

/* Arguments of the works below. */
typedef struct { Term *terms; Py_ssize_t num_terms; } Parts;
typedef struct { Range *ranges; int32_t num_ranges; } RangesCall;
typedef struct { Text *texts; int32_t num_texts; int64_t num_bytes; } TextsCall;
typedef struct { Term term; int32_t low, high; Term body; uint8_t byte; } TermCall;
typedef struct { PyObject *read; int32_t most; Term like; } DeferredCall;

/* arguments.c: 0, or -1 with an exception; arrays are the caller's to free */
int read_term(const Algebra *, PyObject *, Term *);
int read_ranges(PyObject *, long limit, Range **, int32_t *num_ranges); /* from 0 to `limit`, with room for one more */
int32_t without_surrogates(Range *, int32_t size);                      /* which are no characters; how many are left */
int read_parts(const Algebra *, PyObject *, Parts *);
int read_texts(PyObject *list, TextsCall *); /* in order, each once; the bytes stay the list's */
int read_document(PyObject *text, PyObject *marks, PyObject *least, DocumentCall *); /* settled; for `free_document` */
void free_document(Document *);

/* works.c: what is asked of an algebra, for `guarded` */
Term characters_work(Algebra *, void *ranges_call);
Term octets_work(Algebra *, void *ranges_call);
Term choice_work(Algebra *, void *texts_call);
Term concat_work(Algebra *, void *parts);
Term alternate_work(Algebra *, void *parts);
Term intersect_work(Algebra *, void *parts);
Term complement_work(Algebra *, void *term_call);
Term repeat_work(Algebra *, void *term_call);
Term rule_work(Algebra *, void *nothing);
Term define_work(Algebra *, void *term_call);
Term watched_work(Algebra *, void *term_call);
Term derive_work(Algebra *, void *term_call);
Term step_work(Algebra *, void *term_call);
Term row_work(Algebra *, void *term_call);
Term live_work(Algebra *, void *term_call);
Term distance_work(Algebra *, void *term_call); /* a length, no term */
Term enough_work(Algebra *, void *term_call);   /* a length too, FAR where none is known */
Term lead_work(Algebra *, void *term_call);     /* one byte on along a shortest text; EMPTY at its end */

/* calls.c: with the interpreter's lock, but for the last */
extern PyObject *budget_exceeded; /* the class */
void raise_failure(Account *, Failure);
Term ask(Account *, Work, void *arguments);      /* FAILED with an exception */
Term ask_long(Account *, Work, void *arguments); /* the same; others may run meanwhile */
Term ask_unlocked(Account *, Work, void *arguments, Failure *);

/* deferred.c: with the interpreter's lock */
Term defer(Account *, DeferredCall); /* FAILED with an exception */
int read_deferred(Account *, int32_t place);   /* -1 with an exception */
void keep_raised(Algebra *, int32_t place);    /* the exception there is now, for `raise_deferred` */
void raise_deferred(Algebra *, int32_t place);
int visit_deferreds(Algebra *, visitproc visit, void *arg);
void clear_deferreds(Algebra *);

/* scan_face.c */
PyObject *scan_method(PyObject *module, PyObject *arguments);

/* capsule.c */
extern AlgebraFunctions functions;

#endif
