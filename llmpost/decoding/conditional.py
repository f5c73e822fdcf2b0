"""Conditional decoding: an output drawn from the model's law given its constraint, in tries that learn from each other.

Masks alone change the law: they take a token for what it promises, not for what becomes of it. Here a try weighs
tokens by what tries before it have found, and is given up with the probability that makes up for what it finds itself.
The sampler says how likely tokens are and what is masked; nothing is committed before a try is taken.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import replace
from random import Random
from typing import TypeAlias

from llmpost.contracts.decoder import Ask, Commit, Decoder, Finish, OutOfTime
from llmpost.contracts.pick import Pick
from llmpost.contracts.tries import Tries
from llmpost.decoding.assignment import Assignment
from llmpost.decoding.point import Point
from llmpost.decoding.prospects import Prospects
from llmpost.errors import DeadEnd

_Try: TypeAlias = Generator[Ask, Sequence[Pick], Finish | None]
"""An output, or None where it was given up."""


def decode_conditionally(assignment: Assignment, max_tries: int) -> Decoder:
    """Draw whole outputs until one is taken, and commit everything with the finish.

    **Law.** Let P be the law of outputs under the same chain without the constraint, and u the share of the root when a
    try begins. The try draws x with a probability q(x) and keeps a weight w(x) at most 1, the product of what the share
    of each place turned out to be over what it was taken for; along any x that fits, shares cancel, and q(x) w(x) =
    P(x) / u. So whatever was learnt before, a try that is taken with probability w(x) follows P given the constraint.
    It is given up as soon as its weight is below its threshold, which is as early as that can be known.

    When `max_tries` were given up, one more is taken whatever its weight.
    """
    prospects = Prospects()
    for number in range(max_tries + 1):
        is_last = number == max_tries
        log_threshold = -math.inf if is_last else _log_threshold(assignment, number)
        finish = yield from _try(_start(assignment, number), prospects, log_threshold)
        prospects.go_back()
        if finish is not None:
            is_exact = not is_last and finish.reason != "time"
            return replace(finish, tries=Tries(number + 1, is_exact, prospects.log_share))
        if prospects.log_share == -math.inf:
            raise _nothing_fits()
    return Finish("constraint_failed", tries=Tries(max_tries + 1, False, prospects.log_share))


def _try(point: Point, prospects: Prospects, log_threshold: float) -> _Try:
    commits: list[Commit] = []
    log_weight = 0.0
    while True:
        try:
            (pick,) = yield Ask(point.feeds, (replace(point.step, prospects=prospects.here),))
        except OutOfTime:
            return _after(commits, point.finish("time"))
        except DeadEnd:
            prospects.bar()
            return None
        assert pick.share is not None, "a conditioned row says what its token takes"
        log_weight += prospects.go_on(pick.token, pick.share)
        if log_weight < log_threshold:
            return None
        after = point.after(pick)
        if isinstance(after, Point):
            point = after
            if point.commit is not None:
                commits.append(point.commit)
        elif _is_whole(after) or log_threshold == -math.inf:
            return _after(commits, after)
        else:
            prospects.bar()
            return None


def _start(assignment: Assignment, number: int) -> Point:
    """Where a try begins. The first draws what plain decoding draws; each other has noise of its own."""
    if not number:
        return Point.first(assignment)
    return Point.first(replace(assignment, seed=(assignment.seed << 64) + number)).fed_again()


def _log_threshold(assignment: Assignment, number: int) -> float:
    """Of a uniform variable from above 0 to 1, the same for the same seed, candidate and number of a try."""
    name = f"{assignment.seed}, candidate {assignment.candidate}, try {number}"
    return math.log(1.0 - Random(name).random())


def _is_whole(finish: Finish) -> bool:
    """Whether the constraint has the text as it ended."""
    return finish.constraint is not None and finish.constraint.can_end


def _after(commits: Sequence[Commit], finish: Finish) -> Finish:
    return replace(finish, commits=(*commits, *finish.commits))


def _nothing_fits() -> DeadEnd:
    return DeadEnd(
        "conditional", "a law that gives no text of the constraint any probability", "one to draw from",
        "Loosen top_k, top_p or min_p, raise max_new_tokens, or loosen the constraint.",
    )  # fmt: skip
