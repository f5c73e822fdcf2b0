/* Distance: how many bytes the shortest text of a term has, exactly, where its members do not tell at once.
 *
 * Of what is named (rules, and what is deferred) it is a least fixed point over the members. What is deferred counts as
 * little as it can until the shortest way leads through it: then it is read, and all is found out again. So nothing is
 * read that no shortest way can need. Intersections and complements are searched (nearest.c). */
#include "terms.h"

/* A guess is twice a length, and one more where it hangs on something that was not looked into yet: so of equal
 * lengths the one that is sure comes first. */
enum { NOWHERE = 2 * FAR };

/* The body of what is named, or one as short; UNKNOWN where it was not read, EMPTY where it was not defined. */
static Term named_body(const Algebra *algebra, const Node *node) {
    if (node->kind == IS_DEFERRED) return as_short_as(algebra, algebra->deferreds[node->members[0]].term);
    Term body = algebra->rules[node->members[0]].body;
    return body == UNKNOWN ? EMPTY : body;
}

static int is_named(const Node *node) { return node->kind == IS_RULE || node->kind == IS_DEFERRED; }

static int32_t guess_of(const Algebra *algebra, Term term) {
    const Node *node = node_of(algebra, term);
    if (node->least >= FAR) return NOWHERE;
    if (is_exact(node)) return 2 * node->least;
    return node->mark == algebra->search ? node->guess : 2 * node->least + 1;
}

static int32_t guess_of_sum(int32_t one, int32_t other) {
    if (one >= NOWHERE || other >= NOWHERE - one) return NOWHERE;
    return (one & ~1) + (other & ~1) + ((one | other) & 1);
}

static int32_t guess_anew(const Algebra *algebra, const Node *node) {
    const int32_t *members = node->members;
    int32_t nearest = NOWHERE;
    switch (node->kind) {
    case IS_CONCAT: return guess_of_sum(guess_of(algebra, members[0]), guess_of(algebra, members[1]));
    case IS_ALTERNATE:
        for (int32_t i = 0; i < node->size; i++) {
            int32_t guess = guess_of(algebra, members[i]);
            if (guess < nearest) nearest = guess;
        }
        return nearest;
    case IS_REPEAT: {
        int32_t guess = guess_of(algebra, members[0]);
        int64_t length = (int64_t)(guess >> 1) * members[1];
        return length >= FAR ? NOWHERE : (int32_t)(2 * length) + (guess & 1);
    }
    case IS_WATCHED: return guess_of(algebra, members[0]);
    default: {
        Term body = is_searched(node) ? UNKNOWN : named_body(algebra, node);
        return body == UNKNOWN ? 2 * node->least + 1 : guess_of(algebra, body);
    }
    }
}

static void want(Algebra *algebra, Term term) {
    const Node *node = node_of(algebra, term);
    if (!is_exact(node) && node->mark != algebra->search) push(algebra, term);
}

static void want_members(Algebra *algebra, const Node *node) {
    if (is_searched(node)) return;
    if (is_named(node)) {
        Term body = named_body(algebra, node);
        if (body != UNKNOWN) want(algebra, body);
        return;
    }
    int32_t num_members = node->kind == IS_REPEAT ? 1 : node->size;
    for (int32_t i = 0; i < num_members; i++) want(algebra, node->members[i]);
}

static void keep_found(Algebra *algebra, int64_t place, Term term) {
    if (place == algebra->seen_size)
        algebra->seen = grown(algebra, algebra->seen, &algebra->seen_size, sizeof(Seen), place + 1);
    algebra->seen[place].term = term;
}

/* What the length of a term hangs on, members first; returns how many. What is left on the way is on the stack as its
 * complement, which is below 0. */
static int64_t gather(Algebra *algebra, Term start) {
    int64_t base = algebra->top, num_found = 0;
    algebra->search++;
    push(algebra, start);
    while (algebra->top > base) {
        Term term = algebra->stack[--algebra->top];
        if (term < 0) {
            keep_found(algebra, num_found++, ~term);
            continue;
        }
        Node *node = node_of(algebra, term);
        if (node->mark == algebra->search) continue;
        node->mark = algebra->search;
        node->guess = NOWHERE;
        push(algebra, ~term);
        want_members(algebra, node);
    }
    algebra->until_look -= num_found;
    return num_found;
}

static void settle(Algebra *algebra, int64_t num_found) {
    for (int grows = 1; grows;) {
        grows = 0;
        for (int64_t i = 0; i < num_found; i++) {
            Node *node = node_of(algebra, algebra->seen[i].term);
            int32_t guess = guess_anew(algebra, node);
            grows |= guess != node->guess;
            node->guess = guess;
        }
        algebra->until_look -= num_found;
    }
}

static void keep_what_is_sure(Algebra *algebra, int64_t num_found) {
    for (int64_t i = 0; i < num_found; i++) {
        Node *node = node_of(algebra, algebra->seen[i].term);
        if (node->guess < NOWHERE && !(node->guess & 1)) set_distance(node, node->guess / 2);
    }
}

/* On the shortest way as it is guessed: the first that was not looked into yet. */
static Term unsure_leaf(Algebra *algebra, Term term) {
    for (;;) {
        const Node *node = node_of(algebra, term);
        const int32_t *members = node->members;
        if (is_searched(node)) return term;
        if (is_named(node)) {
            Term body = named_body(algebra, node);
            if (body == UNKNOWN) return term;
            term = body;
        } else if (node->kind == IS_CONCAT) {
            term = guess_of(algebra, members[0]) & 1 ? members[0] : members[1];
        } else if (node->kind == IS_ALTERNATE) {
            for (int32_t i = 0; i < node->size; i++)
                if (guess_of(algebra, members[i]) == node->guess) term = members[i];
        } else {
            term = members[0];
        }
    }
}

int32_t distance(Algebra *algebra, Term term) {
    Node *node = node_of(algebra, term);
    algebra->is_read |= node->flags & HAS_RULE;
    while (!is_exact(node)) {
        int64_t num_found = gather(algebra, term);
        settle(algebra, num_found);
        keep_what_is_sure(algebra, num_found);
        if (node->guess >= NOWHERE) {
            node->least = FAR;
        } else if (!is_exact(node)) {
            Term leaf = unsure_leaf(algebra, term);
            count_step(algebra);
            if (kind_of(algebra, leaf) == IS_DEFERRED) body_of(algebra, leaf); /* fails: it has to be read */
            descend(algebra);
            nearest(algebra, leaf);
            ascend(algebra);
        }
    }
    return node->least;
}

int leading_byte(Algebra *algebra, Term term) {
    int32_t left = distance(algebra, term) - 1;
    if (left < 0 || left >= FAR - 1) return -1;
    const Partition *partition = make_row(algebra, term)->partition;
    for (int class = 0; class < partition->num_classes; class++) {
        Term next = step(algebra, term, partition->sample[class]);
        if (node_of(algebra, next)->least <= left && distance(algebra, next) <= left) return partition->sample[class];
    }
    return -1;
}
