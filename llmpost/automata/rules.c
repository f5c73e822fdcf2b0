/* Names: rules, which are said later, and what is deferred, which is read when a derivative needs it. Neither may need
 * itself before a byte is read. */
#include "terms.h"

/* The rules, and what is deferred, whose bodies a derivative of the body looks into: `name` must not be one of them. */
static void refuse_left_recursion(Algebra *algebra, Term name, Term body) {
    int64_t base = algebra->top;
    uint32_t this_search = ++algebra->search;
    push(algebra, body);
    while (algebra->top > base) {
        Term term = algebra->stack[--algebra->top];
        Node *node = node_of(algebra, term);
        if (term == name) fail(algebra, LEFT_RECURSION);
        if (node->mark == this_search || !(node->flags & (HAS_NAME | HAS_DEFERRED))) continue;
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
        case IS_DEFERRED:
            if (algebra->deferreds[node->members[0]].body != UNKNOWN)
                push(algebra, algebra->deferreds[node->members[0]].body);
            break;
        case IS_REPEAT: push(algebra, node->members[0]); break;
        default:
            for (int32_t i = 0; i < node->size; i++) push(algebra, node->members[i]);
        }
    }
}

static void set_flags(Node *node, uint8_t flags) {
    __atomic_store_n(&node->flags, flags, __ATOMIC_RELAXED);
    if (flags & CAN_END) node->least = node->most = 0;
}

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
        set_bounds(algebra, node);
    }
    algebra->is_read = algebra->are_rules_settled = 0;
}

void define_rule(Algebra *algebra, Term rule, Term body) {
    const Node *node = node_of(algebra, rule);
    if (node->kind != IS_RULE || algebra->rules[node->members[0]].body != UNKNOWN) fail(algebra, DEFINED_TWICE);
    refuse_left_recursion(algebra, rule, body);
    algebra->rules[node->members[0]].body = body;
    algebra->num_undefined--;
    if (can_end(algebra, body)) find_ending_rules(algebra);
    if (algebra->is_read || algebra->are_rules_settled) forget(algebra);
}

void keep_body(Algebra *algebra, Term deferred, Term body) {
    Deferred *here = &algebra->deferreds[node_of(algebra, deferred)->members[0]];
    if (here->body != UNKNOWN) return; /* of several who read it at once, the first is heard */
    if (body == EMPTY || can_end(algebra, body)) fail(algebra, BROKEN_PROMISE);
    refuse_left_recursion(algebra, deferred, body);
    here->body = body;
}
