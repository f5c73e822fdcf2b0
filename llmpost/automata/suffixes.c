/* The suffixes of a text, in order, in time linear in its length whatever repeats in it: induced sorting.
 *
 * A suffix that comes before the next one is small. The small ones behind large ones, the leftmost, are sorted first: as
 * a text of the names of what lies between them. Two passes bring all others into order from there. */
#include "suffixes.h"

#include <stdlib.h>
#include <string.h>

enum { NONE = -1 };

typedef struct {
    const int32_t *text;
    int32_t size, num_symbols;
    uint8_t *is_small;
    int32_t *first, *next; /* of each symbol: where its suffixes begin, and where the next one goes */
    int32_t *order;
} Sorting;

static int is_leftmost(const Sorting *sorting, int32_t place) {
    return place > 0 && sorting->is_small[place] && !sorting->is_small[place - 1];
}

static void look_at_text(Sorting *sorting) {
    const int32_t *text = sorting->text;
    for (int32_t i = 0; i < sorting->size; i++) sorting->first[text[i] + 1]++;
    for (int32_t symbol = 0; symbol < sorting->num_symbols; symbol++) sorting->first[symbol + 1] += sorting->first[symbol];
    for (int32_t i = sorting->size - 2; i >= 0; i--) /* the last one is large: behind it is nothing, which comes first */
        sorting->is_small[i] = text[i] < text[i + 1] || (text[i] == text[i + 1] && sorting->is_small[i + 1]);
}

static void go_to(Sorting *sorting, int are_ends) {
    memcpy(sorting->next, sorting->first + are_ends, (size_t)sorting->num_symbols * sizeof(int32_t));
}

/* All suffixes in order, where the leftmost are; else in order of what they have up to the next leftmost. */
static void induce(Sorting *sorting, const int32_t *leftmost, int32_t num_leftmost) {
    const int32_t *text = sorting->text;
    int32_t *order = sorting->order, *next = sorting->next, last = sorting->size - 1;
    memset(order, 0xFF, (size_t)sorting->size * sizeof(int32_t));
    go_to(sorting, 1);
    for (int32_t i = num_leftmost; i-- > 0;) order[--next[text[leftmost[i]]]] = leftmost[i];
    go_to(sorting, 0);
    order[next[text[last]]++] = last;
    for (int32_t i = 0; i <= last; i++) {
        int32_t before = order[i] - 1;
        if (before >= 0 && !sorting->is_small[before]) order[next[text[before]]++] = before;
    }
    go_to(sorting, 1);
    for (int32_t i = last; i >= 0; i--) {
        int32_t before = order[i] - 1;
        if (before >= 0 && sorting->is_small[before]) order[--next[text[before]]] = before;
    }
}

/* Up to the leftmost behind it, which belongs to both; what goes to the end of the text is like nothing else. */
static int same_between(const Sorting *sorting, int32_t left, int32_t right) {
    for (int32_t i = 0; left + i < sorting->size && right + i < sorting->size; i++) {
        if (sorting->text[left + i] != sorting->text[right + i]) return 0;
        if (i && (is_leftmost(sorting, left + i) || is_leftmost(sorting, right + i)))
            return is_leftmost(sorting, left + i) && is_leftmost(sorting, right + i);
    }
    return 0;
}

/* Names in the order of what they name, by place; two leftmost are never neighbours. Returns how many there are. */
static int32_t name_leftmost(const Sorting *sorting, int32_t *names) {
    int32_t num_names = 0, before = NONE;
    for (int32_t i = 0; i < sorting->size; i++) {
        int32_t place = sorting->order[i];
        if (!is_leftmost(sorting, place)) continue;
        num_names += before == NONE || !same_between(sorting, before, place);
        names[place / 2] = num_names - 1;
        before = place;
    }
    return num_names;
}

/* `leftmost`, in the order of the text, is brought into its own: by the names, which may have to be sorted themselves. */
static int sort_leftmost(const Sorting *sorting, int32_t *leftmost, int32_t num_leftmost) {
    size_t many = (size_t)num_leftmost + 1;
    int32_t *names = calloc((size_t)sorting->size / 2 + 1, sizeof(int32_t));
    int32_t *shorter = malloc(many * sizeof(int32_t)), *order = malloc(many * sizeof(int32_t));
    int failed = !names || !shorter || !order;
    if (!failed) {
        int32_t num_names = name_leftmost(sorting, names);
        for (int32_t i = 0; i < num_leftmost; i++) shorter[i] = names[leftmost[i] / 2];
        if (num_names == num_leftmost)
            for (int32_t i = 0; i < num_leftmost; i++) order[shorter[i]] = i;
        else failed = sort_numbers(shorter, num_leftmost, num_names, order);
        for (int32_t i = 0; i < num_leftmost && !failed; i++) shorter[i] = leftmost[order[i]];
        if (!failed) memcpy(leftmost, shorter, (size_t)num_leftmost * sizeof(int32_t));
    }
    free(names);
    free(shorter);
    free(order);
    return failed ? -1 : 0;
}

static int sort(Sorting *sorting) {
    int32_t num_leftmost = 0, *leftmost = malloc(((size_t)sorting->size / 2 + 1) * sizeof(int32_t));
    if (!leftmost) return -1;
    look_at_text(sorting);
    for (int32_t i = 1; i < sorting->size; i++)
        if (is_leftmost(sorting, i)) leftmost[num_leftmost++] = i;
    induce(sorting, leftmost, num_leftmost);
    int failed = sort_leftmost(sorting, leftmost, num_leftmost);
    if (!failed) induce(sorting, leftmost, num_leftmost);
    free(leftmost);
    return failed;
}

int sort_numbers(const int32_t *text, int32_t size, int32_t num_symbols, int32_t *order) {
    if (!size) return 0;
    Sorting sorting = {text, size, num_symbols, calloc((size_t)size, 1),
                       calloc((size_t)num_symbols + 1, sizeof(int32_t)),
                       malloc((size_t)num_symbols * sizeof(int32_t)), order};
    int failed = !sorting.is_small || !sorting.first || !sorting.next || sort(&sorting);
    free(sorting.is_small);
    free(sorting.first);
    free(sorting.next);
    return failed ? -1 : 0;
}

int sort_suffixes(const uint8_t *text, int32_t size, int32_t *order) {
    int32_t *numbers = malloc(((size_t)size + 1) * sizeof(int32_t));
    if (!numbers) return -1;
    for (int32_t i = 0; i < size; i++) numbers[i] = text[i];
    int failed = sort_numbers(numbers, size, 256, order);
    free(numbers);
    return failed;
}
