"""Length: whether a text has more characters, words, lines or bytes than it may, or fewer than it must.

Of a text too long the first character too many is found, as soon as it is there: from there on it is to be cut. Of one
too short all of it is. Words are what blanks separate, lines end with a line feed, bytes are those of UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final, Literal, Protocol, TypeAlias, get_args

from llmpost.contracts.guard import ALL_BEFORE, Finding, Guard, GuardContext, Progress, Span
from llmpost.errors import PolicyError
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import certain

Unit: TypeAlias = Literal["characters", "words", "lines", "bytes"]
UNITS: tuple[Unit, ...] = get_args(Unit)
TOO_LONG, TOO_SHORT = "TOO_LONG", "TOO_SHORT"

_SURROGATE = re.compile("[\ud800-\udfff]")


class Length:
    """A `FollowingGuard`. At `most` and at `least` so many of each unit; they count what a text has, findings or not.

    >>> Length(most={"words": 2}).inspect("one two three", GuardContext())[0].span
    Span(start=8, end=9)
    """

    context = ALL_BEFORE
    scores: ClassVar = certain((TOO_LONG, TOO_SHORT))
    whole_text: Final = True
    """Of a JSON value the whole document is measured, and not each of its strings."""

    def __init__(
        self, name: str = "length", most: Mapping[Unit, int] | None = None, least: Mapping[Unit, int] | None = None
    ) -> None:
        self.name = name
        self._most, self._least = MappingProxyType(dict(most or {})), MappingProxyType(dict(least or {}))

    @property
    def reach(self) -> int | None:
        """Nobody knows how far it is to the end of a word or a line that is missing."""
        if self._least.keys() & {"words", "lines"}:
            return None
        return max(self._least.values(), default=0)

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: _Memory | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before = memory or _Memory()
        begun = {unit: _begun(unit, piece, before.last) for unit in UNITS if unit in self._most or unit in self._least}
        findings = tuple(self._too_long(before, begun))
        after = before.with_more(piece, begun)
        missing = [f"{least} {unit}" for unit, least in self._least.items() if after.counts[unit] < least]
        if missing and is_end:
            findings += (self._finding(TOO_SHORT, 0, after.read, f"fewer than {' and '.join(missing)}"),)
        return Progress(after, findings, 0 if missing and not is_end else after.read)

    def _too_long(self, before: _Memory, begun: Mapping[Unit, _Starts]) -> Iterator[Finding]:
        for unit, most in self._most.items():
            left = most - before.counts[unit]
            if 0 <= left < len(begun[unit]):
                place = before.read + begun[unit][left]
                yield self._finding(TOO_LONG, place, place + 1, f"more than {most} {unit}")

    def _finding(self, label: str, start: int, end: int, reason: str) -> Finding:
        return Finding(self.name, label, Span(start, end), 1.0, reason)


class _Starts(Protocol):
    """Where units begin in a piece, in order."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> int: ...


class _Bytes:
    """Each byte at the character that it is of; what is no character counts as three bytes."""

    def __init__(self, piece: str) -> None:
        self._bytes = _SURROGATE.sub("\uffff", piece).encode()

    def __len__(self) -> int:
        return len(self._bytes)

    def __getitem__(self, place: int, /) -> int:
        return len(self._bytes[:place].decode(errors="ignore"))


def _begun(unit: Unit, piece: str, last: str) -> _Starts:
    """What begins in a piece, behind its last character before."""
    match unit:
        case "characters":
            return range(len(piece))
        case "bytes":
            return _Bytes(piece)
        case "words":
            return [match.start() for match in re.finditer(r"\S+", piece) if match.start() or last.isspace()]
        case "lines":
            ends = [match.end() for match in re.finditer("\n", last + piece)]
            return [end - len(last) for end in ends if end < len(last + piece)]


@dataclass(frozen=True, slots=True)
class _Memory:
    counts: Mapping[Unit, int] = field(default_factory=lambda: dict.fromkeys(UNITS, 0))
    last: str = "\n"
    """The last character; before the first one a line and a word may begin."""
    read: int = 0

    def with_more(self, piece: str, begun: Mapping[Unit, _Starts]) -> _Memory:
        counts = {unit: count + len(begun.get(unit, ())) for unit, count in self.counts.items()}
        return _Memory(counts, piece[-1:] or self.last, self.read + len(piece))


def build(options: Options) -> Guard:
    most, least = _counts(options, "most"), _counts(options, "least")
    options.finish()
    for unit, count in least.items():
        if count > most.get(unit, count):
            given, allowed = f"{count} {unit}", f"at most what 'most' allows, {most[unit]}"
            raise PolicyError(
                f"{options.where}.least", given, allowed, "No text would be neither too long nor too short."
            )
    if not most and not least:
        raise PolicyError(options.where, "no length", "a guard that can find anything", "Write most: {words: 200}.")
    return Length(most=most, least=least)


def _counts(options: Options, name: str) -> dict[Unit, int]:
    """A mapping of units; a number alone is one of characters."""
    given = options.value(name, {})
    counts = given if isinstance(given, Mapping) else {"characters": given}
    own = Options(counts, f"{options.where}.{name}")
    found = {unit: own.whole(unit, None) for unit in UNITS}
    own.finish()
    return {unit: count for unit, count in found.items() if count is not None}
