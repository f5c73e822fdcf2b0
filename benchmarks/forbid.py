"""What forbidding costs: compiling phrases, patterns and entities, following a text, and masks of JSON beside it.

    python benchmarks/forbid.py [--vocabulary FILE.npz] [--schemas FOLDER] [--every 8] [--rounds 3] [--out FILE.md]

*Free text*: a text of plain words is followed token by token, past those that complete a match; `ask` is what a lazily
masked row asks and hands on (``allows`` and ``advance``), `mask` a full mask, the first time a state is seen and again.
*In the loop*: microseconds that a token costs more than without the rules, everything but the model's forward counted,
and what that is of a forward of 10 ms; greedy rows and rows that look at a head are masked lazily, a nucleus alone is
not. *JSON*: the instances of schemas walked along with the rules and without them, each way in a space of its own,
schema by schema in turn: a first pass in which states are new, and a second one.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from arms import NUM_NEW, added
from constrained_loop import SETTINGS, Bench
from masks import WORDS
from measuring import machine_line, number, table
from rivals import Tokens, longest_matches, read_vocabulary
from schema_rows import SUITES, Cut, Row, read_rows

from llmpost.constraints import Constraint
from llmpost.constraints.budget import OverBudget
from llmpost.constraints.compiling import Budget, compile_in
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.space import Space
from llmpost.errors import ConstraintError

FORWARD_SECONDS = 0.010
MIB = 1 << 20


def phrases(count: int) -> list[str]:
    """Two or three words each, none of them usual together."""
    dice = random.Random(6)
    return [" ".join(dice.sample(WORDS, dice.choice([2, 3]))) + f" {number:x}" for number in range(count)]


PATTERNS = [
    r"\d{3}-\d{2}-\d{4}", r"sk-[A-Za-z0-9]{20,}", r"(?i)password\s*[:=]", r"[a-z0-9._]+@[a-z0-9.]+\.[a-z]{2,}",
    r"\bAKIA[0-9A-Z]{16}\b", *(rf"\b{word}\w*(?:ing|ed)\b" for word in WORDS[:15]),
]  # fmt: skip
RULES: dict[str, list[Any]] = {
    "1 phrase": [{"phrase": "as an AI language model"}],
    "100 phrases": [{"phrases": phrases(100)}],
    "10,000 phrases": [{"phrases": phrases(10_000)}],
    "10,000 phrases, any case": [{"phrases": phrases(10_000), "ignore_case": True}],
    "20 patterns": PATTERNS,
    "4 entities": [{"entity": name} for name in ("US_SSN", "CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS")],
}
BESIDE_JSON = ("1 phrase", "100 phrases", "20 patterns", "4 entities")


def free_row(tokens: Tokens, name: str, text: Sequence[int]) -> list[str]:
    space = Space(tokens.vocabulary)
    begun = time.perf_counter()
    constraint = compile_in(space, Budget(10.0), Forbidden.of(RULES[name]))
    compiled = time.perf_counter()
    constraint.start().mask()
    made = time.perf_counter()
    passes = []
    for _ in range(2):
        asked, masks, state = [], [], constraint.start()
        for token in text:
            begin = time.perf_counter()
            if not state.allows(token):
                continue
            state = state.advance(token)
            middle = time.perf_counter()
            state.mask()
            asked.append(middle - begin)
            masks.append(time.perf_counter() - middle)
        passes.append((asked, masks))
    (_, first), (asked, again) = passes
    memory = space.generation().algebra.bytes_used / MIB
    times = [number(1e3 * (compiled - begun)), number(1e3 * (made - compiled))]
    return [name, *times, *_quantiles(asked), *_quantiles(first), *_quantiles(again), number(memory)]


def _quantiles(seconds: Sequence[float]) -> list[str]:
    return [number(one) for one in (1e6 * np.percentile(seconds, [50, 99])).tolist()]


def loop_rows(bench: Bench, rounds: int) -> list[list[str]]:
    rows = []
    for setting, arguments in SETTINGS.items():
        arms = {(name, ""): bench.ours(forbid=rules, **arguments) for name, rules in RULES.items()}
        costs = added({("none", ""): bench.ours(**arguments), **arms}, rounds, bench.ours(**arguments))
        for name, _ in [("none", ""), *arms]:
            token = statistics.median(cost.again - cost.start for cost in costs[name, ""]) / (NUM_NEW - 1)
            rows.append([setting, name, number(1e6 * token), f"{100 * token / FORWARD_SECONDS:.2f} %"])
    return rows


def json_rows(tokens: Tokens, schemas: Sequence[Row], path: str) -> list[list[str]]:
    rules = {"none": None} | {name: Forbidden.of(RULES[name]) for name in BESIDE_JSON}
    spaces = {name: Space(tokens.vocabulary) for name in rules}
    seconds: dict[tuple[str, str], list[float]] = {(name, turn): [] for name in rules for turn in ("first", "again")}
    over: dict[str, list[str]] = {name: [] for name in rules}
    for turn in ("first", "again"):
        for row in schemas:
            cut = Cut.of(row, tokens.vocabulary, path)
            for name, forbidden in rules.items():
                found, is_over = _along(spaces[name], row, forbidden, cut.valid)
                seconds[name, turn] += found
                over[name] += [row.id] * (is_over and turn == "first")
    rows = []
    for name in rules:
        ratios = [np.median(seconds[name, turn]) / np.median(seconds["none", turn]) for turn in ("first", "again")]
        cells = [cell for turn in ("first", "again") for cell in _quantiles(seconds[name, turn])]
        ended = ", ".join(over[name]) or "none"
        rows.append([name, *cells[:2], number(float(ratios[0])), *cells[2:], number(float(ratios[1])), ended])
    return rows


def _along(
    space: Space, row: Row, forbidden: Forbidden | None, texts: Sequence[Sequence[int]]
) -> tuple[list[float], bool]:
    """Seconds of each mask along texts, as far as they are allowed, and whether any ended in the budget."""
    found: list[float] = []
    try:
        constraint = compile_in(space, Budget(10.0), forbidden, json_schema=row.schema)
        _walk(constraint, texts, found)
    except OverBudget:
        return found, True
    except ConstraintError:  # no schema, or nothing is left of it
        return found, False
    return found, False


def _walk(constraint: Constraint, texts: Sequence[Sequence[int]], found: list[float]) -> None:
    for text in texts:
        state = constraint.start()
        for token in text:
            begin = time.perf_counter()
            mask = state.mask()
            found.append(time.perf_counter() - begin)
            if not mask.allows(token):
                break
            state = state.advance(token)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocabulary", type=Path, default=Path("../shared/vocab/tekken_131k.npz"))
    parser.add_argument("--schemas", type=Path, default=Path("../shared/schemas/dev"))
    parser.add_argument("--every", type=int, default=8, help="take one schema of so many")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    tokens = read_vocabulary(str(options.vocabulary))
    dice = random.Random(1)
    text = longest_matches(tokens.vocabulary, " ".join(dice.choices(WORDS, k=1500)).encode())
    heads = ["compile ms", "first mask ms", "ask p50", "p99", "mask p50", "p99", "again p50", "p99", "MB"]
    parts = [
        f"# What forbidding costs: {options.vocabulary.stem}",
        machine_line("torch", "transformers"),
        "## Free text\n\nMicroseconds where nothing else is said.",
        table(["rules", *heads], [free_row(tokens, name, text) for name in RULES]),
        "## In the loop\n\nOne row; microseconds a token more than without rules, and of a forward of 10 ms.",
        table(["drawn", "rules", "µs", "share"], loop_rows(Bench.of(tokens, 1), options.rounds), 2),
    ]
    if options.schemas.is_dir():
        schemas = [row for row in read_rows(options.schemas) if row.subset not in SUITES][:: options.every]
        heads = ["first p50", "p99", "p50 / none", "again p50", "p99", "p50 / none", "ended in the budget"]
        parts += [
            f"## Beside JSON\n\nMasks along the valid instances of {len(schemas)} schemas, microseconds.",
            table(["rules", *heads], json_rows(tokens, schemas, str(options.vocabulary))),
        ]
    report = "\n\n".join(parts) + "\n"
    print(report)
    if options.out:
        options.out.write_text(report, "utf-8")


if __name__ == "__main__":
    main()
