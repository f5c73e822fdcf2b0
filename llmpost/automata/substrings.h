/* Documents and their pieces, as the files of the algebra and of its Python face see them. */
#ifndef LLMPOST_SUBSTRINGS_H
#define LLMPOST_SUBSTRINGS_H

#include "suffixes.h"
#include "terms.h"

enum { STARTS = 1, ENDS = 2, SEPARATOR = 0xFF }; /* as algebra.py has them */

struct Document {
    uint32_t hash;
    int32_t size;  /* with a separator behind the last byte */
    uint8_t *text; /* less what leads to no end */
    uint8_t *marks;
    int32_t num_starts;
    int32_t *starts; /* where pieces begin, in the order of the suffixes there */
};

typedef struct { Document document; int32_t least; } DocumentCall; /* `least` characters a piece */

/* Without an algebra, before it is kept: a document of text and marks is settled, and sorted. -1: there is no memory. */
void settle_document(Document *, int32_t least);
int sort_document(Document *);

enum { UNKNOWN_DOCUMENT = INT32_MAX };
Term known_document_work(Algebra *, void *document_call); /* its term, or UNKNOWN_DOCUMENT, and there is room for it */
Term add_document_work(Algebra *, void *document_call);

int can_substrings_end(const Algebra *, const int32_t *members, int32_t size);
void substrings_targets(Algebra *, const Node *, Term targets[256]);

#endif
