"""Prospects: how much of what may be written from a place on can still fit the constraint, as far as tries have shown.

A tree of the places that tries have come by. A share is an upper bound and only falls: everything may fit where nobody
has been, and nothing beyond a dead end. It knows tokens and how likely they were, not what draws them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from llmpost.contracts.pick import Share
from llmpost.contracts.tokens import TokenId


class Prospects:
    """The tree, and the way of the present try through it.

    >>> prospects = Prospects()
    >>> gone = prospects.go_on(7, Share(math.log(0.5), math.log(0.25)))  # a quarter is not allowed here
    >>> prospects.bar()                                                  # 7 leads nowhere
    >>> prospects.go_back()
    >>> round(math.exp(gone), 3), round(math.exp(prospects.log_share), 3), prospects.here
    (0.75, 0.25, {7: -inf})
    """

    def __init__(self) -> None:
        self._way = [_Place()]

    @property
    def here(self) -> Mapping[TokenId, float]:
        """The logarithm of the share of each token that was taken here before."""
        return {token: way.place.log_share for token, way in self._way[-1].ways.items()}

    @property
    def log_share(self) -> float:
        """Of everything; as of the last :meth:`go_back`."""
        return self._way[0].log_share

    def go_on(self, token: TokenId, share: Share) -> float:
        """Past this token. The logarithm of what the share of the place turned out to be over what it was taken for:
        1 where a try has been before."""
        place = self._way[-1]
        taken_for = place.log_share
        place.learn(token, share)
        self._way.append(place.ways[token].place)
        return place.log_share - taken_for

    def bar(self) -> None:
        """Nothing that goes on from here fits."""
        self._way[-1].log_share = -math.inf

    def go_back(self) -> None:
        """To the beginning; what was learnt is known at all places of the way."""
        for place in reversed(self._way[:-1]):
            place.add_up()
        del self._way[1:]


class _Place:
    """Somewhere a try has been, or has been about to go."""

    __slots__ = ("log_others", "log_share", "ways")

    def __init__(self) -> None:
        self.ways: dict[TokenId, _Way] = {}
        self.log_others = 0.0
        """How likely the allowed tokens are together that nobody has taken."""
        self.log_share = 0.0

    def learn(self, token: TokenId, share: Share) -> None:
        if token not in self.ways:
            self.ways[token] = _Way(share.own)
        self.log_others = share.others
        self.add_up()

    def add_up(self) -> None:
        self.log_share = _log_sum([self.log_others, *(way.log_share for way in self.ways.values())])


class _Way:
    """A token that was taken: how likely it is, and where it leads."""

    __slots__ = ("log_probability", "place")

    def __init__(self, log_probability: float) -> None:
        self.log_probability = log_probability
        self.place = _Place()

    @property
    def log_share(self) -> float:
        return self.log_probability + self.place.log_share


def _log_sum(logs: Iterable[float]) -> float:
    """The logarithm of the sum of what these are the logarithms of."""
    logs = list(logs)
    top = max(logs)
    return top if top == -math.inf else top + math.log(math.fsum(math.exp(log - top) for log in logs))
