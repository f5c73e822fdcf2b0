"""Plain decoding: one token a step, greedy or sampled, until something says stop.

The decoder sees no logits and no model; which token is drawn was decided by the sampler from the step it sent. What a
token changes is the points' business; here each is committed at once, for good.
"""

from __future__ import annotations

from llmpost.contracts.decoder import Ask, Decoder, Finish, OutOfTime
from llmpost.decoding.assignment import Assignment
from llmpost.decoding.point import Point


def decode_plainly(assignment: Assignment) -> Decoder:
    """Ask for one token after another.

    The end id is committed, without text. A full context or `max_new_tokens` ends with ``length``. A constraint that is
    finished ends like an end id, and so does one that is complete and has no end id to say so.
    """
    point = Point.first(assignment)
    while True:
        commits = () if point.commit is None else (point.commit,)
        try:
            (pick,) = yield Ask(point.feeds, (point.step,), commits)
        except OutOfTime:
            return point.finish("time")
        after = point.after(pick)
        if isinstance(after, Finish):
            return after
        point = after
