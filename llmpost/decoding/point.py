"""Point: a place in an output from which the next token is drawn, with all that must be known there.

A token leads from a point to the next one, or to the end of the output; the old point stays valid, which makes going
back free. It sees no logits and no model. Every way of decoding one token after another walks from point to point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from llmpost.contracts.constraint import ConstraintState
from llmpost.contracts.decoder import Commit, Finish, FinishReason
from llmpost.contracts.model import Feed
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context
from llmpost.decoding.assignment import Assignment
from llmpost.decoding.stop_strings import StopStrings
from llmpost.decoding.text_stream import TextStream


@dataclass(frozen=True, slots=True)
class Point:
    """Where an output stands."""

    assignment: Assignment
    step: Step
    feeds: tuple[Feed, ...]
    """What the models have not read yet."""
    text: TextStream
    commit: Commit | None = None
    """The token that led here; None at the start."""

    @classmethod
    def first(cls, assignment: Assignment) -> Point:
        """Before the first token."""
        text = TextStream(assignment.detokenizer, StopStrings(assignment.stop))
        return cls(assignment, _first_step(assignment), _first_feeds(assignment), text)

    @property
    def state(self) -> ConstraintState | None:
        """Where the output stands in what it is held to."""
        return self.step.constraint

    @property
    def is_over(self) -> bool:
        """Whether its constraint ends it. Without an end id nobody can choose to stop: then a text is over where
        nothing may follow."""
        state = self.state
        if state is None or self.assignment.end_ids:
            return state is not None and state.is_finished
        tokens_left = self.step.tokens_left or None  # where none is left its length has ended it, complete or not
        return state.is_finished or (state.can_end and not state.mask(tokens_left).count)

    def after(self, pick: Pick) -> Point | Finish:
        """The point behind this token, or the end: an end id is committed without text."""
        if pick.token in self.assignment.end_ids:
            return self.finish("stop", (Commit(pick, ""),))
        shown, text, stop = self.text.push(pick.token)
        if stop is not None:
            return Finish("stop", (Commit(pick, shown),), stop=stop)
        state = None if self.state is None else self.state.advance(pick.token)
        commit = Commit(pick, shown, None if text.stops.held else state)
        point = Point(self.assignment, self._step_after(pick, state), self._feeds_after(pick), text, commit)
        if point.is_over:
            return point.finish("stop", (commit,))
        is_full = point.step.context.position >= self.assignment.max_new_tokens
        return point.finish("length", (commit,)) if is_full else point

    def finish(self, reason: FinishReason, commits: tuple[Commit, ...] = ()) -> Finish:
        """The end here. What was held back is released; if its last bytes complete a stop string after all, that was
        the reason."""
        rest, stop = self.text.finish()
        if stop is not None:
            return Finish("stop", commits, rest, stop)
        return Finish(reason, commits, rest, constraint=self.state)

    def fed_again(self) -> Point:
        """The same where the models have read on: they are cut back, and read the last token once more."""
        feeds = (replace(feed, tokens=feed.tokens[-1:], keep=feed.keep + len(feed.tokens) - 1) for feed in self.feeds)
        return replace(self, feeds=tuple(feeds))

    def _step_after(self, pick: Pick, state: ConstraintState | None) -> Step:
        step = self.step
        memories: Mapping[str, Any] = step.memories
        if pick.logprobs is not None:
            staged, remembering = pick.logprobs.staged, self.assignment.remembering
            news = {s.name: s.remember(step.memories.get(s.name), pick.token, staged) for s in remembering}
            memories = news or memories
        context = step.context.append(pick.token)
        tokens_left = None if state is None else _tokens_left(self.assignment, context, state)
        return replace(step, context=context, memories=memories, constraint=state, tokens_left=tokens_left)

    def _feeds_after(self, pick: Pick) -> tuple[Feed, ...]:
        return tuple(Feed((pick.token,), feed.keep + len(feed.tokens), model=feed.model) for feed in self.feeds)


def _first_step(assignment: Assignment) -> Step:
    num_top = assignment.num_top_logprobs
    if assignment.remembering and num_top is None:
        num_top = 0  # a stage that remembers is told how likely each token was
    context = Context.of(assignment.prompt)
    state = assignment.constraint
    return Step(
        context,
        assignment.seed,
        assignment.candidate,
        num_top,
        constraint=state,
        tokens_left=None if state is None else _tokens_left(assignment, context, state),
        measures_mass=assignment.measures_mass,
        num_masked=assignment.num_masked,
    )


def _tokens_left(assignment: Assignment, context: Context, state: ConstraintState) -> int:
    """As many as may still be drawn; where the output is to finish, so few that it comes no further from its end."""
    left = assignment.max_new_tokens - context.position
    if assignment.finish_from is None or context.position < assignment.finish_from:
        return left
    return min(left, state.tokens_needed + 1)


def _first_feeds(assignment: Assignment) -> tuple[Feed, ...]:
    companions = (Feed(prompt, 0, model=role) for role, prompt in assignment.companions.items())
    return (Feed(assignment.prompt, 0), *companions)
