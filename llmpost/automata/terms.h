/* What the algebra's own files see of each other. All of it runs inside `guarded`: with the mutex held, and a failure
 * leaves by a long jump, so nothing here owns memory but the algebra. */
#ifndef LLMPOST_TERMS_H
#define LLMPOST_TERMS_H

#include "algebra.h"

typedef struct { int32_t low, high; } Range;
typedef struct { const char *data; int32_t size; } Text;
struct Texts {
    uint32_t hash;
    int32_t num_texts;
    Text *texts;
};

/* memory.c */
Failure algebra_open(Algebra *, int64_t max_terms, int64_t max_steps, int64_t max_bytes);
void algebra_close(Algebra *);
typedef Term (*Work)(Algebra *, void *arguments);
Term guarded(Account *, Work, void *arguments, Failure *);
Term guarded_inside(Account *, Work, void *arguments, Failure *); /* where the mutex is held already */
void *take(Algebra *, size_t size);         /* until the algebra is closed; aligned to 8; charged to the account */
void *take_for_all(Algebra *, size_t size); /* the same, charged to nobody */
void *grown(Algebra *, void *old, int64_t *size, size_t item, int64_t needed); /* twice as large until it is enough */
_Noreturn void fail(Algebra *, Failure);
void descend(Algebra *); /* one level of recursion; TOO_DEEP instead of a stack that overflows */
static inline void ascend(Algebra *algebra) { algebra->depth--; }
static inline void push(Algebra *algebra, Term term) {
    if (algebra->top == algebra->stack_size)
        algebra->stack = grown(algebra, algebra->stack, &algebra->stack_size, sizeof(int32_t), algebra->top + 1);
    algebra->stack[algebra->top++] = term;
}

/* account.c */
enum { MESSAGE = 160 };
Account account_open(Algebra *, int64_t max_bytes, int64_t nanoseconds);
void keep_clock(Account *, int is_kept);
void begin_call(Account *);
void wait_for(Account *); /* the mutex of its algebra; waiting is not its time */
void charge(Algebra *, int64_t size);
void look_at_clock(Algebra *);
void describe(const Account *, Failure, char message[MESSAGE]);
static inline void count_step(Algebra *algebra) {
    if (++algebra->steps > algebra->max_steps) fail(algebra, TOO_MANY_STEPS);
    if (--algebra->until_look < 0) look_at_clock(algebra);
}

/* terms.c: each keeps the normal form */
Term make_characters(Algebra *, const Range *, int32_t num_ranges);
Term make_block(Algebra *, const Range *, int32_t num_ranges, int32_t first, int32_t more);
Term make_octets(Algebra *, const Range *, int32_t num_ranges);
Term make_choice(Algebra *, int32_t table, int32_t low, int32_t high, int32_t depth);
Term make_concat(Algebra *, Term first, Term rest);
Term make_complement(Algebra *, Term);
Term make_repeat(Algebra *, Term, int32_t low, int32_t high);
Term make_rule(Algebra *);
Term make_watched(Algebra *, Term);
Term make_deferred(Algebra *, void *read, int32_t most, Term like); /* like: UNKNOWN, or one as short as it */
Term body_of(Algebra *, Term deferred); /* what it is in the end, past what is deferred again */
uint8_t flags_of(const Algebra *, Kind, const int32_t *members, int32_t size);
Term make_constants(Algebra *);
Term intern_term(Algebra *, Kind, const int32_t *members, int32_t size);

/* sets.c: of the parts on the stack from `base` up, which it takes off */
Term make_alternate(Algebra *, int64_t base);
Term make_intersect(Algebra *, int64_t base);

/* texts.c */
Term make_texts(Algebra *, const Text *sorted, int32_t num_texts, int64_t num_bytes);

/* partitions.c */
const Partition *partition_of(Algebra *, const Term targets[256], Term *entries); /* and the target of each class */
const Partition *refine(Algebra *, const Partition *, const Partition *);
const Partition *one_class(Algebra *);

/* derivatives.c */
Row *make_row(Algebra *, Term);
Term derive(Algebra *, Term, uint8_t byte);
Term step(Algebra *, Term, uint8_t byte);

/* liveness.c */
int is_live(Algebra *, Term);
int search(Algebra *, Term); /* search.c */

/* bounds.c */
void set_bounds(const Algebra *, Node *); /* from what is known of the members */

int32_t enough_of(Algebra *, Term); /* bytes to an end, looked for again in the members; FAR where that is not known */

/* distance.c */
int32_t distance(Algebra *, Term); /* bytes of its shortest text; FAR where it is dead */
static inline int is_boolean(const Node *node) { return node->kind == IS_INTERSECT || node->kind == IS_COMPLEMENT; }
static inline int is_searched(const Node *node) { return is_boolean(node) || node->kind == IS_SUBSTRINGS; }
static inline Term as_short_as(const Algebra *algebra, Term deferred) { /* UNKNOWN where it has to be read for it */
    const Deferred *here = &algebra->deferreds[node_of(algebra, deferred)->members[0]];
    return here->like == UNKNOWN ? here->body : here->like;
}
static inline int is_exact(const Node *node) { return node->least == node->most || node->least >= FAR; }
static inline void set_distance(Node *node, int32_t length) {
    node->least = length;
    __atomic_store_n(&node->most, length, __ATOMIC_RELAXED);
}

int leading_byte(Algebra *, Term); /* of the first of its shortest texts; -1 where it has none, or the empty one */

/* nearest.c */
int32_t nearest(Algebra *, Term); /* the same, of an intersection or a complement: searched for */

/* heap.c */
void rise(Open *, int64_t place);
void sink(Open *, int64_t size);

/* rules.c */
void keep_body(Algebra *, Term deferred, Term body); /* unless it has one */
void define_rule(Algebra *, Term rule, Term body);

#endif
