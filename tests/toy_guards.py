"""Guards small enough to be seen through, honest about their reach and context; and random texts for them.

A toy is a regular expression, tried at every place of the text: what it finds there does not depend on what it found
before. Its reach and context are written beside it, by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from llmpost.contracts.guard import Finding, GuardContext, Progress, Span

ALPHABET = "ab. "


@dataclass(frozen=True)
class Toy:
    """Finds its pattern at every place where it matches: the longest match there, as `re` would."""

    name: str
    pattern: str
    reach: int | None
    context: int = 0
    score: float = 1.0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        compiled = re.compile(self.pattern)
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
        places = [at for at, character in enumerate(text) if character == "a"] if text.count("b") % 2 else []
        return [Finding(self.name, "ODD", Span(at, at + 1)) for at in places]


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

TEXTS = st.text(ALPHABET, max_size=40)


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


@st.composite
def cut(draw: st.DrawFn, text: str) -> list[str]:
    """The text in pieces, some of them empty."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
