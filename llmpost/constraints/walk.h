/* What the files of the compiled walk see of each other: the trie, the loop over it, and the split of wide terms. */
#ifndef LLMPOST_WALK_H
#define LLMPOST_WALK_H

#include "automata/algebra.h"

#include <stdatomic.h>

typedef struct {
    int32_t end;   /* one past the last node below */
    int32_t token; /* its id; NONE; or, below that, -2 - the place of its ids in the lists */
    uint16_t depth;
    uint8_t octet;
    uint8_t num_characters; /* of the path from the root, as UTF-8, a cut one at the end counted; 255: more, or none */
} TrieNode;

enum { NONE = -1, NO_TEXT = 255 };

typedef struct Tables Tables;   /* what splitting knows of the vocabulary */
typedef struct Classes Classes; /* and of the classes of characters that terms have looped on */

/* Made once for a vocabulary, never written again, and shared by its walks. */
typedef struct {
    TrieNode *nodes;
    int32_t *parents;
    int32_t *lists; /* [how many, ids ...] for the nodes with several ids */
    int32_t first_nodes[256]; /* the nodes of one byte, side by side: in `nodes` they lie far apart; 0: none */
    int32_t num_nodes, size, num_words, longest;
    Tables *tables;
    int is_splittable;
} Trie;

/* A trie beside an algebra. */
typedef struct {
    const AlgebraFunctions *functions;
    Algebra *algebra;
    const Trie *trie;
    Classes *classes;
    int is_split;
} Walk;

typedef struct { const Row *row; Term term; } Step;

/* Where one thread's walk stands: at each depth the term that the bytes so far led to, and its row; and who pays. */
typedef struct {
    Walk *walk;
    Account *account;
    Step *steps;
    Failure failure;
    int num_exclusions; /* one within the other, under way */
    int32_t farthest;   /* bytes that are enough to an end after any token so far; FAR where that is not known */
} Place;

int place_open(Place *, Walk *, Account *);
void place_close(Place *);

/* loop.c */
typedef void Visit(void *taker, int32_t token, Term);
int walk_below(Place *, int32_t node, Term, uint32_t *out); /* the bits of the tokens below a node that is in a term */
int walk_all(Place *, Term, Visit *, void *taker);
void note_length(Place *, int32_t num_bytes); /* it may take so many to an end */
void note_term(Place *, Term);
const Row *row_of(Place *, Term); /* NULL: failure */
Term step_of(Place *, Term, uint8_t byte);
void set_tokens(const Trie *, const TrieNode *, uint32_t *out);
void visit_tokens(const Walk *, const TrieNode *, Term, Visit *, void *taker);
void clear_tokens(const Trie *, const TrieNode *, uint32_t *out);
int64_t count_bits(const uint32_t *bits, int32_t num_words);

/* key.c */
Term key_of(Place *, Term);

int32_t left_out_of_key(const Walk *, Term); /* bytes to an end that its key may not know of, at the most */

/* shortening.c */
int shortening(Place *, Term, int64_t max_nodes, Visit *, void *taker); /* 1: done; 0: too many nodes; -1: failure */

/* split.c */
int split_fill(Place *, int32_t node, Term, uint32_t *out); /* 1: filled; 0: there is nothing to split; -1: failure */

/* exclusion.c */
Term without_exclusions(Place *, Term head, Term rest); /* EMPTY: nothing is excluded, or more than that is said */
Term without_harmless(Place *, Term head, Term rest); /* the same where no token can tell the difference */
int is_clean_loop(const Algebra *, const Node *head);
int fill_but_excluded(Place *, int32_t node, Term whole, Term positive, uint32_t *out); /* as `split_fill` */

/* tables.c */
int tables_open(Trie *); /* -1 where the machine has no memory */
void tables_close(Tables *);

/* classes.c */
Classes *classes_open(Walk *, Failure *); /* NULL, and NOTHING where the machine has no memory */
void classes_close(Classes *);

#endif
