"""NamesGuard: the light finder as a guard of a policy, ``use: names``.

It reads the text as it is given, in pieces or whole, and knows nothing of what is done about what it finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from llmpost.contracts.guard import Finding, GuardContext, Progress, Span
from llmpost.errors import suggestion

from ..options import Options
from .finder import REACH, Finder, Memory, Name
from .tagger import Tagger

WEIGHTS = Path(__file__).with_name("names.npz")
DEFAULTS = ("PERSON", "LOCATION", "STREET_ADDRESS", "ORGANIZATION", "DATE_TIME", "DATE_OF_BIRTH")
"""What is looked for where a policy names nothing."""
THRESHOLD = 0.5


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
    thresholds = entities(options, trained().labels[1:])
    options.finish()
    return NamesGuard(thresholds)


def entities(options: Options, allowed: tuple[str, ...], defaults: tuple[str, ...] = DEFAULTS) -> dict[str, float]:
    """The option `entities`: of labels their thresholds."""
    given = options.value("entities", defaults)
    if isinstance(given, str) or not isinstance(given, list | tuple | Mapping) or not given:
        raise options.error("entities", f"a list of {', '.join(allowed)}, or thresholds by label", "Write [PERSON].")
    thresholds = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given, THRESHOLD)
    for label, threshold in thresholds.items():
        if label not in allowed:
            raise options.error("entities", f"labels of {', '.join(allowed)}", suggestion(str(label), allowed))
        if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 < threshold <= 1:
            raise options.error("entities", "thresholds above 0, up to 1", f"Write {{{label}: {THRESHOLD}}}.")
    return thresholds
