/* The key of a term: another term with the same mask, the same for as many terms as is cheap to find.
 *
 * Inside one token a counter cannot move further than the token is long. A bound that lies beyond that may be none; and
 * what comes after a loop that cannot be left in time is beyond reach. Only for loops without rules, intersections and
 * complements; what comes before and after them may have those. What is watched has the mask of what it is. */
#include "walk.h"

enum { MANY_PARTS = 64, LEVELS = 3 };

static int is_far(const Walk *walk, const Node *repeat) {
    int32_t low = repeat->members[1], high = repeat->members[2];
    return high > walk->trie->longest || (low > walk->trie->longest && !can_end(walk->algebra, repeat->members[0]));
}

static int is_searched(const Walk *walk, Term term) {
    return node_of(walk->algebra, term)->flags & (HAS_NAME | HAS_BOOLEAN);
}

static Term key_of_part(Place *place, Term term, int levels);

static Term key_of_counter(Place *place, const Node *repeat, Term rest, int levels) {
    const Walk *walk = place->walk;
    int32_t low = repeat->members[1];
    if (low > walk->trie->longest && !can_end(walk->algebra, repeat->members[0])) {
        low = walk->trie->longest + 1;
        if (!is_searched(walk, rest)) { /* surely alive */
            low = 0;
            rest = OPAQUE;
        }
    }
    if (levels && rest != EPSILON && rest != OPAQUE) rest = key_of_part(place, rest, levels - 1);
    if (rest < 0) return rest;
    Term loop = walk->functions->repeat(place->account, repeat->members[0], low, -1, &place->failure);
    return loop < 0 ? loop : walk->functions->concat(place->account, loop, rest, &place->failure);
}

/* Of one alternative: a counter, at once or behind a part or two, the rest of a character or of an escape, say. */
static Term key_of_part(Place *place, Term term, int levels) {
    const Walk *walk = place->walk;
    const Node *node = node_of(walk->algebra, term);
    int is_concat = node->kind == IS_CONCAT;
    Term head = is_concat ? node->members[0] : term, rest = is_concat ? node->members[1] : EPSILON;
    const Node *first = node_of(walk->algebra, head);
    if (first->kind == IS_WATCHED) {
        Term plain = walk->functions->concat(place->account, first->members[0], rest, &place->failure);
        return plain < 0 ? plain : key_of_part(place, plain, levels);
    }
    if (first->kind == IS_REPEAT && is_far(walk, first) && !is_searched(walk, head))
        return key_of_counter(place, first, rest, levels);
    if (first->kind == IS_INTERSECT) {
        Term positive = without_harmless(place, head, rest);
        if (positive != EMPTY) return positive;
    }
    int is_endless = first->kind == IS_REPEAT && first->members[2] < 0; /* as what was far is, in a key */
    if (is_endless || rest == EPSILON || !levels) return term;
    Term key = key_of_part(place, rest, levels - 1);
    if (key < 0) return key;
    return key == rest ? term : walk->functions->concat(place->account, head, key, &place->failure);
}

int32_t left_out_of_key(const Walk *walk, Term term) {
    const Node *node = node_of(walk->algebra, term);
    int32_t most = 0;
    if (node->kind != IS_ALTERNATE) return enough_bytes(walk->algebra, term);
    for (int32_t i = 0; i < node->size; i++) {
        int32_t one = enough_bytes(walk->algebra, node->members[i]);
        if (one > most) most = one;
    }
    return most;
}

Term key_of(Place *place, Term term) {
    const Walk *walk = place->walk;
    const Node *node = node_of(walk->algebra, term);
    if (node->kind != IS_ALTERNATE) return key_of_part(place, term, LEVELS);
    if (node->size > MANY_PARTS) return term;
    Term keys[MANY_PARTS];
    int is_changed = 0;
    for (int32_t i = 0; i < node->size; i++) {
        keys[i] = key_of_part(place, node->members[i], LEVELS);
        if (keys[i] < 0) return keys[i];
        is_changed |= keys[i] != node->members[i];
    }
    return is_changed ? walk->functions->alternate(place->account, keys, node->size, &place->failure) : term;
}
