"""Entities in running text: found whole where they are, and nowhere else; what is reckoned is what would be read."""

from __future__ import annotations

from functools import cache

import pytest
from entity_twins import nearly
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.entities.containing import containing
from llmpost.automata.entities.entity import Entity
from llmpost.automata.entities.table import ENTITIES
from llmpost.automata.finding.finder import Finder
from llmpost.automata.finding.match import Match, Sought
from llmpost.automata.finding.tools import PLAIN, best_tools

ALGEBRA = best_tools().make_algebra()
REACH = 200
EACH = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
CHECKED = pytest.mark.parametrize(
    "entity", [one for one in ENTITIES if any(form.holds for form in one.forms)], ids=lambda entity: entity.name
)
AROUND = [("", ""), ("It is ", "."), ("(", ")"), ('{"a": "', '"}'), ("\n", "\n")]
AMONG_OTHERS = [*AROUND, ("x,", ",y"), ("是", "。")]
GO_ON = ("EMAIL_ADDRESS", "URL")
"""With what may stand beside others."""


@cache
def finder_of(entity: Entity) -> Finder:
    return Finder([Sought(form, 5) for form in entity.forms], REACH)


@cache
def holding(entity: Entity) -> Term:
    return containing(ALGEBRA, [entity])


def is_in(algebra: Algebra, term: Term, text: str) -> bool:
    return algebra.can_end(algebra.after(term, text.encode()))


@EACH
def test_examples_are_found_whole(entity: Entity) -> None:
    """From their first character to their last, whatever text they stand in, and nothing else there."""
    for example in entity.examples:
        for before, after in AROUND if entity.name in GO_ON else AMONG_OTHERS:
            start = len(before)
            assert finder_of(entity).find(before + example + after) == (Match(5, start, start + len(example)),), example


@EACH
def test_near_misses_are_not_found(entity: Entity) -> None:
    """What is nearly one is none."""
    for text in entity.near_misses:
        assert finder_of(entity).find(text) == ()
        assert finder_of(entity).find(f"see {text} there") == ()


def test_twins_find_the_same_entities() -> None:
    """All at once, in one text with all examples and near misses, the plain tools find what the best ones find."""
    sought = [Sought(form, tag) for tag, entity in enumerate(ENTITIES) for form in entity.forms]
    text = "; ".join(text for entity in ENTITIES for text in (*entity.examples[:2], *entity.near_misses[:2]))
    found = Finder(sought, REACH).find(text)
    assert Finder(sought, REACH, tools=PLAIN).find(text) == found
    assert {match.tag for match in found} == set(range(len(ENTITIES)))


@EACH
@settings(max_examples=15)
@given(data=st.data())
def test_something_is_found_where_something_is_contained(entity: Entity, data: st.DataObject) -> None:
    """In a text with a number like the entity in it, and parts of examples beside it, exactly what is forbidden as
    containing one has a match, and each match contains one by itself."""
    number = data.draw(nearly(entity, lambda text: is_in(ALGEBRA, holding(entity), text)))
    beside = st.sampled_from(["", " ", ".", "-", "1", "a", " 1", "1-", ", ", number[:4], number[-3:]])
    text = data.draw(beside) + number + data.draw(beside)
    found = finder_of(entity).find(text)
    assert bool(found) == is_in(ALGEBRA, holding(entity), text)
    assert all(is_in(ALGEBRA, holding(entity), text[match.start : match.end]) for match in found)


@CHECKED
@settings(max_examples=15)
@given(data=st.data())
def test_what_is_reckoned_is_what_is_read(entity: Entity, data: st.DataObject) -> None:
    """A text is in the language of a form where it is in its shape and adds up."""
    number = data.draw(nearly(entity, lambda text: is_in(ALGEBRA, holding(entity), text)))
    for form in entity.forms:
        assert form.shape
        assert form.holds
        is_right = is_in(ALGEBRA, form.shape(ALGEBRA), number) and form.holds(number)
        assert is_right == is_in(ALGEBRA, form.read(ALGEBRA), number)
