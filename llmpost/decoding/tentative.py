"""Tentative decoding: nothing is committed before the output is over, so that a dead end can be taken back.

For constraints that are sound and not exact: what they allow may turn out to lead nowhere. The sampler says so; the
decoder goes back to a point with another way on and tries that, so many times in all. Guards, streams and fields see
only what was not taken back, at the end.
"""

from __future__ import annotations

from dataclasses import replace

from llmpost.contracts.decoder import Ask, Decoder, Finish, OutOfTime
from llmpost.decoding.assignment import Assignment
from llmpost.decoding.barred import Barred
from llmpost.decoding.point import Point
from llmpost.decoding.trail import Trail
from llmpost.errors import DeadEnd

MAX_ROLLBACKS = 16


def decode_tentatively(assignment: Assignment) -> Decoder:
    """Ask for one token after another, back out of dead ends, and commit everything with the finish.

    ``constraint_failed``: there was no way out, or none was found in :data:`MAX_ROLLBACKS` tries; then the output
    ends where something else might have followed. A row emptied by the stages is an error, as ever.
    """
    trail = Trail(Point.first(assignment))
    num_rollbacks = 0
    while True:
        point = trail.point
        if point.is_over:
            return _finished(point.finish("stop"), trail, num_rollbacks)
        try:
            (pick,) = yield Ask(point.feeds, (point.step,))
        except OutOfTime:
            return _finished(point.finish("time"), trail, num_rollbacks)
        except DeadEnd:
            if not trail.is_at_dead_end:
                raise
            is_last = num_rollbacks == MAX_ROLLBACKS
            if not trail.go_back(1 if is_last else _patience(num_rollbacks)) or is_last:
                return _finished(trail.point.finish("constraint_failed"), trail, num_rollbacks)
            num_rollbacks += 1
            continue
        after = point.after(pick)
        if isinstance(after, Finish):
            return _finished(after, trail, num_rollbacks)
        trail.go_on(after)


def _patience(num_rollbacks: int) -> int:
    """How many choices to undo: twice as many after every second try. What leads nowhere can often be spelled in many
    ways (another space, another digit), and to bar them one by one would spend all tries on one mistake."""
    return 1 << (num_rollbacks // 2)


def _finished(finish: Finish, trail: Trail, num_rollbacks: int) -> Finish:
    commits, state = (*trail.commits, *finish.commits), finish.constraint
    state = state.state if isinstance(state, Barred) else state
    return replace(finish, commits=commits, constraint=state, num_rollbacks=num_rollbacks)
