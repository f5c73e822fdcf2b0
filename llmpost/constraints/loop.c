/* The plain loop: trie and automaton side by side, in the trie's order; what is below a dead node is skipped. */
#include "walk.h"

#include <stdlib.h>

int place_open(Place *place, Walk *walk, Account *account) {
    *place = (Place){walk, account, malloc(((size_t)walk->trie->longest + 1) * sizeof(Step)), NOTHING, 0, 0};
    return place->steps ? 0 : -1;
}

void place_close(Place *place) { free(place->steps); }

const Row *row_of(Place *place, Term term) {
    const Row *row = known_row(place->walk->algebra, term);
    return row ? row : place->walk->functions->row(place->account, term, &place->failure);
}

Term step_of(Place *place, Term term, uint8_t byte) {
    const Row *row = known_row(place->walk->algebra, term);
    Term next = row ? known_step(row, byte) : UNKNOWN;
    return next != UNKNOWN ? next : place->walk->functions->step(place->account, term, byte, &place->failure);
}

void note_length(Place *place, int32_t num_bytes) {
    if (num_bytes > place->farthest) place->farthest = num_bytes < FAR ? num_bytes : FAR;
}

/* What fails here fails again where it matters. */
void note_term(Place *place, Term term) {
    int32_t most = enough_bytes(place->walk->algebra, term);
    if (place->farthest >= FAR) return;
    if (most >= FAR) {
        Failure ignored;
        most = place->walk->functions->enough(place->account, term, &ignored);
    }
    note_length(place, most < 0 ? FAR : most);
}

enum { WIDE_SUBTREE = 8000 }; /* what follows a space, say: as many nodes as are worth another try to split */

static inline void set_bit(uint32_t *out, int32_t token) { out[token >> 5] |= 1u << (token & 31); }

void set_tokens(const Trie *trie, const TrieNode *node, uint32_t *out) {
    if (node->token >= 0) {
        set_bit(out, node->token);
    } else if (node->token != NONE) {
        const int32_t *list = trie->lists + (-2 - node->token);
        for (int32_t i = 1; i <= list[0]; i++) set_bit(out, list[i]);
    }
}

void clear_tokens(const Trie *trie, const TrieNode *node, uint32_t *out) {
    if (node->token >= 0) {
        out[node->token >> 5] &= ~(1u << (node->token & 31));
    } else if (node->token != NONE) {
        const int32_t *list = trie->lists + (-2 - node->token);
        for (int32_t i = 1; i <= list[0]; i++) out[list[i] >> 5] &= ~(1u << (list[i] & 31));
    }
}

/* The nodes from one on, whose parent has been stepped to, up to an end. */
static int walk_nodes(Place *place, int32_t i, int32_t end, uint32_t *out) {
    const Walk *walk = place->walk;
    const Trie *trie = walk->trie;
    const TrieNode *nodes = trie->nodes;
    Step *steps = place->steps;
    while (i < end) {
        const TrieNode *here = &nodes[i];
        const Step *above = &steps[here->depth - 1];
        Term next = known_step(above->row, here->octet);
        if (next <= EMPTY) {
            if (next == UNKNOWN) next = walk->functions->step(place->account, above->term, here->octet, &place->failure);
            if (next < 0) return -1;
            if (next == EMPTY) {
                i = here->end;
                continue;
            }
        }
        if (here->token != NONE) {
            set_tokens(trie, here, out);
            if (next != above->term) note_term(place, next);
        }
        if (here->end > ++i) {
            if (here->end - i >= WIDE_SUBTREE && walk->is_split) {
                int done = split_fill(place, i - 1, next, out);
                if (done < 0) return -1;
                if (done) {
                    i = here->end;
                    continue;
                }
            }
            if (next != above->term) {
                const Row *row = row_of(place, next);
                if (!row) return -1;
                steps[here->depth] = (Step){row, next};
            } else {
                steps[here->depth] = *above;
            }
        }
    }
    return 0;
}

int walk_below(Place *place, int32_t node, Term term, uint32_t *out) {
    const Trie *trie = place->walk->trie;
    const Row *row = row_of(place, term);
    if (!row) return -1;
    place->steps[trie->nodes[node].depth] = (Step){row, term};
    note_term(place, term);
    if (node) return walk_nodes(place, node + 1, trie->nodes[node].end, out);
    for (int byte = 0; byte < 256; byte++) {
        int32_t first = trie->first_nodes[byte];
        if (!first || known_step(row, (uint8_t)byte) == EMPTY) continue;
        if (walk_nodes(place, first, trie->nodes[first].end, out)) return -1;
    }
    return 0;
}

void visit_tokens(const Walk *walk, const TrieNode *node, Term term, Visit *visit, void *taker) {
    if (node->token >= 0) {
        visit(taker, node->token, term);
    } else if (node->token != NONE) {
        const int32_t *list = walk->trie->lists + (-2 - node->token);
        for (int32_t i = 1; i <= list[0]; i++) visit(taker, list[i], term);
    }
}

int walk_all(Place *place, Term term, Visit *visit, void *taker) {
    const Walk *walk = place->walk;
    Step *steps = place->steps;
    steps[0].term = term;
    for (int32_t i = 1; i < walk->trie->num_nodes;) {
        const TrieNode *here = &walk->trie->nodes[i];
        Term next = step_of(place, steps[here->depth - 1].term, here->octet);
        if (next < 0) return -1;
        if (next == EMPTY) {
            i = here->end;
            continue;
        }
        visit_tokens(walk, here, next, visit, taker);
        steps[here->depth].term = next;
        i++;
    }
    return 0;
}

static inline uint32_t count_words(const uint32_t *bits, int32_t num_words) {
    uint32_t count = 0;
    for (int32_t i = 0; i < num_words; i++) {
        uint32_t word = bits[i];
        word -= word >> 1 & 0x55555555u;
        word = (word & 0x33333333u) + (word >> 2 & 0x33333333u);
        word = (word + (word >> 4)) & 0x0F0F0F0Fu;
        word += word >> 8;
        count += (word + (word >> 16)) & 0x3Fu;
    }
    return count;
}

/* Block by block, as most of a narrow mask is empty. */
int64_t count_bits(const uint32_t *bits, int32_t num_words) {
    enum { BLOCK = 32 };
    int64_t count = 0;
    for (int32_t start = 0; start < num_words; start += BLOCK) {
        int32_t size = num_words - start < BLOCK ? num_words - start : BLOCK;
        uint32_t any = 0;
        for (int32_t i = start; i < start + size; i++) any |= bits[i];
        if (any) count += count_words(bits + start, size);
    }
    return count;
}
