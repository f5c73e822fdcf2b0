"""Words: a report as rows of short texts, the same for a terminal and for a page. What they look like is theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from llmpost.engine.replaying.comparing import Kind
from llmpost.engine.replaying.report import DrawingReport, PolicyName, Rate, Report, SideReport
from llmpost.engine.replaying.tally import DrawnExample, Example, Side
from llmpost.pages.quantities import counted, duration, place, share
from llmpost.pages.tones import Tone

TITLES: Mapping[Kind, tuple[str, Tone]] = {
    "newly_blocked": ("newly blocked", "stopped"),
    "newly_asked_again": ("newly asked again", "again"),
    "newly_allowed": ("newly allowed", "good"),
    "stopped_otherwise": ("blocked in another way", "stopped"),
    "more_changed": ("more is changed", "changed"),
    "fewer_changed": ("less is changed", "changed"),
    "other_changed": ("other places are changed", "changed"),
    "changed_otherwise": ("the same places, otherwise", "changed"),
    "found_otherwise": ("shown the same, found otherwise", "noted"),
    "same": ("the same", "plain"),
    "unsettled": ("unsettled: a guard gave no answer", "noted"),
}
DRAWN = {
    "differs": "another token at some step",
    "undecided": "undecided: too little was kept",
    "same": "the same tokens",
}
SIDES = {"output": "Answers", "input": "Prompts"}
RATE_HEADS = ("before", "after", "only before", "only after", "points", "95 % interval", "p")
DRAWING_HEADS = ("what becomes of their tokens", "answers", "share")
KIND_HEADS = ("what changes", "texts", "share")
_LEAST_P = 0.001
_MOST_TOLD = 6


def policy_words(policy: PolicyName) -> str:
    """
    >>> policy_words(PolicyName("strict", "0123456789abcdef"))
    'strict@0123456789ab'
    """
    return f"{policy.name}@{policy.digest[:12]}" if policy.digest else policy.name


def lead(report: Report) -> list[str]:
    """What was there, in sentences."""
    totals = report.totals
    sample = "" if totals.chosen == totals.read else f", {totals.chosen:,} of them in the sample"
    told = [
        f"{counted(totals.read, 'record')} read{sample}; "
        f"{counted(report.answers.count, 'answer')} and {counted(report.prompts.count, 'prompt')} replayed."
    ]
    told += [f"Left out: {counted(count, 'answer')}, because {why}." for why, count in totals.left_out.items()]
    told += [f"Left out: {counted(count, 'prompt')}, because {why}." for why, count in totals.left_out_prompts.items()]
    if totals.damaged:
        places = counted(totals.damaged, "place")
        told.append(f"{places} of the traces could not be read, the first: {totals.damages[0]}")
    if totals.not_reproduced:
        told.append(
            f"Of {counted(totals.not_reproduced, 'text')} the policy that they were recorded under says something else "
            "now: a detector changed since, or a guard broke then."
        )
    if totals.cut:
        told.append(
            f"{counted(totals.cut, 'answer')} had been ended by a guard while they were written: "
            "what would have followed nobody knows."
        )
    return told


def verdict_words(report: Report) -> str:
    """The whole of it in a sentence."""
    if report.is_same:
        return "Nobody would have seen any difference."
    sides = [side for side in (report.answers, report.prompts) if side.num_different]
    told = [f"{side.num_different:,} of {counted(side.count, side_noun(side))}" for side in sides]
    if report.drawing.kinds["differs"]:
        told.append(f"the tokens of {report.drawing.kinds['differs']:,} of {counted(report.drawing.count, 'answer')}")
    return f"{', and '.join(told)} would have come out differently."


def side_noun(side: SideReport) -> str:
    return "answer" if side.side == "output" else "prompt"


def kind_rows(side: SideReport) -> Iterator[tuple[Kind, tuple[str, str, str]]]:
    """Those that there are, the gravest first."""
    for kind, count in side.kinds.items():
        if count:
            yield kind, (TITLES[kind][0], f"{count:,}", share(count / side.count))


def outcome_rows(side: SideReport) -> Iterator[tuple[str, Rate]]:
    yield "not shown", side.blocked
    yield "changed", side.changed


def rate_cells(rate: Rate) -> tuple[str, ...]:
    interval = f"{signed(rate.interval.low)} to {signed(rate.interval.high)}"
    counts = (rate.before, rate.after, rate.only_before, rate.only_after)
    return *(f"{count:,}" for count in counts), signed(rate.difference), interval, p_words(rate.p)


def by_weight(rates: Mapping[str, Rate]) -> list[tuple[str, Rate]]:
    """Those that changed most come first."""
    return sorted(rates.items(), key=lambda item: (-abs(item[1].after - item[1].before), -item[1].after, item[0]))


def signed(part: float) -> str:
    """A difference of shares, in points.

    >>> signed(0.0123), signed(-0.5), signed(0.0)
    ('+1.23', '−50.00', '0.00')
    """
    points = f"{abs(100 * part):.2f}"
    return points if float(points) == 0 else f"{'+' if part > 0 else '−'}{points}"


def p_words(p: float) -> str:
    """
    >>> p_words(0.04), p_words(1e-9)
    ('0.040', '<0.001')
    """
    return f"<{_LEAST_P}" if p < _LEAST_P else f"{p:.3f}"


def side_words(side: Side) -> str:
    """What was done, by whom and where, without a word of the text."""
    by = f" by {side.decided_by}" if side.decided_by else ""
    if side.changes:
        what = _several([f"{change.label} {place(change.before)}" for change in side.changes])
    else:
        what = _several([f"{found.label} {place(found.span)}" for found in side.findings])
    return f"{side.action}{by}{f': {what}' if what else ''}"


def example_words(example: Example) -> tuple[str, str, str]:
    """Id, before and after."""
    number = f" #{example.candidate}" if example.candidate else ""
    return f"{example.id}{number}", side_words(example.before), side_words(example.after)


def drawing_lead(drawing: DrawingReport) -> list[str]:
    """In sentences; nothing where no tokens were drawn."""
    told = []
    if drawing.count:
        undecided = f", {drawing.num_undecided:,} of them undecided" if drawing.num_undecided else ""
        steps = counted(drawing.num_steps, "step")
        told.append(f"{counted(drawing.count, 'answer')} drawn once more, in {steps}{undecided}.")
    if drawing.first_step is not None:
        told.append(f"Half of those that differ do so by step {drawing.first_step:.0f}.")
    told += [f"Left out: {counted(count, 'answer')}, because {why}." for why, count in drawing.left_out.items()]
    return told


def drawing_rows(drawing: DrawingReport) -> Iterator[tuple[str, str, str]]:
    """By what would have become of their tokens."""
    for kind, title in DRAWN.items():
        if drawing.kinds[kind]:
            yield title, f"{drawing.kinds[kind]:,}", share(drawing.kinds[kind] / drawing.count)


def drawn_words(example: DrawnExample) -> str:
    number = f" #{example.candidate}" if example.candidate else ""
    return f"{example.id}{number}: from step {example.step} on"


def cost_rows(report: Report) -> Iterator[tuple[str, str, str]]:
    """Name, before and after."""
    cost = report.cost
    yield "guards of an answer, half of them below", duration(cost.before.p50), duration(cost.after.p50)
    yield "guards of an answer, 95 % below", duration(cost.before.p95), duration(cost.after.p95)
    yield "guards of all answers together", duration(cost.before.total), duration(cost.after.total)
    if cost.latency_before.count:
        yield "a request, half of them below", duration(cost.latency_before.p50), duration(cost.latency_after.p50)
        yield "a request, 95 % below", duration(cost.latency_before.p95), duration(cost.latency_after.p95)
    yield "processor time of this replay", "", duration(cost.cpu_seconds)


def _several(told: Sequence[str]) -> str:
    more = f" and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    return f"{', '.join(told[:_MOST_TOLD])}{more}"
