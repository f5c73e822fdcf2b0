/* Searching for an end of a term with intersections or complements: whatever seems nearest to one goes first.
 *
 * How far a way may be is what was read of it and, twice, the distance that the term says; so a language that nests is
 * left for another way before it is deep, and every way comes up in the end. */
#include "terms.h"

typedef struct { int64_t num_seen, num_open; } Found;

static void find(Algebra *algebra, Found *found, Term term, int32_t before) {
    if (found->num_seen == algebra->seen_size)
        algebra->seen = grown(algebra, algebra->seen, &algebra->seen_size, sizeof(Seen), found->num_seen + 1);
    if (found->num_open == algebra->open_size)
        algebra->open = grown(algebra, algebra->open, &algebra->open_size, sizeof(Open), found->num_open + 1);
    int32_t steps = before < 0 ? 0 : algebra->seen[before].steps + 1;
    Node *node = node_of(algebra, term);
    node->mark = algebra->search;
    algebra->seen[found->num_seen] = (Seen){term, before, steps};
    algebra->open[found->num_open] = (Open){steps + 2 * node->least, (int32_t)found->num_seen++, 0};
    rise(algebra->open, found->num_open++);
}

/* Known without a search, by members of members at most. */
static int looks_live(const Algebra *algebra, Term term, int levels) {
    const Node *node = node_of(algebra, term);
    if (node->live == IS_LIVE || can_end(algebra, term)) return 1;
    if (node->live == IS_DEAD || !levels) return 0;
    switch (node->kind) {
    case IS_ALTERNATE:
        for (int32_t i = 0; i < node->size; i++)
            if (looks_live(algebra, node->members[i], levels - 1)) return 1;
        return 0;
    case IS_CONCAT:
        return looks_live(algebra, node->members[0], levels - 1) && looks_live(algebra, node->members[1], levels - 1);
    case IS_WATCHED: return looks_live(algebra, node->members[0], levels - 1);
    default: return 0;
    }
}

/* The next follower of the nearest way that was not seen yet; UNKNOWN where there is none. */
static Term follow(Algebra *algebra, Found *found) {
    enum { LEVELS = 4 };
    while (found->num_open) {
        Open *nearest = &algebra->open[0];
        int32_t before = nearest->seen;
        Term here = algebra->seen[before].term;
        const Partition *partition = make_row(algebra, here)->partition;
        if (nearest->class == partition->num_classes) {
            *nearest = algebra->open[--found->num_open];
            sink(algebra->open, found->num_open);
            continue;
        }
        count_step(algebra);
        Term follower = derive(algebra, here, partition->sample[nearest->class++]);
        const Node *node = node_of(algebra, follower);
        if (node->live == IS_DEAD || node->mark == algebra->search) continue;
        find(algebra, found, follower, before);
        if (looks_live(algebra, follower, LEVELS)) return follower;
    }
    return UNKNOWN;
}

/* The one part of an intersection that denies nothing, and the rest behind it; UNKNOWN where there is no such part. */
static Term affirmed_part(Algebra *algebra, Term term) {
    const Node *node = node_of(algebra, term);
    Term rest = EPSILON, part = UNKNOWN;
    if (node->kind == IS_CONCAT) {
        rest = node->members[1];
        node = node_of(algebra, node->members[0]);
    }
    if (node->kind != IS_INTERSECT) return UNKNOWN;
    for (int32_t i = 0; i < node->size; i++) {
        if (kind_of(algebra, node->members[i]) == IS_COMPLEMENT) continue;
        if (part != UNKNOWN) return UNKNOWN;
        part = node->members[i];
    }
    return part == UNKNOWN ? UNKNOWN : make_concat(algebra, part, rest);
}

/* A byte that leads nearer to an end, and the term there; UNKNOWN where none does for sure. */
static Term nearer(Algebra *algebra, Term term, uint8_t *byte) {
    const Partition *partition = make_row(algebra, term)->partition;
    int32_t least = node_of(algebra, term)->least;
    for (int32_t class = 0; class < partition->num_classes; class++) {
        count_step(algebra);
        Term follower = derive(algebra, term, *byte = partition->sample[class]);
        if (node_of(algebra, follower)->least < least) return follower;
    }
    return UNKNOWN;
}

/* First of all the shortest way of what is affirmed: mostly nothing on it is denied, and only a few terms are made. */
static int follow_affirmed(Algebra *algebra, Found *found, Term term) {
    enum { LEVELS = 4, MAX_STEPS = 64 };
    Term lead = affirmed_part(algebra, term);
    for (int32_t steps = 0; lead != UNKNOWN && steps < MAX_STEPS; steps++) {
        uint8_t byte;
        lead = nearer(algebra, lead, &byte);
        if (lead == UNKNOWN) return 0;
        term = derive(algebra, term, byte);
        const Node *node = node_of(algebra, term);
        if (node->live == IS_DEAD || node->mark == algebra->search) return 0;
        find(algebra, found, term, (int32_t)found->num_seen - 1);
        if (looks_live(algebra, term, LEVELS)) return 1;
    }
    return 0;
}

/* What leads to the end that was found is live, and no further from an end than that. */
static void keep_way(Algebra *algebra, const Found *found) {
    int32_t last = (int32_t)found->num_seen - 1;
    int32_t length = algebra->seen[last].steps + node_of(algebra, algebra->seen[last].term)->most;
    for (int32_t i = last; i >= 0; i = algebra->seen[i].before) {
        Node *node = node_of(algebra, algebra->seen[i].term);
        node->live = IS_LIVE;
        if (length - algebra->seen[i].steps < node->most)
            __atomic_store_n(&node->most, length - algebra->seen[i].steps, __ATOMIC_RELAXED);
    }
}

int search(Algebra *algebra, Term start) {
    if (can_end(algebra, start)) return 1;
    Found found = {0, 0};
    algebra->search++;
    find(algebra, &found, start, -1);
    int is_found = follow_affirmed(algebra, &found, start) || follow(algebra, &found) != UNKNOWN;
    if (is_found)
        keep_way(algebra, &found);
    else /* all that was seen of a dead term is dead */
        for (int64_t i = 0; i < found.num_seen; i++) node_of(algebra, algebra->seen[i].term)->live = IS_DEAD;
    return is_found;
}
