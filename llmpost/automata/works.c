/* Works: what may be asked of an algebra, each for one call of `guarded`, which holds the mutex and catches failures. */
#include "face.h"

Term characters_work(Algebra *algebra, void *arguments) {
    RangesCall *call = arguments;
    return make_characters(algebra, call->ranges, call->num_ranges);
}

Term octets_work(Algebra *algebra, void *arguments) {
    RangesCall *call = arguments;
    return make_octets(algebra, call->ranges, call->num_ranges);
}

Term choice_work(Algebra *algebra, void *arguments) {
    TextsCall *call = arguments;
    return call->num_texts ? make_texts(algebra, call->texts, call->num_texts, call->num_bytes) : EMPTY;
}

Term concat_work(Algebra *algebra, void *arguments) {
    Parts *parts = arguments;
    Term result = EPSILON;
    for (Py_ssize_t i = parts->num_terms; i-- > 0;) result = make_concat(algebra, parts->terms[i], result);
    return result;
}

static void push_parts(Algebra *algebra, const Parts *parts) {
    for (Py_ssize_t i = 0; i < parts->num_terms; i++) push(algebra, parts->terms[i]);
}

Term alternate_work(Algebra *algebra, void *arguments) {
    push_parts(algebra, arguments);
    return make_alternate(algebra, 0);
}

Term intersect_work(Algebra *algebra, void *arguments) {
    push_parts(algebra, arguments);
    return make_intersect(algebra, 0);
}

Term complement_work(Algebra *algebra, void *arguments) {
    return make_complement(algebra, ((TermCall *)arguments)->term);
}

Term repeat_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    return make_repeat(algebra, call->term, call->low, call->high);
}

Term rule_work(Algebra *algebra, void *arguments) {
    (void)arguments;
    return make_rule(algebra);
}

Term define_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    define_rule(algebra, call->term, call->body);
    return EMPTY;
}

Term watched_work(Algebra *algebra, void *arguments) {
    return make_watched(algebra, ((TermCall *)arguments)->term);
}

Term derive_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    return derive(algebra, call->term, call->byte);
}

Term step_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    return step(algebra, call->term, call->byte);
}

Term row_work(Algebra *algebra, void *arguments) {
    make_row(algebra, ((TermCall *)arguments)->term);
    return EMPTY;
}

Term live_work(Algebra *algebra, void *arguments) { return is_live(algebra, ((TermCall *)arguments)->term); }

Term enough_work(Algebra *algebra, void *arguments) { return enough_of(algebra, ((TermCall *)arguments)->term); }

Term lead_work(Algebra *algebra, void *arguments) {
    TermCall *call = arguments;
    int byte = leading_byte(algebra, call->term);
    if (byte < 0) return EMPTY;
    call->byte = (uint8_t)byte;
    return step(algebra, call->term, call->byte);
}

Term distance_work(Algebra *algebra, void *arguments) { return distance(algebra, ((TermCall *)arguments)->term); }
