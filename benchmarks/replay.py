"""How many records a second are replayed on one core, beside the same texts handed to guards directly.

    python benchmarks/replay.py [--data FOLDER] [--records 4000] [--rounds 5] [--out FILE.md]

Direct is `Checker.check` over a list of texts, under the same policies, with nothing read, compared or counted. Rounds
are interleaved, and processor time is counted, so that what else the machine does changes little. Both build their
guards in each round, whose automata grow with the first texts. What is replayed is a trace of assistants' answers, and
of texts made to be full of personal data, recorded for it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from guards import replies
from measuring import machine_line, number, table
from pii import read_rows

from llmpost.engine import Checker, replay
from llmpost.traces import TraceWriter, read_traces

RECORDED: dict[str, Any] = {"version": 1, "name": "recorded", "extends": "default", "trace": {"store": "raw"}}
OTHER_ACTIONS: dict[str, Any] = {
    "version": 1,
    "name": "other actions",
    "guards": [{"use": "pii", "action": "mask"}, {"use": "secrets", "action": "block"}],
}
OTHER_GUARDS: dict[str, Any] = {
    "version": 1,
    "name": "other guards",
    "guards": [{"use": "pii", "entities": ["EMAIL_ADDRESS", "US_SSN"]}, {"use": "secrets"}, {"use": "profanity"}],
}
CASES: tuple[tuple[str, dict[str, Any], dict[str, Any] | None], ...] = (
    ("other guards, beside what was recorded", OTHER_GUARDS, None),
    ("other guards, against the old policy", OTHER_GUARDS, RECORDED),
    ("other actions, against the old policy", OTHER_ACTIONS, RECORDED),
)


def texts_of(data: Path, kind: str, count: int) -> list[str]:
    """So many, from the beginning again where there are fewer."""
    if kind == "prose":
        rows = list(replies(data / "hh_dialog_prompts.jsonl.gz"))
    else:
        rows = [row.text for row in read_rows(data) if row.id.startswith("pii_patterns")]
    return list(islice(cycle(rows), count))


def recorded(texts: Sequence[str], path: Path) -> int:
    """The size of their trace."""
    with TraceWriter(path) as writer:
        checker = Checker.load(RECORDED, trace=writer)
        for text in texts:
            checker.check(text)
    return path.stat().st_size


def direct(texts: Sequence[str], *policies: dict[str, Any] | None) -> Callable[[], object]:
    def check_all() -> None:
        checkers = [Checker(policy) for policy in policies if policy is not None]
        for text in texts:
            for checker in checkers:
                checker.check(text)

    return check_all


def read_all(path: Path) -> Callable[[], object]:
    return lambda: sum(1 for _ in read_traces(path, is_checked=False))


def measured(texts: Sequence[str], path: Path, rounds: int) -> list[list[object]]:
    arms: dict[str, Callable[[], object]] = {"reading": read_all(path)}
    for name, policy, against in CASES:
        arms[f"direct, {name}"] = direct(texts, policy, against)
        arms[name] = replaying(path, policy, against)
    seconds = processor_seconds(arms, rounds)
    return [_row(name, seconds, len(texts)) for name, *_ in CASES]


def replaying(path: Path, policy: Any, against: Any) -> Callable[[], object]:
    return lambda: replay(path, policy, against)


def _row(name: str, seconds: Mapping[str, float], count: int) -> list[object]:
    directly, replayed = seconds[f"direct, {name}"], seconds[name]
    rates = (f"{count / each:,.0f}" for each in (directly, replayed, seconds["reading"]))
    return [name, *rates, number(directly / replayed)]


def processor_seconds(arms: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median of each, as `interleaved` has it of the clock's time."""
    seconds: dict[str, list[float]] = {name: [] for name in arms}
    for number_of_round in range(rounds + 1):
        for name, arm in arms.items():
            begun = time.process_time()
            arm()
            if number_of_round:
                seconds[name].append(time.process_time() - begun)
    return {name: statistics.median(own) for name, own in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "datasets")
    parser.add_argument("--records", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="write the report here, too")
    options = parser.parse_args()
    parts = [
        "# Replay",
        machine_line(),
        f"On one core ({os.cpu_count()} there are); records a second of processor time.",
    ]
    for kind in ("prose", "dense"):
        texts = texts_of(options.data, kind, options.records)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "traces.jsonl"
            size = recorded(texts, path)
            rows = measured(texts, path, options.rounds)
        characters = sum(map(len, texts)) / len(texts)
        parts.append(f"## {kind}: {characters:,.0f} characters a text, {size / len(texts):,.0f} bytes a record")
        parts.append(table(["", "guards directly", "replayed", "read alone", "replayed / directly"], rows))
    report = "\n\n".join(parts)
    print(report)
    if options.out:
        options.out.write_text(report + "\n", "utf-8")


if __name__ == "__main__":
    main()
