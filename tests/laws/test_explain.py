"""Refusals are true: the place is the first byte without a completion, the words are of what may come, names are of
tokens that are allowed."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_languages import BruteForce, constraint_in, languages, vocabularies, walk_along
from random_regexes import patterns
from random_regexes import texts as regex_texts

from llmpost import Vocabulary, compile_constraint
from llmpost.automata.algebra import Term
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.constraints.explaining.characters import Characters
from llmpost.constraints.explaining.pattern import part_at
from llmpost.constraints.source import Source
from llmpost.constraints.space import Limits, Space
from llmpost.constraints.tools import PLAIN, best_tools
from llmpost.contracts.refusal import Refusal
from llmpost.errors import ConstraintError

pytestmark = pytest.mark.slow

KINDS = {"plain": PLAIN, "compiled": best_tools()}
OCTETS = Vocabulary.from_tokens([bytes([octet]) for octet in range(256)])
steps = st.lists(st.integers(0, 100), max_size=4)


def first_dead(algebra: ReferenceAlgebra, term: Term, text: bytes) -> int:
    """By definition: how many bytes of the text some text of the language begins with."""
    return next((n for n in range(len(text)) if not algebra.is_live(algebra.after(term, text[: n + 1]))), len(text))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=80, deadline=None)
@given(vocabulary=vocabularies(), source=languages, choices=steps)
def test_a_token_is_explained_exactly_when_it_is_masked(
    kind: str, vocabulary: Vocabulary, source: Source, choices: list[int]
) -> None:
    """None for what the mask allows; else the first byte without a completion, and nearest tokens, all allowed, that
    no other allowed token is nearer than."""
    constraint = constraint_in(Space(vocabulary, Limits(), KINDS[kind]), source)
    if constraint is None:
        return
    oracle = BruteForce(vocabulary, source)
    for text, state in walk_along(constraint.start(), vocabulary, choices):
        allowed = set(state.mask().ids().tolist())
        here = oracle.algebra.after(oracle.start, text)
        for token in range(-1, vocabulary.size + 1):
            refusal = constraint.explain(state, token)
            assert (refusal is None) == (token in allowed)
            if refusal is None:
                continue
            octets = vocabulary.tokens[token] if 0 <= token < vocabulary.size else b""
            assert (refusal.text, refusal.place) == (octets, first_dead(oracle.algebra, here, octets))
            assert nearness(vocabulary, refusal) == best_nearness(vocabulary, octets, allowed)
            assert refusal.expected
            assert refusal.expected in str(refusal)


def num_in_common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    return next((n for n in range(min(len(one), len(other))) if one[n] != other[n]), min(len(one), len(other)))


def nearness(vocabulary: Vocabulary, refusal: Refusal) -> list[int]:
    return [num_in_common(refusal.text, vocabulary.tokens[token]) for token, _ in refusal.nearest]


def best_nearness(vocabulary: Vocabulary, octets: bytes, allowed: set[int]) -> list[int]:
    """Of the five best; it is checked elsewhere that none is named twice."""
    return sorted((num_in_common(octets, vocabulary.tokens[token]) for token in allowed), reverse=True)[:5]


@settings(max_examples=60, deadline=None)
@given(vocabulary=vocabularies(), source=languages)
def test_nearest_tokens_are_different_allowed_tokens(vocabulary: Vocabulary, source: Source) -> None:
    """Each once, each in the mask, by the name that the vocabulary has for it."""
    constraint = constraint_in(Space(vocabulary, Limits(), best_tools()), source)
    if constraint is None:
        return
    state = constraint.start()
    for token in range(vocabulary.size):
        refusal = constraint.explain(state, token)
        named = dict(refusal.nearest) if refusal is not None else {}
        assert len(named) == (len(refusal.nearest) if refusal is not None else 0)
        assert all(state.mask().allows(one) and vocabulary.name_of(one) in name for one, name in named.items())


@settings(max_examples=100, deadline=None)
@given(pattern=patterns(), text=regex_texts())
def test_a_text_is_explained_exactly_when_it_is_not_matched(pattern: str, text: str) -> None:
    """The longest beginning that can be completed, by the reference; words for just the bytes that may come there; and
    what it says would complete the text does."""
    algebra = ReferenceAlgebra()
    term = language_of(read_regex(pattern), algebra)
    try:
        constraint = compile_constraint(OCTETS, regex=pattern)
    except ConstraintError:
        assert not algebra.is_live(term)
        return
    octets = text.encode()
    refusal = constraint.explain_text(text)
    assert (refusal is None) == algebra.can_end(algebra.after(term, octets))
    if refusal is None:
        return
    assert (refusal.text, refusal.place) == (octets, first_dead(algebra, term, octets))
    assert not refusal.completion or constraint.accepts(octets + refusal.completion)
    assert (refusal.octet is None) == (refusal.found == "the end of the text")
    whole = octets[: refusal.place].decode(errors="ignore").encode()
    state = constraint.start()
    characters = Characters.after(state.reach.algebra, next(state.along(whole, len(whole))))
    assert octets_of(characters) == live(algebra, algebra.after(term, whole))


def live(algebra: ReferenceAlgebra, term: Term) -> set[int]:
    return {octet for octet in range(256) if algebra.is_live(algebra.derive(term, octet))}


@cache
def first_octet(code: int) -> int:
    return chr(code).encode()[0]


def octets_of(characters: Characters) -> set[int]:
    """The first bytes of all these characters, and the loose ones."""
    ascii_ones = {code for low, high in characters.spans for code in range(low, min(high, 0x7F) + 1)}
    others = (code for low, high in characters.spans for code in (*range(max(low, 0x80), high, 64), high))
    return ascii_ones | set(map(first_octet, others)) | set(characters.octets)


@settings(max_examples=150, deadline=None)
@given(pattern=patterns(), text=regex_texts(4))
def test_the_part_of_a_pattern_is_where_the_text_stands(pattern: str, text: str) -> None:
    """Some beginning of the text is matched by what stands before the part, and the rest begins what the part and all
    behind it match."""
    algebra = best_tools().make_algebra(1 << 26)
    term = algebra.after(language_of(read_regex(pattern), algebra), text.encode())
    span = part_at(pattern, term, algebra) if algebra.is_live(term) else None
    if span is None:
        return
    before, behind = (language_of(read_regex(part), algebra) for part in (pattern[: span[0]], pattern[span[0] :]))
    assert 0 <= span[0] < span[1] <= len(pattern)
    assert any(
        algebra.can_end(algebra.after(before, text[:cut].encode()))
        and algebra.is_live(algebra.after(behind, text[cut:].encode()))
        for cut in range(len(text) + 1)
    )


@pytest.mark.parametrize(("texts", "text"), [(["ab", "ac"], "ad"), (["é"], "è"), (["a"], "ab"), (["ab"], "a")])
def test_a_choice_is_explained_by_its_texts(texts: list[str], text: str) -> None:
    """The place is behind what the text has in common with the nearest of them."""
    refusal = compile_constraint(OCTETS, choice=texts).explain_text(text)
    assert refusal is not None
    assert refusal.place == max(num_in_common(text.encode(), one.encode()) for one in texts)
