"""Entities: the option that says what is looked for, as labels with thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llmpost.errors import suggestion
from llmpost.guards.options import Options

THRESHOLD = 0.5
"""Of a label that is named without one."""


def entities(options: Options, allowed: Sequence[str], defaults: Sequence[str]) -> dict[str, float]:
    """Read from ``entities: [PERSON]`` or ``entities: {PERSON: 0.7}``; PolicyError for a label that nobody finds."""
    given = options.value("entities", defaults)
    if isinstance(given, str) or not isinstance(given, Sequence | Mapping) or not given:
        raise options.error("entities", f"a list of {', '.join(allowed)}, or their thresholds", "Write [PERSON].")
    thresholds = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given, THRESHOLD)
    for label, threshold in thresholds.items():
        if label not in allowed:
            raise options.error("entities", f"made of {', '.join(allowed)}", suggestion(str(label), allowed))
        if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 < threshold <= 1:
            raise options.error("entities", "thresholds above 0, up to 1", f"Write {{{label}: {THRESHOLD}}}.")
    return thresholds
