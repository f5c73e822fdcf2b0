/* The compiled algebra as its readers see it: terms, their transitions, and the functions of the capsule.
 *
 * A term is a number of a node that never moves and never changes; its row says what follows after each byte. What is
 * there is read without a lock; what is missing is found by the functions below, which take the algebra's own mutex
 * and touch no Python object, so that they may be called without the interpreter's lock. */
#ifndef LLMPOST_ALGEBRA_H
#define LLMPOST_ALGEBRA_H

#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t Term;

enum { EMPTY = 0, EPSILON = 1, ANYTHING = 2, OPAQUE = 3 }; /* OPAQUE: live, cannot end, and no byte leads out of it */
enum { UNKNOWN = -1, FAILED = -2 };
enum { FAR = 1 << 28 }; /* bytes: further than any end */

typedef enum {
    IS_EMPTY, IS_EPSILON, IS_ANYTHING, IS_OPAQUE, IS_OCTETS, IS_CHARACTERS, IS_CHOICE, IS_SUBSTRINGS, IS_CONCAT,
    IS_ALTERNATE, IS_INTERSECT, IS_COMPLEMENT, IS_REPEAT, IS_RULE, IS_WATCHED, IS_DEFERRED
} Kind;

enum {
    CAN_END = 1,
    HAS_RULE = 2,    /* what it means may change until its rules are defined, and found out */
    HAS_BOOLEAN = 4, /* intersect or complement: whether it is empty has to be searched for */
    HEAD_WATCHED = 8,
    HAS_DEFERRED = 16, /* it is alive, but what comes of it may have to be searched for */
    HAS_NAME = 32,     /* a rule, whether that may change or not: whether it is empty has to be asked */
};
enum { MAYBE_LIVE = 0, IS_LIVE = 1, IS_DEAD = 2 };

/* Bytes that no transition of a term tells apart are one class. */
typedef struct {
    int32_t id, num_classes;
    uint32_t hash;
    uint8_t class_of[256];
    uint8_t sample[256]; /* of each class its lowest byte */
} Partition;

/* One entry a class: the derivative where it is live or EMPTY; UNKNOWN; or, below that, a derivative that is dead (odd) or
 * that nobody has asked about yet (even). */
typedef struct {
    const Partition *partition;
    Term *entries;
} Row;

static inline Term as_dead(Term derivative) { return derivative == EMPTY ? EMPTY : -3 - 2 * derivative; }
static inline Term as_unasked(Term derivative) { return derivative == EMPTY ? EMPTY : -4 - 2 * derivative; }
static inline Term derivative_of(Term entry) { return entry >= UNKNOWN ? entry : (-3 - entry) / 2; }

/* Members by kind: concat [first, rest], the first never a concat; alternate, intersect [parts, ascending];
 * complement, watched [term]; repeat [term, low, high or -1]; rule, deferred [place]; octets [8 words of bits];
 * characters [bytes to come or -1 for all, low, high, low, high, ...]; choice [table, low, high, depth]; substrings
 * [document, left, low, high, depth] or, of one suffix alone, [document, left, place]. */
typedef struct {
    uint8_t kind, flags, live;
    uint32_t hash;
    uint32_t mark;       /* the last search that saw it */
    int32_t guess;       /* of that search, where it finds distances */
    int32_t least, most; /* bytes of its shortest text, as far as is known; FAR: of a dead one, or not known */
    int32_t size;
    const int32_t *members;
    Row *row;
} Node;

enum { CHUNK_BITS = 10, CHUNK = 1 << CHUNK_BITS };

typedef struct Texts Texts; /* the sorted texts of a choice */
typedef struct Document Document; /* and its sorted suffixes */
typedef struct Block Block; /* of the arena */
typedef struct { Term term, body; } Rule;
typedef struct { Term term, body, like; struct _object *read, *raised; } Deferred; /* Python objects */
typedef struct { Term term; int32_t before, steps; } Seen;
typedef struct { int32_t far, seen, class; } Open;
typedef struct { Seen *seen; Open *open; int32_t *slots; int64_t seen_size, open_size, num_slots; } Ways;
typedef struct { uint64_t pair; const Partition *refined; } Refined;
typedef struct { Term part, term, rest; int32_t low, high; } Counter;

enum {
    NOTHING, TOO_MANY_TERMS, TOO_MANY_STEPS, TOO_MANY_BYTES, TOO_FULL, TOO_SLOW, TOO_DEEP, LEFT_RECURSION,
    DEFINED_TWICE, BROKEN_PROMISE,
    NEEDS, /* and above: what is deferred in the place (failure - NEEDS) has to be read first */
};
typedef int32_t Failure;

typedef struct Algebra Algebra;

/* Who pays. What a call adds is charged to the account it came through: bytes for all its calls together; time for each
 * call, or for all of them. Nobody gets more who has taken more than what is left, but for the small. */
typedef struct {
    Algebra *algebra;
    int64_t max_bytes, bytes; /* max_bytes 0: the algebra's own account, which pays nothing */
    int64_t nanoseconds;      /* 0: as long as it takes */
    int64_t deadline;         /* of the monotonic clock; 0: the call was too short to look at it */
    int is_clock_kept;        /* whether all calls together have that time */
} Account;

struct Algebra {
    pthread_mutex_t mutex;
    Account own;
    Account *account;   /* of the call under way */
    int64_t until_look; /* at the clock */
    jmp_buf escape; /* where a failure ends; only inside `guarded` */
    Failure failure;

    int64_t max_terms, max_steps, max_bytes;
    int64_t steps, depth; /* of the call under way */
    int64_t bytes;
    Block *blocks;

    Node **chunks;
    int64_t num_terms;
    Term *slots; /* hash table of nodes */
    int64_t num_slots;

    const Partition **partitions;
    Refined *refined;
    int64_t num_partitions, num_partition_slots, num_refined, num_refined_slots;

    Texts **texts;
    int32_t *text_slots; /* hash table of them */
    Document **documents;
    Rule *rules;
    Term *ruled; /* the terms that have a rule of which not everything is found out, ascending */
    Deferred *deferreds; /* grows, and is given bodies, with both the mutex and the interpreter's lock */
    int64_t num_texts, texts_size, num_text_slots, num_rules, num_undefined, rules_size, num_ruled, ruled_size, num_deferreds, deferreds_size;
    int64_t num_documents, documents_size;
    int are_rules_settled, is_read;

    int32_t *stack; /* of parts that are being put together */
    int64_t top, stack_size;
    Counter *counters;
    int64_t counters_size;
    Seen *seen;
    Open *open; /* a heap */
    int64_t seen_size, open_size;
    uint32_t search; /* its number, which it leaves as a mark */
    Ways *ways;      /* of searches for distances, one inside the other */
    int64_t ways_size, num_ways;
};

static inline Node *node_of(const Algebra *algebra, Term term) {
    return &algebra->chunks[term >> CHUNK_BITS][term & (CHUNK - 1)];
}

static inline int kind_of(const Algebra *algebra, Term term) { return node_of(algebra, term)->kind; }

static inline int can_end(const Algebra *algebra, Term term) {
    return __atomic_load_n(&node_of(algebra, term)->flags, __ATOMIC_RELAXED) & CAN_END;
}

/* Bytes that are surely enough to an end; FAR where that is not known. */
static inline int32_t enough_bytes(const Algebra *algebra, Term term) {
    return __atomic_load_n(&node_of(algebra, term)->most, __ATOMIC_RELAXED);
}

/* NULL where nothing was asked of the term yet. */
static inline const Row *known_row(const Algebra *algebra, Term term) {
    return __atomic_load_n(&node_of(algebra, term)->row, __ATOMIC_ACQUIRE);
}

static inline Term known_entry(const Row *row, uint8_t byte) {
    return __atomic_load_n(&row->entries[row->partition->class_of[byte]], __ATOMIC_ACQUIRE);
}

/* The derivative if it is live, else EMPTY; UNKNOWN where nobody has asked. */
static inline Term known_step(const Row *row, uint8_t byte) {
    Term entry = known_entry(row, byte);
    return entry >= UNKNOWN ? entry : entry & 1 ? EMPTY : UNKNOWN;
}

/* What the capsule holds. A Term below 0, or a NULL, is a failure, and says which in the last argument. The first two
 * take the interpreter's lock where something deferred has to be read. */
typedef struct {
    const Row *(*row)(Account *, Term, Failure *);
    Term (*step)(Account *, Term, uint8_t byte, Failure *); /* the derivative if it is live, else EMPTY */
    Term (*concat)(Account *, Term first, Term rest, Failure *);
    Term (*alternate)(Account *, const Term *parts, int64_t num_parts, Failure *);
    Term (*intersect)(Account *, const Term *parts, int64_t num_parts, Failure *);
    Term (*complement)(Account *, Term, Failure *);
    Term (*repeat)(Account *, Term, int32_t low, int32_t high, Failure *);
    Term (*all_characters)(Account *, Failure *);
    int32_t (*distance)(Account *, Term, Failure *); /* bytes of its shortest text; FAR where it is dead */
    int32_t (*enough)(Account *, Term, Failure *);   /* `enough_bytes`, looked for again */
    void (*begin)(Account *);          /* a call: its time starts anew */
    void (*raise)(Account *, Failure); /* the failure as a Python exception */
    void *type; /* of the Python object */
} AlgebraFunctions;

#define ALGEBRA_CAPSULE "llmpost.automata._native.functions"

/* The Python object, an account: what the capsule's users are handed. The first one owns the algebra. */
#define ALGEBRA_OBJECT struct { PyObject_HEAD Account account; PyObject *owner, *weak_references; }

#endif
