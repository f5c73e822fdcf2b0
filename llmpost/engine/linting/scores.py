"""Thresholds and labels held against what a guard can report at all: a tier no score reaches is one that never holds.

Which labels a guard reports, and with which scores, it says itself (`guards.possible_scores`); of one that does not say
it, any label may come with any score. It looks for nothing in any text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from llmpost.contracts.guard import PossibleScores
from llmpost.engine.linting.remark import Remark
from llmpost.engine.linting.subject import Asked, Subject
from llmpost.errors import suggestion
from llmpost.guards.possible_scores import possible_scores
from llmpost.guards.rule import ANY, Tier
from llmpost.guards.weighed import reached


def scores(subject: Subject) -> Iterator[Remark]:
    """A remark for each tier and each label that nothing comes to."""
    for asked in subject.guards:
        possible = possible_scores(asked.rule.guard)
        if possible:
            yield from _of_labels(asked, possible)
        for label, tiers in asked.rule.tiers.items():
            where, scored = f"{asked.where}.thresholds.{label}", _range(label, possible)
            if asked.entry.action is not None and len(tiers) > 1:
                given, allowed = f"several thresholds for '{label}' beside an action", "of use: each does the same"
                yield Remark(where, "warning", given, allowed, "Leave the higher ones out, or the action.")
            elif scored is not None:
                yield from _of_tiers(where, tiers, scored)
                yield from _below_any(where, asked.rule.tiers, label, scored)


def _of_labels(asked: Asked, possible: PossibleScores) -> Iterator[Remark]:
    """Labels that something is said of, and that are never reported, or of which tiers decide."""
    guard = asked.rule.guard.name
    for key, labels in (("thresholds", asked.rule.tiers), ("actions", asked.rule.actions)):
        for label in labels:
            if label not in possible and (key, label) != ("thresholds", ANY):
                given = f"'{label}'"
                hint = suggestion(label, possible)
                yield Remark(f"{asked.where}.{key}.{label}", "error", given, f"a label that {guard} reports", hint)
    for label in asked.rule.actions:
        if label in possible and (label in asked.rule.tiers or ANY in asked.rule.tiers):
            given, allowed = f"an action for '{label}' beside thresholds", "ever taken: they decide"
            yield Remark(f"{asked.where}.actions.{label}", "warning", given, allowed, "Leave one of them out.")


def _range(label: str, possible: PossibleScores | None) -> tuple[float, float] | None:
    """None for a label that is never reported."""
    if not possible:
        return 0.0, 1.0
    ranges = list(possible.values()) if label == ANY else [possible[label]] if label in possible else []
    return (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None


def _of_tiers(where: str, tiers: Sequence[Tier], scored: tuple[float, float]) -> Iterator[Remark]:
    """What a tier says holds from its threshold up to that of the next one."""
    low, high = scored
    for tier, higher in zip(tiers, (*tiers[1:], None), strict=True):
        at = f"{where}.{tier.action.kind}"
        if tier.threshold > high:
            hint = f"Write {high:g} or less, or leave it out."
            yield Remark(at, "error", f"{tier.threshold:g}", f"a score that is reached: {high:g} is the highest", hint)
        elif higher is not None and higher.threshold <= max(low, tier.threshold):
            given = f"{tier.action.kind} from {tier.threshold:g} below {higher.action.kind} from {higher.threshold:g}"
            allowed = f"ever all that is done: no score from {low:g} up is between them"
            yield Remark(at, "warning", given, allowed, "Leave it out, or raise the other.")


def _below_any(
    where: str, every: Mapping[str, Sequence[Tier]], label: str, scored: tuple[float, float]
) -> Iterator[Remark]:
    """Tiers of a label, where those of any label say something stronger at all of its scores."""
    low, high = scored
    if label == ANY or ANY not in every:
        return
    edges = {low, *(tier.threshold for tiers in (every[label], every[ANY]) for tier in tiers)}
    scores = [score for score in edges if low <= score <= high]
    for tier in every[label]:
        own = [score for score in scores if reached(every[label], score) == tier.action]
        others = [reached(every[ANY], score) for score in own]
        if own and all(other.strength > tier.action.strength for other in others):
            given = f"{tier.action.kind} from {tier.threshold:g} beside {others[0].kind} for any label"
            allowed = "ever all that is done: that is stronger wherever this holds"
            yield Remark(f"{where}.{tier.action.kind}", "warning", given, allowed, "Leave one of them out.")
