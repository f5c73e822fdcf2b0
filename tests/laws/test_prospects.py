"""What tries learn, against the law written out: shares bound what fits, and every try is worth the same."""

from __future__ import annotations

import math
from copy import deepcopy
from functools import cache
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from llmpost.contracts.pick import Share
from llmpost.decoding.prospects import Prospects

NUM_TOKENS = 4
END = 0


class Case:
    """A random law over tokens, and a language of sequences that end with END."""

    def __init__(self, seed: int, texts: frozenset[tuple[int, ...]]) -> None:
        self._seed = seed
        self.texts = sorted((*text, END) for text in texts)
        self.row = cache(self._row)

    def _row(self, prefix: tuple[int, ...]) -> list[float]:
        random = Random(f"{self._seed} {prefix}")
        weights = [random.expovariate(1.0) ** 3 for _ in range(NUM_TOKENS)]
        return [weight / sum(weights) for weight in weights]

    def allowed(self, prefix: tuple[int, ...]) -> list[int]:
        return sorted({text[len(prefix)] for text in self.texts if text[: len(prefix)] == prefix})

    def probability(self, text: tuple[int, ...]) -> float:
        return math.prod(self.row(text[:place])[token] for place, token in enumerate(text))

    def weights(self, prospects: Prospects, prefix: tuple[int, ...]) -> dict[int, float]:
        """What a try draws from at this place."""
        row, here = self.row(prefix), prospects.here
        return {token: row[token] * math.exp(here.get(token, 0.0)) for token in self.allowed(prefix)}

    def share(self, prospects: Prospects, prefix: tuple[int, ...], token: int) -> Share:
        known = {*prospects.here, token}
        others = sum(self.row(prefix)[other] for other in self.allowed(prefix) if other not in known)
        return Share(math.log(self.row(prefix)[token]), math.log(others) if others else -math.inf)


cases = st.builds(
    Case,
    st.integers(0, 10**6),
    st.frozensets(st.lists(st.integers(1, NUM_TOKENS - 1), max_size=4).map(tuple), min_size=1, max_size=8),
)


def go_back_after_a_try(case: Case, prospects: Prospects, random: Random) -> None:
    """A try that is given up somewhere, at the end at the latest."""
    prefix: tuple[int, ...] = ()
    while prefix not in case.texts and random.random() < 0.9:
        weights = case.weights(prospects, prefix)
        token = random.choices(list(weights), list(weights.values()))[0]
        prospects.go_on(token, case.share(prospects, prefix, token))
        prefix = (*prefix, token)
    prospects.go_back()


@given(cases, st.integers(0, 30), st.integers(0, 10**6))
def test_every_try_follows_the_same_law(case: Case, num_tries: int, seed: int) -> None:
    """Whatever tries before have found, a text is drawn and taken with its probability over the share of the root,
    which only falls and never below what fits."""
    prospects, random = Prospects(), Random(seed)
    fitting = sum(map(case.probability, case.texts))
    for _ in range(num_tries):
        before = prospects.log_share
        go_back_after_a_try(case, prospects, random)
        assert prospects.log_share <= before + 1e-9
    share = math.exp(prospects.log_share)
    assert share >= fitting * (1 - 1e-9)
    for text in case.texts:
        drawn_and_taken = walk(case, deepcopy(prospects), text)
        assert math.isclose(drawn_and_taken, case.probability(text) / share, rel_tol=1e-9)


def walk(case: Case, prospects: Prospects, text: tuple[int, ...]) -> float:
    """How likely a try draws this text, times its weight."""
    product = 1.0
    for place, token in enumerate(text):
        weights = case.weights(prospects, text[:place])
        product *= weights[token] / sum(weights.values())
        product *= math.exp(prospects.go_on(token, case.share(prospects, text[:place], token)))
    return product


@given(cases)
def test_who_has_seen_all_knows_the_share(case: Case) -> None:
    """After a try along every text the root's share is what fits, and every try is taken."""
    prospects = Prospects()
    for text in case.texts:
        walk(case, prospects, text)
        prospects.go_back()
    fitting = sum(map(case.probability, case.texts))
    assert math.isclose(math.exp(prospects.log_share), fitting, rel_tol=1e-9)
    chances = [walk(case, deepcopy(prospects), text) for text in case.texts]
    assert math.isclose(sum(chances), 1.0, rel_tol=1e-9)


def test_shares_far_below_what_a_float_holds() -> None:
    """A text of a thousand tokens, each as likely as one in ten thousand, still has a share."""
    prospects = Prospects()
    for _ in range(1000):
        prospects.go_on(1, Share(math.log(1e-4), -math.inf))
    prospects.go_back()
    assert math.isclose(prospects.log_share, 1000 * math.log(1e-4))


def test_a_dead_end_is_taken_off() -> None:
    """What leads nowhere has no share, and where everything leads nowhere nothing is left."""
    prospects = Prospects()
    prospects.go_on(1, Share(math.log(0.5), math.log(0.5)))
    prospects.bar()
    prospects.go_back()
    assert prospects.here == {1: -math.inf}
    assert math.isclose(prospects.log_share, math.log(0.5))
    prospects.go_on(2, Share(math.log(0.5), -math.inf))
    prospects.bar()
    prospects.go_back()
    assert prospects.log_share == -math.inf
