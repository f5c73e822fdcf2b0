"""A guard of a policy in words: what it looks for, what is done about it, and what happens where it gives no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llmpost.cli.policy.spelling import spelled
from llmpost.cli.policy.words.actions import action_words, response_words
from llmpost.cli.policy.words.sheet import Row
from llmpost.guards.known_options import KNOWN_OPTIONS, SOUGHT
from llmpost.guards.rule import Fallback, Rule
from llmpost.policy.guards import GuardEntry
from llmpost.policy.response import Response, named_labels

_LONGEST = 300
"""Of the value of an option so many characters are shown: a list may have thousands of phrases."""


def guard_rows(number: int, entry: GuardEntry, rule: Rule) -> Iterator[Row]:
    """What goes for all guards where nothing else is said is not said of each."""
    yield Row(f"{number}. {entry.name}", _sought(entry))
    yield from (Row(name, _shown(name, value), 1) for name, value in _options(entry).items())
    yield from _responses(entry, rule)
    if rule.on_failure != Fallback():
        yield Row("if it breaks", fallback_words(rule.on_failure), 1)
    if rule.timeout_seconds is not None:
        late = f"after {milliseconds(rule.timeout_seconds)}: {fallback_words(rule.on_timeout)}"
        yield Row("if it is late", late, 1)
    if rule.on_invalid == "skip":
        yield Row("in JSON", "a value whose change would break a document stays, and the guard says so", 1)


def fallback_words(fallback: Fallback) -> str:
    """What happens where there is no answer."""
    if fallback.rule is None:
        return _FALLBACKS[fallback.kind]
    instead = fallback.rule
    return f"{instead.guard.name} is asked in its place: {action_words(instead.action)}"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:g} ms"


_FALLBACKS = {
    "block": "the text is blocked",
    "skip": "the text goes on without it, and the guard is told of as skipped",
}


def _sought(entry: GuardEntry) -> str:
    what = SOUGHT.get(entry.use, "what the program's own guard finds")
    return f"{what} (use: {entry.use})" if entry.use != entry.name else what


def _options(entry: GuardEntry) -> Mapping[str, Any]:
    """Those that were given, and what is looked for where that was not said."""
    known = KNOWN_OPTIONS.get(entry.use, {})
    usual = {name: option.meaning.default for name, option in known.items() if name == "entities"}
    return {**{name: value for name, value in usual.items() if value}, **entry.options}


def _shown(name: str, value: Any) -> str:
    if name == "entities" and isinstance(value, Mapping):
        return ", ".join(f"{entity} from {threshold:g}" for entity, threshold in value.items())
    is_list = isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    text = ", ".join(map(spelled, value)) if is_list else spelled(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({_count(value)})"


def _count(value: Any) -> str:
    return f"{len(value):,} in all" if isinstance(value, list | tuple) else "and more"


def _responses(entry: GuardEntry, rule: Rule) -> Iterator[Row]:
    labels = named_labels(entry)
    for label in labels:
        yield Row(label, response_words(Response.of(entry, label, rule.action)), 1)
    others = response_words(Response.of(entry, None, rule.action))
    yield Row("other findings" if labels else "findings", others, 1)
