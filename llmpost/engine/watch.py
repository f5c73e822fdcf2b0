"""Watch: the guards of one request's policy, ready to look at its texts, each as a whole, as JSON, or as it comes.

It joins what a policy means with what a request brings, and writes down for the trace what became of each text. What
guards find, and what is done about it, is their own business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from llmpost.contracts.action import Action
from llmpost.contracts.guard import GuardContext, Verdict
from llmpost.contracts.inspection import HeldBack, Inspection
from llmpost.contracts.text_model import TextModel
from llmpost.engine.guarding import packages_of
from llmpost.engine.rewriting import NOTE, Rewriting, may_rewrite
from llmpost.engine.text_models import text_model
from llmpost.guards.checking import Checked, check
from llmpost.guards.fields.checking import check_fields
from llmpost.guards.fixed_texts import rules_within
from llmpost.guards.release_window import ReleaseWindow
from llmpost.guards.rule import Guarding
from llmpost.guards.tools import Tools
from llmpost.guards.weighed import weigh
from llmpost.policy import Policy

UNGUARDED = "no guard looked at this text"


@dataclass(frozen=True, slots=True)
class Watch:
    """Of one request."""

    policy: Policy
    guarding: Guarding
    context: GuardContext
    tools: Tools
    find_model: Callable[[str], TextModel] = text_model
    """Who writes texts anew, by name."""

    @property
    def is_idle(self) -> bool:
        """Whether nobody looks at this side."""
        return not any(self.context.side in rule.sides for rule in self.guarding.rules)

    @property
    def packages(self) -> tuple[str, ...]:
        """Whose versions decide with ours what is found."""
        return packages_of(self.policy)

    def check(self, text: str, accepts: Callable[[str], bool] | None = None) -> Checked:
        """The whole text; with `accepts` it is a JSON document, which stays what that takes. Where a rule wants that,
        it is written anew."""
        checked = self._looked_at(text, accepts)
        if checked.verdict.action != "rewrite":
            return checked
        look = partial(self._looked_at, accepts=accepts)
        rewriting = Rewriting(self.find_model, look, accepts, self.tools.deadline, self.guarding.notice)
        return rewriting.settled(text, checked, lambda verdict: self.ending(verdict).argument)

    @property
    def may_rewrite(self) -> bool:
        """Whether a text may be replaced by one that is written anew: it is then judged as a whole."""
        return may_rewrite(self.guarding)

    def _looked_at(self, text: str, accepts: Callable[[str], bool] | None) -> Checked:
        if accepts is None:
            return check(text, self.guarding, self.context, self.tools)
        return check_fields(text, self.guarding, self.context, self.tools, accepts)

    def window(self) -> ReleaseWindow:
        """For one text that comes in pieces."""
        return ReleaseWindow(self.guarding, self.context, self.tools)

    def ending(self, verdict: Verdict) -> Action:
        """The action that a verdict names, with what its policy says besides: how often, to whom."""
        kind, guard = verdict.action, verdict.decided_by
        rules = [each for rule in self.guarding.rules for each in rules_within(rule) if each.guard.name == guard]
        own = [finding for finding in verdict.findings if finding.guard == guard]
        found = [weigh(finding, rule) for finding in own for rule in rules]
        same = (one for one in found if one.action.kind == kind)
        best = min(same, key=lambda one: one.rank, default=None)
        return Action(kind) if best is None else best.action

    def inspections(self, checked: Checked, held_back: HeldBack | None = None) -> tuple[Inspection, ...]:
        """Of a check, with what was seen before a text was written anew."""
        rounds = tuple(self.inspection(each, note=NOTE) for each in checked.before[:-1])
        return *rounds, self.inspection(checked.before[-1] if checked.before else checked, held_back)

    def inspection(self, checked: Checked, held_back: HeldBack | None = None, note: str = "") -> Inspection:
        """What a trace keeps of a check."""
        return Inspection(self.context.side, checked.verdict, checked.changes, held_back, note)
