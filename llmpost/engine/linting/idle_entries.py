"""Entries of lists that do nothing: what is allowed and would never be found, and phrases that have another in them.

A guard is asked about its own entries, built without the list in question: what it says then is what the list changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from llmpost.contracts.action import CHANGES_SPAN
from llmpost.contracts.guard import Guard, GuardContext
from llmpost.engine.linting.remark import Remark, shown
from llmpost.engine.linting.subject import Asked, Subject
from llmpost.guards.catalogue import CATALOGUE
from llmpost.guards.fixed_texts import actions_of
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import possible_scores
from llmpost.policy.guards import KEYS
from llmpost.policy.plain import thawed

_LISTS = ("phrases", "competitors", "profanity")
_MOST_ASKED = 200
_MOST_COMPARED = 2_000


def idle_entries(subject: Subject) -> Iterator[Remark]:
    """A warning for each, as far as they are looked at."""
    for asked in subject.guards:
        if asked.entry.use in (*_LISTS, "pii"):
            yield from _allowed(asked)
        if asked.entry.use in _LISTS:
            yield from _phrases(asked)


def _allowed(asked: Asked) -> Iterator[Remark]:
    allowed = [one for one in _listed(asked, "allow")[:_MOST_ASKED] if isinstance(one[1], str)]
    if not allowed:
        return
    guard = _without_allowed(asked)
    for place, text in allowed:
        if not _finds(guard, text, as_a_whole=asked.entry.use == "pii"):
            where, name = f"{asked.where}.allow[{place}]", asked.rule.guard.name
            yield Remark(where, "warning", shown(text), f"anything that {name} finds", "Leave it out.", text)


def _without_allowed(asked: Asked) -> Guard:
    options = {key: value for key, value in asked.entry.options.items() if key != "allow"}
    if asked.entry.use == "pii":  # a word beside it may be what it takes: at any score it counts
        options["entities"] = dict.fromkeys(possible_scores(asked.rule.guard) or (), 0.0)
    return CATALOGUE[asked.entry.use].build(Options(options, asked.where, KEYS))


def _finds(guard: Guard, text: str, *, as_a_whole: bool) -> bool:
    """Whether anything is found in it, however its letters are written; or all of it as one."""
    for way in dict.fromkeys((text, text.upper(), text.lower())):
        found = guard.inspect(way, GuardContext())
        if any(not as_a_whole or (one.span.start, one.span.end) == (0, len(way)) for one in found):
            return True
    return False


def _phrases(asked: Asked) -> Iterator[Remark]:
    """Where all that matters is whether there is any of them, one that has another one in it, word for word."""
    if any(action.kind in CHANGES_SPAN for action in actions_of(asked.rule)):
        return
    listed = [(place, text.split()) for place, text in _listed(asked, "phrases")[:_MOST_COMPARED]]
    known = {tuple(words) for _, words in listed}
    for place, words in listed:
        shorter = next((" ".join(part) for part in _parts(words) if part in known), None)
        if shorter is not None:
            text, hint = " ".join(words), "Leave it out."
            given, allowed = f"{shown(text)} beside {shown(shorter)}", "of use: it has that in it"
            yield Remark(f"{asked.where}.phrases[{place}]", "warning", given, allowed, hint, text)


def _parts(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All successions of its words, but for all of them, of phrases that are not long."""
    if len(words) <= 12:
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                if end - start < len(words):
                    yield tuple(words[start:end])


def _listed(asked: Asked, key: str) -> list[tuple[int, Any]]:
    given = thawed(asked.entry.options.get(key))
    return list(enumerate(given)) if isinstance(given, list) else []
