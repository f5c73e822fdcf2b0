/* The open ways of a search, nearest first, and of equals the one found last: a heap. */
#include "terms.h"

static int comes_before(const Open *left, const Open *right) {
    return left->far != right->far ? left->far < right->far : left->seen > right->seen;
}

void rise(Open *open, int64_t place) {
    Open moving = open[place];
    for (int64_t above; place && comes_before(&moving, &open[above = (place - 1) / 2]); place = above)
        open[place] = open[above];
    open[place] = moving;
}

void sink(Open *open, int64_t size) {
    Open moving = open[0];
    int64_t place = 0;
    for (int64_t below; (below = 2 * place + 1) < size; place = below) {
        if (below + 1 < size && comes_before(&open[below + 1], &open[below])) below++;
        if (!comes_before(&open[below], &moving)) break;
        open[place] = open[below];
    }
    open[place] = moving;
}
