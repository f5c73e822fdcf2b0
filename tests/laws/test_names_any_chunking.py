"""The finder of names: the same for every way to cut a text, and true to the reach that it declares."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.contracts.guard import Finding, GuardContext
from llmpost.guards.names.finder import REACH, Finder, Memory, Name
from llmpost.guards.names.guard import NamesGuard, trained
from llmpost.guards.names.words import LONGEST, words_of

CONTEXT = GuardContext()
THRESHOLDS = dict.fromkeys(trained().labels[1:], 0.3)
GUARD = NamesGuard(THRESHOLDS)
WORDS = (
    "Maria", "Chen", "lives", "in", "Lisbon", "at", "12", "Maple", "Street", "born", "1984-03-12", "Acme", "Ltd", "and",
    "maria", "MARIA", "O'Brien", "Jean-Luc", "the", "x" * (LONGEST + 1), "x" * LONGEST, "é", "e\u0301", "\ud800", "王",
    "😀", "\u200b", "İ", "ς", "\x00", "Dr", "Иван", "{\"name\":", "|",
)  # fmt: skip
GAPS = (
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "\n",
    "\n\n",
    "  ",
    "",
    "-",
    " " * LONGEST,
    " " * (LONGEST + 1),
    "\t",
    '": "',
    "\u2028",
)
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=90).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


def pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[a:b] for a, b in pairwise(places)]


def followed(chunks: list[str]) -> tuple[Finding, ...]:
    memory, findings, settled, size = None, list[Finding](), 0, 0
    for chunk in [*chunks, ""]:
        is_end = size == sum(map(len, chunks))
        progress = GUARD.follow(memory, chunk, CONTEXT, is_end and chunk == "")
        size += len(chunk)
        assert settled <= progress.settled <= size
        assert all(settled <= f.span.start < f.span.end <= progress.settled for f in progress.findings)
        assert size - progress.settled <= REACH
        memory, settled = progress.memory, progress.settled
        findings += progress.findings
    assert settled == size
    return tuple(findings)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 10_000), max_size=12))
def test_any_chunking(text: str, cuts: list[int]) -> None:
    """However a text is cut, what is found is what is found in the whole."""
    assert followed(pieces(text, cuts)) == GUARD.inspect(text, CONTEXT)


@settings(max_examples=25, deadline=None)
@given(TEXTS)
def test_letter_by_letter(text: str) -> None:
    """One character at a time is a way to cut it."""
    text = text[:400]
    assert followed(list(text)) == GUARD.inspect(text, CONTEXT)


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_reach_and_context_are_true(before: str, middle: str, behind: str) -> None:
    """What stands further off than `REACH` changes no finding."""
    text = before * 40 + middle + behind * 40
    start, end = len(before) * 40, len(before) * 40 + len(middle)
    left, right = max(0, start - REACH), min(len(text), end + REACH)
    whole = [f for f in GUARD.inspect(text, CONTEXT) if start <= f.span.start and f.span.end <= end]
    part = [
        (f.span.start + left, f.span.end + left, f.label, f.score) for f in GUARD.inspect(text[left:right], CONTEXT)
    ]
    assert [(f.span.start, f.span.end, f.label, f.score) for f in whole] == [
        f for f in part if start <= f[0] and f[1] <= end
    ]


@pytest.mark.parametrize(
    "unit", ["a", " ", "Maria ", "Maria\n", "12 Maple Street, ", "\ud800", "\x00", "王", "a\u0301"]
)
def test_endless(unit: str) -> None:
    """One thing again and again is read in little memory, whole and in pieces alike."""
    text = (unit * 60_000)[:60_000]
    finder, memory, names = Finder(trained(), THRESHOLDS), Memory(), list[Name]()
    for start in range(0, len(text), 1000):
        memory, found = finder.follow(memory, text[start : start + 1000], is_end=start + 1000 == len(text))
        names += found
        assert len(memory.kept) <= 2 * REACH
    assert tuple(names) == finder.follow(Memory(), text, is_end=True)[1]


def test_same_bits_for_any_neighbours() -> None:
    """The logits of a word do not depend on how many words are reckoned beside it: all sums are of whole numbers."""
    dice = random.Random(3)
    text = " ".join(dice.choice(WORDS[:16]) for _ in range(700))
    whole = trained().logits(words_of(text, is_end=True))
    for size in (10, 11, 64, 257):
        words = words_of(" ".join(text.split(" ")[:size]), is_end=True)
        part = trained().logits(words)
        np.testing.assert_array_equal(part[: len(words) - 5], whole[: len(words) - 5])
