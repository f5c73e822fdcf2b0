/* Making terms: hash-consed nodes in a normal form, so that the derivatives of a term are finitely many.
 *
 * The normal forms are those of the reference (algebra.py), and a few more. */
#include "terms.h"

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
        return (uint8_t)((any & ~CAN_END) | all | (kind == IS_INTERSECT ? HAS_BOOLEAN : 0));
    case IS_COMPLEMENT: return (uint8_t)((FLAGS(members[0]) ^ CAN_END) | HAS_BOOLEAN);
    case IS_REPEAT: return (uint8_t)(FLAGS(members[0]) | (members[1] == 0 ? CAN_END : 0));
    case IS_CHOICE: return algebra->texts[members[0]]->texts[members[1]].size == members[3] ? CAN_END : 0;
    case IS_RULE: return HAS_RULE;
    default: return 0;
    }
#undef FLAGS
}

static Term add_node(Algebra *algebra, Kind kind, uint32_t hash, const int32_t *members, int32_t size) {
    if (algebra->num_terms >= algebra->max_terms) fail(algebra, TOO_MANY_TERMS);
    Term term = (Term)algebra->num_terms;
    Node **chunk = &algebra->chunks[term >> CHUNK_BITS];
    if (!*chunk) *chunk = take(algebra, CHUNK * sizeof(Node));
    int32_t *copy = take(algebra, (size_t)size * sizeof(int32_t));
    if (size) memcpy(copy, members, (size_t)size * sizeof(int32_t));
    Node node = {.kind = (uint8_t)kind, .hash = hash, .size = size, .members = copy};
    node.flags = flags_of(algebra, kind, members, size);
    if (!(node.flags & (HAS_RULE | HAS_BOOLEAN))) node.live = term == EMPTY ? IS_DEAD : IS_LIVE;
    if (node.flags & HAS_RULE) {
        if (algebra->num_ruled == algebra->ruled_size)
            algebra->ruled = grown(algebra, algebra->ruled, &algebra->ruled_size, sizeof(Term), algebra->num_ruled + 1);
        algebra->ruled[algebra->num_ruled++] = term;
    }
    (*chunk)[term & (CHUNK - 1)] = node;
    algebra->num_terms++;
    return term;
}

static Term intern(Algebra *algebra, Kind kind, const int32_t *members, int32_t size) {
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
    intern(algebra, IS_EMPTY, NULL, 0);
    intern(algebra, IS_EPSILON, NULL, 0);
    intern(algebra, IS_ANYTHING, NULL, 0);
    return intern(algebra, IS_OPAQUE, NULL, 0);
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
    Term term = intern(algebra, IS_CHARACTERS, algebra->stack + base, (int32_t)(algebra->top - base));
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
    Term term = size == 1 ? EMPTY : more == 0 ? EPSILON : intern(algebra, IS_CHARACTERS, algebra->stack + base, size);
    algebra->top = base;
    return term;
}

Term make_octets(Algebra *algebra, const Range *ranges, int32_t num_ranges) {
    int32_t bits[8] = {0};
    for (int32_t i = 0; i < num_ranges; i++)
        for (int32_t byte = ranges[i].low; byte <= ranges[i].high; byte++)
            bits[byte >> 5] |= (int32_t)(1u << (byte & 31));
    static const int32_t none[8];
    return memcmp(bits, none, sizeof bits) ? intern(algebra, IS_OCTETS, bits, 8) : EMPTY;
}

Term make_choice(Algebra *algebra, int32_t table, int32_t low, int32_t high, int32_t depth) {
    const Text *texts = algebra->texts[table]->texts;
    if (low == high) return EMPTY;
    if (high == low + 1 && texts[low].size == depth) return EPSILON;
    int32_t members[4] = {table, low, high, depth};
    return intern(algebra, IS_CHOICE, members, 4);
}

static int same_texts(const Texts *known, uint32_t hash, const Text *texts, int32_t num_texts) {
    if (known->hash != hash || known->num_texts != num_texts) return 0;
    for (int32_t i = 0; i < num_texts; i++)
        if (known->texts[i].size != texts[i].size ||
            memcmp(known->texts[i].data, texts[i].data, (size_t)texts[i].size))
            return 0;
    return 1;
}

Term make_texts(Algebra *algebra, const Text *sorted, int32_t num_texts, int64_t num_bytes) {
    uint64_t hash = (uint64_t)num_texts;
    for (int32_t i = 0; i < num_texts; i++) {
        for (int32_t j = 0; j < sorted[i].size; j++) hash = (hash ^ (uint8_t)sorted[i].data[j]) * 0x100000001B3u;
        hash = (hash ^ 256) * 0x100000001B3u;
    }
    int32_t table = 0;
    while (table < algebra->num_texts && !same_texts(algebra->texts[table], (uint32_t)hash, sorted, num_texts)) table++;
    if (table == algebra->num_texts) {
        if (table == algebra->texts_size)
            algebra->texts =
                grown(algebra, (void *)algebra->texts, &algebra->texts_size, sizeof(Texts *), table + 1);
        Texts *texts = take(algebra, sizeof(Texts));
        *texts = (Texts){(uint32_t)hash, num_texts, take(algebra, (size_t)num_texts * sizeof(Text))};
        char *data = take(algebra, (size_t)num_bytes);
        for (int32_t i = 0; i < num_texts; i++) {
            texts->texts[i] = (Text){data, sorted[i].size};
            if (sorted[i].size) memcpy(data, sorted[i].data, (size_t)sorted[i].size);
            data += sorted[i].size;
        }
        algebra->texts[algebra->num_texts++] = texts;
    }
    return make_choice(algebra, table, 0, num_texts, 0);
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
        rest = intern(algebra, IS_CONCAT, members, 2);
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
    return intern(algebra, IS_REPEAT, members, 3);
}

Term make_complement(Algebra *algebra, Term term) {
    if (term == EMPTY || term == ANYTHING) return term == EMPTY ? ANYTHING : EMPTY;
    if (kind_of(algebra, term) == IS_COMPLEMENT) return node_of(algebra, term)->members[0];
    return intern(algebra, IS_COMPLEMENT, &term, 1);
}

Term make_rule(Algebra *algebra) {
    if (algebra->num_rules == algebra->rules_size)
        algebra->rules =
            grown(algebra, algebra->rules, &algebra->rules_size, sizeof(Rule), algebra->num_rules + 1);
    int32_t place = (int32_t)algebra->num_rules;
    Term term = intern(algebra, IS_RULE, &place, 1);
    algebra->rules[algebra->num_rules++] = (Rule){term, UNKNOWN};
    return term;
}

/* Alternate and intersect: sets of parts. */

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
                          : intern(algebra, kind, algebra->stack + base, (int32_t)size);
    algebra->top = base;
    return term;
}

static Term settled(Algebra *algebra, int64_t base, Term term) {
    algebra->top = base;
    return term;
}

Term make_alternate(Algebra *algebra, int64_t base) {
    flatten(algebra, base, IS_ALTERNATE, EMPTY);
    if (algebra->top - base < 2) return of_many(algebra, base, IS_ALTERNATE, EMPTY);
    if (has_part(algebra, base, ANYTHING)) return settled(algebra, base, ANYTHING);
    join_counters(algebra, base);
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
