"""A window around a guard: what it finds, when, and how often it looks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_guards import TEXTS, OddToy, Toy, cut, toys

from llmpost.contracts.guard import Finding, FollowingGuard, GuardContext, Span
from llmpost.guards.waiting_text import WaitingText
from llmpost.guards.windowed import Windowed, following

CONTEXT = GuardContext()


def followed(guard: FollowingGuard, pieces: Sequence[str]) -> list[tuple[int, int, tuple[Finding, ...]]]:
    """After each piece, and at the end: how much was read, how much of it is settled, and what was found."""
    memory, read, steps = None, 0, []
    for index, piece in enumerate([*pieces, ""]):
        progress = guard.follow(memory, piece, CONTEXT, is_end=index == len(pieces))
        memory, read = progress.memory, read + len(piece)
        steps.append((read, progress.settled, progress.findings))
    return steps


def by_place(findings: Sequence[Finding]) -> list[tuple[Span, str]]:
    return sorted((finding.span, finding.label) for finding in findings)


CADENCES = st.none() | st.integers(1, 9)


@given(toys(whole=True), TEXTS, CADENCES, st.data())
def test_pieces_are_found_in_as_the_whole(
    toy: Toy | OddToy, text: str, cadence: int | None, data: st.DataObject
) -> None:
    """For every chunking and every cadence, all findings together are those of the whole text, each given once."""
    steps = followed(Windowed(toy, cadence), data.draw(cut(text)))
    assert by_place([f for _, _, found in steps for f in found]) == by_place(toy.inspect(text, CONTEXT))


@given(toys(), TEXTS, CADENCES, st.data())
def test_nothing_is_found_behind_what_is_settled(toy: Toy, text: str, cadence: int | None, data: st.DataObject) -> None:
    """`settled` never falls, no finding begins before it any more, and no more is held back than was promised."""
    window = Windowed(toy, cadence)
    before = 0
    steps = followed(window, data.draw(cut(text)))
    for read, settled, found in steps:
        assert all(finding.span.start >= before for finding in found)
        assert before <= settled <= read
        before = settled
    assert all(read - settled < (toy.reach or 0) + (cadence or window.cadence) for read, settled, _ in steps)
    assert before == len(text)


class Counting:
    """Counts the characters it is shown."""

    name = "counting"

    def __init__(self, reach: int, context: int) -> None:
        self.reach = reach
        self.context = context
        self.shown = 0
        self.longest = 0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        self.shown += len(text)
        self.longest = max(self.longest, len(text))
        return []


@pytest.mark.parametrize(("reach", "context"), [(0, 0), (1, 0), (7, 0), (64, 3), (100, 400), (3, 50)])
def test_one_character_at_a_time_is_linear(reach: int, context: int) -> None:
    """No character is inspected more than thirteen times, however short the pieces, and the window stays small."""
    guard = Counting(reach, context)
    followed(Windowed(guard), ["x"] * 5000)
    assert guard.shown <= 13 * 5000 + 100
    assert guard.longest <= 2 * reach + context + max(8, -(-max(reach, context) // 4))


def test_a_guard_without_reach_is_asked_once() -> None:
    """A guard that needs the whole text sees it once, and whole."""
    guard = OddToy("odd")
    steps = followed(Windowed(guard), ["ab", "", "a"])
    assert [settled for _, settled, _ in steps] == [0, 0, 0, 3]
    assert [finding.span for finding in steps[-1][2]] == [Span(0, 1), Span(2, 3)]


def test_the_old_memory_stays_valid() -> None:
    """Two texts that begin alike can be read from one memory."""
    window = Windowed(Toy("toy", "ab", reach=1), cadence=1)
    memory = window.follow(None, "..a", CONTEXT, is_end=False).memory
    ends = [window.follow(memory, end, CONTEXT, is_end=True).findings for end in ("b", "c", "b")]
    assert [len(findings) for findings in ends] == [1, 0, 1]
    assert ends[0] == ends[2]


def test_what_is_found_too_late_is_told() -> None:
    """A guard with too short a reach is caught in the act: the late finding begins before what it had settled."""
    window = Windowed(Toy("liar", "a....b", reach=3), cadence=1)
    steps = followed(window, "..a....b..")
    after = zip([settled for _, settled, _ in steps], steps[1:], strict=False)
    late = [f for settled, (_, _, found) in after for f in found if f.span.start < settled]
    assert [finding.span for finding in late] == [Span(2, 8)]


def test_a_guard_that_follows_is_left_as_it_is() -> None:
    """Nothing is put around a guard that follows a text by itself."""
    window = Windowed(OddToy("odd"))
    assert following(window) is window
    assert isinstance(following(OddToy("odd")), Windowed)


def test_a_cadence_is_at_least_one() -> None:
    """A cadence of nothing is refused."""
    with pytest.raises(ValueError, match="at least 1"):
        Windowed(OddToy("odd"), cadence=0)


@given(st.lists(st.text("ab", max_size=3)))
def test_waiting_text_is_what_came(pieces: list[str]) -> None:
    """Whatever the pieces, they come out as one text, and only few of them are kept."""
    text = WaitingText()
    for piece in pieces:
        text = text.with_piece(piece)
    assert text.joined() == "".join(pieces)
    assert len(text) == len("".join(pieces))
    assert len(text.pieces) <= 2 + len(text).bit_length()
