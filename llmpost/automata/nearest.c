/* The nearest end of an intersection or a complement: a search over derivatives, whatever may lead there soonest first.
 *
 * How far it still is, at the least, is told by members; where a way comes to a term that is neither, that is exact. So
 * the search goes straight on along a member's shortest text until the others object. Ties go on where they are. */
#include "terms.h"

#include <string.h>

enum { LEVELS = 8, MOST_TRIED = 20000 };

/* Bytes to an end, at the least. What is found out is kept. */
static int32_t least_of(const Algebra *algebra, Term term, int levels) {
    Node *node = node_of(algebra, term);
    if (is_exact(node) || !levels) return node->least;
    int64_t least = 0;
    switch (node->kind) {
    case IS_CONCAT:
        for (int i = 0; i < 2; i++) least += least_of(algebra, node->members[i], levels - 1);
        break;
    case IS_ALTERNATE:
        least = FAR;
        for (int32_t i = 0; i < node->size; i++) {
            int32_t one = least_of(algebra, node->members[i], levels - 1);
            if (one < least) least = one;
        }
        break;
    case IS_INTERSECT:
        for (int32_t i = 0; i < node->size; i++) {
            int32_t one = least_of(algebra, node->members[i], levels - 1);
            if (one > least) least = one;
        }
        break;
    case IS_WATCHED: least = least_of(algebra, node->members[0], levels - 1); break;
    case IS_DEFERRED: {
        Term body = as_short_as(algebra, term);
        least = body == UNKNOWN ? 1 : least_of(algebra, body, levels - 1);
        break;
    }
    default: break;
    }
    if (least > FAR) least = FAR;
    if (least > node->least && least < FAR) node->least = (int32_t)least; /* FAR is said of the dead alone */
    return least > node->least ? (int32_t)least : node->least;
}

/* The ways of one search. */
typedef struct { Ways *ways; int64_t num_seen, num_open; } Found;

static uint64_t hash_of(Term term) { return (uint64_t)(uint32_t)term * 0x9E3779B97F4A7C15u >> 20; }

static int32_t *slot_of(const Found *found, Term term) {
    int64_t last = found->ways->num_slots - 1, place = (int64_t)hash_of(term) & last;
    while (found->ways->slots[place] != UNKNOWN && found->ways->seen[found->ways->slots[place]].term != term)
        place = (place + 1) & last;
    return &found->ways->slots[place];
}

static void make_room(Algebra *algebra, Found *found) {
    Ways *ways = found->ways;
    if (found->num_seen == ways->seen_size)
        ways->seen = grown(algebra, ways->seen, &ways->seen_size, sizeof(Seen), found->num_seen + 1);
    if (found->num_open == ways->open_size)
        ways->open = grown(algebra, ways->open, &ways->open_size, sizeof(Open), found->num_open + 1);
    if (2 * found->num_seen < ways->num_slots) return;
    ways->slots = grown(algebra, ways->slots, &ways->num_slots, sizeof(int32_t), 2 * ways->num_slots + 1);
    memset(ways->slots, 0xFF, (size_t)ways->num_slots * sizeof(int32_t));
    for (int32_t i = 0; i < found->num_seen; i++) *slot_of(found, ways->seen[i].term) = i;
}

static void open_way(Algebra *algebra, Found *found, int32_t seen, int32_t left) {
    make_room(algebra, found);
    found->ways->open[found->num_open] = (Open){found->ways->seen[seen].steps + left, seen, 0};
    rise(found->ways->open, found->num_open++);
}

static void find(Algebra *algebra, Found *found, Term term, int32_t before, int32_t left) {
    make_room(algebra, found);
    int32_t steps = before < 0 ? 0 : found->ways->seen[before].steps + 1, *slot = slot_of(found, term);
    if (*slot == UNKNOWN) {
        *slot = (int32_t)found->num_seen;
        found->ways->seen[found->num_seen++] = (Seen){term, before, steps};
    } else if (found->ways->seen[*slot].steps > steps) {
        found->ways->seen[*slot] = (Seen){term, before, steps};
    } else {
        return;
    }
    open_way(algebra, found, *slot, left);
}

static void follow(Algebra *algebra, Found *found, int32_t before) {
    Term here = found->ways->seen[before].term;
    const Partition *partition = make_row(algebra, here)->partition;
    for (int class = partition->num_classes; class-- > 0;) { /* of equals the lowest byte goes first */
        count_step(algebra);
        Term follower = derive(algebra, here, partition->sample[class]);
        if (node_of(algebra, follower)->live == IS_DEAD || !is_live(algebra, follower)) continue;
        find(algebra, found, follower, before, least_of(algebra, follower, LEVELS));
    }
}

static void keep(Algebra *algebra, const Found *found, int32_t end, int32_t length) {
    const Seen *seen = found->ways->seen;
    int32_t total = seen[end].steps + length;
    for (int32_t i = end; i >= 0; i = seen[i].before)
        set_distance(node_of(algebra, seen[i].term), total - seen[i].steps);
}

/* Where the search takes too long: a way that is known, if one is. */
static int32_t settle_for(Algebra *algebra, Term term) {
    Node *node = node_of(algebra, term);
    if (node->most >= FAR) fail(algebra, TOO_MANY_STEPS);
    return node->least = node->most;
}

static int32_t search_nearest(Algebra *algebra, Term start, Found *found) {
    find(algebra, found, start, -1, least_of(algebra, start, LEVELS));
    for (int num_tried = 0; found->num_open; num_tried++) {
        Open best = found->ways->open[0];
        found->ways->open[0] = found->ways->open[--found->num_open];
        if (found->num_open) sink(found->ways->open, found->num_open);
        Term here = found->ways->seen[best.seen].term;
        int32_t steps = found->ways->seen[best.seen].steps;
        if (is_exact(node_of(algebra, here)) && steps + node_of(algebra, here)->least <= best.far) {
            keep(algebra, found, best.seen, node_of(algebra, here)->least);
            return node_of(algebra, start)->least;
        }
        if (num_tried > MOST_TRIED) return settle_for(algebra, start);
        if (is_exact(node_of(algebra, here)) || !is_searched(node_of(algebra, here))) {
            int32_t left = distance(algebra, here);
            if (left < FAR) open_way(algebra, found, best.seen, left);
        } else {
            follow(algebra, found, best.seen);
        }
    }
    return node_of(algebra, start)->least = FAR;
}

int32_t nearest(Algebra *algebra, Term start) {
    if (algebra->num_ways == algebra->ways_size) {
        int64_t before = algebra->ways_size;
        algebra->ways = grown(algebra, algebra->ways, &algebra->ways_size, sizeof(Ways), before + 1);
        memset(algebra->ways + before, 0, (size_t)(algebra->ways_size - before) * sizeof(Ways));
    }
    Found found = {&algebra->ways[algebra->num_ways++], 0, 0};
    if (found.ways->slots) memset(found.ways->slots, 0xFF, (size_t)found.ways->num_slots * sizeof(int32_t));
    int32_t length = search_nearest(algebra, start, &found);
    algebra->num_ways--;
    return length;
}
