/* Alternate and intersect: sets of parts, put together on the algebra's stack and brought into their normal form. */
#include "terms.h"

#include <stdlib.h>
#include <string.h>

static int by_number(const void *left, const void *right) {
    Term a = *(const Term *)left, b = *(const Term *)right;
    return (a > b) - (a < b);
}

static void sort_parts(Algebra *algebra, int64_t base) {
    Term *parts = algebra->stack + base;
    int64_t size = algebra->top - base, kept = 0;
    if (size > 24) {
        qsort(parts, (size_t)size, sizeof(Term), by_number);
    } else {
        for (int64_t i = 1; i < size; i++) {
            Term part = parts[i];
            int64_t j = i;
            for (; j > 0 && parts[j - 1] > part; j--) parts[j] = parts[j - 1];
            parts[j] = part;
        }
    }
    for (int64_t i = 0; i < size; i++)
        if (kept == 0 || parts[i] != parts[kept - 1]) parts[kept++] = parts[i];
    algebra->top = base + kept;
}

/* Members of parts of this kind stand for themselves; `neutral` is left out. Then in order, each once. */
static void flatten(Algebra *algebra, int64_t base, Kind kind, Term neutral) {
    int64_t kept = base, end = algebra->top;
    algebra->until_look -= end - base;
    for (int64_t i = base; i < end; i++) {
        Term part = algebra->stack[i];
        const Node *node = node_of(algebra, part);
        if (node->kind == kind)
            for (int32_t j = 0; j < node->size; j++) push(algebra, node->members[j]);
        else if (part != neutral)
            algebra->stack[kept++] = part;
    }
    memmove(algebra->stack + kept, algebra->stack + end, (size_t)(algebra->top - end) * sizeof(Term));
    algebra->top -= end - kept;
    sort_parts(algebra, base);
}

static int is_counter(const Algebra *algebra, Term part, Counter *counter) {
    const Node *node = node_of(algebra, part);
    Term rest = EPSILON;
    if (node->kind == IS_CONCAT) {
        rest = node->members[1];
        node = node_of(algebra, node->members[0]);
    }
    if (node->kind != IS_REPEAT) return 0;
    *counter = (Counter){part, node->members[0], rest, node->members[1], node->members[2]};
    return 1;
}

static int by_counter(const void *left, const void *right) {
    const Counter *a = left, *b = right;
    if (a->term != b->term) return a->term < b->term ? -1 : 1;
    if (a->rest != b->rest) return a->rest < b->rest ? -1 : 1;
    return (a->low > b->low) - (a->low < b->low);
}

/* The counters among the parts come off the stack, onto the list. */
static int64_t take_counters(Algebra *algebra, int64_t base) {
    int64_t num_counters = 0, kept = base;
    Counter counter;
    for (int64_t i = base; i < algebra->top; i++) {
        if (!is_counter(algebra, algebra->stack[i], &counter)) {
            algebra->stack[kept++] = algebra->stack[i];
            continue;
        }
        if (num_counters == algebra->counters_size)
            algebra->counters =
                grown(algebra, algebra->counters, &algebra->counters_size, sizeof(Counter), num_counters + 1);
        algebra->counters[num_counters++] = counter;
    }
    algebra->top = kept;
    return num_counters;
}

/* Whether `other`, which begins no earlier, begins at the latest right behind the end of `joined`; then both are one. */
static int join(Counter *joined, const Counter *other) {
    if (other->term != joined->term || other->rest != joined->rest) return 0;
    if (joined->high < 0) return 1;
    if (other->low - 1 > joined->high) return 0;
    if (other->high < 0 || other->high > joined->high) joined->high = other->high;
    return 1;
}

/* x{1,3} | x{2,7} is x{1,7}, also with one continuation behind both: counters that run side by side do not pile up. */
static void join_counters(Algebra *algebra, int64_t base) {
    int64_t num_counters = take_counters(algebra, base);
    Counter *counters = algebra->counters;
    if (num_counters > 1) qsort(counters, (size_t)num_counters, sizeof(Counter), by_counter);
    for (int64_t first = 0, next; first < num_counters; first = next) {
        Counter joined = counters[first];
        for (next = first + 1; next < num_counters && join(&joined, &counters[next]);) next++;
        if (next == first + 1)
            push(algebra, joined.part);
        else
            push(algebra, make_concat(algebra, make_repeat(algebra, joined.term, joined.low, joined.high), joined.rest));
    }
    if (num_counters) flatten(algebra, base, IS_ALTERNATE, EMPTY);
}

static int has_part(const Algebra *algebra, int64_t base, Term wanted) {
    int64_t low = base, high = algebra->top;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (algebra->stack[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return low < algebra->top && algebra->stack[low] == wanted;
}

static Term of_many(Algebra *algebra, int64_t base, Kind kind, Term of_none) {
    int64_t size = algebra->top - base;
    Term term = size == 0 ? of_none
              : size == 1 ? algebra->stack[base]
                          : intern_term(algebra, kind, algebra->stack + base, (int32_t)size);
    algebra->top = base;
    return term;
}

static Term settled(Algebra *algebra, int64_t base, Term term) {
    algebra->top = base;
    return term;
}

/* x or (x and y) is x, and x and (x or y) too: parts of the kind that have another part as a member go. */
static void absorb(Algebra *algebra, int64_t base, Kind kind) {
    int64_t kept = base;
    for (int64_t i = base; i < algebra->top; i++) {
        Term part = algebra->stack[i];
        const Node *node = node_of(algebra, part);
        int is_absorbed = 0;
        if (node->kind == kind)
            for (int32_t j = 0; j < node->size && !is_absorbed; j++)
                is_absorbed = has_part(algebra, base, node->members[j]);
        if (!is_absorbed) algebra->stack[kept++] = part; /* in order all the while: what goes is no member of a part */
    }
    algebra->top = kept;
}

Term make_alternate(Algebra *algebra, int64_t base) {
    flatten(algebra, base, IS_ALTERNATE, EMPTY);
    if (algebra->top - base < 2) return of_many(algebra, base, IS_ALTERNATE, EMPTY);
    if (has_part(algebra, base, ANYTHING)) return settled(algebra, base, ANYTHING);
    join_counters(algebra, base);
    absorb(algebra, base, IS_INTERSECT);
    if (algebra->top - base > 1 && algebra->stack[base] == EPSILON) /* the empty text is in another part too */
        for (int64_t i = base + 1; i < algebra->top; i++)
            if ((node_of(algebra, algebra->stack[i])->flags & (CAN_END | HAS_RULE)) == CAN_END) {
                memmove(algebra->stack + base, algebra->stack + base + 1,
                        (size_t)(--algebra->top - base) * sizeof(Term));
                break;
            }
    return of_many(algebra, base, IS_ALTERNATE, EMPTY);
}

Term make_intersect(Algebra *algebra, int64_t base) {
    flatten(algebra, base, IS_INTERSECT, ANYTHING);
    if (has_part(algebra, base, EMPTY)) return settled(algebra, base, EMPTY);
    absorb(algebra, base, IS_ALTERNATE);
    uint8_t any = 0, all = CAN_END;
    for (int64_t i = base; i < algebra->top; i++) {
        const Node *node = node_of(algebra, algebra->stack[i]);
        if (node->kind == IS_COMPLEMENT && has_part(algebra, base, node->members[0]))
            return settled(algebra, base, EMPTY);
        any |= node->flags;
        all &= node->flags;
    }
    if (has_part(algebra, base, EPSILON) && !(any & HAS_RULE)) return settled(algebra, base, all ? EPSILON : EMPTY);
    return of_many(algebra, base, IS_INTERSECT, ANYTHING);
}
