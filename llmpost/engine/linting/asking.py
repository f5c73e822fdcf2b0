"""Asking: all questions about one policy, each within what it may take, and their remarks in the order of the policy.

What is impossible in it comes first, and alone: of a policy that cannot be taken nothing else can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from llmpost.automata.algebra import BudgetExceeded
from llmpost.engine.checker import NOTHING_AROUND, Checker
from llmpost.engine.linting.broken_values import broken_values
from llmpost.engine.linting.covered_rules import covered_rules
from llmpost.engine.linting.dead_values import dead_values
from llmpost.engine.linting.effort import Effort
from llmpost.engine.linting.emptiness import emptiness
from llmpost.engine.linting.idle_entries import idle_entries
from llmpost.engine.linting.idle_guards import idle_guards
from llmpost.engine.linting.length import length
from llmpost.engine.linting.remark import Remark
from llmpost.engine.linting.scores import scores
from llmpost.engine.linting.stage_order import stage_order
from llmpost.engine.linting.stops import stops
from llmpost.engine.linting.subject import Subject
from llmpost.engine.linting.waiting import waiting
from llmpost.engine.linting.weak_spots import weak_spots
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import ConstraintError, LlmpostError
from llmpost.policy import Policy

if TYPE_CHECKING:
    from llmpost.models import LoadedModel

Question: TypeAlias = Callable[[Subject], Iterator[Remark]]

_MOST_TOLD = 25
"""Remarks on one question."""
SECONDS = 4.0
"""For all questions about one policy."""

QUESTIONS: Mapping[str, Question] = {
    "whether what is forbidden leaves any text": emptiness,
    "which values can never be written": dead_values,
    "which stop strings can come": stops,
    "whether there is room for a text": length,
    "which thresholds are reached": scores,
    "which fields lose their value": broken_values,
    "which rules say nothing new": covered_rules,
    "which entries do nothing": idle_entries,
    "what of the guards can never hold": idle_guards,
    "whether the order of stages is whole": stage_order,
    "what is weak": weak_spots,
    "what keeps a stream waiting": waiting,
}


def lint(
    policy: Policy,
    loaded: LoadedModel | None = None,
    surroundings: Surroundings = NOTHING_AROUND,
    *,
    seconds: float = SECONDS,
) -> tuple[Remark, ...]:
    """What there is to say about a policy, errors first. `loaded`: the model that it is for, where that is known, so
    that lengths can be counted in its tokens.

    >>> policy = Policy.from_dict({"version": 1, "constraint": {"regex": "[a-z]+"}, "decode": {"stop": ["###"]}})
    >>> [(remark.where, remark.severity) for remark in lint(policy)]
    [('decode.stop[0]', 'error')]
    """
    try:
        guarding = Checker(policy, surroundings).guarding(policy)
    except LlmpostError as error:
        return (Remark.of(error),)
    subject = Subject(policy, guarding, Effort(seconds), None if loaded is None else loaded.vocabulary)
    remarks = [remark for name, question in QUESTIONS.items() for remark in _answers(name, question, subject)]
    return tuple(sorted(dict.fromkeys(remarks), key=lambda remark: _SEVERITIES.index(remark.severity)))


_SEVERITIES = ("error", "warning", "note")


def _answers(name: str, question: Question, subject: Subject) -> Iterator[Remark]:
    """What takes too long to be read is told as an error of the language, too; another one it has not."""
    try:
        for count, remark in enumerate(question(subject)):
            if count == _MOST_TOLD:
                yield Remark("policy", "note", f"the answer to {name}", "all told: there is more", "Mend these first.")
                return
            yield remark
    except (BudgetExceeded, ConstraintError):
        given, hint = f"the question {name}", "Simplify it, or see for yourself."
        yield Remark("policy", "note", given, "decided within the bound", hint)
