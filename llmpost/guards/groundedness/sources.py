"""Sources: texts in which claims are looked up, read once, and how well they bear one out.

A claim is held against every two neighbouring sentences of its sources. What it says that is rare there counts most;
a number or a name that stands nowhere cannot be borne out by words. Meaning is not known here: what is said in other
words looks unfounded, and what twists the words of a source looks founded.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from llmpost.guards.groundedness.claims import Claim, claim_of
from llmpost.guards.groundedness.sentences import sentences

_NO_NUMBER, _FAR_NUMBER, _NO_NAME, _NEGATED = 0.95, 0.55, 0.85, 0.75
_SURELY_THE_SAME = 0.6
"""From this coverage on a claim and a sentence of a source are about one thing, and a no in one of them counts."""


class Doubt(NamedTuple):
    """How ill a claim is founded, and why."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known; shared, and never changed."""

    singles: tuple[Claim, ...]
    pairs: tuple[Claim, ...]
    """Of two neighbouring sentences each; of a single one itself."""
    holding: dict[str, tuple[int, ...]]
    """By word or number, which of the pairs have it."""
    everything: Claim

    @classmethod
    def of(cls, texts: Sequence[str]) -> Sources:
        singles: list[Claim] = []
        pairs: list[Claim] = []
        for text in texts:
            of_text = [claim_of(sentence.text) for sentence in sentences(text)]
            of_text = [claim for claim in of_text if claim.words or claim.numbers]
            singles += of_text
            pairs += [_together(pair) for pair in pairwise(of_text)] or of_text
        holding: dict[str, list[int]] = {}
        for place, pair in enumerate(pairs):
            for word in sorted(pair.words | pair.numbers):
                holding.setdefault(word, []).append(place)
        held = {word: tuple(places) for word, places in holding.items()}
        return cls(tuple(singles), tuple(pairs), held, _together(pairs))

    def doubt(self, claim: Claim) -> Doubt:
        """The gravest of what speaks against it."""
        covered, best = self._best(claim)
        doubts = [Doubt(round(1 - covered, 4), "words that its sources do not put together")]
        if claim.numbers - self.everything.numbers:
            doubts.append(Doubt(_NO_NUMBER, "a number that no source has"))
        elif best is not None and claim.numbers - best.numbers:
            doubts.append(Doubt(_FAR_NUMBER, "a number that its sources have elsewhere"))
        if claim.names - self.everything.words - self.everything.names:
            doubts.append(Doubt(_NO_NAME, "a name that no source has"))
        if covered >= _SURELY_THE_SAME and self._is_turned(claim):
            doubts.append(Doubt(_NEGATED, "a no where its sources have none, or the other way round"))
        return max(doubts, key=lambda doubt: doubt.score)

    def _best(self, claim: Claim) -> tuple[float, Claim | None]:
        """How much of the claim's weight the best pair covers, and which that is."""
        wanted = sorted(claim.words | claim.numbers)
        worth = {word: self._worth(word) for word in wanted}
        total = sum(worth.values())
        covered: Counter[int] = Counter()
        for word in wanted:
            for place in self.holding.get(word, ()):
                covered[place] += worth[word]  # type: ignore[assignment]  # counters take any number
        if not covered or not total:
            return (0.0 if wanted else 1.0), None
        best = max(covered, key=lambda place: (covered[place], -place))
        return min(1.0, covered[best] / total), self.pairs[best]

    def _worth(self, word: str) -> float:
        """What is rare in the sources says most; what is not there at all, as much as what is there once."""
        return math.log(2 + len(self.pairs) / max(1, len(self.holding.get(word, ()))))

    def _is_turned(self, claim: Claim) -> bool:
        """Whether the sentence that shares most with the claim says no and it does not, or the reverse."""
        shared = [len(claim.words & single.words) for single in self.singles]
        most = max(shared)
        best = [single for single, count in zip(self.singles, shared, strict=True) if count == most]
        return all(single.is_negated != claim.is_negated for single in best)


@lru_cache(maxsize=32)
def sources_of(texts: tuple[str, ...]) -> Sources:
    """Read once for each request, however its answer comes."""
    return Sources.of(texts)


def _together(claims: Sequence[Claim]) -> Claim:
    def all_of(parts: Sequence[frozenset[str]]) -> frozenset[str]:
        return frozenset().union(*parts)

    return Claim(
        all_of([claim.words for claim in claims]),
        all_of([claim.numbers for claim in claims]),
        all_of([claim.names for claim in claims]),
        any(claim.is_negated for claim in claims),
    )
