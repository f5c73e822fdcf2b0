"""What the finish budget costs: masks with tokens left, against the same masks without.

    python benchmarks/finish.py --vocabulary FILE.npz --schemas FOLDER [--every 8] [--rounds 3] [--out FILE.md]

JSON schemas with their valid instances, and the patterns of masks.py. Each text is followed four ways, in turns:
without tokens left; with 1,000, or 256 as a request has them by default; and with exactly as many as the text takes.
*Cold* is a new generation for each way, so that no mask is at hand; *warm* is the same text again. Numbers are µs a
mask, over all tokens of all texts; *start* is how long it takes to find how many tokens a language needs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from masks import CASES
from measuring import machine_line, number, table
from rivals import Tokens, longest_matches, read_vocabulary

from llmpost.constraints.compiling import Budget, compile_in
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.space import Space
from llmpost.errors import LlmpostError

DEFAULT = 256  # tokens that a request has
LARGE = Budget(max_seconds=5.0)


@dataclass(frozen=True, slots=True)
class Case:
    """A language and a text of it as tokens."""

    language: dict[str, Any]
    ids: tuple[int, ...]


Left = Callable[[int, int], int | None]
"""From the tokens that are drawn and those that come to the tokens left."""

ARMS: dict[str, Left] = {
    "without": lambda drawn, coming: None,
    "1,000 left": lambda drawn, coming: max(1_000 - drawn, coming),
    "256 left": lambda drawn, coming: max(DEFAULT - drawn, coming),
    "tight": lambda drawn, coming: coming,
}


@dataclass(slots=True)
class Times:
    """Nanoseconds of each mask."""

    cold: list[int] = field(default_factory=list)
    warm: list[int] = field(default_factory=list)


def schema_cases(tokens: Tokens, folder: Path, every: int) -> Iterator[Case]:
    """Of each of some schemas its first valid instance."""
    files = sorted(folder.glob("*.jsonl.gz"))
    rows = [json.loads(line) for path in files for line in gzip.decompress(path.read_bytes()).splitlines()]
    for row in rows[::every]:
        valid = next((test["data"] for test in row["tests"] if test["valid"]), None)
        text = json.dumps(valid, ensure_ascii=False).encode()
        if len(text) < 2000:
            yield Case({"json_schema": json.dumps(row["schema"])}, tuple(longest_matches(tokens.vocabulary, text)))


def pattern_cases(tokens: Tokens) -> Iterator[Case]:
    for case in CASES:
        for text in case.texts:
            yield Case({"regex": case.pattern}, tuple(longest_matches(tokens.vocabulary, text.encode())))


def follow(constraint: Constraint, ids: Sequence[int], left: Left) -> Iterator[int]:
    """How long each mask takes."""
    state = constraint.start()
    for drawn, token in enumerate(ids):
        tokens_left = left(drawn, len(ids) - drawn + 1)
        begun = time.perf_counter_ns()
        state.mask(tokens_left)
        yield time.perf_counter_ns() - begun
        state = state.advance(token)


def measure(space: Space, cases: Sequence[Case], rounds: int) -> tuple[dict[str, Times], list[int], int]:
    times = {arm: Times() for arm in ARMS}
    starts: list[int] = []
    num_refused = 0
    for case in cases:
        for turn in range(rounds):
            try:
                for arm in (*list(ARMS)[turn % 4 :], *list(ARMS)[: turn % 4]):
                    space.renew(space.generation())
                    constraint = compile_in(space, LARGE, **case.language)
                    times[arm].cold += follow(constraint, case.ids, ARMS[arm])
                    times[arm].warm += follow(constraint, case.ids, ARMS[arm])
                space.renew(space.generation())
                state = constraint.start()
                begun = time.perf_counter_ns()
                state.tokens_needed  # noqa: B018  # the answer is not what is measured
                starts.append(time.perf_counter_ns() - begun)
            except LlmpostError:
                num_refused += 1
                break
    return times, starts, num_refused


def rows_of(name: str, times: dict[str, Times]) -> Iterator[list[object]]:
    for arm, measured in times.items():
        row: list[object] = [name, arm]
        for kind in ("cold", "warm"):
            own, plain = (np.array(getattr(one, kind)) / 1e3 for one in (measured, times["without"]))
            row += [number(float(value)) for value in (*np.quantile(own, (0.5, 0.9, 0.99)), own.mean())]
            row.append(f"{np.median(own) / np.median(plain):.2f}")
        yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--schemas", type=Path, required=True)
    parser.add_argument("--every", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    tokens = read_vocabulary(given.vocabulary)
    space = Space.of(tokens.vocabulary)
    kinds = {
        "JSON": list(schema_cases(tokens, given.schemas, given.every)),
        "patterns": list(pattern_cases(tokens)),
    }
    lines: list[list[object]] = []
    notes = []
    for name, cases in kinds.items():
        times, starts, num_refused = measure(space, cases, given.rounds)
        lines += rows_of(name, times)
        p50, p99, most = np.quantile(np.array(starts) / 1e6, (0.5, 0.99, 1.0))
        notes.append(
            f"{name}: {len(cases)} languages, {num_refused} refused; "
            f"start p50 {p50:.2f} ms, p99 {p99:.1f}, worst {most:.1f}"
        )
    kinds_of_time = [
        f"{kind} {what}" for kind in ("cold", "warm") for what in ("p50", "p90", "p99", "mean", "ratio of p50")
    ]
    report = "\n\n".join([machine_line(), table(["", "tokens left", *kinds_of_time], lines, num_names=2), *notes])
    if given.out:
        given.out.write_text(report + "\n", encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
