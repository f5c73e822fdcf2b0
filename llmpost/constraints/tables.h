/* What splitting knows: of the vocabulary, once; of each class of characters, in a walk, from its first use on. */
#ifndef LLMPOST_TABLES_H
#define LLMPOST_TABLES_H

#include "walk.h"

enum { MAX_CHARACTERS = 254, NUM_COUNTS = 32, AT_BOUNDARY = 0, NO_UTF8 = 255 };

/* Tokens that contain a byte: a bitmap where they are many, else their ids. */
typedef struct { uint32_t *bits; int32_t *ids; int32_t num_ids; } Containing;

/* A node that leaves a class: all before its last byte is text of the class, whole characters, so many. */
typedef struct { int32_t node, num_characters; } Exit;
typedef struct {
    uint32_t *ends;      /* the tokens that end there, as bits; NULL where they are few */
    int32_t num_exits, num_deep; /* the deep ones, which more tokens go on from, stand first */
    Exit exits[];
} Exits;

typedef struct CharacterClass {
    Term term;
    int32_t root; /* the node from which on the class is read: 0, or one that many tokens begin with */
    struct CharacterClass *next;
    uint8_t is_lead[256]; /* whether a character of the class begins with the byte */
    int has_all_above_ascii, is_walked;
    int32_t farthest;           /* of a loop by itself: bytes that are enough to an end of it behind any token */
    uint32_t *inside;           /* where it was walked: the nodes of whole characters of the class, as bits */
    Exits *_Atomic exits[256];  /* by the byte that leaves */
    uint8_t sample[4];          /* a character of the class */
    int32_t sample_size;
    uint32_t bits[];            /* the tokens that are text of the class; a last character may be cut */
} CharacterClass;

struct Tables {
    uint8_t *states;           /* by node: AT_BOUNDARY, NO_UTF8, or what of a character is still to come */
    int32_t *by_octet;         /* nodes by their byte */
    int32_t octet_starts[257]; /* in by_octet */
    uint32_t *text, *ascii;    /* tokens that are UTF-8, a last character may be cut; that are ASCII */
    Containing containing[128];
    uint32_t *at_most[NUM_COUNTS + 1]; /* tokens of at most so many characters */
    int32_t *long_tokens;              /* nodes with tokens of more than NUM_COUNTS characters */
    int32_t num_long;
};

/* Of one walk: classes are terms of its algebra. */
struct Classes {
    Term all_characters;
    pthread_mutex_t mutex; /* for making classes and their exits */
    CharacterClass *_Atomic first;
    int num_classes;
};

CharacterClass *class_of(Place *, int32_t root, Term characters); /* NULL: none can be had; then the plain loop does it */
const Exits *exits_of(Place *, CharacterClass *, uint8_t byte);

#endif
