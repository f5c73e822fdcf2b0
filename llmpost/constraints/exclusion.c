/* Exclusions: a mask of `P and not F, then the rest`, where F is a few texts, as of any key of an object but the listed.
 *
 * It is the mask of `P, then the rest`, which can be split, without the tokens that F forbids. Those lie where both terms
 * are not one term yet: a few ways through the trie. Elsewhere nobody looks. What F denies in every text again, a match
 * of something anywhere, stays with P; what is denied on top of that is a match that has begun. */
#include "walk.h"

#include <stdlib.h>

enum { MAX_NESTING = 4, MAX_LOOKS = 10000 }; /* nodes: where F is wide the plain loop is as good */
enum { MAX_PARTS = 64, MAX_BEGUN = 500 }; /* nodes along which something that has begun is followed */

/* Whether it begins with a loop that no text leads out of. */
static int is_lasting(const Algebra *algebra, Term term) {
    const Node *node = node_of(algebra, term);
    if (node->kind == IS_CONCAT) node = node_of(algebra, node->members[0]);
    return node->kind == IS_ANYTHING || node->kind == IS_RULE || node->kind == IS_DEFERRED ||
           (node->kind == IS_REPEAT && node->members[1] == 0 && node->members[2] < 0);
}

/* The complement of what lasts of what is denied; ANYTHING where nothing does. */
static Term lasting_part(Place *place, Term denial) {
    const Walk *walk = place->walk;
    Term denied = node_of(walk->algebra, denial)->members[0], lasting[MAX_PARTS];
    const Node *node = node_of(walk->algebra, denied);
    if (node->kind != IS_ALTERNATE) return is_lasting(walk->algebra, denied) ? denial : ANYTHING;
    int32_t num_lasting = 0;
    for (int32_t i = 0; i < node->size; i++) {
        if (!is_lasting(walk->algebra, node->members[i])) continue;
        if (num_lasting == MAX_PARTS) return denial;
        lasting[num_lasting++] = node->members[i];
    }
    if (num_lasting == node->size) return denial;
    Term all = walk->functions->alternate(place->account, lasting, num_lasting, &place->failure);
    return all < 0 ? all : walk->functions->complement(place->account, all, &place->failure);
}

/* A loop without end in which matches of something are denied, everywhere alike. */
int is_clean_loop(const Algebra *algebra, const Node *head) {
    int num_loops = 0;
    for (int32_t i = 0; i < head->size; i++) {
        const Node *member = node_of(algebra, head->members[i]);
        if (member->kind == IS_COMPLEMENT) continue;
        if (member->kind != IS_REPEAT || member->members[1] != 0 || member->members[2] >= 0) return 0;
        num_loops++;
    }
    return num_loops == 1;
}

Term without_exclusions(Place *place, Term head, Term rest) {
    const Walk *walk = place->walk;
    const Node *node = node_of(walk->algebra, head);
    Term parts[MAX_PARTS];
    int32_t num_positive = 0, is_less = 0;
    if (node->size > MAX_PARTS) return EMPTY;
    for (int32_t i = 0; i < node->size; i++) {
        int is_denial = kind_of(walk->algebra, node->members[i]) == IS_COMPLEMENT;
        parts[i] = is_denial ? lasting_part(place, node->members[i]) : node->members[i];
        if (parts[i] < 0) return parts[i];
        num_positive += !is_denial;
        is_less |= parts[i] != node->members[i];
    }
    if (num_positive != 1 || !is_less) return EMPTY;
    Term positive = walk->functions->intersect(place->account, parts, node->size, &place->failure);
    return positive < 0 ? positive : walk->functions->concat(place->account, positive, rest, &place->failure);
}

/* Whether some token, or none, comes to an end of what has begun in a loop, or ends inside of a piece of the loop, which
 * what has begun may then deny to be ended; or where that would take too long to see. */
static int is_ended_by_a_token(Place *place, Term loop, Term begun) {
    const Walk *walk = place->walk;
    const TrieNode *nodes = walk->trie->nodes;
    if (can_end(walk->algebra, begun)) return 1;
    Term(*terms)[2] = malloc(((size_t)walk->trie->longest + 1) * sizeof *terms);
    int32_t num_looks = 0;
    int is_ended = !terms;
    if (terms) terms[0][0] = loop, terms[0][1] = begun;
    for (int32_t i = 1; i < walk->trie->num_nodes && !is_ended;) {
        const TrieNode *here = &nodes[i];
        const Term *above = terms[here->depth - 1];
        Term inside = step_of(place, above[0], here->octet), next = step_of(place, above[1], here->octet);
        if (next == EMPTY || inside == EMPTY) {
            i = here->end;
            continue;
        }
        is_ended = next < 0 || inside < 0 || ++num_looks > MAX_BEGUN || can_end(walk->algebra, next) ||
                   (here->token != NONE && !can_end(walk->algebra, inside));
        terms[here->depth][0] = inside;
        terms[here->depth][1] = next;
        i++;
    }
    free(terms);
    return is_ended;
}

/* Of what is denied, the matches that have begun: in a loop they make no difference to a token that ends none of them. */
static int is_any_ended_by_a_token(Place *place, const Node *head, Term loop) {
    const Algebra *algebra = place->walk->algebra;
    for (int32_t i = 0; i < head->size; i++) {
        const Node *member = node_of(algebra, head->members[i]);
        if (member->kind != IS_COMPLEMENT) continue;
        Term denied = member->members[0];
        const Node *node = node_of(algebra, denied);
        int32_t num_parts = node->kind == IS_ALTERNATE ? node->size : 1;
        for (int32_t part = 0; part < num_parts; part++) {
            Term begun = node->kind == IS_ALTERNATE ? node->members[part] : denied;
            if (!is_lasting(algebra, begun) && is_ended_by_a_token(place, loop, begun)) return 1;
        }
    }
    return 0;
}

Term without_harmless(Place *place, Term head, Term rest) {
    const Algebra *algebra = place->walk->algebra;
    const Node *node = node_of(algebra, head);
    if (!is_clean_loop(algebra, node)) return EMPTY;
    int32_t loop = 0;
    while (kind_of(algebra, node->members[loop]) != IS_REPEAT) loop++;
    Term positive = without_exclusions(place, head, rest);
    return positive > EMPTY && is_any_ended_by_a_token(place, node, node->members[loop]) ? EMPTY : positive;
}

/* While P has not come to an end, bytes that lead out of what is excluded need no look: both terms are one from there. */
typedef struct { Step whole, positive, excluded; } Pair;

/* What is excluded, where the whole is `P and not that, then the rest` and P cannot end here; else EMPTY. */
static Term excluded_of(const Algebra *algebra, Term whole) {
    const Node *node = node_of(algebra, whole);
    if (node->kind == IS_CONCAT) node = node_of(algebra, node->members[0]);
    if (node->kind != IS_INTERSECT || node->size != 2) return EMPTY;
    int is_first = kind_of(algebra, node->members[0]) == IS_COMPLEMENT;
    const Node *negative = node_of(algebra, node->members[!is_first]);
    if (negative->kind != IS_COMPLEMENT || can_end(algebra, node->members[is_first])) return EMPTY;
    return negative->members[0];
}

static int open_pair(Place *place, Pair *pair, int has_ended) {
    pair->excluded.term = has_ended ? EMPTY : excluded_of(place->walk->algebra, pair->whole.term);
    pair->whole.row = row_of(place, pair->whole.term);
    pair->positive.row = pair->whole.row ? row_of(place, pair->positive.term) : NULL;
    pair->excluded.row = pair->positive.row ? row_of(place, pair->excluded.term) : NULL;
    return pair->excluded.row ? 0 : -1;
}

static int look(Place *place, const Step *step, uint8_t byte, Step *next) {
    Term known = known_step(step->row, byte);
    next->term = known == UNKNOWN ? step_of(place, step->term, byte) : known;
    return next->term < 0 ? -1 : 0;
}

/* What the whole says no to loses its bits. 1: done; 0: that would take too long; -1: failure. */
static int correct(Place *place, int32_t root, Pair *pairs, uint32_t *bits) {
    const Walk *walk = place->walk;
    const TrieNode *nodes = walk->trie->nodes;
    int32_t num_looks = 0;
    for (int32_t i = root + 1; i < nodes[root].end; num_looks++) {
        const TrieNode *here = &nodes[i];
        const Pair *above = &pairs[here->depth - 1];
        Pair next;
        if (above->excluded.term != EMPTY) {
            if (look(place, &above->excluded, here->octet, &next.excluded)) return -1;
            if (next.excluded.term == EMPTY) {
                i = here->end;
                continue;
            }
        }
        if (look(place, &above->whole, here->octet, &next.whole)) return -1;
        if (look(place, &above->positive, here->octet, &next.positive)) return -1;
        if (num_looks > MAX_LOOKS) return 0;
        if (here->token != NONE && next.whole.term != EMPTY) note_term(place, next.whole.term);
        if (next.whole.term == next.positive.term) {
            i = here->end;
        } else if (next.whole.term == EMPTY) {
            num_looks += (here->end - i) / 8;
            for (; i < here->end; i++) clear_tokens(walk->trie, &nodes[i], bits);
        } else if (here->end > ++i) {
            if (open_pair(place, &next, above->excluded.term == EMPTY)) return -1;
            pairs[here->depth] = next;
        }
    }
    return 1;
}

static int fill_apart(Place *place, int32_t node, Pair pair, uint32_t *out) {
    const Walk *walk = place->walk;
    uint32_t *bits = calloc((size_t)walk->trie->num_words + 1, sizeof(uint32_t));
    Pair *pairs = malloc(((size_t)walk->trie->longest + 1) * sizeof(Pair));
    int done = bits && pairs ? split_fill(place, node, pair.positive.term, bits) : 0;
    if (done > 0) {
        pairs[walk->trie->nodes[node].depth] = pair;
        done = correct(place, node, pairs, bits);
    }
    if (done > 0)
        for (int32_t word = 0; word < walk->trie->num_words; word++) out[word] |= bits[word];
    free(bits);
    free(pairs);
    return done;
}

int fill_but_excluded(Place *place, int32_t node, Term whole, Term positive, uint32_t *out) {
    if (place->num_exclusions == MAX_NESTING) return 0;
    Pair pair = {{NULL, whole}, {NULL, positive}, {NULL, EMPTY}};
    if (open_pair(place, &pair, 0)) return -1;
    place->num_exclusions++;
    int done = fill_apart(place, node, pair, out);
    place->num_exclusions--;
    return done;
}
