"""Rewriting: a text to which guards object is written anew, and looked at again by all of them, so often and no more.

What comes out is a text that every guard has passed, or the notice of a block. Each round is kept for the trace; how a
text is written anew is `guards.judge.rewriter`'s to know, and who writes was settled when the policy was read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from llmpost.contracts.action import ENDS_TEXT
from llmpost.contracts.guard import Finding, Outcome, Span, Verdict
from llmpost.contracts.inspection import Change
from llmpost.contracts.text_model import TextModel
from llmpost.guards.checking import Checked
from llmpost.guards.fixed_texts import actions_of, rules_within
from llmpost.guards.judge.rewriter import rewritten
from llmpost.guards.judge.rubric import filled
from llmpost.guards.rule import Guarding

Look: TypeAlias = Callable[[str], Checked]
"""All guards at one text; nobody writes."""
NOTE = "rewrite: written anew"

_STOPPING = ENDS_TEXT - {"truncate"}
_STILL = "guards object to what was written anew, too"
_MISFIT = "what was written anew is not what its schema asks for"


def may_rewrite(guarding: Guarding) -> bool:
    """Whether any rule wants texts written anew."""
    rules = (each for asked in guarding.rules for each in rules_within(asked))
    return any(action.kind == "rewrite" for rule in rules for action in actions_of(rule))


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Of one request."""

    find: Callable[[str], TextModel]
    """Who writes, by name."""
    look: Look
    fits: Callable[[str], bool] | None
    """What a JSON document must stay."""
    deadline: float | None
    notice: str

    def settled(self, text: str, checked: Checked, told: Callable[[Verdict], Any]) -> Checked:
        """The first text that passes, after at most as many rounds as the first guard allows. `told`: what the rule
        behind a verdict says of rewriting."""
        rounds, written, begun, why = [checked], text, time.monotonic(), _STILL
        for _ in range(told(checked.verdict)["times"]):
            try:
                new = self._written(written, rounds[-1].verdict, told(rounds[-1].verdict))
            except Exception as error:  # what it says may quote the text: only its kind is told
                why = f"raised {type(error).__name__}"
                break
            if new == written:
                break
            if self.fits is not None and not self.fits(new):
                why = _MISFIT
                break
            rounds.append(self.look(new))
            if rounds[-1].verdict.action != "rewrite":
                break
            written = new
        seconds = time.monotonic() - begun
        if rounds[-1].verdict.action in _STOPPING:
            return _blocked(text, rounds, Outcome("rewrite", "failed", seconds, why), self.notice)
        return _shown(text, rounds, Outcome("rewrite", "changed", seconds))

    def _written(self, text: str, verdict: Verdict, told: Any) -> str:
        labels = dict.fromkeys(finding.label for finding in verdict.findings if finding.guard == verdict.decided_by)
        instruction = filled(told["instruction"], {"labels": ", ".join(labels)})
        return rewritten(self.find(told["model"]), text, instruction, self.deadline)


def _shown(text: str, rounds: Sequence[Checked], outcome: Outcome) -> Checked:
    """What was found is told of the text as it was given; where it is now, nobody knows: all of it counts."""
    first, last = rounds[0].verdict, rounds[-1]
    outcomes = tuple(
        replace(each, status="changed") if each.guard == first.decided_by and each.status == "blocked" else each
        for each in first.outcomes
    )
    verdict = replace(first, outcomes=(*outcomes, replace(outcome, side=outcomes[0].side)))
    change = Change(Span(0, len(text)), Span(0, len(last.text)), _label(first), "rewrite", first.decided_by or "")
    return Checked(last.text, verdict, (change,), last.notes, tuple(rounds))


def _blocked(text: str, rounds: Sequence[Checked], outcome: Outcome, notice: str) -> Checked:
    first = rounds[0].verdict
    outcomes = (*first.outcomes, replace(outcome, side=first.outcomes[0].side))
    verdict = replace(first, action="block", outcomes=outcomes)
    change = Change(Span(0, len(text)), Span(0, 0), _label(first), "block", first.decided_by or "")
    return Checked(notice, verdict, (change,), rounds[-1].notes, tuple(rounds))


def _label(verdict: Verdict) -> str:
    own = (finding for finding in verdict.findings if finding.guard == verdict.decided_by)
    best: Finding | None = max(own, key=lambda finding: finding.score, default=None)
    return "" if best is None else best.label
