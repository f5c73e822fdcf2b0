"""Plain decoding: one token a step, greedy or sampled, until something says stop.

The decoder sees no logits and no model; which token is drawn was decided by the sampler from the step it sent. Where
the output is held to a constraint it hands the state on from token to token, and knows nothing of masks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from llmpost.contracts.constraint import ConstraintState
from llmpost.contracts.decoder import Ask, Commit, Decoder, Finish, OutOfTime
from llmpost.contracts.model import Feed
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import RememberingStage, Step
from llmpost.contracts.tokens import Context, TokenId
from llmpost.decoding.stop_strings import StopStrings
from llmpost.decoding.text_stream import TextStream
from llmpost.vocabulary import Detokenizer


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one candidate of a request is to decode, and when to stop."""

    prompt: tuple[TokenId, ...]
    detokenizer: Detokenizer
    max_new_tokens: int
    end_ids: frozenset[TokenId] = frozenset()
    stop: tuple[str, ...] = ()
    seed: int = 0
    candidate: int = 0
    num_top_logprobs: int | None = None
    remembering: tuple[RememberingStage, ...] = ()
    constraint: ConstraintState | None = None
    """The start of what the output is held to; its end ids are `end_ids`."""
    companions: Mapping[str, tuple[TokenId, ...]] = field(default_factory=dict)
    """Prompts of the request's other models, by role; each is fed the same output."""


def decode_plainly(assignment: Assignment) -> Decoder:
    """Ask for one token after another.

    The end id is committed, without text. A full context or `max_new_tokens` ends with ``length``. A constraint that is
    finished ends like an end id, and so does one that is complete and has no end id to say so.
    """
    step = _first_step(assignment)
    feeds = _first_feeds(assignment)
    text = TextStream(assignment.detokenizer, StopStrings(assignment.stop))
    commits: tuple[Commit, ...] = ()
    while step.context.position < assignment.max_new_tokens:
        try:
            (pick,) = yield Ask(feeds, (step,), commits)
        except OutOfTime:
            return _finish(text, Finish("time"))
        if pick.token in assignment.end_ids:
            return _finish(text, Finish("stop", (Commit(pick, ""),)))
        shown, text, stop = text.push(pick.token)
        commits = (Commit(pick, shown),)
        if stop is not None:
            return Finish("stop", commits, stop=stop)
        state = None if step.constraint is None else step.constraint.advance(pick.token)
        if state is not None and _is_over(state, assignment.end_ids):
            return _finish(text, Finish("stop", commits))
        feeds = tuple(Feed((pick.token,), feed.keep + len(feed.tokens), model=feed.model) for feed in feeds)
        step = _next_step(step, pick, state, assignment.remembering)
    return _finish(text, Finish("length", commits))


def _first_step(assignment: Assignment) -> Step:
    num_top = assignment.num_top_logprobs
    if assignment.remembering and num_top is None:
        num_top = 0  # a stage that remembers is told how likely each token was
    context = Context.of(assignment.prompt)
    return Step(context, assignment.seed, assignment.candidate, num_top, constraint=assignment.constraint)


def _first_feeds(assignment: Assignment) -> tuple[Feed, ...]:
    companions = (Feed(prompt, 0, model=role) for role, prompt in assignment.companions.items())
    return (Feed(assignment.prompt, 0), *companions)


def _is_over(state: ConstraintState, end_ids: frozenset[TokenId]) -> bool:
    """Without an end id nobody can choose to stop: then a text is over where nothing may follow."""
    return state.is_finished or (not end_ids and state.can_end and not state.mask().count)


def _next_step(step: Step, pick: Pick, state: ConstraintState | None, remembering: Iterable[RememberingStage]) -> Step:
    context = step.context.append(pick.token)
    memories: Mapping[str, Any] = step.memories
    if pick.logprobs is not None:
        staged = pick.logprobs.staged
        news = {s.name: s.remember(step.memories.get(s.name), pick.token, staged) for s in remembering}
        memories = news or memories
    return replace(step, context=context, memories=memories, constraint=state)


def _finish(text: TextStream, finish: Finish) -> Finish:
    """Release what was held back; if its last bytes complete a stop string after all, that was the reason."""
    rest, stop = text.finish()
    return replace(finish, text=rest, stop=stop, reason="stop" if stop is not None else finish.reason)
