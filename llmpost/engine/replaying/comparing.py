"""Comparing: what a text went through under one policy against what it goes through under another. Pure.

A difference is of one kind, the gravest. It is told by what people would see and by what was found, never by who was
asked, so that a guard with another name is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

from llmpost.contracts.guard import Span
from llmpost.contracts.inspection import Change
from llmpost.engine.replaying.seen import Fate, Seen

Kind: TypeAlias = Literal[
    "newly_blocked", "newly_asked_again", "newly_allowed", "stopped_otherwise", "more_changed", "fewer_changed",
    "other_changed", "changed_otherwise", "found_otherwise", "same", "unsettled",
]  # fmt: skip
"""``stopped_otherwise``: blocked, or asked again, both times, but by another action; ``more_changed``: all characters
that were changed still are, and more; ``other_changed``: neither more nor fewer; ``changed_otherwise``: the same
characters, with another label or other words in their place; ``found_otherwise``: the same is shown, and something else
was found; ``unsettled``: a guard gave no answer on one side alone, so that the difference may be its doing and not the
policy's."""
KINDS: tuple[Kind, ...] = get_args(Kind)

_NEWLY: dict[Fate, Kind] = {
    "blocked": "newly_blocked", "asked_again": "newly_asked_again", "shown": "newly_allowed",
}  # fmt: skip


def kind_of(before: Seen, after: Seen) -> Kind:
    """
    >>> from llmpost.contracts.guard import Verdict
    >>> kind_of(Seen(Verdict("block")), Seen(Verdict()))
    'newly_allowed'
    """
    kind = _kind(before, after)
    return "unsettled" if kind != "same" and before.troubles != after.troubles else kind


def _kind(before: Seen, after: Seen) -> Kind:
    if before.fate != after.fate:
        return _NEWLY[after.fate]
    if after.fate != "shown" and before.verdict.action != after.verdict.action:
        return "stopped_otherwise"
    if before.changes != after.changes or before.text != after.text:
        kind = _kind_of_changes(before, after)
        if kind is not None:
            return kind
    return "same" if _found(before) == _found(after) else "found_otherwise"


def _kind_of_changes(before: Seen, after: Seen) -> Kind | None:
    """None where people see the same."""
    then, now = _covered(before.changes), _covered(after.changes)
    if then != now:
        if _contains(now, then):
            return "more_changed"
        return "fewer_changed" if _contains(then, now) else "other_changed"
    is_same = _told(before.changes) == _told(after.changes) and _is_same_text(before, after)
    return None if is_same else "changed_otherwise"


def _covered(changes: Iterable[Change]) -> list[Span]:
    """The characters that did not stay, in as few spans as there can be."""
    covered: list[Span] = []
    for span in sorted(change.before for change in changes):
        if covered and span.start <= covered[-1].end:
            covered[-1] = Span(covered[-1].start, max(covered[-1].end, span.end))
        else:
            covered.append(span)
    return covered


def _contains(outer: list[Span], inner: list[Span]) -> bool:
    """Both as `_covered` gives them: each inner span lies in one outer one."""
    place = 0
    for span in inner:
        while place < len(outer) and outer[place].end < span.end:
            place += 1
        if place == len(outer) or outer[place].start > span.start:
            return False
    return True


def _told(changes: Iterable[Change]) -> list[tuple[Span, str, str]]:
    return [(change.before, change.label, change.action) for change in changes]


def _is_same_text(before: Seen, after: Seen) -> bool:
    """But for pseudonyms: which number one has depends on what the request had said before."""
    if before.text is None or after.text is None:
        return True
    return before.text == after.text or _without_pseudonyms(before) == _without_pseudonyms(after)


def _without_pseudonyms(seen: Seen) -> list[str]:
    text, at, parts = seen.text or "", 0, []
    for change in seen.changes:
        if change.action == "pseudonymise":
            parts.append(text[at : change.after.start])
            at = change.after.end
    return [*parts, text[at:]]


def _found(seen: Seen) -> set[tuple[str, Span]]:
    return {(finding.label, finding.span) for finding in seen.verdict.findings}
