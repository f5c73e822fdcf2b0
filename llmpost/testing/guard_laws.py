"""The laws of a guard, each about one text: whether its answers to parts and pieces of it agree with each other.

A law yields what is wrong, in words; a guard that keeps it yields nothing. Which texts are asked about, and how the
shortest of them is found, is the suite's business (`guard_suite`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from llmpost.contracts.guard import FollowingGuard, Progress
from llmpost.guards.windowed import Windowed
from llmpost.testing.guard_subject import Place, Subject, WrongAnswer, place, shown

Law: TypeAlias = Callable[[Subject, str], Iterator[str]]

_ALL_CUTS = 48
"""A text of so many characters is cut everywhere; a longer one around what was found in it, and here and there."""


def repeats(subject: Subject, text: str) -> Iterator[str]:
    """The same text, the same findings: whatever was asked in between."""
    first = subject.findings(text)
    subject.findings(text + "x")
    if subject.findings(text) != first:
        yield f"asked twice about {shown(text)}, it finds two different things"


def keeps_its_reach(subject: Subject, text: str) -> Iterator[str]:
    """What is settled stays, whatever follows."""
    reach = subject.guard.reach
    if reach is None:
        return
    whole = subject.places(text)
    for cut in _cuts(text, whole, reach):
        settled = cut - reach
        before = [one for one in subject.places(text[:cut]) if one[0] < settled]
        after = [one for one in whole if one[0] < settled]
        if before != after:
            yield (
                f"its reach is too short: of {shown(text)}, with a reach of {reach}, what begins before {settled} is "
                f"settled when {cut} characters are there; of those alone it finds {_told(before)}, and of the whole "
                f"text {_told(after)}. A reach covers the longest match, less one, and what is looked at behind it"
            )


def keeps_its_context(subject: Subject, text: str) -> Iterator[str]:
    """What stands more than `context` characters before a finding does not matter to it."""
    guard = subject.guard
    if guard.reach is None:
        return
    whole = subject.places(text)
    for cut in _cuts(text, whole, -guard.context):
        sure = cut + guard.context
        before = [one for one in whole if one[0] >= sure]
        after = [
            (start + cut, end + cut, label, score)
            for start, end, label, score in subject.places(text[cut:])
            if start + cut >= sure
        ]
        if before != after:
            yield (
                f"its context is too short: of {shown(text)}, with a context of {guard.context}, the first {cut} "
                f"characters do not matter to what begins at {sure} or later; without them it finds {_told(after)} "
                f"there, and with them {_told(before)}"
            )


def follows_as_it_inspects(subject: Subject, text: str) -> Iterator[str]:
    """However a text is cut into pieces, what is found in it is the same, and `settled` is kept."""
    whole = subject.places(text)
    guard = subject.guard
    follower = guard if isinstance(guard, FollowingGuard) else Windowed(guard, cadence=1)
    for pieces in _chunkings(text):
        yield from _followed(subject, follower, pieces, whole)


def _followed(subject: Subject, guard: FollowingGuard, pieces: Sequence[str], whole: list[Place]) -> Iterator[str]:
    """One reading, in the pieces given; each step is taken twice, with another text tried in between."""
    memory: Any = None
    found: list[Place] = []
    read, settled, text = 0, 0, "".join(pieces)
    how = f"when {shown(text)} comes in pieces of {[len(piece) for piece in pieces][:20]} characters"
    for number, piece in enumerate(pieces):
        is_end, read = number == len(pieces) - 1, read + len(piece)
        step = _step(subject, guard, memory, text[:read], len(piece), is_end)
        _step(subject, guard, memory, text[: read - len(piece)] + "~x7", 3, True)
        again = _step(subject, guard, memory, text[:read], len(piece), is_end)
        if (again.findings, again.settled) != (step.findings, step.settled):
            yield f"{how}, it goes on in two ways from one memory: a memory is a value, and nobody changes it"
        if not settled <= step.settled <= read or (is_end and step.settled != read):
            yield f"{how}, it settles {step.settled} of {read} characters after {settled} of them"
        if any(finding.span.start < settled for finding in step.findings):
            yield f"{how}, it finds something before {settled}, which it had settled"
        memory, settled = step.memory, step.settled
        found.extend(map(place, step.findings))
    if sorted(found) != whole:
        yield f"{how}, it finds {_told(sorted(found))}, and in the whole {_told(whole)}"


def _step(subject: Subject, guard: FollowingGuard, memory: Any, text: str, size: int, is_end: bool) -> Progress:
    """What the last `size` characters of the text settle."""
    try:
        progress = guard.follow(memory, text[len(text) - size :], subject.context, is_end)
    except Exception as error:
        raise WrongAnswer(f"its follow raises {type(error).__name__} on {shown(text)}") from error
    if not isinstance(progress, Progress) or type(progress.settled) is not int:
        raise WrongAnswer(f"its follow gives back no Progress, on {shown(text)}")
    return Progress(progress.memory, subject.checked(progress.findings, text), progress.settled)


def _chunkings(text: str) -> Iterator[list[str]]:
    """In one, in characters, in twos and threes, in halves of any size, and at random with empty pieces."""
    for size in (max(len(text), 1), 1, 2, 3, 7):
        yield [text[at : at + size] for at in range(0, len(text), size)] or [""]
    for cut in _cuts(text, [], 0):
        yield [text[:cut], "", text[cut:], ""]
    chosen = random.Random(len(text))
    for _ in range(4):
        places = sorted(chosen.choices(range(len(text) + 1), k=6))
        yield [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


def _cuts(text: str, found: Sequence[Place], offset: int) -> list[int]:
    """Where to cut: everywhere, or about the ends of what was found, and so many characters further."""
    if len(text) <= _ALL_CUTS:
        return list(range(len(text) + 1))
    ends = [end for start, stop, *_ in found[:6] for end in (start, start + offset, stop, stop + offset)]
    close = [end + by for end in ends for by in (-1, 0, 1, 2)]
    spread = range(0, len(text) + 1, max(1, len(text) // 16))
    return sorted({cut for cut in (*close, *spread) if 0 <= cut <= len(text)})


def _told(places: Sequence[tuple[Any, ...]]) -> str:
    return ", ".join(f"{label} at {start} to {end}" for start, end, label, _ in places[:4]) or "nothing"
