/* Derivatives: the row of a term, and its entries when they are first asked for.
 *
 * A row's partition comes from the members' rows, so that only one byte of each class is ever derived by. */
#include "substrings.h"

#include <string.h>

/* Leaves know all their transitions at once. */

static void octets_targets(const Node *node, Term targets[256]) {
    for (int byte = 0; byte < 256; byte++)
        targets[byte] = (uint32_t)node->members[byte >> 5] >> (byte & 31) & 1 ? EPSILON : EMPTY;
}

static void block_targets(Algebra *algebra, const Node *node, Term targets[256]) {
    const Range *ranges = (const Range *)(node->members + 1);
    int32_t num_ranges = (node->size - 1) / 2, more = node->members[0];
    for (int32_t part = 0; part < 64; part++)
        targets[0x80 + part] = make_block(algebra, ranges, num_ranges, part << 6 * (more - 1), more - 1);
}

static void characters_targets(Algebra *algebra, const Node *node, Term targets[256]) {
    const Range *ranges = (const Range *)(node->members + 1);
    int32_t num_ranges = (node->size - 1) / 2;
    for (int32_t i = 0; i < num_ranges && ranges[i].low < 0x80; i++)
        for (int32_t byte = ranges[i].low; byte <= ranges[i].high && byte < 0x80; byte++) targets[byte] = EPSILON;
    static const struct { int32_t lead, num_leads, more, lowest; } lengths[3] = {
        {0xC0, 32, 1, 0x80}, {0xE0, 16, 2, 0x800}, {0xF0, 8, 3, 0x10000}};
    for (int i = 0; i < 3; i++) {
        int32_t first = 0, more = lengths[i].more;
        while (first < num_ranges && ranges[first].high < lengths[i].lowest) first++;
        if (first == num_ranges) break;
        Range *long_enough = take(algebra, (size_t)(num_ranges - first) * sizeof(Range));
        memcpy(long_enough, ranges + first, (size_t)(num_ranges - first) * sizeof(Range));
        if (long_enough->low < lengths[i].lowest) long_enough->low = lengths[i].lowest; /* the rest is spelled shorter */
        for (int32_t lead = 0; lead < lengths[i].num_leads; lead++)
            targets[lengths[i].lead + lead] =
                make_block(algebra, long_enough, num_ranges - first, lead << 6 * more, more);
    }
}

/* The texts of the range are alike in their first `depth` bytes; one that is no longer comes first. Those with one
 * byte next are neighbours: their end is found by steps that grow, then by halving. */
static void choice_targets(Algebra *algebra, const Node *node, Term targets[256]) {
    int32_t table = node->members[0], first = node->members[1], end = node->members[2], depth = node->members[3];
    const Text *texts = algebra->texts[table]->texts;
    first += texts[first].size == depth;
    while (first < end) {
        char byte = texts[first].data[depth];
        int32_t last = first, stride = 1; /* `last` has the byte */
        while (last + stride < end && texts[last + stride].data[depth] == byte) {
            last += stride;
            stride *= 2;
        }
        for (; stride; stride /= 2)
            if (last + stride < end && texts[last + stride].data[depth] == byte) last += stride;
        targets[(uint8_t)byte] = make_choice(algebra, table, first, last + 1, depth + 1);
        first = last + 1;
    }
}

static Row *fresh_row(Algebra *algebra, const Partition *partition) {
    size_t size = (size_t)partition->num_classes * sizeof(Term);
    Row *row = take(algebra, sizeof(Row));
    *row = (Row){partition, take(algebra, size)};
    memset(row->entries, 0xFF, size);
    return row;
}

static Row *leaf_row(Algebra *algebra, const Node *node) {
    Term targets[256] = {EMPTY}, entries[256];
    switch (node->kind) {
    case IS_ANYTHING:
        for (int byte = 0; byte < 256; byte++) targets[byte] = ANYTHING;
        break;
    case IS_OCTETS: octets_targets(node, targets); break;
    case IS_CHARACTERS:
        if (node->members[0] < 0) characters_targets(algebra, node, targets);
        else block_targets(algebra, node, targets);
        break;
    case IS_CHOICE: choice_targets(algebra, node, targets); break;
    case IS_SUBSTRINGS: substrings_targets(algebra, node, targets); break;
    default: break;
    }
    const Partition *partition = partition_of(algebra, targets, entries);
    Row *row = fresh_row(algebra, partition);
    memcpy(row->entries, entries, (size_t)partition->num_classes * sizeof(Term));
    return row;
}

/* What the members tell apart, the term may tell apart. */
static const Partition *members_partition(Algebra *algebra, Term term) {
    const Node *node = node_of(algebra, term);
    const Partition *partition = one_class(algebra);
    switch (node->kind) {
    case IS_ALTERNATE:
    case IS_INTERSECT:
        for (int32_t i = 0; i < node->size; i++)
            partition = refine(algebra, partition, make_row(algebra, node->members[i])->partition);
        return partition;
    case IS_CONCAT:
        for (; node->kind == IS_CONCAT; node = node_of(algebra, term)) {
            partition = refine(algebra, partition, make_row(algebra, node->members[0])->partition);
            if (!can_end(algebra, node->members[0])) return partition;
            term = node->members[1];
        }
        return refine(algebra, partition, make_row(algebra, term)->partition);
    case IS_RULE: {
        Term body = algebra->rules[node->members[0]].body;
        return body == UNKNOWN ? partition : make_row(algebra, body)->partition;
    }
    default: return make_row(algebra, node->members[0])->partition; /* complement, repeat, watched */
    }
}

/* What a derivative of a term with one of these is may be dead though it is not EMPTY. */
enum { NOT_FROM_MEMBERS = HAS_NAME | HAS_BOOLEAN | HAS_DEFERRED };

Row *make_row(Algebra *algebra, Term term) {
    Node *node = node_of(algebra, term);
    if (node->row) return node->row;
    descend(algebra);
    Row *row;
    if (node->kind <= IS_SUBSTRINGS)
        row = leaf_row(algebra, node);
    else if (node->kind == IS_DEFERRED)
        row = make_row(algebra, body_of(algebra, term));
    else
        row = fresh_row(algebra, members_partition(algebra, term));
    ascend(algebra);
    algebra->is_read |= node->flags & HAS_RULE;
    __atomic_store_n(&node->row, row, __ATOMIC_RELEASE);
    return row;
}

/* Everything else asks its members. */

static Term derive_concat(Algebra *algebra, Term term, uint8_t byte) {
    int64_t base = algebra->top;
    for (;;) { /* past the parts that can be empty, however many */
        const Node *node = node_of(algebra, term);
        if (node->kind != IS_CONCAT) {
            Term last = derive(algebra, term, byte);
            push(algebra, last);
            break;
        }
        Term first = derive(algebra, node->members[0], byte);
        push(algebra, make_concat(algebra, first, node->members[1]));
        if (!can_end(algebra, node->members[0])) break;
        term = node->members[1];
    }
    if (algebra->top - base > 1) return make_alternate(algebra, base);
    return algebra->stack[--algebra->top];
}

static Term derive_anew(Algebra *algebra, Term term, uint8_t byte) {
    const Node *node = node_of(algebra, term);
    const int32_t *members = node->members;
    int64_t base = algebra->top;
    switch (node->kind) {
    case IS_CONCAT: return derive_concat(algebra, term, byte);
    case IS_ALTERNATE:
    case IS_INTERSECT:
        for (int32_t i = 0; i < node->size; i++) {
            Term part = derive(algebra, members[i], byte);
            push(algebra, part);
        }
        return node->kind == IS_ALTERNATE ? make_alternate(algebra, base) : make_intersect(algebra, base);
    case IS_COMPLEMENT: return make_complement(algebra, derive(algebra, members[0], byte));
    case IS_WATCHED: return make_watched(algebra, derive(algebra, members[0], byte));
    case IS_DEFERRED: return derive(algebra, body_of(algebra, term), byte);
    case IS_REPEAT: {
        Term first = derive(algebra, members[0], byte);
        if (first == EMPTY) return EMPTY;
        int32_t low = members[1] > 0 ? members[1] - 1 : 0, high = members[2] < 0 ? -1 : members[2] - 1;
        return make_concat(algebra, first, make_repeat(algebra, members[0], low, high));
    }
    default: { /* a rule: leaves have full rows */
        Term body = algebra->rules[members[0]].body;
        return body == UNKNOWN ? EMPTY : derive(algebra, body, byte);
    }
    }
}

/* An entry is written once for the derivative, and once more when it is asked whether that is live. */
Term derive(Algebra *algebra, Term term, uint8_t byte) {
    Row *row = make_row(algebra, term);
    int class = row->partition->class_of[byte];
    Term *entry = &row->entries[class];
    if (*entry != UNKNOWN) return derivative_of(*entry);
    descend(algebra);
    count_step(algebra);
    Term derivative = derive_anew(algebra, term, row->partition->sample[class]);
    ascend(algebra);
    int is_asked = !(node_of(algebra, term)->flags & NOT_FROM_MEMBERS);
    if (*entry == UNKNOWN) /* else it is the row of what was deferred */
        __atomic_store_n(entry, is_asked ? derivative : as_unasked(derivative), __ATOMIC_RELEASE);
    return derivative;
}

Term step(Algebra *algebra, Term term, uint8_t byte) {
    Row *row = make_row(algebra, term);
    Term known = known_step(row, byte);
    if (known != UNKNOWN) return known;
    Term derivative = derive(algebra, term, byte);
    int lives = is_live(algebra, derivative);
    Term *entry = &row->entries[row->partition->class_of[byte]];
    __atomic_store_n(entry, lives ? derivative : as_dead(derivative), __ATOMIC_RELEASE);
    return lives ? derivative : EMPTY;
}
