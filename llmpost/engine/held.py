"""Held: what the output of one request is held to, and how its text becomes a value.

It joins a constraint with the type that was asked for, if any; results ask it what a text is worth. It knows neither
tokens nor models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from llmpost.constraints import Constraint
from llmpost.constraints.forbid.blocking import blocking_rules
from llmpost.contracts.constraint import Guarantee
from llmpost.contracts.decoder import Finish
from llmpost.contracts.result import Result
from llmpost.contracts.tokens import TokenId
from llmpost.engine.output_type import NotOfType, OutputType
from llmpost.errors import ConstraintError

NOT_OF_TYPE = "the text is not of the type asked for, which takes less than its schema"
"""And where: that may name keys of the text."""


@dataclass(frozen=True, slots=True)
class Held:
    """A constraint, and the type that its texts are read as; without one a text is its own value."""

    kind: str
    """The keyword by which the call named it."""
    constraint: Constraint
    output_type: OutputType | None = None
    end_ids: frozenset[TokenId] = frozenset()
    has_rules: bool = False
    """Whether anything is forbidden besides."""
    weak: Mapping[str, Guarantee] = field(default_factory=dict)
    """The parts of the constraint that are sound, or refused and left out."""

    @property
    def is_tentative(self) -> bool:
        """Whether there may be dead ends: then nothing is final before the end."""
        return "sound" in self.weak.values()

    def parsed(self, result: Result, end: Finish) -> Result:
        """The result with its value, or with a note on why it has none.

        A text that was cut off before its end is no failure of the constraint: its reason stays, and the trace says
        what that means. A whole one that the type does not take is. One that ended because every way on was forbidden
        is ``blocked``, and has its value all the same.
        """
        result = self._said_to_be_blocked(result, end)
        if self.kind == "forbid":
            return result
        if not self._is_complete(result, end):
            return _noted(result, _why_open(self.kind, end))
        if self.output_type is None:
            return replace(result, parsed=result.text)
        try:
            return replace(result, parsed=self.output_type.parse(result.text))
        except NotOfType as failure:
            return _noted(replace(result, finish_reason="constraint_failed"), f"{NOT_OF_TYPE}: {failure}")

    def accepts(self, text: str) -> bool:
        """A text that would take too much to be told is none of its own."""
        try:
            return self.constraint.accepts(text)
        except ConstraintError:
            return False

    def value(self, text: str) -> Any:
        """Of a text that a guard has changed; NotOfType where it is no longer what was asked for."""
        if not self.accepts(text):
            raise NotOfType("not of the language")
        return text if self.output_type is None else self.output_type.parse(text)

    def _said_to_be_blocked(self, result: Result, end: Finish) -> Result:
        state = end.constraint
        if not self.has_rules or end.reason != "stop" or state is None or not state.can_end:
            return result
        if not self.end_ids.issuperset(state.mask().ids().tolist()):
            return result  # it might have gone on
        ended_by = self.end_ids.intersection(result.token_ids[-1:])
        rules = blocking_rules(self.constraint, result.token_ids[: -1 if ended_by else None])
        if not rules:
            return result
        return _noted(replace(result, finish_reason="blocked"), f"every way on was forbidden: {', '.join(rules)}")

    def _is_complete(self, result: Result, end: Finish) -> bool:
        """Told by the state that the output ended in; by the text where a stop string cut it."""
        if end.stop is not None:
            return self.constraint.accepts(result.text)
        return end.constraint is not None and end.constraint.can_end


def _why_open(kind: str, end: Finish) -> str:
    if end.tries is not None and end.reason == "constraint_failed":
        return f"the text is not complete under the {kind}: the last of {end.tries.count} tries came to a dead end"
    if end.reason == "constraint_failed":
        return (
            f"the text is not complete under the {kind}: it came to a dead end, after {end.num_rollbacks} ways around"
        )
    how = f"the stop string {end.stop!r}" if end.stop is not None else f"'{end.reason}'"
    return f"the text is not complete under the {kind}: it ended by {how}"


def _noted(result: Result, note: str) -> Result:
    return replace(result, trace=replace(result.trace, notes=(*result.trace.notes, note)))
