"""Repetition: the same words, lines or character over and over, as models write that have lost their way.

What is found is one word, one line's end or one character too many, once for each loop: there a text is to be cut. A
loop of other things, numbers that count up or words that change places, is none. Only a word is ever held back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import ClassVar, Final, TypeAlias

from llmpost.contracts.guard import ALL_BEFORE, Finding, Guard, GuardContext, Progress, Span
from llmpost.guards.loops import Loops
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import certain
from llmpost.guards.words import LONGEST, Reading

WORDS, LINES, CHARACTER = "REPEATED_WORDS", "REPEATED_LINES", "REPEATED_CHARACTER"
TIMES: Final = 8
PHRASE: Final = 40
RUN: Final = 400
_LONGEST_LINES: Final = 8
_LEAST_WORDS, _LEAST_LINES = 8, 2
"""Shorter periods may be said more often: tables repeat a word or a line."""

SHORTEST_RUN: Final = 8
_SAME = re.compile(rf"(.)\1{{{SHORTEST_RUN - 1},}}", re.DOTALL)

_Found: TypeAlias = tuple[str, int, int]


class Repetition:
    """A `FollowingGuard`. A phrase of up to `phrase` words, or up to eight lines, may be said `times` times in
    succession, shorter ones as often as takes the room of eight words or two lines; a character may stand `run` times.

    >>> Repetition(times=2).inspect("I am " * 9, GuardContext())[0].span
    Span(start=40, end=41)
    """

    reach = LONGEST
    context = ALL_BEFORE
    scores: ClassVar = certain((WORDS, LINES, CHARACTER))

    def __init__(self, name: str = "repetition", times: int = TIMES, phrase: int = PHRASE, run: int = RUN) -> None:
        self.name = name
        words, lines = Loops(phrase, _LEAST_WORDS, times), Loops(_LONGEST_LINES, _LEAST_LINES, times)
        self._start = _Memory(_Words(words), _Lines(lines), _Run(run))

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: _Memory | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before = memory or self._start
        in_words, words = before.words.follow(piece, is_end)
        in_lines, lines = before.lines.follow(piece, before.read)
        in_run, run = before.run.follow(piece, before.read)
        read = before.read + len(piece)
        findings = tuple(self._finding(*found) for found in (*in_words, *in_lines, *in_run))
        settled = words.reading.start if words.reading.held else read
        return Progress(_Memory(words, lines, run, read), findings, settled)

    def _finding(self, label: str, start: int, end: int) -> Finding:
        return Finding(self.name, label, Span(start, end), 1.0, "said over and over before it")


@dataclass(frozen=True, slots=True)
class _Words:
    loops: Loops
    reading: Reading = field(default_factory=Reading)

    def follow(self, piece: str, is_end: bool) -> tuple[list[_Found], _Words]:
        words, reading = self.reading.words(piece, is_end)
        places, loops = self.loops.follow([word.text for word in words])
        return [(WORDS, words[place].start, words[place].end) for place in places], _Words(loops, reading)


@dataclass(frozen=True, slots=True)
class _Lines:
    """A line is whole at its end, which is what is found of it; one of nothing but blanks does not count."""

    loops: Loops
    begun: blake2b = field(default_factory=blake2b)
    """What the line has so far. Never updated, but copied."""
    is_blank: bool = True

    def follow(self, piece: str, start: int) -> tuple[list[_Found], _Lines]:
        *ended, rest = piece.split("\n")
        begun, is_blank = self.begun, self.is_blank
        digests: list[bytes] = []
        ends: list[int] = []
        for line in ended:
            start += len(line) + 1
            if not is_blank or line.strip():
                digests.append(_with(begun, line).digest())
                ends.append(start)
            begun, is_blank = blake2b(), True
        places, loops = self.loops.follow(digests)
        found = [(LINES, ends[place] - 1, ends[place]) for place in places]
        return found, _Lines(loops, _with(begun, rest), is_blank and not rest.strip())


def _with(begun: blake2b, text: str) -> blake2b:
    behind = begun.copy()
    behind.update(text.encode("utf-8", "surrogatepass"))
    return behind


@dataclass(frozen=True, slots=True)
class _Run:
    """The last character, and how often it has stood in succession."""

    most: int
    character: str = ""
    times: int = 0

    def follow(self, piece: str, start: int) -> tuple[list[_Found], _Run]:
        if not piece:
            return [], self
        more = len(piece) - len(piece.lstrip(self.character)) if self.character else 0
        runs = [(-self.times, more), *((match.start(), match.end()) for match in _SAME.finditer(piece, more))]
        excess = (at + self.most for at, end in runs if end - at > self.most)
        found = [(CHARACTER, start + place, start + place + 1) for place in excess if place >= 0]
        if more == len(piece):
            return found, _Run(self.most, self.character, self.times + more)
        return found, _Run(self.most, piece[-1], len(piece) - len(piece.rstrip(piece[-1])))


@dataclass(frozen=True, slots=True)
class _Memory:
    words: _Words
    lines: _Lines
    run: _Run
    read: int = 0


def build(options: Options) -> Guard:
    times = options.whole("times", TIMES, low=2) or TIMES
    phrase = options.whole("phrase", PHRASE, low=1, high=1000) or PHRASE
    run = options.whole("run", RUN, low=SHORTEST_RUN) or RUN
    options.finish()
    return Repetition(times=times, phrase=phrase, run=run)
