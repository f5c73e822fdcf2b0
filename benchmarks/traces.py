"""What a trace costs: adding a record, keeping its texts, reading and verifying, beside writing the same bytes plainly.

    pip install 'llmpost[seal]'
    python benchmarks/traces.py [--records 20000] [--rounds 5] [--folder FOLDER] [--out FILE.md]

Everything runs on one thread; rounds are interleaved, and every number is a median over them.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from measuring import interleaved, machine_line, number, table

from llmpost.contracts.guard import Finding, Outcome, Span, Verdict
from llmpost.contracts.inspection import Inspection
from llmpost.contracts.record import Record
from llmpost.contracts.result import Timings, Trace, Usage
from llmpost.traces import Keeper, Part, TraceWriter, read_traces, verify
from llmpost.traces.lines import from_line, to_line

KEY, SEAL = b"a key for benchmarks alone", bytes(32)
TEXT = "Thank you for your message. Write to ann@example.org, and we will see to it by tomorrow. " * 8
FOUND = (Finding("pii", "EMAIL", Span(37, 52), 1.0, "a mailbox at a domain"),)
KEEPERS = {
    "digest, no key": Keeper("digest"),
    "digest": Keeper("digest", KEY),
    "redacted": Keeper("redacted", KEY),
    "raw": Keeper("raw", KEY),
    "raw, sealed": Keeper("raw", KEY, SEAL),
}


def record() -> Record:
    """Of an answer that two guards looked at, without its texts."""
    outcomes = (Outcome("pii", "changed", 0.0003), Outcome("secrets", "passed", 0.0001))
    verdict = Verdict("redact", FOUND, outcomes, "pii")
    versions = {"llmpost": "0.1.0", "torch": "2.9.0", "transformers": "5.0.0"}
    settings = {"temperature": 0.7, "top_p": 0.9, "max_new_tokens": 256, "do_sample": True}
    inspections = (Inspection("output", verdict),)
    trace = Trace("model", "default", "0" * 64, 7, settings, versions, inspections=inspections)
    timings = Timings(1.2, 0.1, {"forward": 1.0, "sampler": 0.1, "guards": 0.05}, 200)
    return Record("4f" * 16, 1.7e9, "generate", "raw", trace, verdict, "stop", Usage(100, 200), timings)


def recorded(keeper: Keeper, own: Record) -> Record:
    """The texts kept, and the record of them: what a request pays besides the line."""
    prompt, raw, released = (keeper.kept(TEXT, FOUND, Part(own.id, 0, name)) for name in ("prompt", "raw", "released"))
    return replace(own, store=keeper.store, prompt=prompt, raw=raw, released=released)


def adding(folder: Path, count: int, rounds: int) -> str:
    """Microseconds a record, each arm into files of its own."""
    names = (folder / f"{index}" for index in itertools.count())
    own = record()
    rows = []
    for name, keeper in KEEPERS.items():
        one = recorded(keeper, own)
        line = to_line(one) + b"\n"

        def plainly(line: bytes = line) -> None:
            with next(names).open("wb", buffering=0) as file:
                for _ in range(count):
                    file.write(line)

        def added(one: Record = one) -> None:
            with TraceWriter(next(names), key=KEY) as writer:
                for _ in range(count):
                    writer.add(one)

        def kept_and_added(keeper: Keeper = keeper) -> None:
            with TraceWriter(next(names), key=KEY) as writer:
                for _ in range(count):
                    writer.add(recorded(keeper, own))

        seconds = interleaved({"plain": plainly, "added": added, "whole": kept_and_added}, rounds)
        each = {arm: taken / count * 1e6 for arm, taken in seconds.items()}
        rows.append([name, len(line), *(number(each[arm]) for arm in ("plain", "added", "whole"))])
    heads = ["three texts of 712 characters", "bytes", "`file.write`, µs", "`.add`, µs", "kept and added, µs"]
    return table(heads, rows)


def syncing(folder: Path, count: int, rounds: int) -> str:
    """The same with a wait for the disk after each line."""
    names = (folder / f"{index}" for index in itertools.count())
    one = recorded(KEEPERS["digest"], record())

    def added(syncs: bool) -> Callable[[], None]:
        def run() -> None:
            with TraceWriter(next(names), key=KEY, fsync=syncs) as writer:
                for _ in range(count):
                    writer.add(one)

        return run

    seconds = interleaved({"without": added(False), "with": added(True)}, rounds)
    return table(["fsync", "`.add`, µs"], [[arm, number(taken / count * 1e6)] for arm, taken in seconds.items()])


def reading(folder: Path, count: int, rounds: int) -> str:
    """Records a second: lines parsed alone, read without and with verification, and verified unparsed."""
    one = recorded(KEEPERS["raw"], record())
    line = to_line(one)
    with TraceWriter(folder, key=KEY) as writer:
        for _ in range(count):
            writer.add(one)
    arms: dict[str, Callable[[], object]] = {
        "`from_line` alone, of a line in memory": lambda: [from_line(line, "") for _ in range(count)] and None,
        "`read_traces`, unchecked": lambda: sum(1 for _ in read_traces(folder, KEY, is_checked=False)),
        "`read_traces`": lambda: sum(1 for _ in read_traces(folder, KEY)),
        "`verify`": lambda: verify(folder, KEY),
    }
    seconds = interleaved(arms, rounds)
    rows = [[arm, f"{count / taken:,.0f}", number(taken / count * 1e6)] for arm, taken in seconds.items()]
    return table([f"lines of {len(line):,} bytes", "records/s", "µs each"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to write; a temporary one is made in it")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    parts = ["# Traces", machine_line("pydantic", "cryptography")]
    for title, measure, count in (
        ("Adding a record", adding, options.records // 4),
        ("Waiting for the disk", syncing, options.records // 100),
        ("Reading", reading, options.records),
    ):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            parts += [f"## {title}", measure(Path(folder), count, options.rounds)]
    text = "\n\n".join(parts) + "\n"
    print(text)
    if options.out is not None:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
