/* The key of a term: another term with the same mask, the same for as many terms as is cheap to find.
 *
 * Inside one token a counter cannot move further than the token is long. A bound that lies beyond that may be none; and
 * what comes after a loop that cannot be left in time is beyond reach. Only for terms without rules, intersections
 * and complements, where alive means not empty. */
#include "walk.h"

enum { MANY_PARTS = 64 };

static int is_far(const Walk *walk, const Node *repeat) {
    int32_t low = repeat->members[1], high = repeat->members[2];
    return high > walk->longest || (low > walk->longest && !can_end(walk->algebra, repeat->members[0]));
}

static Term key_of_counter(Walk *walk, const Node *repeat, Term rest, Failure *failure) {
    int32_t low = repeat->members[1];
    if (low > walk->longest && !can_end(walk->algebra, repeat->members[0])) {
        low = 0;
        rest = OPAQUE;
    }
    Term loop = walk->functions->repeat(walk->algebra, repeat->members[0], low, -1, failure);
    return loop < 0 ? loop : walk->functions->concat(walk->algebra, loop, rest, failure);
}

/* Of one alternative: a counter, or one behind the rest of a character. */
static Term key_of_part(Walk *walk, Term term, Failure *failure) {
    const Node *node = node_of(walk->algebra, term), *first = node;
    Term rest = EPSILON;
    if (node->kind == IS_CONCAT) {
        first = node_of(walk->algebra, node->members[0]);
        rest = node->members[1];
    }
    if (first->kind == IS_REPEAT) return is_far(walk, first) ? key_of_counter(walk, first, rest, failure) : term;
    if (first->kind != IS_CHARACTERS || first->members[0] < 0 || rest == EPSILON) return term;
    const Node *behind = node_of(walk->algebra, rest);
    Term last = EPSILON;
    if (behind->kind == IS_CONCAT) {
        last = behind->members[1];
        behind = node_of(walk->algebra, behind->members[0]);
    }
    if (behind->kind != IS_REPEAT || !is_far(walk, behind)) return term;
    Term key = key_of_counter(walk, behind, last, failure);
    return key < 0 ? key : walk->functions->concat(walk->algebra, node->members[0], key, failure);
}

Term key_of(Walk *walk, Term term, Failure *failure) {
    const Node *node = node_of(walk->algebra, term);
    if (node->flags & (HAS_RULE | HAS_BOOLEAN)) return term;
    if (node->kind != IS_ALTERNATE) return key_of_part(walk, term, failure);
    if (node->size > MANY_PARTS) return term;
    Term keys[MANY_PARTS];
    int is_changed = 0;
    for (int32_t i = 0; i < node->size; i++) {
        keys[i] = key_of_part(walk, node->members[i], failure);
        if (keys[i] < 0) return keys[i];
        is_changed |= keys[i] != node->members[i];
    }
    return is_changed ? walk->functions->alternate(walk->algebra, keys, node->size, failure) : term;
}
