"""Demands: what a case may expect of a checked text, in one table; how each is written, and where it is missed.

What is said of a miss quotes no text, of the case or of what came; both are there beside it for whoever may see them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from llmpost.contracts.action import KINDS
from llmpost.contracts.check_result import CheckResult
from llmpost.errors import suggestion

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that came another way."""

    what: str
    expected: str
    came: str
    texts: tuple[str, str] | None = None
    """What was expected and what came, where these are texts."""


class NotOne(ValueError):
    """A value that a demand cannot be; what it says is a hint."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One row of the table: what it may be, in words; how it is read; where a result misses it."""

    allowed: str
    read: Callable[[Any], Any]
    judge: Callable[[Any, CheckResult], Iterator[Miss]]


def misses(expect: Mapping[str, Any], result: CheckResult) -> Iterator[Miss]:
    """Everything that was expected and is not so, in the order of the table."""
    for name, demand in DEMANDS.items():
        if name in expect:
            yield from demand.judge(expect[name], result)


def compared_texts(what: str, expected: str, came: str) -> Iterator[Miss]:
    """Nothing where they are equal; else their lengths, and where they part."""
    if expected != came:
        parting = next(
            (place for place, (one, other) in enumerate(zip(expected, came, strict=False)) if one != other),
            min(len(expected), len(came)),
        )
        told = f"{len(came)}, other ones from character {parting} on"
        yield Miss(what, f"{len(expected)} characters", told, (expected, came))


def labels_of(result: CheckResult) -> tuple[str, ...]:
    """Each once, in the order of the alphabet."""
    return tuple(sorted({finding.label for finding in result.verdict.findings}))


def _action(given: Any) -> str:
    if not isinstance(given, str) or given not in KINDS:
        raise NotOne(suggestion(str(given), KINDS))
    return str(given)


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise NotOne("Put quotes around it.")
    return given


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise NotOne("Write true, or false.")
    return given


def _labels(given: Any) -> tuple[str, ...]:
    labels = (given,) if isinstance(given, str) else given
    if not isinstance(labels, list | tuple) or not all(map(_is_name, labels)):
        raise NotOne("Write [EMAIL_ADDRESS, US_SSN], say.")
    return tuple(sorted(set(labels)))


def _is_name(given: Any) -> bool:
    """It stands in a line with others."""
    return isinstance(given, str) and given.isprintable() and given != ""


def _texts(given: Any) -> tuple[str, ...]:
    texts = (given,) if isinstance(given, str) else given
    if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise NotOne("Write [one, another], in quotes where YAML would read a number.")
    return tuple(texts)


def _name(given: Any) -> str:
    if not _is_name(given):
        raise NotOne(f"Write pii, say, or {NOBODY} where nothing is done.")
    return str(given)


def _equal(what: str, expected: str, came: str) -> Iterator[Miss]:
    if expected != came:
        yield Miss(what, expected, came)


def _judge_contains(wanted: tuple[str, ...], result: CheckResult) -> Iterator[Miss]:
    for place, text in enumerate(wanted):
        if text not in result.text:
            yield Miss(f"contains[{place}]", "in the text", "not in it", (text, result.text))


def _judge_lacks(unwanted: tuple[str, ...], result: CheckResult) -> Iterator[Miss]:
    for place, text in enumerate(unwanted):
        start = result.text.find(text)
        if start >= 0:
            yield Miss(f"lacks[{place}]", "not in the text", f"in it, from character {start} on", (text, result.text))


DEMANDS: Mapping[str, Demand] = MappingProxyType(
    {
        "action": Demand(
            f"one of {', '.join(KINDS)}", _action, lambda given, result: _equal("action", given, result.verdict.action)
        ),
        "blocked": Demand(
            "true or false", _flag, lambda given, result: _equal("blocked", _yes(given), _yes(result.is_blocked))
        ),
        "labels": Demand(
            "a list of labels, all that are found; [] for none",
            _labels,
            lambda given, result: _equal("labels", _listed(given), _listed(labels_of(result))),
        ),
        "decided_by": Demand(
            f"the name of a guard, or {NOBODY}",
            _name,
            lambda given, result: _equal("decided_by", given, result.verdict.decided_by or NOBODY),
        ),
        "text": Demand("a text", _text, lambda given, result: compared_texts("text", given, result.text)),
        "contains": Demand("a text or a list of texts, none empty", _texts, _judge_contains),
        "lacks": Demand("a text or a list of texts, none empty", _texts, _judge_lacks),
    }
)


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _listed(labels: tuple[str, ...]) -> str:
    return f"[{', '.join(labels)}]"
