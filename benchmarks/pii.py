"""How much personal data the built-in guard finds, and how much of what it finds is some.

    python benchmarks/pii.py [--data FOLDER] [--presidio] [--misses 3] [--out FILE.md]

Spans of the development sets of PII (`pii_*.jsonl.gz`, pooled): *recall* is the part of the gold spans of an entity
that a finding of the same entity overlaps, *precision* the part of the findings that overlap one. With ``--presidio``
the adapter's findings are measured in the same run. `measured` serves `benchmarks/guards.py`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring import machine_line, number, table

from llmpost.contracts.guard import Guard, GuardContext
from llmpost.guards.options import Options
from llmpost.guards.pii import detector, presidio

ENTITIES = ("EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "CRYPTO", "PHONE_NUMBER")
SETS = ("pii_presidio_synth", "pii_patterns_synth")


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    text: str
    spans: tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Counts:
    """Of one entity."""

    gold: int = 0
    reached: int = 0
    found: int = 0
    right: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    """By their shape: digits as 9, letters as a; and whether nothing was found there."""
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        return self.reached / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def read_rows(folder: Path) -> list[Row]:
    rows = []
    for name in SETS:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows += [_row(json.loads(line)) for line in lines]
    return rows


def _row(given: dict[str, Any]) -> Row:
    return Row(given["id"], given["text"], tuple((one["label"], one["start"], one["end"]) for one in given["spans"]))


def measured(guard: Guard, rows: Sequence[Row]) -> dict[str, Counts]:
    """By entity."""
    counts = {entity: Counts() for entity in ENTITIES}
    for row in rows:
        found = [(one.label, one.span.start, one.span.end) for one in guard.inspect(row.text, GuardContext())]
        for entity, start, end in row.spans:
            if entity in counts:
                _count_gold(counts[entity], row.text[start:end], _overlaps((entity, start, end), found))
        for entity, start, end in found:
            if entity in counts:
                _count_found(counts[entity], row.text[start:end], _overlaps((entity, start, end), row.spans))
    return counts


def _overlaps(one: tuple[str, int, int], others: Sequence[tuple[str, int, int]]) -> bool:
    label, start, end = one
    return any(label == other and start < behind and before < end for other, before, behind in others)


def _count_gold(counts: Counts, text: str, is_reached: bool) -> None:
    counts.gold += 1
    counts.reached += is_reached
    counts.missed[shape(text)] += not is_reached


def _count_found(counts: Counts, text: str, is_right: bool) -> None:
    counts.found += 1
    counts.right += is_right
    counts.wrong[shape(text)] += not is_right


def shape(text: str) -> str:
    """Of a span, nothing that it says."""
    return "".join("9" if one.isdigit() else "a" if one.isalpha() else one for one in text)


def report(title: str, guard: Guard, rows: Sequence[Row], num_misses: int) -> list[str]:
    begun = time.perf_counter()
    counts = measured(guard, rows)
    seconds = time.perf_counter() - begun
    size = sum(len(row.text) for row in rows) / 1024
    lines = [f"## {title}", "", f"{len(rows)} texts of {size:.0f} KB, {number(1000 * seconds / size)} ms a KB.", ""]
    lines.append(
        table(
            ["entity", "gold", "recall", "found", "precision"],
            [[name, one.gold, f"{one.recall:.4f}", one.found, f"{one.precision:.4f}"] for name, one in counts.items()],
        )
    )
    for name, one in counts.items():
        for what, shapes in (("missed", +one.missed), ("wrong", +one.wrong)):
            if shapes and num_misses:
                most = ", ".join(f"`{text}` {times}" for text, times in shapes.most_common(num_misses))
                lines.append(f"* {name}, {what}: {most}")
    return [*lines, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "datasets")
    parser.add_argument("--presidio", action="store_true", help="measure the adapter, too")
    parser.add_argument("--misses", type=int, default=0, help="show so many shapes of what is missed and what is wrong")
    parser.add_argument("--out", type=Path, help="write the report here, too")
    options = parser.parse_args()
    rows = read_rows(options.data)
    lines = ["# Personal data", "", machine_line(), ""]
    lines += report("Built in", detector.build(Options({}, "guards[0]")), rows, options.misses)
    if options.presidio:
        adapter = presidio.build(Options({"entities": list(ENTITIES)}, "guards[0]"))
        lines += report("Presidio, through the adapter", adapter, rows, options.misses)
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
