/* Tables of a class of characters, made when a term first loops on it and kept as long as the walk.
 *
 * A class that takes the characters above ASCII all or none is put together from bitmaps of the vocabulary; any other
 * one, and one that begins further down in the trie, is walked once, as a loop without end. */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CLASSES = 256 }; /* a class takes a mask, and where it was walked a bit for each node */

static int read_leads(Place *place, CharacterClass *class, int *has_part) {
    int num_above = 0, num_all = 0;
    *has_part = 0;
    for (int byte = 0; byte < 256; byte++) {
        Term here = step_of(place, class->term, (uint8_t)byte);
        Term all = step_of(place, place->walk->classes->all_characters, (uint8_t)byte);
        if (here < 0 || all < 0) return -1;
        class->is_lead[byte] = here != EMPTY;
        if (byte < 0x80) continue;
        num_above += here != EMPTY;
        num_all += all != EMPTY;
        *has_part |= here != EMPTY && here != all;
    }
    class->has_all_above_ascii = !*has_part && num_above == num_all;
    *has_part |= num_above > 0 && num_above < num_all;
    return 0;
}

/* Any character of the class, the lowest. */
static int read_sample(Place *place, CharacterClass *class) {
    Term here = class->term;
    while (here != EPSILON && class->sample_size < 4) {
        Term next = EMPTY;
        int byte = -1;
        while (next == EMPTY && ++byte < 256)
            if ((next = step_of(place, here, (uint8_t)byte)) < 0) return -1;
        class->sample[class->sample_size++] = (uint8_t)byte;
        here = next;
    }
    return here == EPSILON ? 0 : -1;
}

static void put_together(const Walk *walk, CharacterClass *class) {
    const Tables *tables = walk->trie->tables;
    memcpy(class->bits, class->has_all_above_ascii ? tables->text : tables->ascii, (size_t)walk->trie->num_words * 4);
    for (int byte = 0; byte < 128; byte++) {
        const Containing *containing = &tables->containing[byte];
        if (class->is_lead[byte]) continue;
        if (containing->bits)
            for (int32_t word = 0; word < walk->trie->num_words; word++) class->bits[word] &= ~containing->bits[word];
        for (int32_t i = 0; i < containing->num_ids; i++)
            class->bits[containing->ids[i] >> 5] &= ~(1u << (containing->ids[i] & 31));
    }
}

/* The plain loop over the class repeated without end, or over what is such a loop itself. */
static int walk_class(Place *place, CharacterClass *class, Term loop) {
    const Walk *walk = place->walk;
    class->is_walked = 1;
    class->inside = calloc(((size_t)walk->trie->num_nodes + 31) / 32, sizeof(uint32_t));
    if (!class->inside || loop < 0) return -1;
    place->steps[walk->trie->nodes[class->root].depth].term = loop;
    class->inside[class->root >> 5] = 1u << (class->root & 31);
    for (int32_t i = class->root + 1; i < walk->trie->nodes[class->root].end;) {
        const TrieNode *node = &walk->trie->nodes[i];
        Term next = step_of(place, place->steps[node->depth - 1].term, node->octet);
        if (next < 0) return -1;
        if (next == EMPTY) {
            i = node->end;
            continue;
        }
        set_tokens(walk->trie, node, class->bits);
        if (node->token != NONE && next != loop) note_term(place, next);
        if (can_end(walk->algebra, next)) class->inside[i >> 5] |= 1u << (i & 31);
        place->steps[node->depth].term = next;
        i++;
    }
    return 0;
}

static int walk_loop(Place *place, CharacterClass *class) {
    int32_t farthest = place->farthest;
    place->farthest = 0;
    int failed = walk_class(place, class, class->term);
    class->farthest = place->farthest;
    place->farthest = farthest;
    return failed;
}

static int fill_class(Place *place, CharacterClass *class) {
    const Walk *walk = place->walk;
    int has_part;
    if (kind_of(walk->algebra, class->term) != IS_CHARACTERS) return walk_loop(place, class);
    if (read_leads(place, class, &has_part) || read_sample(place, class)) return -1;
    if (class->root || has_part)
        return walk_class(place, class, walk->functions->repeat(place->account, class->term, 0, -1, &place->failure));
    put_together(walk, class);
    return 0;
}

static CharacterClass *make_class(Place *place, int32_t root, Term term) {
    const Walk *walk = place->walk;
    CharacterClass *class = calloc(1, sizeof(CharacterClass) + (size_t)walk->trie->num_words * sizeof(uint32_t));
    if (!class) return NULL;
    class->term = term;
    class->root = root;
    if (!fill_class(place, class)) return class;
    free(class->inside);
    free(class);
    return NULL;
}

static CharacterClass *known_class(Classes *classes, int32_t root, Term term) {
    CharacterClass *class = atomic_load_explicit(&classes->first, memory_order_acquire);
    while (class && (class->term != term || class->root != root)) class = class->next;
    return class;
}

CharacterClass *class_of(Place *place, int32_t root, Term characters) {
    Classes *classes = place->walk->classes;
    CharacterClass *class = known_class(classes, root, characters);
    if (class) return class;
    pthread_mutex_lock(&classes->mutex);
    class = known_class(classes, root, characters);
    if (!class && classes->num_classes < MAX_CLASSES && (class = make_class(place, root, characters))) {
        class->next = classes->first;
        classes->num_classes++;
        atomic_store_explicit(&classes->first, class, memory_order_release);
    }
    pthread_mutex_unlock(&classes->mutex);
    return class;
}

/* Whether the way to the node is whole characters of the class. */
static int is_inside(const Walk *walk, const CharacterClass *class, int32_t node) {
    if (class->is_walked) return class->inside[node >> 5] >> (node & 31) & 1;
    if (walk->trie->tables->states[node] != AT_BOUNDARY) return 0;
    for (; node; node = walk->trie->parents[node]) {
        uint8_t byte = walk->trie->nodes[node].octet;
        if (byte < 0x80 ? !class->is_lead[byte] : !class->has_all_above_ascii) return 0;
    }
    return 1;
}

enum { MANY_EXITS = 128 };

static void put_deep_first(const Walk *walk, Exits *exits) {
    for (int32_t i = 0; i < exits->num_exits; i++) {
        Exit exit = exits->exits[i];
        if (walk->trie->nodes[exit.node].end == exit.node + 1) continue;
        exits->exits[i] = exits->exits[exits->num_deep];
        exits->exits[exits->num_deep++] = exit;
    }
}

/* Without memory for it there is no bitmap, and exits are taken one by one. */
static void put_ends_together(const Walk *walk, Exits *exits) {
    if (exits->num_exits < MANY_EXITS) return;
    exits->ends = calloc((size_t)walk->trie->num_words, sizeof(uint32_t));
    for (int32_t i = 0; exits->ends && i < exits->num_exits; i++)
        set_tokens(walk->trie, &walk->trie->nodes[exits->exits[i].node], exits->ends);
}

static Exits *make_exits(const Walk *walk, const CharacterClass *class, uint8_t byte) {
    const Tables *tables = walk->trie->tables;
    const TrieNode *root = &walk->trie->nodes[class->root];
    int32_t start = tables->octet_starts[byte], size = tables->octet_starts[byte + 1] - start;
    Exits *exits = malloc(sizeof(Exits) + (size_t)size * sizeof(Exit));
    if (!exits) return NULL;
    *exits = (Exits){0};
    for (int32_t i = start; i < start + size; i++) {
        int32_t node = tables->by_octet[i], before = walk->trie->parents[node];
        if (node <= class->root || node >= root->end || !is_inside(walk, class, before)) continue;
        int32_t count = walk->trie->nodes[before].num_characters - root->num_characters;
        exits->exits[exits->num_exits++] = (Exit){node, count};
    }
    put_deep_first(walk, exits);
    put_ends_together(walk, exits);
    Exits *smaller = realloc(exits, sizeof(Exits) + (size_t)exits->num_exits * sizeof(Exit));
    return smaller ? smaller : exits;
}

const Exits *exits_of(Place *place, CharacterClass *class, uint8_t byte) {
    Exits *exits = atomic_load_explicit(&class->exits[byte], memory_order_acquire);
    if (exits) return exits;
    pthread_mutex_lock(&place->walk->classes->mutex);
    exits = class->exits[byte];
    if (!exits && (exits = make_exits(place->walk, class, byte)))
        atomic_store_explicit(&class->exits[byte], exits, memory_order_release);
    pthread_mutex_unlock(&place->walk->classes->mutex);
    return exits;
}

Classes *classes_open(Walk *walk, Failure *failure) {
    Classes *classes = calloc(1, sizeof(Classes));
    *failure = NOTHING;
    if (!classes) return NULL;
    pthread_mutex_init(&classes->mutex, NULL);
    classes->all_characters = walk->functions->all_characters(&walk->algebra->own, failure);
    if (classes->all_characters >= 0) return classes;
    classes_close(classes);
    return NULL;
}

void classes_close(Classes *classes) {
    for (CharacterClass *class = classes->first, *next; class; class = next) {
        next = class->next;
        for (int byte = 0; byte < 256; byte++) {
            Exits *exits = class->exits[byte];
            if (exits) free(exits->ends);
            free(exits);
        }
        free(class->inside);
        free(class);
    }
    pthread_mutex_destroy(&classes->mutex);
    free(classes);
}
