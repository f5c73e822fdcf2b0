/* Liveness: whether a term has any text; and the rules, on which that may depend.
 *
 * Without intersect and complement it follows from the members; rules take a least fixed point. Intersections and
 * complements are searched, derivative by derivative, until something can end. */
#include "terms.h"

/* Searching. On the stack lies the path: pairs of a term and the next class to follow. */

static int is_known_live(const Algebra *algebra, Term term) {
    return node_of(algebra, term)->live == IS_LIVE || can_end(algebra, term);
}

static void mark_path(Algebra *algebra, int64_t base) {
    for (int64_t i = base; i < algebra->top; i += 2) node_of(algebra, algebra->stack[i])->live = IS_LIVE;
}

static void see(Algebra *algebra, int64_t place, Term term) {
    if (place == algebra->seen_size)
        algebra->seen = grown(algebra, algebra->seen, &algebra->seen_size, sizeof(Term), place + 1);
    algebra->seen[place] = term;
}

static int search(Algebra *algebra, Term start) {
    int64_t base = algebra->top, num_seen = 0;
    uint32_t this_search = ++algebra->search;
    push(algebra, start);
    push(algebra, 0);
    see(algebra, num_seen++, start);
    node_of(algebra, start)->mark = this_search;
    int found = is_known_live(algebra, start);
    while (!found && algebra->top > base) {
        Term here = algebra->stack[algebra->top - 2];
        int32_t class = algebra->stack[algebra->top - 1]++;
        const Partition *partition = make_row(algebra, here)->partition;
        if (class >= partition->num_classes) {
            algebra->top -= 2;
            continue;
        }
        if (++algebra->steps > algebra->max_steps) fail(algebra, TOO_MANY_STEPS);
        Term follower = derive(algebra, here, partition->sample[class]);
        Node *node = node_of(algebra, follower);
        if (node->live == IS_DEAD || node->mark == this_search) continue;
        node->mark = this_search;
        see(algebra, num_seen++, follower);
        found = is_known_live(algebra, follower);
        push(algebra, follower);
        push(algebra, 0);
    }
    if (found) mark_path(algebra, base);
    algebra->top = base;
    if (!found) /* all that was seen of a dead term is dead */
        for (int64_t i = 0; i < num_seen; i++) node_of(algebra, algebra->seen[i])->live = IS_DEAD;
    return found;
}

/* Rules. */

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
        for (int32_t i = 0; i < node->size; i++)
            if (is_member_live(algebra, members[i])) return 1;
        return 0;
    case IS_REPEAT: return members[1] == 0 || is_member_live(algebra, members[0]);
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

/* The rules whose bodies a derivative of the body looks into: `rule` must not be one of them. */
static void refuse_left_recursion(Algebra *algebra, Term rule, Term body) {
    int64_t base = algebra->top;
    uint32_t this_search = ++algebra->search;
    push(algebra, body);
    while (algebra->top > base) {
        Term term = algebra->stack[--algebra->top];
        Node *node = node_of(algebra, term);
        if (term == rule) fail(algebra, LEFT_RECURSION);
        if (node->mark == this_search || !(node->flags & HAS_RULE)) continue;
        node->mark = this_search;
        switch (node->kind) {
        case IS_CONCAT:
            push(algebra, node->members[0]);
            if (can_end(algebra, node->members[0])) push(algebra, node->members[1]);
            break;
        case IS_RULE:
            if (algebra->rules[node->members[0]].body != UNKNOWN)
                push(algebra, algebra->rules[node->members[0]].body);
            break;
        case IS_REPEAT: push(algebra, node->members[0]); break;
        default:
            for (int32_t i = 0; i < node->size; i++) push(algebra, node->members[i]);
        }
    }
}

static void set_flags(Node *node, uint8_t flags) { __atomic_store_n(&node->flags, flags, __ATOMIC_RELAXED); }

/* Which rules can end is a least fixed point too; a complement counts with what is known when the round begins. */
static void find_ending_rules(Algebra *algebra) {
    for (int grows = 1; grows;) {
        grows = 0;
        for (int64_t i = 0; i < algebra->num_ruled; i++) {
            Node *node = node_of(algebra, algebra->ruled[i]);
            if (node->kind != IS_RULE) set_flags(node, flags_of(algebra, node->kind, node->members, node->size));
        }
        for (int64_t i = 0; i < algebra->num_rules; i++) {
            Node *node = node_of(algebra, algebra->rules[i].term);
            Term body = algebra->rules[i].body;
            if (node->flags & CAN_END || body == UNKNOWN || !can_end(algebra, body)) continue;
            set_flags(node, node->flags | CAN_END);
            grows = 1;
        }
    }
}

/* What was asked of terms with rules while this one was EMPTY is forgotten. A row that another thread still reads stays
 * in memory. */
static void forget(Algebra *algebra) {
    for (int64_t i = 0; i < algebra->num_ruled; i++) {
        Node *node = node_of(algebra, algebra->ruled[i]);
        __atomic_store_n(&node->row, NULL, __ATOMIC_RELEASE);
        node->live = MAYBE_LIVE;
    }
    algebra->is_read = algebra->are_rules_settled = 0;
}

void define_rule(Algebra *algebra, Term rule, Term body) {
    const Node *node = node_of(algebra, rule);
    if (node->kind != IS_RULE || algebra->rules[node->members[0]].body != UNKNOWN) fail(algebra, DEFINED_TWICE);
    refuse_left_recursion(algebra, rule, body);
    algebra->rules[node->members[0]].body = body;
    if (can_end(algebra, body)) find_ending_rules(algebra);
    if (algebra->is_read || algebra->are_rules_settled) forget(algebra);
}
