/* Accounts: what one text, or the compiling of one constraint, may add to an algebra that many share.
 *
 * Bytes are charged piece by piece, without the tables and blocks that all have in common. The clock is looked at by
 * those alone who work a lot, so that nobody pays with a failure for a machine that is busy with others. */
#define _POSIX_C_SOURCE 200809L
#include "terms.h"

#include <stdio.h>
#include <time.h>

enum { BETWEEN_LOOKS = 4096 };          /* steps, parts and calls: a millisecond or less, as a rule */
enum { KEPT_FOR_SMALL = 4, SMALL = 64 }; /* a quarter of an algebra is for accounts of less than a 64th */

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t deadline_of(const Account *account) { return __atomic_load_n(&account->deadline, __ATOMIC_RELAXED); }

static void set_deadline(Account *account, int64_t deadline) {
    __atomic_store_n(&account->deadline, deadline, __ATOMIC_RELAXED);
}

Account account_open(Algebra *algebra, int64_t max_bytes, int64_t nanoseconds) {
    return (Account){algebra, max_bytes, 0, nanoseconds, 0, 0};
}

void keep_clock(Account *account, int is_kept) {
    set_deadline(account, is_kept && account->nanoseconds ? now() + account->nanoseconds : 0);
    __atomic_store_n(&account->is_clock_kept, is_kept, __ATOMIC_RELAXED);
}

void begin_call(Account *account) {
    if (!__atomic_load_n(&account->is_clock_kept, __ATOMIC_RELAXED) && deadline_of(account)) set_deadline(account, 0);
}

void wait_for(Account *account) {
    if (!pthread_mutex_trylock(&account->algebra->mutex)) return;
    int64_t deadline = deadline_of(account), begun = deadline ? now() : 0;
    pthread_mutex_lock(&account->algebra->mutex);
    if (deadline) set_deadline(account, deadline + now() - begun);
}

void charge(Algebra *algebra, int64_t size) {
    Account *account = algebra->account;
    if (!account->max_bytes) return;
    if (size > account->max_bytes - account->bytes) fail(algebra, TOO_MANY_BYTES);
    account->bytes += size;
    int64_t left = algebra->max_bytes - algebra->bytes - algebra->max_bytes / KEPT_FOR_SMALL;
    if (account->bytes > left && account->bytes > algebra->max_bytes / SMALL) fail(algebra, TOO_FULL);
}

void look_at_clock(Algebra *algebra) {
    Account *account = algebra->account;
    algebra->until_look = BETWEEN_LOOKS;
    if (!account->nanoseconds) return;
    int64_t time = now(), deadline = deadline_of(account);
    if (!deadline) set_deadline(account, time + account->nanoseconds);
    else if (time > deadline) fail(algebra, TOO_SLOW);
}

/* What more than which was needed, after "more than". */
static void describe_bytes(int64_t bytes, const char *of_what, char message[MESSAGE]) {
    int is_many = bytes >= 1 << 20;
    long long amount = is_many ? bytes >> 20 : bytes;
    snprintf(message, MESSAGE, "%lld %s %s", amount, is_many ? "MB" : "bytes", of_what);
}

void describe(const Account *account, Failure failure, char message[MESSAGE]) {
    const Algebra *algebra = account->algebra;
    switch (failure) {
    case TOO_MANY_TERMS: snprintf(message, MESSAGE, "%lld terms", (long long)algebra->max_terms); break;
    case TOO_MANY_STEPS: snprintf(message, MESSAGE, "%lld derivatives in a row", (long long)algebra->max_steps); break;
    case TOO_MANY_BYTES:
        describe_bytes(account->max_bytes ? account->max_bytes : algebra->max_bytes, "of automaton", message);
        break;
    case TOO_FULL: describe_bytes(account->bytes, "of automaton (all that other texts leave)", message); break;
    case TOO_SLOW:
        snprintf(message, MESSAGE, "%g s of building its automaton", (double)account->nanoseconds / 1e9);
        break;
    case TOO_DEEP: snprintf(message, MESSAGE, "1000 levels of nested terms"); break;
    case LEFT_RECURSION: snprintf(message, MESSAGE, "a language that reads itself before it reads a byte"); break;
    case DEFINED_TWICE: snprintf(message, MESSAGE, "a rule is defined once"); break;
    case BROKEN_PROMISE:
        snprintf(message, MESSAGE, "a deferred language that is empty, or has the empty text");
        break;
    default: snprintf(message, MESSAGE, "there is memory");
    }
}
