"""The detector of unfounded claims, ``use: groundedness``: a score for each sentence of an answer that claims anything.

Sources are those of the policy, else the prompt that the model was given. What is built in compares words, numbers and
names; a model that reads, a judge or one of entailment, can be handed in and is asked about each claim instead. Who
builds such a model is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final, Protocol

from llmpost.contracts.guard import ALL_BEFORE, Finding, GuardContext, Progress, Span
from llmpost.errors import RequestError
from llmpost.guards.groundedness.claims import claim_of
from llmpost.guards.groundedness.sentences import LONGEST, Reading, Sentence
from llmpost.guards.groundedness.sources import Doubt, sources_of
from llmpost.guards.options import Options

UNGROUNDED: Final = "ungrounded"
THRESHOLDS = MappingProxyType({UNGROUNDED: 0.6})
_ASKED = "a model found no support for it"


class Entailment(Protocol):
    """A model that reads: whether texts bear out a claim."""

    def support(self, sources: Sequence[str], claim: str, context: GuardContext) -> float:
        """From 0, not at all, to 1."""


@dataclass(frozen=True, slots=True)
class Groundedness:
    """A `FollowingGuard`. Without any source nothing can be looked up: that is an error, and no answer.

    >>> guard = Groundedness(sources=("The office in Porto opened in 2019 and has 40 desks.",))
    >>> found = guard.inspect("The Porto office opened in 2019. It has 55 desks.", GuardContext())
    >>> [(one.span.start, one.score, one.reason) for one in found]
    [(0, 0.0, 'words that its sources do not put together'), (33, 0.95, 'a number that no source has')]
    """

    sources: tuple[str, ...] = ()
    entailment: Entailment | None = None
    name: str = "groundedness"
    reach: ClassVar[int] = LONGEST + 1
    context: ClassVar[int] = ALL_BEFORE
    scores: ClassVar = MappingProxyType({UNGROUNDED: (0.0, 1.0)})

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        found, reading = (memory or Reading()).follow(piece, is_end)
        findings = tuple(finding for sentence in found for finding in self._findings(sentence, context))
        return Progress(reading, findings, reading.start)

    def _findings(self, sentence: Sentence, context: GuardContext) -> list[Finding]:
        text = sentence.text.strip()
        claim = claim_of(text)
        if not claim.says_something or text.endswith("?"):
            return []
        texts = self.sources or tuple(filter(None, [context.prompt or context.system]))
        if not texts:
            allowed, hint = "a text to look claims up in", "Write sources: [...], or check with the prompt."
            raise RequestError("groundedness", "no source", allowed, hint)
        doubt = sources_of(texts).doubt(claim) if self.entailment is None else self._asked(texts, text, context)
        start = sentence.start + sentence.text.index(text)
        return [Finding(self.name, UNGROUNDED, Span(start, start + len(text)), *doubt)]

    def _asked(self, texts: Sequence[str], claim: str, context: GuardContext) -> Doubt:
        assert self.entailment is not None
        return Doubt(1 - self.entailment.support(texts, claim, context), _ASKED)


def build(options: Options, entailment: Entailment | None = None) -> Groundedness:
    """`sources`: texts; without them the prompt of each request."""
    sources = options.texts("sources")
    options.finish()
    return Groundedness(sources, entailment)
