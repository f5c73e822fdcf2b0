"""NamesGuard: the light finder as a guard of a policy, ``use: names``.

It reads the text as it is given, in pieces or whole, and knows nothing of what is done about what it finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from llmpost.contracts.guard import Finding, GuardContext, Progress, Span
from llmpost.guards.entities import thresholds
from llmpost.guards.names.finder import REACH, Finder, Memory, Name
from llmpost.guards.names.tagger import Tagger
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import from_thresholds

WEIGHTS = Path(__file__).with_name("names.npz")
DEFAULTS = ("PERSON", "LOCATION", "STREET_ADDRESS", "ORGANIZATION", "DATE_TIME", "DATE_OF_BIRTH")
"""What is looked for where a policy names nothing."""


class NamesGuard:
    """Finds what `thresholds` names, from its threshold up.

    >>> guard = NamesGuard({"PERSON": 0.5})
    >>> text = "My name is Maria Chen."
    >>> [text[f.span.start : f.span.end] for f in guard.inspect(text, GuardContext())]
    ['Maria Chen']
    """

    reach = REACH
    context = REACH

    def __init__(self, thresholds: Mapping[str, float], name: str = "names") -> None:
        self.name = name
        self.scores = from_thresholds(thresholds)
        self._finder = Finder(trained(), thresholds)

    def inspect(self, text: str, context: GuardContext) -> tuple[Finding, ...]:
        return self.follow(None, text, context, is_end=True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        memory, names = self._finder.follow(memory or Memory(), piece, is_end)
        return Progress(memory, tuple(map(self._finding, names)), memory.settled)

    def _finding(self, name: Name) -> Finding:
        return Finding(self.name, name.label, Span(name.start, name.end), name.score, "words like those of a name")


@cache
def trained() -> Tagger:
    """What is bundled; read once."""
    return Tagger.load(WEIGHTS)


def build(options: Options) -> NamesGuard:
    """`entities`: a list of labels, or labels with thresholds."""
    limits = thresholds(options, trained().labels[1:], DEFAULTS)
    options.finish()
    return NamesGuard(limits)
