"""The compiled algebra means what the reference means: the same languages, and the same refusals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_terms import Recipe, define_all, grammars, make, recipes, texts

from llmpost.automata.algebra import ANYTHING, EMPTY, EPSILON, BudgetExceeded
from llmpost.automata.reference import ReferenceAlgebra

native = pytest.importorskip("llmpost.automata._native", reason="the compiled twin is not built here")

DIGIT = [(0x30, 0x39)]
LETTER = [(0x61, 0x7A)]
NOT_NEWLINE = [(0, 9), (11, 0x10FFFF)]


def agree(reference: ReferenceAlgebra, expected: int, compiled: native.Algebra, term: int, text: bytes) -> None:
    """Both say the same of every prefix of the text."""
    assert compiled.is_live(term) == reference.is_live(expected)
    for place in range(len(text) + 1):
        assert compiled.can_end(term) == reference.can_end(expected), text[:place]
        assert compiled.is_live(term) == reference.is_live(expected), text[:place]
        assert compiled.is_watched(term) == reference.is_watched(expected), text[:place]
        if place < len(text):
            expected, term = reference.derive(expected, text[place]), compiled.derive(term, text[place])


@given(recipe=recipes, text=texts)
def test_a_term_has_the_same_texts(recipe: Recipe, text: bytes) -> None:
    """Whatever the constructors made, each text ends and lives in both algebras or in neither."""
    reference, compiled = ReferenceAlgebra(), native.Algebra()
    agree(reference, make(recipe, reference), compiled, make(recipe, compiled), text)


@given(recipe=recipes, text=texts)
def test_after_is_the_derivative_where_it_lives(recipe: Recipe, text: bytes) -> None:
    """`after` some bytes is a term of the same language as derivative upon derivative, and EMPTY where that is dead."""
    compiled = native.Algebra()
    term = derived = make(recipe, compiled)
    for byte in text:
        derived = compiled.derive(derived, byte)
    after = compiled.after(term, text)
    assert compiled.is_live(derived) == compiled.is_live(after)
    assert not text or compiled.is_live(after) == (after != EMPTY)
    assert compiled.can_end(derived) == compiled.can_end(after)


@given(grammar=grammars, text=texts)
def test_rules_mean_the_same(grammar: list[Recipe], text: bytes) -> None:
    """Rules that name each other and themselves give the same texts, and the same ones are refused."""
    reference, compiled = ReferenceAlgebra(max_steps=2_000), native.Algebra()
    expected_rules, rules = define_all(grammar, reference), define_all(grammar, compiled)
    for expected, rule in zip(expected_rules, rules, strict=True):
        try:
            agree(reference, expected, compiled, rule, text)
        except BudgetExceeded:  # the reference searches where the compiled one has a fixed point
            assert compiled.is_live(rule) in (False, True)
        except RecursionError:  # a rule that a later definition made left-recursive
            with pytest.raises(BudgetExceeded, match="nested"):
                compiled.derive(rule, 97)


def test_a_grammar_that_nests_is_alive_without_a_search() -> None:
    """Brackets in brackets: each opening is alive, and as many closings end it."""
    algebra = native.Algebra(max_steps=50)
    brackets = algebra.rule()
    octet = {name: algebra.octets([(ord(name), ord(name))]) for name in "()"}
    algebra.define(brackets, algebra.alternate([EPSILON, algebra.concat([octet["("], brackets, octet[")"], brackets])]))
    deep = algebra.after(brackets, b"(" * 40)
    assert algebra.is_live(deep)
    assert algebra.can_end(algebra.after(deep, b")" * 40))
    assert algebra.after(deep, b")" * 41) == EMPTY


def test_a_rule_that_never_ends_is_dead() -> None:
    """A rule that always goes on has no text, and neither has what contains it."""
    algebra = native.Algebra()
    endless = algebra.rule()
    algebra.define(endless, algebra.concat([algebra.octets([(97, 97)]), endless]))
    assert not algebra.is_live(endless)
    assert algebra.after(algebra.alternate([endless, algebra.choice([b"ab"])]), b"aa") == EMPTY


def test_what_was_asked_before_a_definition_is_forgotten() -> None:
    """A rule is EMPTY until it is defined, and then what its body is, also inside other terms and rows."""
    algebra = native.Algebra()
    rule = algebra.rule()
    around = algebra.concat([algebra.octets([(97, 97)]), algebra.repeat(rule, 1, None)])
    assert not algebra.is_live(around)
    assert algebra.after(around, b"a") == EMPTY
    algebra.define(rule, algebra.alternate([EPSILON, algebra.octets([(98, 98)])]))
    assert algebra.is_live(around)
    assert algebra.can_end(algebra.after(around, b"a"))
    assert algebra.can_end(algebra.after(around, b"abb"))


def test_refusals_are_those_of_the_reference() -> None:
    """Twice defined, left recursion, counters that end before they begin, and numbers of other algebras."""
    algebra = native.Algebra()
    rule = algebra.rule()
    with pytest.raises(ValueError, match="reads itself"):
        algebra.define(rule, algebra.concat([algebra.alternate([EPSILON, rule]), rule]))
    algebra.define(rule, EPSILON)
    with pytest.raises(ValueError, match="defined once"):
        algebra.define(rule, EPSILON)
    with pytest.raises(ValueError, match="3 to 2 times"):
        algebra.repeat(EPSILON, 3, 2)
    for strange in (-1, algebra.num_terms, 1 << 40):
        with pytest.raises((ValueError, OverflowError)):
            algebra.concat([strange])
    with pytest.raises(ValueError, match="no byte"):
        algebra.derive(EPSILON, 256)


def test_counters_are_counters() -> None:
    """A counter of tens of thousands costs a term, and side by side they do not pile up."""
    algebra = native.Algebra()
    dot = algebra.characters(NOT_NEWLINE)
    many = algebra.repeat(dot, 0, 50_000)
    assert algebra.num_terms < 10
    assert algebra.can_end(algebra.after(many, b"a" * 50_000))
    assert algebra.after(many, b"a" * 50_001) == EMPTY
    nested = algebra.concat([algebra.repeat(algebra.repeat(dot, 0, None), 2, 5), algebra.repeat(dot, 3, 900)])
    before = algebra.num_terms
    term = algebra.after(nested, b"x" * 800)
    assert algebra.can_end(term)
    assert algebra.num_terms - before < 20_000


def test_a_large_choice_is_sorted_and_no_more() -> None:
    """Ten thousand texts, some equal and some beginnings of others, are one term and exactly their language."""
    algebra = native.Algebra()
    options = [f"item {number * 7919 % 10_000}".encode() for number in range(10_000)] + [b"", b"item 1"]
    term = algebra.choice(options)
    assert algebra.num_terms == 5
    assert all(algebra.can_end(algebra.after(term, option)) for option in options)
    assert not algebra.can_end(algebra.after(term, b"item"))
    assert algebra.after(term, b"item 10000") == EMPTY
    assert algebra.choice(reversed(options)) == term


@pytest.mark.parametrize("kind", ["concat", "alternate"])
def test_thousands_of_parts(kind: str) -> None:
    """A long row of parts that may all be left out, and a wide alternative, are derived without deep recursion."""
    algebra = native.Algebra()
    parts = [algebra.repeat(algebra.choice([f"{number:05}".encode()]), 0, 1) for number in range(5_000)]
    term = getattr(algebra, kind)(parts)
    assert algebra.can_end(algebra.after(term, b"00042"))
    assert algebra.can_end(algebra.after(term, b"0000700042")) == (kind == "concat")


def test_deep_nesting_is_a_budget_not_a_crash() -> None:
    """Terms nested a hundred thousand deep end in BudgetExceeded where they would recurse."""
    algebra = native.Algebra()
    term, octet = EPSILON, algebra.octets([(97, 98)])
    for _ in range(100_000):
        term = algebra.complement(algebra.concat([algebra.repeat(term, 0, 3), octet]))
    with pytest.raises(BudgetExceeded, match="nested"):
        algebra.after(term, b"a")
    with pytest.raises(BudgetExceeded, match="nested"):
        algebra.derive(term, 97)


def test_a_rule_that_became_left_recursive_is_a_budget_not_a_crash() -> None:
    """Where a later definition lets a rule read itself first, its derivative ends in BudgetExceeded."""
    algebra = native.Algebra()
    first, second, gap = algebra.rule(), algebra.rule(), algebra.rule()
    algebra.define(first, algebra.concat([gap, second]))
    algebra.define(second, algebra.alternate([first, algebra.octets([(97, 97)])]))
    algebra.define(gap, EPSILON)
    with pytest.raises(BudgetExceeded, match="nested"):
        algebra.derive(first, 97)


def test_budgets() -> None:
    """Terms, steps and bytes are bounded, and an algebra that refused goes on with what it has."""
    algebra = native.Algebra(max_terms=40)
    term = algebra.repeat(algebra.octets([(97, 97)]), 0, 1000)
    with pytest.raises(BudgetExceeded, match="terms"):
        algebra.after(term, b"a" * 100)
    assert algebra.num_terms == 40
    assert algebra.can_end(algebra.after(term, b"a" * 10))
    with pytest.raises(BudgetExceeded, match="bytes"):
        native.Algebra(max_bytes=100)
    small = native.Algebra(max_bytes=100_000)
    with pytest.raises(BudgetExceeded, match="bytes"):
        small.choice([b"%d" % number * 20 for number in range(10_000)])
    assert small.bytes_used <= 100_000


def test_a_search_is_bounded() -> None:
    """Whether an intersection has a text may take a search: it ends by the budget of steps."""
    algebra = native.Algebra(max_steps=100)
    letter = algebra.octets([(97, 98)])
    every = [algebra.repeat(algebra.repeat(letter, prime, prime), 1, None) for prime in (7, 11, 13)]
    with pytest.raises(BudgetExceeded, match="derivatives"):
        algebra.is_live(algebra.intersect(every))
    assert native.Algebra().is_live(EMPTY) is False


def test_bytes_used_grows_with_what_is_kept() -> None:
    """Memory is counted: more terms and more rows are more bytes."""
    algebra = native.Algebra()
    empty = algebra.bytes_used
    algebra.after(algebra.repeat(algebra.characters(LETTER), 0, 5000), b"a" * 5000)
    assert algebra.bytes_used - empty > 5000 * 40


@given(recipe=recipes, options=st.lists(texts, min_size=8, max_size=8))
def test_threads_see_one_algebra(recipe: Recipe, options: list[bytes]) -> None:
    """Several threads that derive the same term at once get the terms that one thread gets."""
    shared, alone = native.Algebra(), native.Algebra()
    term, expected = make(recipe, shared), make(recipe, alone)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: shared.can_end(shared.after(term, text)), options * 4))
    assert found == [alone.can_end(alone.after(expected, text)) for text in options * 4]


def test_equal_futures_of_characters_are_equal_terms() -> None:
    """All blocks of which everything is allowed are one term, so a wide class has few states."""
    algebra = native.Algebra()
    every = algebra.characters([(0, 0x10FFFF)])
    assert algebra.after(every, "é".encode()[:1]) == algebra.after(every, "ü".encode()[:1]) != EMPTY
    assert algebra.after(every, "€".encode()[:2]) == algebra.after(every, "é".encode()[:1])
    assert algebra.after(ANYTHING, b"\xff") == ANYTHING


@given(recipe=recipes, text=texts)
def test_a_term_is_the_union_of_what_it_is_taken_apart_into(recipe: Recipe, text: bytes) -> None:
    """Any of the parts with the rest behind it has the text, exactly when the term has it; in both algebras."""
    for algebra in (ReferenceAlgebra(), native.Algebra()):
        term = make(recipe, algebra)
        parts, rest = algebra.taken_apart(term)
        alternatives = [algebra.concat([part, rest]) for part in parts]
        is_in_any = any(algebra.can_end(algebra.after(one, text)) for one in alternatives)
        assert is_in_any == algebra.can_end(algebra.after(term, text))


@given(recipe=recipes, text=texts)
def test_a_term_is_what_it_is_the_intersection_of(recipe: Recipe, text: bytes) -> None:
    """All of the parts have the text, exactly when the term has it; in both algebras."""
    for algebra in (ReferenceAlgebra(), native.Algebra()):
        term = make(recipe, algebra)
        parts = algebra.intersected(term)
        is_in_all = all(algebra.can_end(algebra.after(part, text)) for part in parts)
        assert is_in_all == algebra.can_end(algebra.after(term, text))
