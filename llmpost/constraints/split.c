/* Splitting a wide term. A loop over a class of characters allows the tokens that stay inside, which depend on the
 * class and on a count alone and come from tables, and those that leave it, which are walked from where they leave. A
 * token may do both; the union is right all the same.
 *
 * A mask of alternatives is the union of their masks: the term is taken apart at its head, loops are filled in one by
 * one, and what is no loop, or too narrow to be worth it, takes the plain loop. A loop but for some texts is the mask of
 * the loop, corrected where those texts lie (exclusion.c). */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

enum { MORE_OF_A_CHARACTER = 3 }; /* bytes, where a token ends inside of one */
enum { MAX_LOOPS = 16, MAX_OTHERS = 64, MAX_EXCLUSIONS = 8, MAX_UNFOLDING = 8, LOOK_AHEAD = 8 };
enum { NARROW = 2000, WIDE_EXITS = 40000 }; /* nodes */

typedef struct {
    Term whole;      /* the body from low to high times, -1 being without end, and then the rest */
    Term body, rest; /* the body is the class, or the class and others */
    Term characters, others; /* for a clean loop it is the loop as a whole */
    int32_t low, high;
} Loop;

typedef struct { Term whole, positive; } Exclusion; /* the positive is the whole with nothing excluded */

typedef struct {
    Loop loops[MAX_LOOPS];
    Exclusion exclusions[MAX_EXCLUSIONS];
    Term others[MAX_OTHERS];
    int32_t node; /* of the trie, where the term stands */
    int num_loops, num_exclusions, num_others;
    int is_too_much;
} Parts;

static int is_class(const Algebra *algebra, Term term) {
    const Node *node = node_of(algebra, term);
    return node->kind == IS_CHARACTERS && node->members[0] < 0;
}

/* The class that the body is or, if it is several things, contains, and those others. 0: there is none. */
static int find_class(Place *place, Loop *loop) {
    Walk *walk = place->walk;
    const Node *node = node_of(walk->algebra, loop->body);
    loop->characters = is_class(walk->algebra, loop->body) ? loop->body : EMPTY;
    loop->others = EMPTY;
    if (loop->characters != EMPTY) return 1;
    if (node->kind != IS_ALTERNATE || node->size > MAX_OTHERS) return 0;
    Term others[MAX_OTHERS];
    int32_t num_others = 0;
    for (int32_t i = 0; i < node->size; i++)
        if (loop->characters == EMPTY && is_class(walk->algebra, node->members[i])) loop->characters = node->members[i];
        else others[num_others++] = node->members[i];
    if (loop->characters == EMPTY) return 0;
    loop->others = walk->functions->alternate(place->account, others, num_others, &place->failure);
    return loop->others < 0 ? -1 : 1;
}

static void add_other(Parts *parts, Term term) {
    if (parts->num_others == MAX_OTHERS) parts->is_too_much = 1;
    else parts->others[parts->num_others++] = term;
}

/* Narrow loops are no loops: few nodes lie in their way. */
static int add_loop(Place *place, Parts *parts, const Loop *loop) {
    const Row *row = row_of(place, loop->characters);
    const TrieNode *nodes = place->walk->trie->nodes;
    if (!row) return -1;
    int32_t num_nodes = 0, end = nodes[parts->node].end;
    for (int32_t child = parts->node + 1; child < end && num_nodes < NARROW; child = nodes[child].end)
        if (known_step(row, nodes[child].octet) != EMPTY) num_nodes += nodes[child].end - child;
    if (num_nodes < NARROW || parts->num_loops == MAX_LOOPS) add_other(parts, loop->whole);
    else parts->loops[parts->num_loops++] = *loop;
    return 0;
}

static int take_apart(Place *place, Term term, int unfolding, Parts *parts);

static int take_concat_apart(Place *place, Term first, Term rest, int unfolding, Parts *parts) {
    Walk *walk = place->walk;
    Term whole = walk->functions->concat(place->account, first, rest, &place->failure);
    return whole < 0 ? -1 : take_apart(place, whole, unfolding + 1, parts);
}

/* Whether a loop or an exclusion may be found at its head: a look that makes no terms. What begins with a text, or with
 * whitespace and then a text, has none. */
static int may_have_loop(const Algebra *algebra, Term term, int levels) {
    const Node *node = node_of(algebra, term);
    const int32_t *members = node->members;
    if (!levels) return 1;
    switch (node->kind) {
    case IS_CHARACTERS:
    case IS_INTERSECT: return 1;
    case IS_REPEAT:
    case IS_WATCHED: return may_have_loop(algebra, members[0], levels - 1);
    case IS_CONCAT:
        return may_have_loop(algebra, members[0], levels - 1) ||
               (can_end(algebra, members[0]) && may_have_loop(algebra, members[1], levels - 1));
    case IS_ALTERNATE:
        for (int32_t i = 0; i < node->size; i++)
            if (may_have_loop(algebra, members[i], levels - 1)) return 1;
        return 0;
    default: return 0;
    }
}

/* Members that have no loop stay together, however many. */
static int take_members_apart(Place *place, const Node *node, Term rest, int unfolding, Parts *parts) {
    Walk *walk = place->walk;
    Term *others = malloc((size_t)node->size * sizeof(Term));
    int32_t num_others = 0;
    int failed = !others;
    for (int32_t i = 0; i < node->size && !failed; i++)
        if (!may_have_loop(walk->algebra, node->members[i], LOOK_AHEAD)) others[num_others++] = node->members[i];
        else failed = take_concat_apart(place, node->members[i], rest, unfolding, parts);
    if (num_others && !failed) {
        Term together = walk->functions->alternate(place->account, others, num_others, &place->failure);
        if (together >= 0) together = walk->functions->concat(place->account, together, rest, &place->failure);
        if (together >= 0) add_other(parts, together);
        failed = together < 0;
    }
    free(others);
    return failed ? -1 : 0;
}

/* x{m,n} is x x{m-1,n-1}, and nothing where m is 0. */
static int unfold(Place *place, const Node *repeat, Term rest, int unfolding, Parts *parts) {
    Walk *walk = place->walk;
    Term body = repeat->members[0];
    int32_t low = repeat->members[1], high = repeat->members[2];
    Term less = walk->functions->repeat(place->account, body, low ? low - 1 : 0, high < 0 ? -1 : high - 1,
                                        &place->failure);
    if (less < 0) return -1;
    less = walk->functions->concat(place->account, less, rest, &place->failure);
    if (less < 0 || take_concat_apart(place, body, less, unfolding, parts)) return -1;
    return low == 0 || can_end(walk->algebra, body) ? take_apart(place, rest, unfolding + 1, parts) : 0;
}

static int add_intersection(Place *place, Parts *parts, Term whole, Term head, Term rest) {
    const Algebra *algebra = place->walk->algebra;
    Term positive = without_exclusions(place, head, rest);
    if (positive < 0) return -1;
    if (positive == EMPTY && is_clean_loop(algebra, node_of(algebra, head))) {
        Loop loop = {whole, head, rest, head, EMPTY, 0, -1};
        return add_loop(place, parts, &loop);
    }
    if (positive == EMPTY || parts->num_exclusions == MAX_EXCLUSIONS) add_other(parts, whole);
    else parts->exclusions[parts->num_exclusions++] = (Exclusion){whole, positive};
    return 0;
}

static int take_apart(Place *place, Term term, int unfolding, Parts *parts) {
    Walk *walk = place->walk;
    const Node *node = node_of(walk->algebra, term), *first = node;
    Term head = term, rest = EPSILON;
    if (unfolding > MAX_UNFOLDING || parts->is_too_much) {
        add_other(parts, term);
        return 0;
    }
    if (node->kind == IS_ALTERNATE) return take_members_apart(place, node, EPSILON, unfolding, parts);
    if (node->kind == IS_CONCAT) {
        head = node->members[0];
        rest = node->members[1];
        first = node_of(walk->algebra, head);
    }
    if (first->kind == IS_ALTERNATE) return take_members_apart(place, first, rest, unfolding, parts);
    if (first->kind == IS_WATCHED) return take_concat_apart(place, first->members[0], rest, unfolding, parts);
    if (first->kind == IS_INTERSECT) return add_intersection(place, parts, term, head, rest);
    Loop loop = {.whole = term, .body = head, .rest = rest, .low = 1, .high = 1};
    if (first->kind == IS_REPEAT) {
        loop.body = first->members[0];
        loop.low = first->members[1];
        loop.high = first->members[2];
    }
    int found = find_class(place, &loop);
    if (found) return found < 0 ? -1 : add_loop(place, parts, &loop);
    if (first->kind == IS_REPEAT) return unfold(place, first, rest, unfolding, parts);
    add_other(parts, term);
    return 0;
}

/* The bytes by which the loop can be left. 0: too many nodes do; -1: failure. */
static int find_exit_bytes(Place *place, const Loop *loop, uint8_t is_exit[256]) {
    const Tables *tables = place->walk->trie->tables;
    int64_t num_exits = 0;
    for (int byte = 0; byte < 256; byte++) {
        Term behind = step_of(place, loop->rest, (uint8_t)byte), beside = step_of(place, loop->others, (uint8_t)byte);
        if (behind < 0 || beside < 0) return -1;
        is_exit[byte] = behind != EMPTY || beside != EMPTY;
        if (is_exit[byte]) num_exits += tables->octet_starts[byte + 1] - tables->octet_starts[byte];
    }
    return num_exits <= WIDE_EXITS;
}

static void fill_inside(const Walk *walk, const CharacterClass *class, int32_t high, uint32_t *out) {
    const Tables *tables = walk->trie->tables;
    if (high < 0) {
        for (int32_t word = 0; word < walk->trie->num_words; word++) out[word] |= class->bits[word];
        return;
    }
    const uint32_t *at_most = tables->at_most[high < NUM_COUNTS ? high : NUM_COUNTS];
    for (int32_t word = 0; word < walk->trie->num_words; word++) out[word] |= class->bits[word] & at_most[word];
    for (int32_t i = 0; i < tables->num_long; i++) {
        const TrieNode *node = &walk->trie->nodes[tables->long_tokens[i]];
        int32_t any = node->token >= 0 ? node->token : walk->trie->lists[-2 - node->token + 1];
        if (node->num_characters <= high && class->bits[any >> 5] >> (any & 31) & 1) set_tokens(walk->trie, node, out);
    }
}

/* What may follow, but for the class, after so many of its characters; UNKNOWN where nobody asked yet. */
typedef struct { Term terms[MAX_CHARACTERS + 1]; } Leaving;

static Term leaving_anew(Place *place, const Loop *loop, int32_t count) {
    Walk *walk = place->walk;
    Term parts[2] = {count >= loop->low ? loop->rest : EMPTY, EMPTY};
    if (loop->others == EMPTY || count == loop->high) return parts[0];
    int32_t low = count < loop->low ? loop->low - count - 1 : 0, high = loop->high < 0 ? -1 : loop->high - count - 1;
    Term again = walk->functions->repeat(place->account, loop->body, low, high, &place->failure);
    if (again >= 0) again = walk->functions->concat(place->account, again, loop->rest, &place->failure);
    if (again >= 0) again = walk->functions->concat(place->account, loop->others, again, &place->failure);
    if (again < 0) return again;
    parts[1] = again;
    return walk->functions->alternate(place->account, parts, 2, &place->failure);
}

static Term leaving_at(Place *place, const Loop *loop, Leaving *leaving, int32_t count) {
    if (loop->high >= 0 && count > loop->high) return EMPTY;
    if (loop->high < 0 && count > loop->low) count = loop->low; /* from there on nothing changes */
    if (leaving->terms[count] == UNKNOWN) leaving->terms[count] = leaving_anew(place, loop, count);
    return leaving->terms[count];
}

/* Where the same may follow after any number of characters: what ends with the byte is one bitmap. */
static int fill_equal_exits(Place *place, Term next, const Exits *exits, uint32_t *out) {
    const Walk *walk = place->walk;
    note_term(place, next);
    for (int32_t word = 0; word < walk->trie->num_words; word++) out[word] |= exits->ends[word];
    for (int32_t i = 0; i < exits->num_deep; i++)
        if (walk_below(place, exits->exits[i].node, next, out)) return -1;
    return 0;
}

static int fill_exits(Place *place, const Loop *loop, const Exits *exits, uint8_t byte, uint32_t *out) {
    const Walk *walk = place->walk;
    Leaving leaving;
    memset(&leaving, 0xFF, sizeof leaving);
    if (exits->ends && loop->high < 0 && loop->low == 0) {
        Term term = leaving_at(place, loop, &leaving, 0), next = term < 0 ? term : step_of(place, term, byte);
        return next < 0 ? -1 : next == EMPTY ? 0 : fill_equal_exits(place, next, exits, out);
    }
    for (int32_t i = 0; i < exits->num_exits; i++) {
        const Exit *exit = &exits->exits[i];
        Term term = leaving_at(place, loop, &leaving, exit->num_characters);
        Term next = term < 0 ? term : step_of(place, term, byte);
        if (next < 0) return -1;
        if (next == EMPTY) continue;
        set_tokens(walk->trie, &walk->trie->nodes[exit->node], out);
        note_term(place, next);
        if (walk->trie->nodes[exit->node].end > exit->node + 1 && walk_below(place, exit->node, next, out)) return -1;
    }
    return 0;
}

/* Whether a character of the class leads anywhere: what comes then may be dead. */
static int is_loop_live(Place *place, const Loop *loop, const CharacterClass *class, const uint8_t is_exit[256]) {
    Term term = loop->whole;
    if (!class->sample_size) return can_end(place->walk->algebra, loop->rest) || memchr(is_exit, 1, 256) != NULL;
    for (int32_t i = 0; i < class->sample_size && term > EMPTY; i++) term = step_of(place, term, class->sample[i]);
    return term < 0 ? -1 : term > EMPTY;
}

/* How much further from an end a token can lead that stays inside. */
static int32_t farthest_inside(const CharacterClass *class) {
    return class->sample_size ? MORE_OF_A_CHARACTER : class->farthest;
}

static int fill_loop(Place *place, int32_t root, const Loop *loop, uint32_t *out) {
    uint8_t is_exit[256];
    int is_split = find_exit_bytes(place, loop, is_exit);
    if (is_split <= 0) return is_split;
    CharacterClass *class = class_of(place, root, loop->characters);
    if (!class) return place->failure == NOTHING ? 0 : -1;
    int is_live = is_loop_live(place, loop, class, is_exit);
    if (is_live <= 0) return is_live;
    int32_t read = place->walk->trie->nodes[root].num_characters;
    int32_t high = loop->high > INT32_MAX - read ? -1 : loop->high; /* so far is without end */
    fill_inside(place->walk, class, high < 0 ? -1 : high + read, out);
    note_length(place, enough_bytes(place->walk->algebra, loop->whole) + farthest_inside(class));
    for (int byte = 0; byte < 256; byte++) {
        if (!is_exit[byte]) continue;
        const Exits *exits = exits_of(place, class, (uint8_t)byte);
        if (!exits || fill_exits(place, loop, exits, (uint8_t)byte, out)) return -1;
    }
    return 1;
}

int split_fill(Place *place, int32_t node, Term term, uint32_t *out) {
    Walk *walk = place->walk;
    Parts parts = {.node = node};
    if (walk->trie->tables->states[node] != AT_BOUNDARY) return 0;
    if (!may_have_loop(walk->algebra, term, LOOK_AHEAD)) return 0;
    if (take_apart(place, term, 0, &parts)) return -1;
    if (!(parts.num_loops || parts.num_exclusions) || parts.is_too_much) return 0;
    int num_split = 0;
    for (int i = 0; i < parts.num_loops; i++) {
        int done = fill_loop(place, node, &parts.loops[i], out);
        if (done < 0) return -1;
        num_split += done;
        if (!done) add_other(&parts, parts.loops[i].whole);
    }
    for (int i = 0; i < parts.num_exclusions; i++) {
        const Exclusion *exclusion = &parts.exclusions[i];
        int done = fill_but_excluded(place, node, exclusion->whole, exclusion->positive, out);
        if (done < 0) return -1;
        num_split += done;
        if (!done) add_other(&parts, exclusion->whole);
    }
    if (!num_split || parts.is_too_much) return 0; /* what is there already is right, and the plain loop adds the rest */
    if (!parts.num_others) return 1;
    Term others = walk->functions->alternate(place->account, parts.others, parts.num_others, &place->failure);
    return others < 0 || walk_below(place, node, others, out) ? -1 : 1;
}
