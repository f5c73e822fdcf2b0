/* What the files of the compiled scan see of each other: the twin of finding/scan.py, which says what it means. */
#ifndef LLMPOST_SCAN_H
#define LLMPOST_SCAN_H

#include <stdint.h>

enum { UNKNOWN_STEP = -1, DEAD_ROW = 0, TEXT_END = 0, NUM_ASCII = 128, REMOVED = -1, NOTHING_TO_CHECK = -1 };

/* Borrowed from the arrays of a `Shelf`; nothing here is written. */
typedef struct {
    const int32_t *steps, *ends_at, *ends, *tags_at, *tags, *starts;
    const uint8_t *permits;
    const int32_t *tag_of;
    const uint8_t *checks;
    int32_t num_classes;
    const int32_t *ascii, *edges, *behind;
    int64_t num_rows, num_languages, num_edges;
} Shelf;

typedef struct { int64_t start; int32_t row; } Thread;

typedef struct {
    int64_t start, end; /* start REMOVED: it lies in another one */
    int32_t tag, is_undecided, to_check;
    int64_t before; /* the place of the last one of its tag before it, or -1 */
} Candidate;

typedef struct {
    int kind; /* of `data`, as Python has it: bytes a character */
    const void *data;
    int64_t length;
} Characters;

typedef struct {
    Shelf shelf;
    Characters text;
    int64_t reach;

    int64_t position, index;
    int32_t near, far;
    int64_t missing; /* the step that is unknown, or UNKNOWN_STEP */

    Thread *threads; /* room for one more than there are */
    int32_t *rows;   /* where each of them gets to */
    int64_t num_threads, threads_size;
    Candidate *candidates;
    int64_t num_candidates, candidates_size;
    int64_t *last_of; /* of each tag its last candidate */
    uint32_t *marks;  /* of each row the character behind which a thread is in it; made when there are many threads */
    uint32_t mark;
} Scan;

/* -1 where there is no memory; what was made so far is freed by `scan_close` in any case. */
int scan_open(Scan *, int32_t num_tags);
int scan_add_thread(Scan *, Thread);
int scan_keep(Scan *, Candidate); /* one that was found before */
int scan_run(Scan *, int64_t end);
void scan_close(Scan *);

#endif
