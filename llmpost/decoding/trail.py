"""Trail: the points that an output has passed, and the way back from a dead end to one that has another way on.

The token that led on from there is barred there: the same noise would draw it again. The trail knows states and masks,
not what draws from them; nothing on it has been shown to anybody.
"""

from __future__ import annotations

from dataclasses import replace

from llmpost.contracts.decoder import Commit
from llmpost.contracts.tokens import TokenId
from llmpost.decoding.barred import Barred
from llmpost.decoding.point import Point

_NOTHING: frozenset[TokenId] = frozenset()


class Trail:
    """Points from the first to the present one, and the tokens barred at each."""

    def __init__(self, first: Point) -> None:
        self._points = [first]
        self._barred: list[frozenset[TokenId]] = [_NOTHING]

    @property
    def point(self) -> Point:
        """The present one; tokens that led into dead ends are no longer allowed."""
        return self._points[-1]

    @property
    def commits(self) -> tuple[Commit, ...]:
        return tuple(point.commit for point in self._points if point.commit is not None)

    @property
    def is_at_dead_end(self) -> bool:
        """Whether the constraint, and nobody else, forbids every way on."""
        state, tokens_left = self.point.state, self.point.step.tokens_left
        return state is not None and not state.can_end and not state.mask(tokens_left).count

    def go_on(self, point: Point) -> None:
        self._points.append(point)
        self._barred.append(_NOTHING)

    def go_back(self, num_choices: int) -> bool:
        """Back past so many points that have another way on, or as many as there are; False where there is none, and
        then the first point is the present one."""
        found = None
        for place in range(len(self._points) - 2, -1, -1):
            other_way = self._without_the_way_taken(place)
            if other_way is not None:
                found, num_choices = other_way, num_choices - 1
                if not num_choices:
                    break
        if found is None:
            del self._points[1:], self._barred[1:]
            return False
        place, point, barred = found
        del self._points[place:], self._barred[place:]
        self._points.append(point)
        self._barred.append(barred)
        return True

    def _without_the_way_taken(self, place: int) -> tuple[int, Point, frozenset[TokenId]] | None:
        """The point there if something else may follow it, with what is barred then."""
        point, taken = self._points[place], self._points[place + 1].commit
        state = point.state.state if isinstance(point.state, Barred) else point.state
        if taken is None or state is None:
            return None
        barred = self._barred[place] | {taken.pick.token}
        left = Barred.of(state, barred)
        if not left.mask(point.step.tokens_left).count and not state.can_end:
            return None
        return place, replace(point.fed_again(), step=replace(point.step, constraint=left)), barred
