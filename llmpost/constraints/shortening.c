/* Shortening: the tokens that a shortest text begins with, or a text as short as that: each brings the end nearer by as
 * many bytes as it writes. Elsewhere nobody looks, so that where a text is given few nodes are seen. */
#include "walk.h"

static int32_t distance_of(Place *place, Term term) {
    const Node *node = node_of(place->walk->algebra, term);
    if (__atomic_load_n(&node->most, __ATOMIC_RELAXED) == node->least) return node->least;
    return place->walk->functions->distance(place->account, term, &place->failure);
}

int shortening(Place *place, Term term, int64_t max_nodes, Visit *visit, void *taker) {
    const Walk *walk = place->walk;
    const TrieNode *nodes = walk->trie->nodes;
    int32_t length = distance_of(place, term);
    if (length < 0) return -1;
    place->steps[0].term = term;
    for (int32_t i = 1; i < walk->trie->num_nodes;) {
        const TrieNode *here = &nodes[i];
        Term next = step_of(place, place->steps[here->depth - 1].term, here->octet);
        if (next < 0) return -1;
        int32_t most = length - here->depth, left = FAR;
        if (next != EMPTY && node_of(walk->algebra, next)->least <= most) left = distance_of(place, next);
        if (left < 0) return -1;
        if (left > most) {
            i = here->end;
            continue;
        }
        if (--max_nodes < 0) return 0;
        visit_tokens(walk, here, next, visit, taker);
        place->steps[here->depth].term = next;
        i++;
    }
    return 1;
}
