"""Thresholds: how a policy names entities, as a list or each with a score from which on it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from llmpost.errors import suggestion
from llmpost.guards.options import Options

THRESHOLD = 0.5
"""Where nobody says otherwise."""


def thresholds(
    options: Options, known: Sequence[str], default: Sequence[str], usual: Callable[[str], float] = lambda _: THRESHOLD
) -> Mapping[str, float]:
    """What `entities` says, in the order of those that are known; `default` where it is not given."""
    given = options.value("entities", default)
    if isinstance(given, Sequence) and not isinstance(given, str) and all(isinstance(one, str) for one in given):
        given = {name: usual(name) for name in given}
    if not isinstance(given, Mapping) or not given:
        raise options.error("entities", "a list of entities, or {ENTITY: threshold}", "Write [EMAIL_ADDRESS, US_SSN].")
    for name, threshold in given.items():
        if name not in known:
            raise options.error("entities", f"entities that are known; {name!r} is not", suggestion(str(name), known))
        if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
            raise options.error("entities", f"a threshold from 0 to 1 for {name}", "Leave it out for the default.")
    return {name: float(given[name]) for name in known if name in given}
