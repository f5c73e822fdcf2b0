/* The pieces of a document: a table of its suffixes in order, of which a term is a slice, or one place in the document.
 *
 * Each document is kept once, without copies of its suffixes. What leads to no end is a separator in it: so whatever
 * can be read of a slice leads to an end, and a slice whose first suffix begins with a separator is at one. */
#include "substrings.h"

#include <stdlib.h>
#include <string.h>

static int is_end(const Document *document, int32_t place) { return document->marks[place] & ENDS; }

static int begins_character(uint8_t byte) { return (byte & 0xC0) != 0x80; }

void settle_document(Document *document, int32_t least) {
    int reaches_end = 0;
    int32_t num_left = 0; /* characters up to the last end */
    uint64_t hash = (uint64_t)document->size;
    for (int32_t i = document->size - 1; i >= 0; i--) {
        if (!reaches_end) document->text[i] = SEPARATOR;
        reaches_end = is_end(document, i) || document->text[i] != SEPARATOR;
        num_left = document->text[i] == SEPARATOR ? 0 : num_left + begins_character(document->text[i]);
        if (!reaches_end || num_left < least) document->marks[i] &= ENDS;
        hash = (hash ^ (uint32_t)(document->text[i] << 8 | document->marks[i])) * 0x100000001B3u;
    }
    document->hash = (uint32_t)(hash ^ hash >> 32);
}

int sort_document(Document *document) {
    document->starts = malloc((size_t)document->size * sizeof(int32_t));
    if (!document->starts || sort_suffixes(document->text, document->size, document->starts)) return -1;
    for (int32_t i = 0; i < document->size; i++) {
        int32_t place = document->starts[i];
        if (document->marks[place] & STARTS) document->starts[document->num_starts++] = place;
    }
    return 0;
}

/* Terms. */

/* `left`: characters that have to be read before an end. */
static Term make_place(Algebra *algebra, int32_t document, int32_t left, int32_t place) {
    if (algebra->documents[document]->text[place] == SEPARATOR) return EPSILON;
    int32_t members[3] = {document, left, place};
    return intern_term(algebra, IS_SUBSTRINGS, members, 3);
}

/* The suffixes from `low` to `high` are alike in their first `depth` bytes. */
static Term make_slice(Algebra *algebra, int32_t document, int32_t left, int32_t low, int32_t high, int32_t depth) {
    const Document *here = algebra->documents[document];
    if (low == high) return EMPTY;
    if (high == low + 1 || here->text[here->starts[low] + depth] == SEPARATOR)
        return make_place(algebra, document, left, here->starts[low] + depth);
    int32_t members[5] = {document, left, low, high, depth};
    return intern_term(algebra, IS_SUBSTRINGS, members, 5);
}

int can_substrings_end(const Algebra *algebra, const int32_t *members, int32_t size) {
    const Document *here = algebra->documents[members[0]];
    if (members[1]) return 0;
    if (size == 3) return is_end(here, members[2]);
    for (int32_t i = members[2]; i < members[3]; i++)
        if (is_end(here, here->starts[i] + members[4])) return 1;
    return 0;
}

static int32_t left_after(int32_t left, uint8_t byte) { return left - (left > 0 && begins_character(byte)); }

/* Those with one byte next are neighbours, as in a choice; separators come last. */
void substrings_targets(Algebra *algebra, const Node *node, Term targets[256]) {
    int32_t document = node->members[0], left = node->members[1];
    const Document *here = algebra->documents[document];
    if (node->size == 3) {
        int32_t place = node->members[2];
        targets[here->text[place]] = make_place(algebra, document, left_after(left, here->text[place]), place + 1);
        return;
    }
    int32_t first = node->members[2], end = node->members[3], depth = node->members[4];
    const uint8_t *text = here->text + depth;
    while (first < end && text[here->starts[first]] != SEPARATOR) {
        uint8_t byte = text[here->starts[first]];
        int32_t last = first, stride = 1; /* `last` has the byte */
        while (last + stride < end && text[here->starts[last + stride]] == byte) {
            last += stride;
            stride *= 2;
        }
        for (; stride; stride /= 2)
            if (last + stride < end && text[here->starts[last + stride]] == byte) last += stride;
        targets[byte] = make_slice(algebra, document, left_after(left, byte), first, last + 1, depth + 1);
        first = last + 1;
    }
}

/* Documents, each kept once. There are few. */

static int64_t bytes_of(const Document *document) { return 2 * (int64_t)document->size; }

static int32_t place_of(const Algebra *algebra, const Document *wanted) {
    for (int32_t i = 0; i < algebra->num_documents; i++) {
        const Document *known = algebra->documents[i];
        if (known->hash == wanted->hash && known->size == wanted->size &&
            memcmp(known->text, wanted->text, (size_t)wanted->size) == 0 &&
            memcmp(known->marks, wanted->marks, (size_t)wanted->size) == 0)
            return i;
    }
    return UNKNOWN;
}

static Term whole(Algebra *algebra, int32_t document, int32_t least) {
    return make_slice(algebra, document, least, 0, algebra->documents[document]->num_starts, 0);
}

Term known_document_work(Algebra *algebra, void *arguments) {
    const DocumentCall *call = arguments;
    const Document *wanted = &call->document;
    int32_t place = place_of(algebra, wanted);
    if (place != UNKNOWN) return whole(algebra, place, call->least);
    const Account *account = algebra->account; /* before it is sorted: there has to be room for it */
    int64_t needed = bytes_of(wanted) + wanted->size * (int64_t)sizeof(int32_t);
    int64_t left = account->max_bytes ? account->max_bytes - account->bytes : algebra->max_bytes - algebra->bytes;
    if (needed > left) fail(algebra, TOO_MANY_BYTES);
    return UNKNOWN_DOCUMENT;
}

static void *copied(Algebra *algebra, const void *data, size_t size) {
    void *copy = take(algebra, size);
    if (size) memcpy(copy, data, size);
    return copy;
}

Term add_document_work(Algebra *algebra, void *arguments) {
    const DocumentCall *call = arguments;
    const Document *wanted = &call->document;
    int32_t place = place_of(algebra, wanted); /* another thread may have been faster */
    if (place != UNKNOWN) return whole(algebra, place, call->least);
    if (algebra->num_documents == algebra->documents_size)
        algebra->documents = grown(algebra, (void *)algebra->documents, &algebra->documents_size, sizeof(Document *),
                                   algebra->num_documents + 1);
    Document *document = take(algebra, sizeof(Document));
    *document = *wanted;
    document->text = copied(algebra, wanted->text, (size_t)wanted->size);
    document->marks = copied(algebra, wanted->marks, (size_t)wanted->size);
    document->starts = copied(algebra, wanted->starts, (size_t)wanted->num_starts * sizeof(int32_t));
    algebra->documents[algebra->num_documents] = document;
    return whole(algebra, (int32_t)algebra->num_documents++, call->least);
}
