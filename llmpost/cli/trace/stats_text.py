"""Statistics of traces as a person reads them on a terminal: counts with their shares, times with their quantiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from llmpost.cli.grid import Heading, grid
from llmpost.cli.ink import Line, Run
from llmpost.pages.quantities import counted, duration, moment, share
from llmpost.pages.unseen import in_line
from llmpost.traces.quantiles import Quantiles
from llmpost.traces.statistics import SHARES, Statistics

Rows: TypeAlias = Sequence[Sequence[str]]

_NUMBER = (Heading("", most=60), Heading("number", is_right=True))
_SHARE = (*_NUMBER, Heading("share", is_right=True))
_QUANTILES = tuple(Heading(f"p{100 * each:.0f}", is_right=True) for each in SHARES)
_TIMES = (*_NUMBER, Heading("mean", is_right=True), *_QUANTILES)
_STATUSES = ("passed", "changed", "blocked", "skipped", "failed")
_GUARDS = (Heading(""), *(Heading(status, is_right=True) for status in _STATUSES), *_QUANTILES)


def lines_of_statistics(statistics: Statistics, columns: int) -> Iterator[Line]:
    """Everything but what nothing is known of."""
    requests, records = counted(statistics.num_requests, "request"), counted(statistics.num_records, "record")
    yield (Run(f"{requests}, {records}", "strong"),)
    if statistics.first is not None and statistics.last is not None:
        yield (Run(f"{moment(statistics.first)} to {moment(statistics.last)}", "soft"),)
    for title, (headings, rows) in _parts(statistics).items():
        if rows:
            yield from ((), (Run(title, "strong"),))
            yield from grid(headings, [[Run(in_line(cell)) for cell in row] for row in rows], columns)


def _parts(statistics: Statistics) -> dict[str, tuple[Sequence[Heading], Rows]]:
    whys = {f"{name}: {why}": n for name, guard in statistics.guards.items() for why, n in guard.whys.told().items()}
    speed = statistics.tokens_per_second
    return {
        "How they ended": (_SHARE, _shares(statistics.ends.told())),
        "What guards decided": (_SHARE, _shares(statistics.actions.told())),
        "Policies": (_SHARE, _shares(statistics.policies.told())),
        "Models": (_SHARE, _shares(statistics.models.told())),
        "Errors": (_NUMBER, _numbers(statistics.errors.told())),
        "Guards, and how long each of them took": (_GUARDS, _guards(statistics)),
        "Why guards were skipped or failed": (_NUMBER, _numbers(whys)),
        "Times of requests": (_TIMES, [_sketch(name, own, duration) for name, own in statistics.times.items()]),
        "Times of decoding": (_TIMES, [_sketch(name, own, duration) for name, own in statistics.stages.items()]),
        "Speed": (_TIMES, [_sketch("tokens a second", speed, _plainly)] if speed.count else []),
        "Damage: see `llmpost trace verify`": (_NUMBER, _numbers(statistics.damage.told())),
    }


def _numbers(counts: Mapping[str, int]) -> Rows:
    return [(name, f"{number:,}") for name, number in counts.items()]


def _shares(counts: Mapping[str, int]) -> Rows:
    whole = sum(counts.values())
    return [(name, f"{number:,}", share(number / whole)) for name, number in counts.items()]


def _guards(statistics: Statistics) -> Rows:
    return [
        (name, *(f"{guard.outcomes.told().get(status, 0):,}" for status in _STATUSES), *_at(guard.seconds, duration))
        for name, guard in statistics.guards.items()
    ]


def _sketch(name: str, sketch: Quantiles, shown: Callable[[float | None], str]) -> Sequence[str]:
    return name, f"{sketch.count:,}", shown(sketch.mean), *_at(sketch, shown)


def _at(sketch: Quantiles, shown: Callable[[float | None], str]) -> Iterator[str]:
    return (shown(sketch.at(share)) for share in SHARES)


def _plainly(number: float | None) -> str:
    return "–" if number is None else f"{number:,.1f}"
