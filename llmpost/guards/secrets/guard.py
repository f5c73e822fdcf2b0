"""The guard of secrets: all kinds that a policy wants, in one pass over the text.

What looks like a secret is found by its language, and judged by its randomness: an example of a shape is none. Knows
nobody's list of leaked ones, and asks no issuer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

from llmpost.automata.entities.written import written
from llmpost.automata.finding.finder import Finder
from llmpost.automata.finding.match import Sought
from llmpost.contracts.guard import Guard
from llmpost.errors import suggestion
from llmpost.guards.allowed import allowed_by
from llmpost.guards.judged import UNDECIDED_SCORE, Judged, Judgement
from llmpost.guards.options import Options
from llmpost.guards.reading import Reading
from llmpost.guards.secrets.beside import BESIDE
from llmpost.guards.secrets.kind import Kind
from llmpost.guards.secrets.tokens import TOKENS
from llmpost.guards.views.decoded import DECODED

KINDS: Final = (*TOKENS, *BESIDE)
REACH: Final = 8192
"""Characters: the block of a private key of 8,192 bits has fewer."""


def secrets(kinds: Sequence[Kind] = KINDS, allowed: Callable[[str], bool] = lambda _: False) -> Judged:
    """A `FollowingGuard` of these kinds, also where they are written with escapes.

    >>> from llmpost.contracts.guard import GuardContext
    >>> secrets().inspect("password = 'hunter2'", GuardContext())[0].span
    Span(start=12, end=19)
    """
    labels = {KINDS.index(kind): kind.label for kind in kinds}
    reading = Reading(_finder(tuple(labels.values())), DECODED)
    scores = {kind.label: (min(kind.score, UNDECIDED_SCORE), kind.score) for kind in kinds}
    return replace(Judged.of("secrets", labels, reading, partial(_judgements, allowed)), scores=scores)


@lru_cache(maxsize=8)
def _finder(labels: tuple[str, ...]) -> Finder:
    """One for all guards of the same kinds: what it has learnt of texts serves them all."""
    sought = (
        Sought(written(kind.pattern, kind.bounds, ignore_case=kind.ignore_case), tag)
        for tag, kind in enumerate(KINDS)
        if kind.label in labels
    )
    return Finder(list(sought), REACH)


def _judgements(allowed: Callable[[str], bool], tag: int, text: str) -> Iterator[Judgement]:
    kind = KINDS[tag]
    start, end = _place(kind, text)
    if kind.is_secret(text[start:end]) and not allowed(text[start:end]):
        yield Judgement(kind.label, start, end, kind.score, kind.summary)


def _place(kind: Kind, text: str) -> tuple[int, int]:
    """Where in a match the secret is."""
    match = re.search(kind.secret, text) if kind.secret else None
    return match.span("secret") if match else (0, len(text))


def build(options: Options) -> Guard:
    """`kinds`: which labels, all where it is not given; `guess: false` leaves out what only its neighbours tell;
    `allow`: texts and patterns that are never findings."""
    wanted = options.texts("kinds")
    can_guess, allowed = options.flag("guess", True), allowed_by(options)
    options.finish()
    known = [kind.label for kind in KINDS]
    for label in wanted:
        if label not in known:
            raise options.error("kinds", "a list of kinds of secrets", suggestion(label, known))
    return secrets([kind for kind in (KINDS if can_guess else TOKENS) if not wanted or kind.label in wanted], allowed)
