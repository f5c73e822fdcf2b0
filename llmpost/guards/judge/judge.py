"""Judge: one model that is asked by one rubric, and how likely it holds each verdict.

It asks, verifies, and asks again where a server did not hold the form, so often and no more; what is no verdict then is
a failure, and never a pass. What is done with a verdict is the guard's and the policy's business.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from llmpost.contracts.text_model import Message, Question, Reply, TextModel
from llmpost.errors import ModelError
from llmpost.guards.judge.answer import Answer, answer_in
from llmpost.guards.judge.asking import AGAIN, Case, Order, listed, question_of
from llmpost.guards.judge.likelihood import likelihoods
from llmpost.guards.judge.memory import Memory, key_of
from llmpost.guards.judge.rubric import Rubric

Verdicts = Mapping[str, float]
"""By verdict how likely it is; together one."""

_MOST_REMEMBERED: Final = 1024
_MOST_TRIES: Final = 2
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Opinion:
    """Of one model about one text."""

    verdicts: Verdicts
    reason: str = ""
    """In the model's own words, which may quote the text."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a judge asks."""

    orders: tuple[Order, ...] = ("given",)
    """In which its verdicts are told; of several the mean counts."""
    ignores_length: bool = False


@dataclass(frozen=True, slots=True)
class Judge:
    """Shared by threads. The same text, the same opinion; it is asked for once while it is remembered."""

    model: str
    find: Callable[[str], TextModel]
    """From a name to the model: asked when the first text comes, since to read a policy takes no model."""
    rubric: Rubric
    habits: Habits = Habits()
    memory: Memory[Opinion] = field(default_factory=lambda: Memory(_MOST_REMEMBERED))

    def opinion(self, case: Case, deadline: float | None = None) -> Opinion:
        """ModelError where there is none to be had, which never quotes the text."""
        orders = self.habits.orders
        opinions = [self._of_order(case, order, deadline) for order in orders]
        mean = {
            verdict: sum(each.verdicts[verdict] for each in opinions) / len(opinions)
            for verdict in self.rubric.verdicts
        }
        return Opinion(mean, opinions[0].reason)

    def _of_order(self, case: Case, order: Order, deadline: float | None) -> Opinion:
        question = question_of(self.rubric, case, order, ignores_length=self.habits.ignores_length)
        key = key_of(self.model, question)
        known = self.memory.get(key)
        if known is None:
            known = self._asked(replace(question, deadline=deadline))
            self.memory.put(key, known)
        return known

    def _asked(self, question: Question) -> Opinion:
        model, first = self.find(self.model), question
        for _ in range(_MOST_TRIES):
            self._check_time(question)
            reply = model.complete(question)
            answer = answer_in(reply.text, self.rubric)
            if answer is not None:
                return Opinion(_how_likely(reply, answer, self.rubric), answer.reason)
            again = AGAIN.format(verdicts=listed(tuple(self.rubric.verdicts)))
            turns = (Message("assistant", reply.text[:_SHOWN] or "…"), Message("user", again))
            question = replace(first, messages=(*first.messages, *turns))
        raise ModelError(self.model, "an answer without a verdict", "in the form that was asked for", "Try another.")

    def _check_time(self, question: Question) -> None:
        if question.deadline is not None and time.monotonic() >= question.deadline:
            raise ModelError(self.model, "a verdict after its deadline", "of use any more", "Give it more time.")


def _how_likely(reply: Reply, answer: Answer, rubric: Rubric) -> Verdicts:
    """From the tokens; without them what the model says of itself, and else it is as sure as it sounds."""
    verdicts: Sequence[str] = tuple(rubric.verdicts)
    if reply.tokens and "".join(token.text for token in reply.tokens).startswith(reply.text[: answer.start + 1]):
        return likelihoods(reply.tokens, verdicts, answer.verdict, answer.start)
    others = len(verdicts) - 1
    sure = 1.0
    if answer.score is not None:
        is_finding = rubric.verdicts[answer.verdict] is not None
        sure = max(answer.score if is_finding else 1.0 - answer.score, 1.0 / len(verdicts))
    return {verdict: sure if verdict == answer.verdict else (1.0 - sure) / others for verdict in verdicts}
