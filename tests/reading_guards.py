"""What every detector promises, held against one text: pieces, reach and context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from llmpost.contracts.guard import Finding, FollowingGuard, Guard, GuardContext

NOTHING = GuardContext()


def found(guard: Guard, text: str, context: GuardContext = NOTHING) -> list[Finding]:
    """What the whole text has, in a fixed order."""
    return _in_order(guard.inspect(text, context))


def followed(guard: FollowingGuard, pieces: Sequence[str], context: GuardContext = NOTHING) -> list[Finding]:
    """What the pieces have; what was called settled stays so."""
    memory, settled, read, findings = None, 0, 0, []
    for place, piece in enumerate(pieces):
        progress = guard.follow(memory, piece, context, is_end=place == len(pieces) - 1)
        read += len(piece)
        assert all(settled <= finding.span.start <= finding.span.end <= read for finding in progress.findings)
        assert settled <= progress.settled <= read
        memory, settled = progress.memory, progress.settled
        findings += progress.findings
    assert settled == read
    return _in_order(findings)


def cut(text: str, places: Iterable[int]) -> list[str]:
    """The text in pieces, some of them empty."""
    edges = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


def check_reach(guard: Guard, text: str, place: int, context: GuardContext = NOTHING) -> None:
    """What has a character with `reach` more behind it before `place` is found without what comes from there on."""
    assert guard.reach is not None
    last = place - guard.reach
    expected = [one for one in found(guard, text, context) if one.span.start < last]
    assert [one for one in found(guard, text[:place], context) if one.span.start < last] == expected


def check_context(guard: Guard, text: str, place: int, context: GuardContext = NOTHING) -> None:
    """What begins `context` characters behind `place` is found without what stands before that."""
    first = place + guard.context
    expected = [(one.label, one.span.start, one.span.end) for one in found(guard, text, context)]
    without = [(one.label, one.span.start + place, one.span.end + place) for one in found(guard, text[place:], context)]
    assert [one for one in without if one[1] >= first] == [one for one in expected if one[1] >= first]


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (one.span, one.label, one.score, one.reason))
