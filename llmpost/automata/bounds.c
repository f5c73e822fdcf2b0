/* Bounds: how many bytes the shortest text of a term has, at least and at most, as far as its members tell at once.
 *
 * Without rules, intersections, complements and what is deferred that is exact; elsewhere distance.c finds out. What
 * is written here may be read by walks without a lock: a bound only ever comes nearer. */
#include "terms.h"

static int32_t sum(int32_t one, int32_t other) { return one < FAR - other ? one + other : FAR; }

static int32_t times(int32_t count, int32_t length) {
    int64_t product = (int64_t)count * length;
    return product < FAR ? (int32_t)product : FAR;
}

static int32_t shortest_of_choice(const Algebra *algebra, const int32_t *members) {
    const Text *texts = algebra->texts[members[0]]->texts;
    int32_t shortest = FAR;
    for (int32_t i = members[1]; i < members[2]; i++)
        if (texts[i].size < shortest) shortest = texts[i].size;
    return shortest - members[3];
}

static int32_t shortest_character(const int32_t *members) {
    if (members[0] >= 0) return members[0];
    return members[1] < 0x80 ? 1 : members[1] < 0x800 ? 2 : members[1] < 0x10000 ? 3 : 4;
}

static void set_both(Node *node, int32_t length) { node->least = node->most = length; }

static void set_bounds_of_many(const Algebra *algebra, Node *node) {
    node->least = node->kind == IS_ALTERNATE ? FAR : 0;
    node->most = FAR;
    for (int32_t i = 0; i < node->size; i++) {
        const Node *member = node_of(algebra, node->members[i]);
        int is_nearer = node->kind == IS_ALTERNATE ? member->least < node->least : member->least > node->least;
        if (is_nearer) node->least = member->least;
        if (node->kind == IS_ALTERNATE && member->most < node->most) node->most = member->most;
    }
}

void set_bounds(const Algebra *algebra, Node *node) {
    const int32_t *members = node->members;
#define MEMBER(i) node_of(algebra, members[i])
    if (node->flags & CAN_END || node->kind == IS_OPAQUE) {
        set_both(node, 0);
        return;
    }
    switch (node->kind) {
    case IS_EMPTY: set_both(node, FAR); return;
    case IS_OCTETS: set_both(node, 1); return;
    case IS_CHARACTERS: set_both(node, shortest_character(members)); return;
    case IS_CHOICE: set_both(node, shortest_of_choice(algebra, members)); return;
    case IS_CONCAT:
        node->least = sum(MEMBER(0)->least, MEMBER(1)->least);
        node->most = sum(MEMBER(0)->most, MEMBER(1)->most);
        return;
    case IS_ALTERNATE:
    case IS_INTERSECT: set_bounds_of_many(algebra, node); return;
    case IS_REPEAT:
        node->least = times(members[1], MEMBER(0)->least);
        node->most = times(members[1], MEMBER(0)->most);
        return;
    case IS_WATCHED:
        node->least = MEMBER(0)->least;
        node->most = MEMBER(0)->most;
        return;
    case IS_RULE: node->least = 0, node->most = FAR; return; /* it may yet turn out able to end */
    default: node->least = 1, node->most = FAR;
    }
#undef MEMBER
}

/* What was not known when the term was made may be known now: of what was searched for since, or is searched now.
 * Nothing is read. */
int32_t enough_of(Algebra *algebra, Term term) {
    Node *node = node_of(algebra, term);
    const int32_t *members = node->members;
    if (node->most < FAR || node->least >= FAR) return node->most;
    int32_t most = FAR;
    descend(algebra);
    switch (node->kind) {
    case IS_CONCAT:
        most = enough_of(algebra, members[0]);
        if (most < FAR) most = sum(most, enough_of(algebra, members[1]));
        break;
    case IS_ALTERNATE:
        for (int32_t i = 0; i < node->size; i++) {
            int32_t one = node_of(algebra, members[i])->most;
            if (one < most) most = one;
        }
        for (int32_t i = 0; i < node->size && most >= FAR; i++) most = enough_of(algebra, members[i]);
        break;
    case IS_REPEAT: most = times(members[1], enough_of(algebra, members[0])); break;
    case IS_WATCHED: most = enough_of(algebra, members[0]); break;
    case IS_INTERSECT:
    case IS_COMPLEMENT:
        if (node->live == MAYBE_LIVE) is_live(algebra, term); /* a search that succeeds knows a way */
        most = node->most;
        break;
    case IS_DEFERRED:
        if (algebra->deferreds[members[0]].body != UNKNOWN) most = enough_of(algebra, algebra->deferreds[members[0]].body);
        break;
    default: break;
    }
    ascend(algebra);
    __atomic_store_n(&node->most, most, __ATOMIC_RELAXED);
    return most;
}
