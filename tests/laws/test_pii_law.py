"""Personal data in streams: every way to cut a text finds the same, and what is settled stays so."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.automata.entities.table import ENTITIES
from llmpost.automata.finding.match import Match
from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.guards.options import Options
from llmpost.guards.pii.detector import PiiGuard, build
from llmpost.guards.pii.kinds import KINDS
from llmpost.guards.pii.matched import Covering, Matched

CONTEXT = GuardContext()
GUARDS: list[dict[str, Any]] = [
    {},
    {"entities": [entity.name for entity in ENTITIES], "allow": [{"regex": ".*@example.com"}]},
    {"entities": {"PHONE_NUMBER": 0.3, "IBAN_CODE": 1, "US_SSN": 0.1}, "encoded": False},
]
EXAMPLES = [example for entity in ENTITIES for example in entity.examples]
PARTS = st.sampled_from(
    [*EXAMPLES, "call ", "phone: ", "ssn ", " office", "-Fax", " mobile", "699 956 915", "0411 1505 52", "078051120",
     "NL15 PTSB ", "user", "%40", "\\u0040", "@", " (at) ", " at ", " dot ", "example.com", "&#", "46;", " ", ".", "\n",
     "1 2 3 4", "\u200b", "\uff11", "-", "https://", "word ", "\ud83d", "&", "%4"]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=7).map("".join)


@lru_cache(maxsize=8)
def guard_of(number: int) -> PiiGuard:
    guard = build(Options(GUARDS[number], "guards[0]"))
    assert isinstance(guard, PiiGuard)
    return guard


@pytest.mark.parametrize("number", range(len(GUARDS)))
@given(text=TEXTS, cuts=st.lists(st.integers(0, 300), max_size=10))
def test_every_chunking_finds_the_same(number: int, text: str, cuts: list[int]) -> None:
    """All findings of a stream are those of the text, none twice, and none begins before what was settled."""
    guard = guard_of(number)
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    memory: Any = None
    found: list[Finding] = []
    settled = 0
    for place, (start, end) in enumerate(pairwise(edges)):
        progress = guard.follow(memory, text[start:end], CONTEXT, place == len(edges) - 2)
        assert all(one.span.start >= settled for one in progress.findings)
        assert settled <= progress.settled <= end
        memory, settled = progress.memory, progress.settled
        found += progress.findings
    whole = guard.inspect(text, CONTEXT)
    assert len(set(found)) == len(found)
    assert set(found) == set(whole)
    assert all(0 <= one.span.start < one.span.end <= len(text) for one in whole)
    assert settled == len(text)


SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 12), st.integers(1, 8))
MATCHES = st.builds(
    lambda kind, span, is_whole: Matched(kind, span, kind.why, is_whole),
    st.sampled_from([*KINDS["PHONE_NUMBER"], *KINDS["IBAN_CODE"], *KINDS["CREDIT_CARD"]]),
    SPANS,
    st.booleans(),
)


def is_covered(match: Matched, others: list[Matched]) -> bool:
    """By the definition."""
    for other in others:
        is_inside = other.span.start <= match.span.start and match.span.end <= other.span.end and other.is_whole
        is_again = other.kind.entity == match.kind.entity and other.kind.score > match.kind.score
        is_surer = other.kind.is_certain and (other.span != match.span or other.kind.score > match.kind.score)
        if is_inside and (is_again or is_surer):
            return True
    return False


@given(matches=st.lists(MATCHES, max_size=8))
def test_what_is_covered_is_known_at_a_glance(matches: list[Matched]) -> None:
    """A match is covered exactly when one of the others has it inside and is surer."""
    covering = Covering(matches)
    assert [covering.covers(match) for match in matches] == [is_covered(match, matches) for match in matches]


@pytest.mark.parametrize("number", [0, 1])
@given(text=TEXTS, cuts=st.lists(st.integers(0, 300), max_size=10))
def test_what_views_leave_unread_would_find_nothing_else(number: int, text: str, cuts: list[int]) -> None:
    """A reading that goes along with the plain one while nothing is decoded finds what it finds alone."""
    matching = guard_of(number).matching
    plain, *viewed = matching.readings
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    for reading in viewed:
        alone, along = set[Match](), set[Match]()
        memories: list[Any] = [None] * 3
        for place, (start, end) in enumerate(pairwise(edges)):
            piece, is_end = text[start:end], place == len(edges) - 2
            first = plain.follow(memories[0], piece, is_end)
            second = reading.follow(memories[1], piece, is_end)
            third = reading.follow(memories[2], piece, is_end, first)
            memories = [first.memory, second.memory, third.memory]
            alone |= {*first.matches, *second.matches}
            along |= {*first.matches, *third.matches}
            assert min(first.settled, second.settled) == min(first.settled, third.settled)
        assert alone == along
