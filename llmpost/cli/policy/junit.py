"""A report as CI systems read it: one suite a policy, one test a case, in the XML that JUnit writes.

Elements and attributes are those that Jenkins, GitLab and GitHub's actions all read. XML cannot hold every character;
those that it cannot are written as escapes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from llmpost.engine.cases import CaseOutcome, Trial

_UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_of(trials: Sequence[Trial]) -> str:
    """All of it, as a document."""
    root = Element("testsuites", {"name": "llmpost policy test", **_counts(trials)})
    for trial in trials:
        counts = {**_counts([trial]), "skipped": "0"}
        suite = SubElement(root, "testsuite", {"name": writable(trial.policy.name), **counts})
        properties = SubElement(suite, "properties")
        SubElement(properties, "property", name="policy.digest", value=trial.policy.digest)
        for outcome in trial.outcomes:
            _add(suite, outcome, trial.policy.name)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def writable(text: str) -> str:
    r"""
    >>> writable("red: \x1b[31m, half: \ud83d")
    'red: \\x1b[31m, half: \\ud83d'
    """
    return _UNWRITABLE.sub(lambda found: repr(found[0])[1:-1], text)


def _add(suite: Element, outcome: CaseOutcome, policy: str) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=writable(f"policy.{policy}"),
        name=writable(outcome.id),
        time=_seconds(outcome.seconds),
    )
    if outcome.error is not None:
        kind = type(outcome.error).__name__
        SubElement(case, "error", type=kind, message=writable(str(outcome.error)))
    elif outcome.misses:
        told = [f"{miss.what}: expected {miss.expected}, came {miss.came}" for miss in outcome.misses]
        failure = SubElement(case, "failure", type="unexpected", message=writable(told[0]))
        failure.text = writable("\n".join(told))


def _counts(trials: Sequence[Trial]) -> dict[str, str]:
    outcomes = [outcome for trial in trials for outcome in trial.outcomes]
    errors = sum(outcome.error is not None for outcome in outcomes)
    failures = sum(not outcome.is_passed for outcome in outcomes) - errors
    seconds = sum(trial.seconds for trial in trials)
    return {
        "tests": str(len(outcomes)),
        "failures": str(failures),
        "errors": str(errors),
        "time": _seconds(seconds),
    }


def _seconds(seconds: float) -> str:
    return f"{seconds:.4f}"
