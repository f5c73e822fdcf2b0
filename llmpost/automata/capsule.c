/* The functions of the capsule: what walks ask of an algebra, without the interpreter's lock. */
#include "face.h"

static const Row *row_function(Account *account, Term term, Failure *failure) {
    TermCall call = {.term = term};
    return ask_unlocked(account, row_work, &call, failure) < 0 ? NULL : known_row(account->algebra, term);
}

static Term step_function(Account *account, Term term, uint8_t byte, Failure *failure) {
    TermCall call = {.term = term, .byte = byte};
    return ask_unlocked(account, step_work, &call, failure);
}

static int32_t distance_function(Account *account, Term term, Failure *failure) {
    TermCall call = {.term = term};
    return ask_unlocked(account, distance_work, &call, failure);
}

static int32_t enough_function(Account *account, Term term, Failure *failure) {
    TermCall call = {.term = term};
    return guarded(account, enough_work, &call, failure);
}

static Term concat_function(Account *account, Term first, Term rest, Failure *failure) {
    Parts parts = {(Term[]){first, rest}, 2};
    return guarded(account, concat_work, &parts, failure);
}

static Term alternate_function(Account *account, const Term *terms, int64_t num_terms, Failure *failure) {
    Parts parts = {(Term *)terms, (Py_ssize_t)num_terms};
    return guarded(account, alternate_work, &parts, failure);
}

static Term intersect_function(Account *account, const Term *terms, int64_t num_terms, Failure *failure) {
    Parts parts = {(Term *)terms, (Py_ssize_t)num_terms};
    return guarded(account, intersect_work, &parts, failure);
}

static Term complement_function(Account *account, Term term, Failure *failure) {
    TermCall call = {.term = term};
    return guarded(account, complement_work, &call, failure);
}

static Term repeat_function(Account *account, Term term, int32_t low, int32_t high, Failure *failure) {
    TermCall call = {.term = term, .low = low, .high = high};
    return guarded(account, repeat_work, &call, failure);
}

static Term all_characters_function(Account *account, Failure *failure) {
    RangesCall call = {(Range[]){{0, 0xD7FF}, {0xE000, 0x10FFFF}}, 2};
    return guarded(account, characters_work, &call, failure);
}

AlgebraFunctions functions = {
    row_function,        step_function,   concat_function,         alternate_function, intersect_function,
    complement_function, repeat_function, all_characters_function, distance_function,  enough_function,
    begin_call,          raise_failure,   NULL,
};
