/* Making terms: hash-consed nodes in a normal form, so that the derivatives of a term are finitely many. Alternatives
 * and intersections are sets of parts, and have a file of their own (sets.c); so have the texts of choices (texts.c)
 * and the pieces of documents (substrings.c).
 *
 * The normal forms are those of the reference (reference.py), and a few more. */
#include "substrings.h"

#include <stdlib.h>
#include <string.h>

/* Nodes. */

static uint32_t hash_of(Kind kind, const int32_t *members, int32_t size) {
    uint64_t hash = 0x9E3779B97F4A7C15u * (uint64_t)(kind + 1);
    for (int32_t i = 0; i < size; i++) {
        hash = (hash ^ (uint32_t)members[i]) * 0xFF51AFD7ED558CCDu;
        hash ^= hash >> 32;
    }
    return (uint32_t)(hash ^ hash >> 29);
}

static void rehash(Algebra *algebra) {
    int64_t num_slots = 0, wanted = algebra->num_slots ? 2 * algebra->num_slots : 1024;
    Term *slots = grown(algebra, NULL, &num_slots, sizeof(Term), wanted);
    memset(slots, 0xFF, (size_t)num_slots * sizeof(Term));
    for (Term term = 0; term < algebra->num_terms; term++) {
        int64_t place = node_of(algebra, term)->hash & (num_slots - 1);
        while (slots[place] != UNKNOWN) place = (place + 1) & (num_slots - 1);
        slots[place] = term;
    }
    free(algebra->slots);
    algebra->bytes -= algebra->num_slots * (int64_t)sizeof(Term);
    algebra->slots = slots;
    algebra->num_slots = num_slots;
}

uint8_t flags_of(const Algebra *algebra, Kind kind, const int32_t *members, int32_t size) {
#define FLAGS(member) (node_of(algebra, member)->flags)
    uint8_t any = 0, all = CAN_END;
    switch (kind) {
    case IS_EPSILON:
    case IS_ANYTHING: return CAN_END;
    case IS_CONCAT:
    case IS_INTERSECT:
    case IS_ALTERNATE:
        for (int32_t i = 0; i < size; i++) {
            any |= FLAGS(members[i]);
            all &= FLAGS(members[i]);
        }
        if (kind == IS_ALTERNATE) return any;
        if (kind == IS_CONCAT && !(FLAGS(members[0]) & (CAN_END | HEAD_WATCHED))) any &= ~HEAD_WATCHED;
        return (uint8_t)((any & ~CAN_END) | all | (kind == IS_INTERSECT ? HAS_BOOLEAN : 0));
    case IS_COMPLEMENT: return (uint8_t)((FLAGS(members[0]) ^ CAN_END) | HAS_BOOLEAN);
    case IS_REPEAT: return (uint8_t)(FLAGS(members[0]) | (members[1] == 0 ? CAN_END : 0));
    case IS_CHOICE: return algebra->texts[members[0]]->texts[members[1]].size == members[3] ? CAN_END : 0;
    case IS_SUBSTRINGS: return can_substrings_end(algebra, members, size) ? CAN_END : 0;
    case IS_RULE: return HAS_RULE | HAS_NAME;
    case IS_WATCHED: return FLAGS(members[0]) | HEAD_WATCHED;
    case IS_DEFERRED: return HAS_DEFERRED;
    default: return 0;
    }
#undef FLAGS
}

static Term add_node(Algebra *algebra, Kind kind, uint32_t hash, const int32_t *members, int32_t size) {
    if (algebra->num_terms >= algebra->max_terms) fail(algebra, TOO_MANY_TERMS);
    Term term = (Term)algebra->num_terms;
    Node **chunk = &algebra->chunks[term >> CHUNK_BITS];
    if (!*chunk) *chunk = take_for_all(algebra, CHUNK * sizeof(Node));
    charge(algebra, sizeof(Node));
    int32_t *copy = take(algebra, (size_t)size * sizeof(int32_t));
    if (size) memcpy(copy, members, (size_t)size * sizeof(int32_t));
    Node node = {.kind = (uint8_t)kind, .hash = hash, .size = size, .members = copy};
    node.flags = flags_of(algebra, kind, members, size);
    set_bounds(algebra, &node);
    if (!(node.flags & (HAS_NAME | HAS_BOOLEAN))) node.live = term == EMPTY ? IS_DEAD : IS_LIVE;
    if (node.flags & HAS_RULE) {
        if (algebra->num_ruled == algebra->ruled_size)
            algebra->ruled = grown(algebra, algebra->ruled, &algebra->ruled_size, sizeof(Term), algebra->num_ruled + 1);
        algebra->ruled[algebra->num_ruled++] = term;
    }
    (*chunk)[term & (CHUNK - 1)] = node;
    __atomic_store_n(&algebra->num_terms, term + 1, __ATOMIC_RELAXED);
    return term;
}

Term intern_term(Algebra *algebra, Kind kind, const int32_t *members, int32_t size) {
    if (2 * algebra->num_terms >= algebra->num_slots) rehash(algebra);
    uint32_t hash = hash_of(kind, members, size);
    int64_t place = hash & (algebra->num_slots - 1);
    for (; algebra->slots[place] != UNKNOWN; place = (place + 1) & (algebra->num_slots - 1)) {
        const Node *node = node_of(algebra, algebra->slots[place]);
        if (node->hash == hash && node->kind == kind && node->size == size &&
            (size == 0 || memcmp(node->members, members, (size_t)size * sizeof(int32_t)) == 0))
            return algebra->slots[place];
    }
    Term term = add_node(algebra, kind, hash, members, size);
    algebra->slots[place] = term;
    return term;
}

Term make_constants(Algebra *algebra) {
    intern_term(algebra, IS_EMPTY, NULL, 0);
    intern_term(algebra, IS_EPSILON, NULL, 0);
    intern_term(algebra, IS_ANYTHING, NULL, 0);
    return intern_term(algebra, IS_OPAQUE, NULL, 0);
}

/* Characters, octets, choices. */

Term make_characters(Algebra *algebra, const Range *ranges, int32_t num_ranges) {
    if (!num_ranges) return EMPTY;
    int64_t base = algebra->top;
    push(algebra, -1);
    for (int32_t i = 0; i < num_ranges; i++) {
        push(algebra, ranges[i].low);
        push(algebra, ranges[i].high);
    }
    Term term = intern_term(algebra, IS_CHARACTERS, algebra->stack + base, (int32_t)(algebra->top - base));
    algebra->top = base;
    return term;
}

/* The characters of one block, of which `more` bytes are to come; counted from the block's first character, so that
 * blocks that look alike are one term. The ranges are ascending, and may lie outside. */
Term make_block(Algebra *algebra, const Range *ranges, int32_t num_ranges, int32_t first, int32_t more) {
    int32_t last = first + (1 << 6 * more) - 1, low = 0, high = num_ranges;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (ranges[middle].high < first) low = middle + 1;
        else high = middle;
    }
    int64_t base = algebra->top;
    push(algebra, more);
    for (; low < num_ranges && ranges[low].low <= last; low++) {
        push(algebra, ranges[low].low > first ? ranges[low].low - first : 0);
        push(algebra, (ranges[low].high < last ? ranges[low].high : last) - first);
    }
    int32_t size = (int32_t)(algebra->top - base);
    Term term = size == 1 ? EMPTY : more == 0 ? EPSILON : intern_term(algebra, IS_CHARACTERS, algebra->stack + base, size);
    algebra->top = base;
    return term;
}

Term make_octets(Algebra *algebra, const Range *ranges, int32_t num_ranges) {
    int32_t bits[8] = {0};
    for (int32_t i = 0; i < num_ranges; i++)
        for (int32_t byte = ranges[i].low; byte <= ranges[i].high; byte++)
            bits[byte >> 5] |= (int32_t)(1u << (byte & 31));
    static const int32_t none[8];
    return memcmp(bits, none, sizeof bits) ? intern_term(algebra, IS_OCTETS, bits, 8) : EMPTY;
}

Term make_choice(Algebra *algebra, int32_t table, int32_t low, int32_t high, int32_t depth) {
    const Text *texts = algebra->texts[table]->texts;
    if (low == high) return EMPTY;
    if (high == low + 1 && texts[low].size == depth) return EPSILON;
    int32_t members[4] = {table, low, high, depth};
    return intern_term(algebra, IS_CHOICE, members, 4);
}

/* Concat, repeat, complement, rule. */

Term make_concat(Algebra *algebra, Term first, Term rest) {
    if (first == EMPTY || rest == EMPTY) return EMPTY;
    if (first == EPSILON) return rest;
    if (rest == EPSILON) return first;
    int64_t base = algebra->top;
    while (kind_of(algebra, first) == IS_CONCAT) {
        push(algebra, node_of(algebra, first)->members[0]);
        first = node_of(algebra, first)->members[1];
    }
    push(algebra, first);
    while (algebra->top > base) {
        int32_t members[2] = {algebra->stack[--algebra->top], rest};
        rest = intern_term(algebra, IS_CONCAT, members, 2);
    }
    return rest;
}

Term make_repeat(Algebra *algebra, Term term, int32_t low, int32_t high) {
    if (term == EMPTY || term == EPSILON || high == 0) return low == 0 || term == EPSILON ? EPSILON : EMPTY;
    const Node *node = node_of(algebra, term);
    if (node->flags & CAN_END && !(node->flags & HAS_RULE)) low = 0;
    if (low == 1 && high == 1) return term;
    if (node->kind == IS_REPEAT && node->members[1] == 0 && node->members[2] < 0) return term;
    int32_t members[3] = {term, low, high};
    return intern_term(algebra, IS_REPEAT, members, 3);
}

Term make_complement(Algebra *algebra, Term term) {
    if (term == EMPTY || term == ANYTHING) return term == EMPTY ? ANYTHING : EMPTY;
    if (kind_of(algebra, term) == IS_COMPLEMENT) return node_of(algebra, term)->members[0];
    return intern_term(algebra, IS_COMPLEMENT, &term, 1);
}

Term make_rule(Algebra *algebra) {
    if (algebra->num_rules == algebra->rules_size)
        algebra->rules =
            grown(algebra, algebra->rules, &algebra->rules_size, sizeof(Rule), algebra->num_rules + 1);
    int32_t place = (int32_t)algebra->num_rules;
    Term term = intern_term(algebra, IS_RULE, &place, 1);
    algebra->rules[algebra->num_rules++] = (Rule){term, UNKNOWN};
    algebra->num_undefined++;
    return term;
}

Term make_watched(Algebra *algebra, Term term) {
    if (term == EMPTY || term == EPSILON || kind_of(algebra, term) == IS_WATCHED) return term;
    return intern_term(algebra, IS_WATCHED, &term, 1);
}

Term make_deferred(Algebra *algebra, void *read, int32_t most, Term like) {
    if (algebra->num_deferreds == algebra->deferreds_size)
        algebra->deferreds = grown(algebra, algebra->deferreds, &algebra->deferreds_size, sizeof(Deferred),
                                   algebra->num_deferreds + 1);
    int32_t place = (int32_t)algebra->num_deferreds;
    Term term = intern_term(algebra, IS_DEFERRED, &place, 1);
    algebra->deferreds[algebra->num_deferreds++] = (Deferred){term, UNKNOWN, like, read, NULL};
    node_of(algebra, term)->most = most;
    return term;
}

Term body_of(Algebra *algebra, Term term) {
    while (kind_of(algebra, term) == IS_DEFERRED) {
        int32_t place = node_of(algebra, term)->members[0];
        term = algebra->deferreds[place].body;
        if (term == UNKNOWN) fail(algebra, NEEDS + place);
    }
    return term;
}
