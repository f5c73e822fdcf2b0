/* Memory, budgets and the way out: what an algebra takes is counted, and is given back when it is closed.
 *
 * Every call from outside runs inside `guarded`, which holds the mutex and catches failures. */
#include "terms.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 1 << 16, FIRST_BLOCK = 1 << 12, MAX_DEPTH = 1000 }; /* a level takes under 500 bytes of stack */

struct Block {
    Block *before;
    size_t used, size;
    char data[];
};

static void count_bytes(Algebra *algebra, int64_t size) {
    if (size > algebra->max_bytes - algebra->bytes)
        fail(algebra, algebra->account->max_bytes ? TOO_FULL : TOO_MANY_BYTES);
    __atomic_store_n(&algebra->bytes, algebra->bytes + size, __ATOMIC_RELAXED); /* read without the mutex */
}

void *take_for_all(Algebra *algebra, size_t size) {
    size = (size + 7) & ~(size_t)7;
    Block *block = algebra->blocks;
    if (!block || block->size - block->used < size) {
        size_t usual = block ? BLOCK_SIZE : FIRST_BLOCK, room = size > usual / 4 ? size : usual;
        count_bytes(algebra, (int64_t)(sizeof(Block) + room));
        Block *fresh = malloc(sizeof(Block) + room);
        if (!fresh) fail(algebra, TOO_MANY_BYTES);
        *fresh = (Block){block, 0, room};
        if (block && room == size) { /* a large piece has a block of its own, behind the one in use */
            fresh->before = block->before;
            block->before = fresh;
        } else {
            algebra->blocks = fresh;
        }
        block = fresh;
    }
    void *piece = block->data + block->used;
    block->used += size;
    return piece;
}

void *take(Algebra *algebra, size_t size) {
    charge(algebra, (int64_t)size);
    return take_for_all(algebra, size);
}

void *grown(Algebra *algebra, void *old, int64_t *size, size_t item, int64_t needed) {
    int64_t larger = *size ? *size : 16;
    while (larger < needed) larger *= 2;
    count_bytes(algebra, (larger - *size) * (int64_t)item);
    void *fresh = realloc(old, (size_t)larger * item);
    if (!fresh) fail(algebra, TOO_MANY_BYTES);
    *size = larger;
    return fresh;
}

_Noreturn void fail(Algebra *algebra, Failure failure) {
    algebra->failure = failure;
    longjmp(algebra->escape, 1);
}

void descend(Algebra *algebra) {
    if (++algebra->depth > MAX_DEPTH) fail(algebra, TOO_DEEP);
}

Term guarded_inside(Account *account, Work work, void *arguments, Failure *failure) {
    Algebra *algebra = account->algebra;
    algebra->account = account;
    algebra->top = algebra->steps = algebra->depth = algebra->num_ways = 0;
    if (_setjmp(algebra->escape)) {
        *failure = algebra->failure;
        return FAILED;
    }
    if (--algebra->until_look < 0) look_at_clock(algebra);
    return work(algebra, arguments);
}

Term guarded(Account *account, Work work, void *arguments, Failure *failure) {
    wait_for(account);
    Term result = guarded_inside(account, work, arguments, failure);
    pthread_mutex_unlock(&account->algebra->mutex);
    return result;
}

static Term open_work(Algebra *algebra, void *arguments) {
    (void)arguments;
    push(algebra, EMPTY); /* so that the stack is there, also for no parts at all */
    return make_constants(algebra);
}

Failure algebra_open(Algebra *algebra, int64_t max_terms, int64_t max_steps, int64_t max_bytes) {
    memset(algebra, 0, sizeof *algebra);
    int64_t most = max_bytes / (int64_t)sizeof(Node) + 1;
    algebra->max_terms = max_terms < 1 << 28 ? max_terms : 1 << 28;
    algebra->max_steps = max_steps;
    algebra->max_bytes = max_bytes;
    algebra->own = account_open(algebra, 0, 0);
    pthread_mutex_init(&algebra->mutex, NULL);
    if (most > algebra->max_terms) most = algebra->max_terms;
    /* The one array that may not move, because it is read without a lock. */
    if (most > 0) algebra->chunks = calloc((size_t)(most >> CHUNK_BITS) + 1, sizeof(Node *));
    Failure failure = TOO_MANY_BYTES;
    if (algebra->chunks && guarded(&algebra->own, open_work, NULL, &failure) >= 0) return NOTHING;
    return failure;
}

void algebra_close(Algebra *algebra) {
    for (Block *block = algebra->blocks, *before; block; block = before) {
        before = block->before;
        free(block);
    }
    free(algebra->chunks);
    free(algebra->slots);
    free((void *)algebra->partitions);
    free(algebra->refined);
    free((void *)algebra->texts);
    free(algebra->text_slots);
    free((void *)algebra->documents);
    free(algebra->rules);
    free(algebra->ruled);
    free(algebra->stack);
    free(algebra->counters);
    free(algebra->seen);
    free(algebra->open);
    free(algebra->deferreds);
    for (int64_t i = 0; i < algebra->ways_size; i++) {
        free(algebra->ways[i].seen);
        free(algebra->ways[i].open);
        free(algebra->ways[i].slots);
    }
    free(algebra->ways);
    pthread_mutex_destroy(&algebra->mutex);
}
