"""Distances: how many bytes the shortest text of a term has, found out in both algebras, is what a search says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from random_terms import Recipe, define_all, grammars, make, recipes

from llmpost.automata.algebra import EPSILON, Algebra, BudgetExceeded, Term
from llmpost.automata.reference import ReferenceAlgebra

pytestmark = pytest.mark.slow

DIGIT = [(0x30, 0x39)]


def algebras() -> Iterator[Algebra]:
    """The plain one, and the compiled one where it is built."""
    yield ReferenceAlgebra()
    try:
        from llmpost.automata._native import Algebra as Compiled  # optional
    except ImportError:
        return
    yield Compiled()


def by_definition(algebra: Algebra, term: Term) -> int | None:
    """All texts of one byte, then all of two, until one ends."""
    if not algebra.is_live(term):
        return None
    here, length = {term}, 0
    while not any(map(algebra.can_end, here)):
        here = {
            follower for one in here for byte in range(256) if algebra.is_live(follower := algebra.derive(one, byte))
        }
        length += 1
    return length


@given(recipe=recipes)
def test_distance_is_the_length_of_a_shortest_text(recipe: Recipe) -> None:
    """Whatever the constructors made, both algebras know how long its shortest text is, or that it has none."""
    plain = ReferenceAlgebra()
    expected = by_definition(plain, make(recipe, plain))
    for algebra in algebras():
        assert algebra.distance(make(recipe, algebra)) == expected


@given(grammar=grammars)
def test_distance_of_rules_that_name_each_other(grammar: list[Recipe]) -> None:
    """The same of rules, however they refer to themselves."""
    plain = ReferenceAlgebra(max_steps=2_000)
    expected = define_all(grammar, plain)
    for algebra in algebras():
        for rule, own in zip(expected, define_all(grammar, algebra), strict=True):
            try:
                length = by_definition(plain, rule)
            except (BudgetExceeded, RecursionError):
                continue
            assert algebra.distance(own) == length


def test_distance_of_what_nests_without_end() -> None:
    """Brackets in brackets: as many bytes as are open, and the way through a deferred body is read once."""
    for algebra in algebras():
        brackets = algebra.rule()
        octet = {name: algebra.octets([(ord(name), ord(name))]) for name in "()"}
        algebra.define(
            brackets, algebra.alternate([EPSILON, algebra.concat([octet["("], brackets, octet[")"], brackets])])
        )
        assert algebra.distance(algebra.after(brackets, b"(" * 40)) == 40


def test_what_no_shortest_text_needs_is_not_read() -> None:
    """Of alternatives the longer one stays unread."""
    for algebra in algebras():

        def broken() -> Term:
            pytest.fail("read for nothing")

        short = algebra.deferred(lambda one=algebra: one.choice([b"ab"]))
        long = algebra.concat([algebra.choice([b"abc"]), algebra.deferred(broken)])
        assert algebra.distance(algebra.alternate([long, short])) == 2


def test_wide_strings_are_cheap() -> None:
    """A class of characters is one step, and so are two thousand of them; a text that may not be repeated is walked."""
    for algebra in algebras():
        any_character = algebra.characters([(0, 0x10FFFF)])
        wide = algebra.repeat(any_character, 500, 2000)
        assert algebra.distance(wide) == 500
        odd = algebra.intersect([wide, algebra.complement(algebra.repeat(algebra.characters(DIGIT), 0, None))])
        assert algebra.distance(odd) == 500


@given(recipe=recipes)
def test_the_shortest_text_is_followed_from_anywhere(recipe: Recipe) -> None:
    """It is as long as the distance and in the language, the first of those in order; behind each of its bytes its rest
    is the shortest text. At a glance nothing is said that is too near."""
    texts = []
    for algebra in algebras():
        term = make(recipe, algebra)
        text, glance = algebra.shortest(term), algebra.at_most(term)
        assert len(text) == (algebra.distance(term) or 0)
        assert glance is None or glance >= len(text)
        for place in range(len(text)):
            assert algebra.shortest(algebra.after(term, text[:place])) == text[place:]
            assert algebra.shortest(term, place) == text[:place]
        assert algebra.can_end(algebra.after(term, text)) == algebra.is_live(term)
        texts.append(text)
    assert len(set(texts)) == 1


def test_what_is_promised_of_a_deferred_part_is_believed() -> None:
    """Unread as it is, it is no further from an end than its reader says, and what is made of it neither."""
    for algebra in algebras():
        part = algebra.deferred(lambda one=algebra: one.choice([b"abc"]), 7)
        both = algebra.concat([algebra.choice([b"xy"]), part])
        assert algebra.at_most(both) in (None, 9)  # the plain algebra makes nothing of it
        assert algebra.distance(both) == 5
