"""Masks of JSON schemas: llmpost against llguidance and others, on schemas with valid and invalid instances.

    python benchmarks/schemas.py --schemas FOLDER --vocabulary FILE.npz [--rounds 3] [--out FILE.md]
    python benchmarks/masks.py --schemas FOLDER …          # the same

A round goes through the schemas three times, each time one schema after the other and for each schema one engine
after the other: *mixed* begins with nothing in store and keeps what it finds, *again* goes through all of them a second
time with the same stores, *cold* has an empty store for each schema, and *warm* is a second pass over that schema.
*First mask* is compiling, starting and the first mask; *a token* is one mask and one step along a valid instance.
Numbers are medians over rounds of each round's quantile over all schemas.
Then every instance is judged once (llmpost with keys in any order). Instances are written as `json.dumps` prints them,
and cut by the tokenizer beside the vocabulary or, without one, by longest matches. An engine lives in a process of its
own, on one thread.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from measuring import machine_line, number, table
from rivals import ENGINES, Engine, read_vocabulary
from schema_rows import SPECIAL, SUITES, Cut, Row, read_rows
from workers import Worker

SECONDS = 45.0  # for a schema, before its engine is given up on
WAYS = (("mixed",), ("again",), ("cold", "warm"))
"""Ways through all schemas, and what is measured of each schema on the way."""
PASSES = ("mixed", "cold", "warm", "again")
Order: TypeAlias = Literal["fresh", "time", "judge"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One schema in one engine: milliseconds to the first mask, microseconds of every later token."""

    first_ms: float
    tokens: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many instances of one schema were judged wrongly, of how many."""

    rejected: int = 0
    accepted: int = 0


def measure(engine: Engine, row: Row, cut: Cut) -> Sample:
    """Compile and walk along the valid instances, as far as they are allowed."""
    started = time.perf_counter_ns()
    make = engine.compile_schema(row.schema)
    walker = make()
    walker.mask()
    first_ms = (time.perf_counter_ns() - started) / 1e6
    tokens: list[float] = []
    for place, text in enumerate(cut.valid):
        steps = _steps(make() if place else walker, text)
        tokens += [step for at, step in enumerate(steps) if place or at]  # the very first is in first_ms
    return Sample(first_ms, tuple(tokens))


def _steps(walker: Any, text: Sequence[int]) -> Iterator[float]:
    for token in text:
        started = time.perf_counter_ns()
        walker.mask()
        is_allowed = walker.advance(token) is not False
        yield (time.perf_counter_ns() - started) / 1e3
        if not is_allowed:
            return


def judge(engine: Engine, row: Row, cut: Cut) -> Judgement:
    """Every instance, by the libraries' own word."""
    make = engine.compile_schema(row.schema, any_order=True)
    return Judgement(
        rejected=sum(not _is_accepted(make(), text) for text in cut.valid),
        accepted=sum(_is_accepted(make(), text) for text in cut.invalid),
    )


def _is_accepted(walker: Any, text: Sequence[int]) -> bool:
    for token in text:
        walker.mask()
        if walker.advance(token) is False:
            return False
    return bool(walker.can_end())


def serve(name: str, path: str, folder: str, pipe: Connection) -> None:
    """A worker: load, say how long it took, then do what is asked for."""
    tokens = read_vocabulary(path)
    started = time.perf_counter()
    engine = ENGINES[name](tokens)
    pipe.send(time.perf_counter() - started)
    rows = read_rows(folder)
    cuts = [Cut.of(row, tokens.vocabulary, path) for row in rows]
    while True:
        order, which = pipe.recv()
        try:
            pipe.send(_done(engine, order, rows[which], cuts[which]))
        except Exception as error:
            pipe.send(f"refused ({type(error).__name__}: {error})"[:200])


def _done(engine: Engine, order: Order, row: Row, cut: Cut) -> Sample | Judgement | None:
    if order == "fresh":
        engine.fresh()
        return None
    return measure(engine, row, cut) if order == "time" else judge(engine, row, cut)


Samples: TypeAlias = dict[tuple[str, str], list[dict[int, Sample]]]
"""By pass and engine, for each round what was measured, by row."""


def time_all(workers: dict[str, Worker], numbers: Sequence[int], rounds: int) -> Samples:
    """All rounds, interleaved."""
    samples: Samples = defaultdict(list)
    for _ in range(rounds):
        for kinds in WAYS:
            found: dict[tuple[str, str], dict[int, Sample]] = {(kind, name): {} for kind in kinds for name in workers}
            for place, which in enumerate(numbers):
                for name, worker in workers.items():
                    if kinds[0] == "cold" or (kinds[0] == "mixed" and not place):
                        worker.ask(("fresh", which))
                    for kind in kinds:
                        if isinstance(answer := worker.ask(("time", which)), Sample):
                            found[kind, name][which] = answer
            for one, of_rows in found.items():
                samples[one].append(of_rows)
    return samples


def time_tables(names: Sequence[str], samples: Samples) -> Iterator[str]:
    """Over the schemas that all engines compiled (one that compiled none has no say), and over each engine's own."""
    names = [name for name in names if any(samples["mixed", name])]
    if not names:
        return
    common = set.intersection(
        *(set(found) for (_, name), rounds in samples.items() if name in names for found in rounds)
    )
    for title, chosen in (
        (f"The {len(common)} schemas that all compiled", common),
        ("Each engine's own schemas", None),
    ):
        heads = ["", *(f"{name}: first mask, ms" for name in names), *(f"{name}: a token, µs" for name in names)]
        rows = [
            [
                kind,
                *(_cell(samples[kind, name], chosen, is_first=True) for name in names),
                *(_cell(samples[kind, name], chosen, is_first=False) for name in names),
            ]
            for kind in PASSES
        ]
        yield f"### {title}: median / 99th percentile\n\n{table(heads, rows)}"
    if {"llmpost", "llguidance"} <= {*names} and common:
        heads = ["llmpost / llguidance", "first mask, p50", "first mask, p99", "token, p50", "token, p99"]
        yield table(heads, ([kind, *_ratios(samples, kind, common)] for kind in PASSES))


def _ratios(samples: Samples, kind: str, chosen: set[int]) -> list[str]:
    pairs = [
        zip(*(_quantiles(samples[kind, name], chosen, is_first) for name in ("llmpost", "llguidance")), strict=True)
        for is_first in (True, False)
    ]
    return [number(ours / theirs) for pair in pairs for ours, theirs in pair]


def _cell(rounds: Sequence[dict[int, Sample]], chosen: set[int] | None, is_first: bool) -> str:
    return " / ".join(number(value) for value in _quantiles(rounds, chosen, is_first))


def _quantiles(rounds: Sequence[dict[int, Sample]], chosen: set[int] | None, is_first: bool) -> list[float]:
    """The median and the 99th percentile of each round; of these the median."""
    found = []
    for samples in rounds:
        kept = [sample for which, sample in samples.items() if chosen is None or which in chosen]
        values = [one for sample in kept for one in ((sample.first_ms,) if is_first else sample.tokens)]
        found.append(np.quantile(values, (0.5, 0.99)) if values else (float("nan"), float("nan")))
    return [statistics.median(float(one[place]) for one in found) for place in (0, 1)]


Judgements: TypeAlias = dict[str, list[Judgement | str]]
"""By engine, for each row."""


def judge_all(workers: dict[str, Worker], rows: Sequence[Row]) -> Judgements:
    for worker in workers.values():
        worker.ask(("fresh", 0))
    found: Judgements = {name: [] for name in workers}
    for which in range(len(rows)):
        for name, worker in workers.items():
            found[name].append(worker.ask(("judge", which)))
    return found


def coverage_table(rows: Sequence[Row], judgements: Judgements) -> str:
    """By subset and in the groups: schemas that were compiled and of which every instance was judged right."""
    groups: dict[str, list[int]] = defaultdict(list)
    for which, row in enumerate(rows):
        for group in row.groups:
            groups[group].append(which)
    heads = ["", "schemas", *(f"{name}: right, %" for name in judgements), *(f"{name}: refused" for name in judgements)]
    lines = [
        [
            group,
            len(members),
            *(
                number(100 * sum(found[i] == Judgement() for i in members) / len(members))
                for found in judgements.values()
            ),
            *(sum(isinstance(found[i], str) for i in members) for found in judgements.values()),
        ]
        for group, members in sorted(groups.items(), key=lambda item: (item[0].startswith("*"), item[0]))
    ]
    return table(heads, lines)


def errors_of(name: str, rows: Sequence[Row], found: Sequence[Judgement | str]) -> Iterator[str]:
    """The schemas that an engine judged wrongly, by id."""
    judged = [(row.id, one) for row, one in zip(rows, found, strict=True) if isinstance(one, Judgement)]
    num_valid, num_invalid = sum(one.rejected for _, one in judged), sum(one.accepted for _, one in judged)
    yield f"{name}: {num_invalid} invalid instances accepted" + _listed(i for i, one in judged if one.accepted)
    yield f"{name}: {num_valid} valid instances rejected" + _listed(i for i, one in judged if one.rejected)
    yield f"{name}: refused" + _listed(
        f"{row.id} {one}" for row, one in zip(rows, found, strict=True) if isinstance(one, str)
    )


def _listed(ids: Iterable[str]) -> str:
    found = list(ids)
    return "".join(f"\n* {one}" for one in found) if found else ": none"


def report(vocabulary: Path, folder: Path, names: Sequence[str], rounds: int) -> str:
    """All of it, as Markdown."""
    installed = [name for name in names if importlib.util.find_spec(name) is not None]
    machine = machine_line(*(name.replace("_", "-") for name in installed if name != "llmpost"))
    workers = {name: Worker(serve, (name, str(vocabulary), str(folder)), SECONDS) for name in installed}
    rows = read_rows(folder)
    timed = [which for which, row in enumerate(rows) if row.subset not in SUITES]
    samples = time_all(workers, timed, rounds)
    judgements = judge_all(workers, rows)
    for worker in workers.values():
        worker.stop()
    missing = [name for name in names if name not in installed]
    parts = [
        f"# Schemas: {vocabulary.stem}",
        machine,
        f"Left out, not installed: {', '.join(missing)}." if missing else "",
        f"{rounds} rounds over {len(timed)} schemas ({', '.join(SUITES)} are judged, not timed).",
        *time_tables(installed, samples),
        f"### Compiled, and every instance judged right\n\n*Real*: without {', '.join((*SPECIAL, *SUITES))}.",
        coverage_table(rows, judgements),
        *(line for name in installed if name == "llmpost" for line in errors_of(name, rows, judgements[name])),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schemas", type=Path, default=Path("../shared/schemas/dev"))
    parser.add_argument("--vocabulary", type=Path, default=Path("../shared/vocab/tekken_131k.npz"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=["llmpost", "llguidance"])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not (options.vocabulary.is_file() and options.schemas.is_dir()):
        print(f"{options.vocabulary} or {options.schemas} is not there: name them with --vocabulary and --schemas")
        return
    text = report(options.vocabulary, options.schemas, options.engines, options.rounds)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
