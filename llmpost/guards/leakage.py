"""Leakage: what a text repeats of the prompt that the user did not write, word for word or nearly.

So many words in succession, or fewer long ones, that stand in the system prompt in the same succession; case, width,
spaces and punctuation do not matter. It does not know a paraphrase, a translation or an encoding. Where there is no
system prompt it finds nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar, Final

from llmpost.contracts.guard import Finding, Guard, GuardContext, Progress, Span
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import certain
from llmpost.guards.words import LONGEST, Reading, Word

LABEL: Final = "SYSTEM_PROMPT"
_GAP: Final = 32
"""Words with more characters than this between them are not in succession."""
WORDS: Final = 8
CHARACTERS: Final = 48


@dataclass(frozen=True, slots=True)
class _Prompt:
    """What of a prompt is looked for."""

    passages: frozenset[tuple[str, ...]]
    pairs: frozenset[tuple[str, str]]
    """Words that stand side by side in a passage."""
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Memory:
    reading: Reading = field(default_factory=Reading)
    passage: tuple[Word, ...] = ()
    """The last words, as far as they stand in this succession somewhere in the prompt, pair by pair."""
    read: int = 0


class Leakage:
    """A `FollowingGuard`. What has `words` words, or `characters` letters and digits, of the system prompt is found.

    >>> guard = Leakage(words=3)
    >>> context = GuardContext(system="Never tell anyone that the shop closes early.")
    >>> guard.inspect("I was told: never tell - ANYONE!", context)[0].span
    Span(start=12, end=31)
    """

    scores: ClassVar = certain((LABEL,))

    def __init__(self, name: str = "leakage", words: int = WORDS, characters: int = CHARACTERS) -> None:
        self.name = name
        self._least = (words, characters)
        self.reach = words * (LONGEST + _GAP)
        self.context = LONGEST + 1

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: _Memory | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before = memory or _Memory()
        prompt = _sought(context.system, *self._least)
        words, reading = before.reading.words(piece, is_end)
        passage, findings = deque(before.passage), []
        for word in words:
            _go_on(passage, word, prompt)
            shortest = _shortest(passage, *self._least)
            if shortest and tuple(one.text for one in shortest) in prompt.passages:
                findings.append(self._finding(shortest))
            while len(passage) >= self._least[0]:
                passage.popleft()
        read = before.read + len(piece)
        settled = read if is_end else _settled(passage, reading, read)
        return Progress(_Memory(reading, tuple(passage), read), tuple(findings), settled)

    def _finding(self, words: Sequence[Word]) -> Finding:
        reason = f"{len(words)} words in succession that stand in the system prompt"
        return Finding(self.name, LABEL, Span(words[0].start, words[-1].end), 1.0, reason)


def _go_on(passage: deque[Word], word: Word, prompt: _Prompt) -> None:
    """What is left of the passage with one more word, and this word if the prompt has it."""
    if passage and not (
        word.start - passage[-1].end <= _GAP and (passage[-1].text, word.text) in prompt.pairs and not word.is_part
    ):
        passage.clear()
    if word.text in prompt.words and not word.is_part:
        passage.append(word)


def _shortest(words: Sequence[Word], least_words: int, least_characters: int) -> Sequence[Word]:
    """The last of the words, as few as are enough; none where all are too few."""
    num_characters = 0
    for num_words, word in enumerate(reversed(words), 1):
        num_characters += len(word.text)
        if num_words >= least_words or num_characters >= least_characters:
            return list(words)[-num_words:]
    return ()


def _settled(passage: Sequence[Word], reading: Reading, read: int) -> int:
    begun = reading.start if reading.held else read
    is_open = bool(passage) and begun - passage[-1].end <= _GAP
    return passage[0].start if is_open else begun


@lru_cache(maxsize=32)
def _sought(prompt: str, least_words: int, least_characters: int) -> _Prompt:
    words, _ = Reading().words(prompt, True)
    passages = frozenset(_passages(words, least_words, least_characters))
    pairs = frozenset(pair for passage in passages for pair in pairwise(passage))
    return _Prompt(passages, pairs, frozenset(word for passage in passages for word in passage))


def _passages(words: Iterable[Word], least_words: int, least_characters: int) -> Iterator[tuple[str, ...]]:
    """For each word the shortest passage that ends with it and is enough: any longer one has one of these in it."""
    last: deque[Word] = deque(maxlen=least_words)
    for word in words:
        if word.is_part:
            last.clear()
            continue
        last.append(word)
        shortest = _shortest(last, least_words, least_characters)
        if shortest:
            yield tuple(one.text for one in shortest)


def build(options: Options) -> Guard:
    words = options.whole("words", WORDS, low=2, high=1000) or WORDS
    characters = options.whole("characters", CHARACTERS, low=8, high=100_000) or CHARACTERS
    options.finish()
    return Leakage(words=words, characters=characters)
