"""Growth: what a guard does with texts of 250 characters, of a thousand and so on, up to a large one.

A guard may be slow; its time may not grow faster than the text. Only what takes long is judged, and only what takes
long again, so that a busy machine is no reason. Knows nothing of what is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from llmpost.contracts.guard import FollowingGuard
from llmpost.testing.guard_subject import Subject, shown

_UNITS = ("a", "7", " ", "@a.", "\ud800", "e\u0301", "\u202e", "\U0001f600", "\x00", '{"a":[')
_FIRST = 250
_LONGEST = 256_000
_LONGEST_BY_CHARACTER = 16_000
_TIMES = 4
_TOO_FAST_A_GROWTH = 100.0
"""So many times the time of a sixteenth of the text: a linear guard takes 16 times as long, a quadratic one 256."""
_JUDGED_SECONDS = 1.0


def grows_with_the_text(subject: Subject, clock: Callable[[], float]) -> Iterator[str]:
    """Long texts of one character, or of a few, are inspected, and read by the character where the guard can."""
    guard = subject.guard
    for unit in _UNITS:
        yield from _grown(lambda text: subject.findings(text), unit, _LONGEST, clock)
        if isinstance(guard, FollowingGuard):
            yield from _grown(lambda text: _by_character(subject, text), unit, _LONGEST_BY_CHARACTER, clock)


def _grown(ask: Callable[[str], object], unit: str, longest: int, clock: Callable[[], float]) -> Iterator[str]:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        begun = clock()
        ask(text)
        return clock() - begun

    size, taken = _FIRST, [float("inf"), float("inf")]
    while size <= longest:
        taken.append(seconds(size))
        if _is_too_long(taken):
            taken[-1] = min(taken[-1], seconds(size))
        if _is_too_long(taken):
            yield (
                f"its time grows faster than the text: {size} characters of {shown(unit)} take {taken[-1]:.1f} s, "
                f"{taken[-1] / taken[-3]:.0f} times what a sixteenth of them takes"
            )
            return
        size *= _TIMES


def _is_too_long(taken: list[float]) -> bool:
    return taken[-1] > _JUDGED_SECONDS and taken[-1] > taken[-3] * _TOO_FAST_A_GROWTH


def _by_character(subject: Subject, text: str) -> None:
    guard, memory = subject.guard, None
    assert isinstance(guard, FollowingGuard)
    for character in text:
        memory = guard.follow(memory, character, subject.context, False).memory
    guard.follow(memory, "", subject.context, True)
