"""ModerationGuard: the built-in classifier as a guard of a policy, ``use: moderation``.

It reads sentence by sentence, in pieces or whole, and says how likely each category is of what it has read. Which score
is too high is the rule's business; that a score does not flicker about a threshold is settled here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from llmpost.contracts.guard import ALL_BEFORE, Finding, GuardContext, Progress, Span
from llmpost.guards.moderation.classifier import Classifier, trained
from llmpost.guards.moderation.hysteresis import level_after
from llmpost.guards.moderation.running import Running
from llmpost.guards.moderation.sentences import LONGEST, sentences
from llmpost.guards.options import Options

MODELS: Final = ("builtin",)
HYSTERESIS: Final = 0.1
THRESHOLDS: Final = MappingProxyType(
    {
        "sexual": 0.5,
        "hate": 0.75,
        "violence": 0.5,
        "harassment": 0.5,
        "self_harm": 0.5,
        "sexual_minors": 0.4,
        "hate_threatening": 0.5,
        "violence_graphic": 0.5,
        "toxicity": 0.75,
        "flagged": 0.6,
    }
)
"""From which scores on something is done where a policy says nothing: docs/moderation.md says how they were chosen."""
ALWAYS: Final = 0.1
"""From this score up a category is reported of every sentence."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Memory:
    """Between two pieces: what is known of the text so far, and the sentence that has begun."""

    running: Running
    level: Values
    """What each category was last said to be."""
    highest: Values
    """What it ever was said to be."""
    rest: str = ""
    start: int = 0
    """Where `rest` begins."""


class ModerationGuard:
    """A `FollowingGuard`. Of the first and of the last sentence, and of each that is higher than all before it or no
    lower than `ALWAYS`, it reports a category's score; the highest of them is the text's.

    A sentence's score is the chance that it is so alone and in the text up to it: what stands between two sentences of
    a kind is not blamed for them. Where the whole text has more than any of its sentences, its last one has that score;
    or, where that says nothing of the kind, the place behind it, where there is nothing to be changed. A score that
    falls by no more than `hysteresis` has not fallen.

    >>> guard = ModerationGuard(["self_harm"])
    >>> finding = guard.inspect("I want to kill myself. I am so alone and nobody would miss me.", GuardContext())[-1]
    >>> finding.label, finding.score > 0.5
    ('self_harm', True)
    """

    reach = LONGEST
    context = ALL_BEFORE

    def __init__(
        self,
        categories: Sequence[str] | None = None,
        name: str = "moderation",
        hysteresis: float = HYSTERESIS,
        classifier: Classifier | None = None,
    ) -> None:
        self._classifier = classifier or trained()
        self.name = name
        self.categories = tuple(categories or self._classifier.categories)
        self.scores = MappingProxyType(dict.fromkeys(self.categories, (0.0, 1.0)))
        self._columns = [self._classifier.categories.index(category) for category in self.categories]
        self._hysteresis = hysteresis
        nothing = np.full(len(self.categories), -1.0)
        self._start = _Memory(self._classifier.begin(), nothing, nothing)

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before: _Memory = memory or self._start
        text = before.rest + piece
        places = list(sentences(text, 0, is_end))
        if not places:
            return Progress(_with_rest(before, text, before.start), (), before.start)
        scores, running = self._classifier.follow(before.running, [text[start:end] for start, end in places])
        alone, so_far = scores.alone[:, self._columns], scores.so_far[:, self._columns]
        said = alone * so_far
        of_text = np.zeros(0, np.intp)
        if is_end:
            is_more = so_far[-1] > np.maximum(before.highest, said.max(axis=0))
            is_said_last = alone[-1] >= so_far[-1] / 2
            said[-1] = np.where(is_more & is_said_last, so_far[-1], said[-1])
            of_text = np.flatnonzero(is_more & ~is_said_last)
        findings: list[Finding] = []
        level, highest = before.level, before.highest
        for number, (start, end) in enumerate(places):
            level = level_after(said[number], level, self._hysteresis)
            is_last = is_end and number == len(places) - 1
            reported = np.flatnonzero((level > highest) | (level >= ALWAYS) | is_last)
            highest = np.maximum(highest, level)
            place = Span(before.start + start, before.start + start + (len(text[start:end].rstrip()) or end - start))
            findings += [self._finding(int(at), place, float(level[at])) for at in reported]
        read = places[-1][1]
        behind = Span(before.start + read, before.start + read)
        findings += [self._finding(int(at), behind, float(so_far[-1, at])) for at in of_text]
        after = _Memory(running, level, highest)
        settled = before.start + read
        return Progress(_with_rest(after, text[read:], settled), tuple(findings), settled)

    def _finding(self, category: int, place: Span, score: float) -> Finding:
        label = self.categories[category]
        return Finding(self.name, label, place, score, "like what was labelled so")


def _with_rest(memory: _Memory, rest: str, start: int) -> _Memory:
    return _Memory(memory.running, memory.level, memory.highest, rest, start)


def build(options: Options) -> ModerationGuard:
    """`model`: builtin; `categories`: which are reported; `hysteresis`: how much is a fall."""
    options.one_of("model", MODELS, MODELS[0])
    known = trained().categories
    categories = options.texts("categories") or known
    if unknown := [category for category in categories if category not in known]:
        raise options.error("categories", f"some of {', '.join(known)}", f"There is no {unknown[0]!r:.60}.")
    hysteresis = options.number("hysteresis", HYSTERESIS, 0, 1)
    options.finish()
    return ModerationGuard(tuple(dict.fromkeys(categories)), hysteresis=hysteresis or 0.0)
