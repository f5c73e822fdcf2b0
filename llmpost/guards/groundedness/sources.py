"""Sources: texts in which claims are looked up, read once, and how well they bear one out.

A claim is held against every two neighbouring sentences of its sources. What it says that is rare there counts most;
a number or a name that stands nowhere cannot be borne out by words. Meaning is not known here: what is said in other
words looks unfounded, and what twists the words of a source looks founded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from llmpost.guards.groundedness.claims import Claim, claim_of
from llmpost.guards.groundedness.sentences import sentences

_NO_NUMBER, _FAR_NUMBER, _NO_NAME, _NEGATED = 0.95, 0.55, 0.85, 0.75
_COMMON = 200
"""A word in more pairs than that counts as being in all of them: to look at each costs much and tells little."""
_SURELY_THE_SAME = 0.6
"""From this coverage on a claim and a sentence of a source are about one thing, and a no in one of them counts."""


class Doubt(NamedTuple):
    """How ill a claim is founded, and why."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known; shared, and never changed."""

    pairs: tuple[tuple[Claim, ...], ...]
    """Every two neighbouring sentences; of a text with one sentence, that."""
    holding: Mapping[str, tuple[int, ...]]
    """By word or number, which of the pairs have it."""
    names: frozenset[str]
    """All words, and names among them."""
    numbers: frozenset[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Sources:
        pairs: list[tuple[Claim, ...]] = []
        for text in texts:
            claims = [claim_of(sentence.text) for sentence in sentences(text)]
            claims = [claim for claim in claims if claim.words or claim.numbers]
            pairs += list(pairwise(claims)) or [(claim,) for claim in claims]
        holding: dict[str, list[int]] = {}
        for place, pair in enumerate(pairs):
            for word in dict.fromkeys(chain.from_iterable((*claim.words, *claim.numbers) for claim in pair)):
                holding.setdefault(word, []).append(place)
        claims = list(chain.from_iterable(pairs))
        names = frozenset(chain.from_iterable(claim.words | claim.names for claim in claims))
        numbers = frozenset(chain.from_iterable(claim.numbers for claim in claims))
        return cls(tuple(pairs), {word: tuple(places) for word, places in holding.items()}, names, numbers)

    def doubt(self, claim: Claim) -> Doubt:
        """The gravest of what speaks against it."""
        covered, best = self._best(claim)
        doubts = [Doubt(round(1 - covered, 4), "words that its sources do not put together")]
        if claim.numbers - self.numbers:
            doubts.append(Doubt(_NO_NUMBER, "a number that no source has"))
        elif claim.numbers - frozenset().union(*(one.numbers for one in best)):
            doubts.append(Doubt(_FAR_NUMBER, "a number that its sources have elsewhere"))
        if claim.names - self.names:
            doubts.append(Doubt(_NO_NAME, "a name that no source has"))
        if covered >= _SURELY_THE_SAME and _is_turned(claim, best):
            doubts.append(Doubt(_NEGATED, "a no where its sources have none, or the other way round"))
        return max(doubts, key=lambda doubt: doubt.score)

    def _best(self, claim: Claim) -> tuple[float, tuple[Claim, ...]]:
        """How much of the claim's weight the best pair covers, and which that is."""
        held = {word: self.holding.get(word, ()) for word in sorted(claim.words | claim.numbers)}
        worth = {word: math.log(2 + len(self.pairs) / max(1, len(places))) for word, places in held.items()}
        everywhere = sum(worth[word] for word, places in held.items() if len(places) > _COMMON)
        covered: dict[int, float] = {}
        for word, places in held.items():
            for place in places if len(places) <= _COMMON else ():
                covered[place] = covered.get(place, everywhere) + worth[word]
        if not covered:
            return everywhere / (sum(worth.values()) or 1), ()
        best = max(covered, key=lambda place: (covered[place], -place))
        return min(1.0, covered[best] / sum(worth.values())), self.pairs[best]


def _is_turned(claim: Claim, pair: Sequence[Claim]) -> bool:
    """Whether those that share most with the claim say no and it does not, or the reverse."""
    most = max((len(claim.words & one.words) for one in pair), default=0)
    closest = [one for one in pair if len(claim.words & one.words) == most]
    return bool(closest) and all(one.is_negated != claim.is_negated for one in closest)


@lru_cache(maxsize=32)
def sources_of(texts: tuple[str, ...]) -> Sources:
    """Read once for each request, however its answer comes."""
    return Sources.of(texts)
