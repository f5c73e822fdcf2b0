"""Reporting: from what was counted to what is told of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from llmpost.contracts.guard import Side
from llmpost.contracts.result import frozen
from llmpost.engine.replaying.comparing import KINDS
from llmpost.engine.replaying.intervals import Pairs, difference_interval, p_value
from llmpost.engine.replaying.report import Cost, DrawingReport, PolicyName, Rate, Report, SideReport, Spread, Totals
from llmpost.engine.replaying.tally import DrawingTally, SideTally, Tally, bounded
from llmpost.traces.quantiles import Quantiles


def report_of(tally: Tally, before: PolicyName, after: PolicyName) -> Report:
    """The report on all that was counted."""
    totals = Totals(
        read=tally.read,
        chosen=tally.chosen,
        policies=frozen(bounded(tally.policies)),
        left_out=frozen(dict(sorted(tally.left_out.items()))),
        left_out_prompts=frozen(dict(sorted(tally.left_out_prompts.items()))),
        damaged=tally.damaged,
        damages=tuple(tally.damages),
        not_reproduced=tally.not_reproduced,
        cut=tally.cut,
    )
    sides = _side("output", tally.answers), _side("input", tally.prompts)
    return Report(before, after, totals, *sides, _drawing(tally.drawing), _cost(tally))


def rate(pairs: Pairs, of: int) -> Rate:
    before, after = pairs.both + pairs.only_before, pairs.both + pairs.only_after
    return Rate(
        before=before,
        after=after,
        of=of,
        only_before=pairs.only_before,
        only_after=pairs.only_after,
        difference=(after - before) / of if of else 0.0,
        interval=difference_interval(pairs, of),
        p=p_value(pairs),
    )


def _side(side: Side, tally: SideTally) -> SideReport:
    return SideReport(
        side=side,
        count=tally.count,
        kinds=MappingProxyType({kind: tally.kinds.get(kind, 0) for kind in KINDS}),
        fates=frozen(dict(sorted(tally.fates.items()))),
        blocked=rate(tally.blocked, tally.count),
        changed=rate(tally.changed, tally.count),
        guards=_rates(tally.guards, tally.count),
        labels=_rates(tally.labels, tally.count),
        examples=MappingProxyType({kind: tuple(tally.examples[kind]) for kind in KINDS if kind in tally.examples}),
    )


def _drawing(tally: DrawingTally) -> DrawingReport:
    return DrawingReport(
        count=sum(tally.kinds.values()),
        kinds=frozen({kind: tally.kinds.get(kind, 0) for kind in ("differs", "same", "undecided")}),
        left_out=frozen(dict(sorted(tally.left_out.items()))),
        num_steps=tally.num_steps,
        num_undecided=tally.num_undecided,
        first_step=tally.first_steps.at(0.5),
        examples=frozen({kind: tuple(examples) for kind, examples in sorted(tally.examples.items())}),
    )


def _rates(pairs: Mapping[str, Pairs], of: int) -> Mapping[str, Rate]:
    return frozen({name: rate(own, of) for name, own in bounded(dict(pairs)).items()})


def _cost(tally: Tally) -> Cost:
    return Cost(
        before=_spread(tally.answers.before),
        after=_spread(tally.answers.after),
        cpu_seconds=tally.cpu_seconds,
        latency_before=_spread(tally.latency_before),
        latency_after=_spread(tally.latency_after),
    )


def _spread(seconds: Quantiles) -> Spread:
    return Spread(seconds.count, seconds.total, seconds.at(0.5), seconds.at(0.95))
