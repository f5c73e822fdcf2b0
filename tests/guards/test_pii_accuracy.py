"""How much of the labelled texts is found: no entity falls below what was reached."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.guards.options import Options
from llmpost.guards.pii.detector import build

DATA = Path(__file__).parents[3] / "shared" / "datasets"
SETS = ("pii_presidio_synth", "pii_patterns_synth")


@pytest.mark.skipif(not DATA.exists(), reason="the labelled texts are not here")
def test_most_is_found_and_little_else() -> None:
    """0.99 of each entity is found, and 0.99 of what is found is one; of telephones 0.95."""
    guard = build(Options({}, "guards[0]"))
    gold, reached, given, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for name in SETS:
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                spans = [(one["label"], one["start"], one["end"]) for one in row["spans"]]
                found = [
                    (one.label, one.span.start, one.span.end) for one in guard.inspect(row["text"], GuardContext())
                ]
                gold.update(one[0] for one in spans)
                given.update(one[0] for one in found)
                reached.update(one[0] for one in spans if any(is_over(one, other) for other in found))
                right.update(one[0] for one in found if any(is_over(one, other) for other in spans))
    for entity in given:
        least = 0.95 if entity == "PHONE_NUMBER" else 0.99
        assert reached[entity] >= least * gold[entity], entity
        assert right[entity] >= least * given[entity], entity
    assert len(given) == 7


def is_over(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
