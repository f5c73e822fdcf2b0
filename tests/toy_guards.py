"""Guards small enough to be seen through, honest about their reach and context; and random texts for them.

A toy is a regular expression, tried at every place of the text: what it finds there does not depend on what it found
before. Its reach and context are written beside it, by hand.

In a *numbered* text every character says which it is and what it stands for, so that whoever sees it come out knows
where it was. Toys read such a text as what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from llmpost.contracts.guard import Finding, GuardContext, Progress, Span

ALPHABET = "ab. "
_FIRST = 0xE000  # characters of private use: no replacement writes them


def numbered(text: str) -> str:
    return "".join(chr(_FIRST + place * len(ALPHABET) + ALPHABET.index(c)) for place, c in enumerate(text))


def places(text: str) -> list[int]:
    """Where the numbered characters of a text were; what else is in it is passed over."""
    return [(ord(c) - _FIRST) // len(ALPHABET) for c in text if _is_numbered(c)]


def meant(text: str) -> str:
    return "".join(ALPHABET[(ord(c) - _FIRST) % len(ALPHABET)] if _is_numbered(c) else c for c in text)


def _is_numbered(character: str) -> bool:
    return _FIRST <= ord(character) < 0xF8FF


@dataclass(frozen=True)
class Toy:
    """Finds its pattern at every place where it matches: the longest match there, as `re` would."""

    name: str
    pattern: str
    reach: int | None
    context: int = 0
    score: float = 1.0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        compiled, text = re.compile(self.pattern), meant(text)
        found = (compiled.match(text, at) for at in range(len(text)))
        return [
            Finding(self.name, self.name, Span(*match.span()), self.score, "the pattern of a toy")
            for match in found
            if match is not None and match.end() > match.start()
        ]


@dataclass(frozen=True)
class FollowingToy(Toy):
    """The same, piece by piece: it keeps the whole text, and settles nothing until `lag` more characters are there."""

    lag: int = 0

    def follow(self, memory: tuple[str, int] | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        text, settled = memory or ("", 0)
        text += piece
        until = len(text) if is_end or self.reach is None else max(settled, len(text) - self.reach - self.lag)
        until = settled if self.reach is None and not is_end else until
        found = [f for f in self.inspect(text, context) if settled <= f.span.start and (is_end or f.span.start < until)]
        return Progress((text, until), tuple(found), until)


@dataclass(frozen=True)
class OddToy:
    """Needs the whole text: finds every `a` of it where there is an odd number of `b`."""

    name: str
    reach: None = None
    context: int = 0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        text = meant(text)
        found = [at for at, character in enumerate(text) if character == "a"] if text.count("b") % 2 else []
        return [Finding(self.name, "ODD", Span(at, at + 1)) for at in found]


PATTERNS: tuple[tuple[str, int, int], ...] = (
    ("a", 0, 0),
    ("ab", 1, 0),
    ("a{2,4}", 3, 0),
    ("b(?=a)", 1, 0),
    ("b(?!a)", 1, 0),
    ("(?<!a)b{1,3}", 2, 1),
    (r"\bab?\b", 2, 1),
    ("a.b", 2, 0),
    ("a(?!bb)", 2, 0),
    ("(?<=ab)a", 0, 2),
    (r"a(?:b |\.a){1,2}", 4, 0),
    (r"\.(?!.)", 1, 0),
    (r"(?<![^.]).", 0, 1),
    (r"[ab]{3}(?=\.?$)", 4, 0),
)
"""A pattern, its reach and its context."""

LONG_PATTERNS: tuple[tuple[str, int, int], ...] = (
    ("a{3,9}", 8, 0),
    ("a[ab. ]{6}b", 7, 0),
    (r"\.[ab ]{2,6}\.", 7, 0),
    ("(?<=b[ab. ]{5})a", 0, 6),
)
"""Of these a guard can say a reach that is too short, and still be caught."""

_FRAGMENTS = ("a", "b", ".", " ", "ab", "aab", "abab", "a.b", "bb", "aaaa", "abb", "b ", ". ", "ab.", "aaaaaa", ".ab.")
TEXTS = st.lists(st.sampled_from(_FRAGMENTS), max_size=16).map("".join)


@st.composite
def toys(draw: st.DrawFn, name: str = "toy", whole: bool = False) -> Toy | FollowingToy | OddToy:
    """An honest guard; `whole`: one that needs the whole text may be among them."""
    if whole and draw(st.integers(0, 7)) == 0:
        return OddToy(name)
    pattern, reach, context = draw(st.sampled_from(PATTERNS))
    reach, context = reach + draw(st.integers(0, 3)), context + draw(st.integers(0, 2))
    score = draw(st.sampled_from([1.0, 0.5]))
    if draw(st.booleans()):
        return FollowingToy(name, pattern, reach, context, score, draw(st.integers(0, 3)))
    return Toy(name, pattern, reach, context, score)


class Broken(Exception):
    """A toy has broken."""


@dataclass(frozen=True)
class BreakingToy:
    """A toy that breaks when it sees the numbered character of a place: it raises, or tells of what is not there."""

    toy: Toy | FollowingToy | OddToy
    place: int
    lies: bool = False

    @property
    def name(self) -> str:
        return self.toy.name

    @property
    def reach(self) -> int | None:
        return self.toy.reach

    @property
    def context(self) -> int:
        return self.toy.context

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        if any(place >= self.place for place in places(text)):
            if self.lies:
                return [Finding(self.name, "LIE", Span(0, len(text) + 1))]
            raise Broken(text)
        return self.toy.inspect(text, context)


@dataclass(frozen=True)
class NotingToy:
    """A toy whose every inspection is noted: the place where the text began, its length and what was found."""

    toy: Toy | OddToy
    notes: list[tuple[str, Sequence[Finding]]] = field(default_factory=list, compare=False)

    @property
    def name(self) -> str:
        return self.toy.name

    @property
    def reach(self) -> int | None:
        return self.toy.reach

    @property
    def context(self) -> int:
        return self.toy.context

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        found = self.toy.inspect(text, context)
        self.notes.append((text, found))
        return found


@st.composite
def cut(draw: st.DrawFn, text: str) -> list[str]:
    """The text in pieces, some of them empty; or in characters."""
    if draw(st.booleans()):
        return list(text)
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
