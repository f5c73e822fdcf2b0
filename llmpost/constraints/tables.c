/* Facts of the vocabulary alone: which tokens are text, of how many characters, and which bytes they contain. */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

/* UTF-8, byte by byte. The states between the bytes of a character: how many are to come, or what the next may be. */

enum { ONE_MORE = 1, TWO_MORE, THREE_MORE, AFTER_E0, AFTER_ED, AFTER_F0, AFTER_F4 };

static uint8_t state_after_lead(uint8_t byte) {
    if (byte < 0x80) return AT_BOUNDARY;
    if (byte < 0xC2 || byte > 0xF4) return NO_UTF8;
    if (byte < 0xE0) return ONE_MORE;
    if (byte < 0xF0) return byte == 0xE0 ? AFTER_E0 : byte == 0xED ? AFTER_ED : TWO_MORE;
    return byte == 0xF0 ? AFTER_F0 : byte == 0xF4 ? AFTER_F4 : THREE_MORE;
}

static uint8_t state_after(uint8_t state, uint8_t byte) {
    static const struct { uint8_t low, high, next; } steps[] = {
        [ONE_MORE] = {0x80, 0xBF, AT_BOUNDARY}, [TWO_MORE] = {0x80, 0xBF, ONE_MORE},
        [THREE_MORE] = {0x80, 0xBF, TWO_MORE},  [AFTER_E0] = {0xA0, 0xBF, ONE_MORE},
        [AFTER_ED] = {0x80, 0x9F, ONE_MORE},    [AFTER_F0] = {0x90, 0xBF, TWO_MORE},
        [AFTER_F4] = {0x80, 0x8F, TWO_MORE},
    };
    if (state == AT_BOUNDARY) return state_after_lead(byte);
    if (state == NO_UTF8 || byte < steps[state].low || byte > steps[state].high) return NO_UTF8;
    return steps[state].next;
}

static void read_text(Trie *trie, Tables *tables) {
    tables->states[0] = AT_BOUNDARY;
    trie->nodes[0].num_characters = 0;
    for (int32_t i = 1; i < trie->num_nodes; i++) {
        const TrieNode *parent = &trie->nodes[trie->parents[i]];
        uint8_t before = tables->states[trie->parents[i]], state = state_after(before, trie->nodes[i].octet);
        int count = parent->num_characters + (before == AT_BOUNDARY);
        if (state != NO_UTF8 && count > MAX_CHARACTERS) {
            trie->is_splittable = 0; /* a count is a byte here: a vocabulary with such tokens takes the plain loop */
            state = NO_UTF8;
        }
        tables->states[i] = state;
        trie->nodes[i].num_characters = state == NO_UTF8 ? NO_TEXT : (uint8_t)count;
    }
}

static void sort_by_octet(const Trie *trie, Tables *tables) {
    int32_t *starts = tables->octet_starts, places[256];
    for (int32_t i = 1; i < trie->num_nodes; i++) starts[trie->nodes[i].octet + 1]++;
    for (int byte = 0; byte < 256; byte++) starts[byte + 1] += starts[byte];
    memcpy(places, starts, sizeof places);
    for (int32_t i = 1; i < trie->num_nodes; i++) tables->by_octet[places[trie->nodes[i].octet]++] = i;
}

static uint32_t *no_bits(const Trie *trie) { return calloc((size_t)trie->num_words + 1, sizeof(uint32_t)); }

/* Tokens by how many characters they have; the bitmaps grow from count to count. */
static int count_characters(const Trie *trie, Tables *tables) {
    for (int count = 0; count <= NUM_COUNTS; count++)
        if (!(tables->at_most[count] = no_bits(trie))) return -1;
    for (int32_t i = 1; i < trie->num_nodes; i++) {
        const TrieNode *node = &trie->nodes[i];
        if (node->token == NONE || node->num_characters == NO_TEXT) continue;
        set_tokens(trie, node, tables->text);
        if (node->num_characters <= NUM_COUNTS) set_tokens(trie, node, tables->at_most[node->num_characters]);
        else tables->long_tokens[tables->num_long++] = i;
        if (node->num_characters == node->depth && tables->states[i] == AT_BOUNDARY)
            set_tokens(trie, node, tables->ascii);
    }
    for (int count = 1; count <= NUM_COUNTS; count++)
        for (int32_t word = 0; word < trie->num_words; word++)
            tables->at_most[count][word] |= tables->at_most[count - 1][word];
    return 0;
}

/* Which ASCII bytes lie on the way to each node. */
typedef struct { uint64_t low, high; } Ascii;

static Ascii *ways(const Trie *trie) {
    Ascii *seen = malloc((size_t)trie->num_nodes * sizeof(Ascii));
    if (!seen) return NULL;
    seen[0] = (Ascii){0, 0};
    for (int32_t i = 1; i < trie->num_nodes; i++) {
        uint8_t byte = trie->nodes[i].octet;
        seen[i] = seen[trie->parents[i]];
        if (byte < 64) seen[i].low |= (uint64_t)1 << byte;
        else if (byte < 128) seen[i].high |= (uint64_t)1 << (byte - 64);
    }
    return seen;
}

static int32_t num_tokens(const Trie *trie, const TrieNode *node) {
    return node->token >= 0 ? 1 : node->token == NONE ? 0 : trie->lists[-2 - node->token];
}

static void contain(const Trie *trie, const TrieNode *node, Containing *containing) {
    if (containing->bits) {
        set_tokens(trie, node, containing->bits);
    } else if (node->token >= 0) {
        containing->ids[containing->num_ids++] = node->token;
    } else {
        const int32_t *list = trie->lists + (-2 - node->token);
        for (int32_t i = 1; i <= list[0]; i++) containing->ids[containing->num_ids++] = list[i];
    }
}

static int find_containing(const Trie *trie, Tables *tables, const Ascii *seen) {
    enum { FEW = 1024 }; /* to clear so many bits one by one costs about what a bitmap costs */
    int32_t sizes[128] = {0};
#define FOR_EACH_BYTE(set, offset, action)                                                                             \
    for (uint64_t left = (set); left; left &= left - 1) {                                                              \
        int byte = __builtin_ctzll(left) + (offset);                                                                   \
        action;                                                                                                        \
    }
    for (int32_t i = 1; i < trie->num_nodes; i++) {
        int32_t size = num_tokens(trie, &trie->nodes[i]);
        if (!size || trie->nodes[i].num_characters == NO_TEXT) continue;
        FOR_EACH_BYTE(seen[i].low, 0, sizes[byte] += size)
        FOR_EACH_BYTE(seen[i].high, 64, sizes[byte] += size)
    }
    for (int byte = 0; byte < 128; byte++) {
        Containing *containing = &tables->containing[byte];
        if (sizes[byte] > FEW) containing->bits = no_bits(trie);
        else containing->ids = malloc(((size_t)sizes[byte] + 1) * sizeof(int32_t));
        if (!containing->bits && !containing->ids) return -1;
    }
    for (int32_t i = 1; i < trie->num_nodes; i++) {
        const TrieNode *node = &trie->nodes[i];
        if (node->token == NONE || node->num_characters == NO_TEXT) continue;
        FOR_EACH_BYTE(seen[i].low, 0, contain(trie, node, &tables->containing[byte]))
        FOR_EACH_BYTE(seen[i].high, 64, contain(trie, node, &tables->containing[byte]))
    }
    return 0;
}

int tables_open(Trie *trie) {
    Tables *tables = trie->tables = calloc(1, sizeof(Tables));
    if (!tables) return -1;
    size_t num_nodes = (size_t)trie->num_nodes;
    tables->states = malloc(num_nodes);
    tables->by_octet = malloc(num_nodes * sizeof(int32_t));
    tables->long_tokens = malloc(num_nodes * sizeof(int32_t));
    tables->text = no_bits(trie);
    tables->ascii = no_bits(trie);
    Ascii *seen = ways(trie);
    int is_whole = tables->states && tables->by_octet && tables->long_tokens && tables->text && tables->ascii && seen;
    if (is_whole) {
        read_text(trie, tables);
        sort_by_octet(trie, tables);
        is_whole = !count_characters(trie, tables) && !find_containing(trie, tables, seen);
    }
    free(seen);
    return is_whole ? 0 : -1;
}

void tables_close(Tables *tables) {
    for (int byte = 0; byte < 128; byte++) {
        free(tables->containing[byte].bits);
        free(tables->containing[byte].ids);
    }
    for (int count = 0; count <= NUM_COUNTS; count++) free(tables->at_most[count]);
    free(tables->states);
    free(tables->by_octet);
    free(tables->long_tokens);
    free(tables->text);
    free(tables->ascii);
    free(tables);
}
