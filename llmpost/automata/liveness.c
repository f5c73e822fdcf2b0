/* Liveness: whether a term has any text.
 *
 * Without intersect and complement it follows from the members; rules take a least fixed point. Intersections and
 * complements are searched (search.c). */
#include "terms.h"

static int is_live_by_members(Algebra *algebra, Term term, int (*is_member_live)(Algebra *, Term)) {
    const Node *node = node_of(algebra, term);
    const int32_t *members = node->members;
    switch (node->kind) {
    case IS_CONCAT:
        for (; node->kind == IS_CONCAT; node = node_of(algebra, term)) { /* however long, without recursion */
            if (!is_member_live(algebra, node->members[0])) return 0;
            term = node->members[1];
        }
        return is_member_live(algebra, term);
    case IS_ALTERNATE:
        for (int32_t i = 0; i < node->size; i++) /* what is known already, before anything is searched */
            if (node_of(algebra, members[i])->live == IS_LIVE || can_end(algebra, members[i])) return 1;
        for (int32_t i = 0; i < node->size; i++)
            if (is_member_live(algebra, members[i])) return 1;
        return 0;
    case IS_REPEAT: return members[1] == 0 || is_member_live(algebra, members[0]);
    case IS_WATCHED: return is_member_live(algebra, members[0]);
    case IS_RULE: {
        Term body = algebra->rules[members[0]].body;
        return body != UNKNOWN && is_member_live(algebra, body);
    }
    default: return search(algebra, term);
    }
}

static int is_so_far_live(Algebra *algebra, Term term) {
    const Node *node = node_of(algebra, term);
    return node->flags & HAS_RULE ? node->live == IS_LIVE : is_live(algebra, term);
}

/* Where every rule is defined nothing of them can change any more, and rules to come are no concern of theirs. */
static void close_rules(Algebra *algebra) {
    for (int64_t i = 0; i < algebra->num_ruled; i++) {
        Node *node = node_of(algebra, algebra->ruled[i]);
        __atomic_store_n(&node->flags, (uint8_t)(node->flags & ~HAS_RULE), __ATOMIC_RELAXED);
    }
    algebra->num_ruled = 0;
    algebra->is_read = 0;
}

/* The least fixed point: members come before what is made of them, so that few rounds do. */
static void settle_rules(Algebra *algebra) {
    int64_t num_ruled = algebra->num_ruled;
    for (int grows = 1; grows;) {
        grows = 0;
        for (int64_t i = 0; i < num_ruled; i++) {
            Node *node = node_of(algebra, algebra->ruled[i]);
            if (node->live == MAYBE_LIVE && is_live_by_members(algebra, algebra->ruled[i], is_so_far_live)) {
                node->live = IS_LIVE;
                grows = 1;
            }
        }
    }
    for (int64_t i = 0; i < num_ruled; i++) {
        Node *node = node_of(algebra, algebra->ruled[i]);
        if (node->live == MAYBE_LIVE) node->live = IS_DEAD;
    }
    algebra->are_rules_settled = 1;
    if (!algebra->num_undefined) close_rules(algebra);
}

int is_live(Algebra *algebra, Term term) {
    Node *node = node_of(algebra, term);
    if (node->live == MAYBE_LIVE && node->flags & HAS_RULE && !algebra->are_rules_settled) settle_rules(algebra);
    if (node->live == MAYBE_LIVE) {
        descend(algebra);
        node->live = is_live_by_members(algebra, term, is_live) ? IS_LIVE : IS_DEAD;
        ascend(algebra);
    }
    return node->live == IS_LIVE;
}
