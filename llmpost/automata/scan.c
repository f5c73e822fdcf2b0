/* The compiled scan: the twin of finding/scan.py, step by step. It touches no Python object. */
#include "scan.h"

#include <stdlib.h>
#include <string.h>

enum { BYTE_STEPS = 256, FEW = 8 /* threads: so many are compared with each other */ };

static int make_room(void **array, int64_t *size, int64_t needed, size_t item) {
    if (needed <= *size) return 0;
    int64_t larger = *size ? *size : 16;
    while (larger < needed) larger *= 2;
    void *fresh = realloc(*array, (size_t)larger * item);
    if (!fresh) return -1;
    *array = fresh;
    *size = larger;
    return 0;
}

int scan_open(Scan *scan, int32_t num_tags) {
    scan->last_of = malloc(((size_t)num_tags + 1) * sizeof(int64_t));
    if (!scan->last_of) return -1;
    for (int32_t tag = 0; tag < num_tags; tag++) scan->last_of[tag] = -1;
    return 0;
}

void scan_close(Scan *scan) {
    free(scan->threads);
    free(scan->rows);
    free(scan->candidates);
    free(scan->last_of);
    free(scan->marks);
}

int scan_add_thread(Scan *scan, Thread thread) {
    int64_t before = scan->threads_size;
    if (make_room((void **)&scan->threads, &scan->threads_size, scan->num_threads + 2, sizeof(Thread))) return -1;
    if (scan->threads_size != before) {
        int32_t *rows = realloc(scan->rows, (size_t)scan->threads_size * sizeof(int32_t));
        if (!rows) return -1;
        scan->rows = rows;
    }
    scan->threads[scan->num_threads++] = thread;
    return 0;
}

/* Candidates: of one tag they ascend by their starts and by their ends, but for those that have something to pass. */

int scan_keep(Scan *scan, Candidate candidate) {
    int64_t *size = &scan->candidates_size, place = scan->num_candidates;
    if (make_room((void **)&scan->candidates, size, place + 1, sizeof(Candidate))) return -1;
    if (candidate.to_check == NOTHING_TO_CHECK) {
        candidate.before = scan->last_of[candidate.tag];
        scan->last_of[candidate.tag] = place;
    }
    scan->candidates[scan->num_candidates++] = candidate;
    return 0;
}

/* None that was added ends behind it, unless it lies in that one. */
static int add_candidate(Scan *scan, Candidate fresh) {
    int64_t *last = &scan->last_of[fresh.tag];
    if (fresh.to_check != NOTHING_TO_CHECK) return scan_keep(scan, fresh);
    while (*last >= 0) {
        Candidate *other = &scan->candidates[*last];
        if (other->start < fresh.start || other->end > fresh.end) break;
        other->start = REMOVED;
        *last = other->before;
    }
    if (*last >= 0 && scan->candidates[*last].end >= fresh.end) return 0;
    return scan_keep(scan, fresh);
}

/* Characters. */

static inline uint32_t character_at(const Characters *text, int64_t index) {
    if (text->kind == 1) return ((const uint8_t *)text->data)[index];
    if (text->kind == 2) return ((const uint16_t *)text->data)[index];
    return ((const uint32_t *)text->data)[index];
}

static int32_t class_of(const Shelf *shelf, uint32_t code) {
    if (code < NUM_ASCII) return shelf->ascii[code];
    int64_t low = 0, high = shelf->num_edges; /* the last edge that is not above it lies in [low, high) */
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if ((uint32_t)shelf->edges[middle] <= code) low = middle;
        else high = middle;
    }
    return shelf->behind[low];
}

static int32_t class_at(const Scan *scan, int64_t index) {
    return index < scan->text.length ? class_of(&scan->shelf, character_at(&scan->text, index)) : TEXT_END;
}

/* Surrogates as if they were characters. */
static int spell(uint32_t code, uint8_t octets[4]) {
    if (code < 0x80) {
        octets[0] = (uint8_t)code;
        return 1;
    }
    int size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (int place = size - 1; place; place--, code >>= 6) octets[place] = (uint8_t)(0x80 | (code & 0x3F));
    octets[0] = (uint8_t)(leads[size] | code);
    return size;
}

/* Threads behind one character. */

static int has_tag(const Shelf *shelf, int32_t row, int32_t tag) {
    for (int32_t i = shelf->tags_at[row]; i < shelf->tags_at[row + 1]; i++)
        if (shelf->tags[i] == tag) return 1;
    return 0;
}

static int end_undecided(Scan *scan, Thread thread, int32_t row) {
    const Shelf *shelf = &scan->shelf;
    for (int32_t i = shelf->tags_at[thread.row]; i < shelf->tags_at[thread.row + 1]; i++) {
        Candidate undecided = {thread.start, scan->position - 1, shelf->tags[i], 1, NOTHING_TO_CHECK, -1};
        if (!has_tag(shelf, row, undecided.tag) && add_candidate(scan, undecided)) return -1;
    }
    return 0;
}

static int accept(Scan *scan, Thread thread) {
    const Shelf *shelf = &scan->shelf;
    int32_t end = shelf->ends_at[thread.row + 1], classes = shelf->num_classes;
    int32_t bounding = class_at(scan, scan->index + 1) * classes + class_at(scan, scan->index + 2);
    for (int32_t i = shelf->ends_at[thread.row]; i < end; i++) {
        int32_t language = shelf->ends[i];
        int32_t to_check = shelf->checks[language] ? language : NOTHING_TO_CHECK;
        Candidate whole = {thread.start, scan->position, shelf->tag_of[language], 0, to_check, -1};
        if (shelf->permits[(int64_t)language * classes * classes + bounding] && add_candidate(scan, whole)) return -1;
    }
    return 0;
}

static int is_taken(Scan *scan, int32_t row, int64_t num_live) {
    if (scan->marks) {
        int is_marked = scan->marks[row] == scan->mark;
        scan->marks[row] = scan->mark;
        return is_marked;
    }
    for (int64_t i = 0; i < num_live; i++)
        if (scan->threads[i].row == row) return 1;
    return 0;
}

static int begin_marks(Scan *scan) {
    if (!scan->marks && scan->num_threads > FEW) {
        scan->marks = calloc((size_t)scan->shelf.num_rows, sizeof(uint32_t));
        if (!scan->marks) return -1;
    }
    scan->mark++;
    return 0;
}

/* All have their rows. The oldest comes first: what it becomes has what the others become inside. */
static int advance_threads(Scan *scan) {
    const Shelf *shelf = &scan->shelf;
    int64_t num_live = 0;
    if (begin_marks(scan)) return -1;
    for (int64_t i = 0; i < scan->num_threads; i++) {
        Thread thread = scan->threads[i];
        int32_t row = scan->rows[i];
        if (row != thread.row && scan->position - 1 - thread.start > scan->reach && end_undecided(scan, thread, row))
            return -1;
        if (row == DEAD_ROW || is_taken(scan, row, num_live)) continue;
        scan->threads[num_live].start = thread.start;
        scan->threads[num_live++].row = thread.row = row;
        int is_whole = shelf->ends_at[row] < shelf->ends_at[row + 1];
        if (is_whole && scan->position - thread.start <= scan->reach && accept(scan, thread)) return -1;
    }
    scan->num_threads = num_live;
    return 0;
}

/* 1 where all steps are known; else the first that is not is `missing`. */
static inline int step_by_octet(Scan *scan, uint8_t octet) {
    for (int64_t i = 0; i < scan->num_threads; i++) {
        int64_t place = (int64_t)scan->rows[i] * BYTE_STEPS + octet;
        scan->rows[i] = scan->shelf.steps[place];
        if (scan->rows[i] != UNKNOWN_STEP) continue;
        scan->missing = place;
        return 0;
    }
    return 1;
}

static int step_threads(Scan *scan, uint32_t code) {
    uint8_t octets[4];
    for (int64_t i = 0; i < scan->num_threads; i++) scan->rows[i] = scan->threads[i].row;
    if (code < NUM_ASCII) return step_by_octet(scan, (uint8_t)code);
    int size = spell(code, octets);
    for (int one = 0; one < size; one++)
        if (!step_by_octet(scan, octets[one])) return 0;
    return 1;
}

int scan_run(Scan *scan, int64_t end) {
    const Shelf *shelf = &scan->shelf;
    for (; scan->index < end; scan->index++) {
        uint32_t code = character_at(&scan->text, scan->index);
        int32_t begun = shelf->starts[scan->near * shelf->num_classes + scan->far];
        if (code < NUM_ASCII && shelf->steps[(int64_t)begun * BYTE_STEPS + code] == DEAD_ROW) begun = DEAD_ROW; /* as a rule */
        if (begun != DEAD_ROW && scan_add_thread(scan, (Thread){scan->position, begun})) return -1;
        if (scan->num_threads) {
            if (!step_threads(scan, code)) {
                scan->num_threads -= begun != DEAD_ROW;
                return 0;
            }
            scan->position++;
            if (advance_threads(scan)) return -1;
        } else {
            scan->position++;
        }
        scan->far = scan->near;
        scan->near = class_of(shelf, code);
    }
    return 0;
}
