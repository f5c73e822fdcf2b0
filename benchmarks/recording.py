"""What a request pays for its record: checks and answers with `trace=`, beside the same without.

    pip install 'llmpost[seal,otel]'
    python benchmarks/recording.py [--calls 400] [--rounds 15] [--out FILE.md]

The model is a script, so that of an answer next to nothing but the engine itself is timed. Everything runs on one
thread; rounds are interleaved, and every number is a median over them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from measuring import interleaved, machine_line, number, table
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider

from llmpost.contracts.record import Record
from llmpost.engine import Engine
from llmpost.engine.surroundings import Surroundings
from llmpost.testing.scripted import scripted_engine

TEXT = "Write to maria.chen@example.com about the card, and call me tomorrow at noon."
KEY, SEAL = b"a key for benchmarks alone", bytes(32)


class Nobody:
    """Takes records and forgets them: what is left is the cost of making them."""

    def add(self, record: Record) -> None:
        """Forgotten."""


def policy(store: str) -> dict[str, Any]:
    guards = [{"use": "pii", "entities": ["EMAIL_ADDRESS"], "action": "redact"}]
    return {"version": 1, "name": "measured", "guards": guards, "trace": {"store": store}}


def arms(folder: Path) -> dict[str, Engine]:
    """Engines that differ in what they keep."""
    names = count()
    plain = scripted_engine(lambda tokens: [1.0, 0.0], [b"a", b"b"])

    def engine(store: str, **around: Any) -> Engine:
        return Engine(plain.loaded, policy(store), Surroundings(trace_key=KEY, **around))

    def writing(store: str, **around: Any) -> Engine:
        return engine(store, trace=folder / str(next(names)), **around)

    return {
        "no trace": engine("digest"),
        "made and forgotten": engine("digest", trace=Nobody()),
        "digest": writing("digest"),
        "redacted": writing("redacted"),
        "raw": writing("raw"),
        "raw, sealed": writing("raw", seal_key=SEAL),
        "telemetry alone": engine("digest", telemetry=(TracerProvider(), MeterProvider())),
    }


CALLS: Mapping[str, Callable[[Engine], object]] = {
    "check": lambda engine: engine.check(TEXT),
    "generate": lambda engine: engine.generate("ab", max_new_tokens=4, seed=1),
}


def measured(engines: Mapping[str, Engine], calls: int, rounds: int) -> str:
    rows = []
    for name, call in CALLS.items():

        def timed(engine: Engine, call: Callable[[Engine], object] = call) -> Callable[[], object]:
            return lambda: [call(engine) for _ in range(calls)]

        seconds = interleaved({arm: timed(engine) for arm, engine in engines.items()}, rounds)
        base = seconds["no trace"]
        rows += [
            [name, arm, number(1e6 * own / calls), number(1e6 * (own - base) / calls)] for arm, own in seconds.items()
        ]
    return table(["call", "trace", "µs a call", "µs for the record"], rows, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(arms(Path(folder)), options.calls, options.rounds)
    told = f"# Recording\n\n{machine_line('pydantic', 'opentelemetry-sdk')}\n\n{found}\n"
    print(told)
    if options.out is not None:
        options.out.write_text(told, "utf-8")


if __name__ == "__main__":
    main()
