"""Comparison: two policies held side by side, with what each leaves unsaid filled in.

Which differences there are is `policy.comparing`'s to tell. What detectors do of their own accord, what their options
mean and how texts are released when nobody says so is known here.
"""

from __future__ import annotations

from dataclasses import replace

from llmpost.engine.guarding import build_guarding, detectors_of
from llmpost.errors import LlmpostError
from llmpost.guards.known_options import KNOWN_OPTIONS
from llmpost.guards.rule import Release
from llmpost.policy import Policy
from llmpost.policy.comparing import Known, differences
from llmpost.policy.difference import Difference

_DETECTORS = detectors_of({})
_KNOWN = {
    name: Known(detector.action, {option: known.meaning for option, known in KNOWN_OPTIONS[name].items()})
    for name, detector in _DETECTORS.items()
}


def compared(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Where they differ in meaning: what goes without saying in one and is said in the other is the same."""
    releases = [_release(policy) for policy in (before, after)]
    if None not in releases:
        before, after = (
            replace(policy, release=release) for policy, release in zip((before, after), releases, strict=True)
        )
    return differences(before, after, _KNOWN)


def _release(policy: Policy) -> Release | None:
    """None where its guards cannot be built here, and so nobody can say."""
    try:
        return build_guarding(policy, _DETECTORS).release
    except LlmpostError:
        return None
