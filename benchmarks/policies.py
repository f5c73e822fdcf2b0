"""How long policies take to load, and to be linted: each that ships, and files of some size.

Run it from a checkout: `python benchmarks/policies.py`. The first table has what ships, after import: the way from
the file to a policy with a digest, that with its guards built, and that with all that lint has to say. The second has
files that nobody writes by hand.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from measuring import interleaved, machine_line, number, seconds_of, table

from llmpost.engine import Checker
from llmpost.engine.linting import lint
from llmpost.policy import Policy
from llmpost.policy.files.shipped import shipped_folder, shipped_names

PROMISED_MS, LINTED_MS = 50, 500
ROUNDS = 20
COLUMNS: Mapping[str, Callable[[Path], object]] = {
    "read, ms": lambda path: Policy.read(path).digest,
    "read and guards built, ms": lambda path: Checker(Policy.read(path)),
    "linted, ms": lambda path: lint(Policy.read(path)),
}
"""What is timed of each policy: another column is another row here."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the result to this file, too")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    first_ms = 1000 * seconds_of(lambda: Policy.named("default"))
    with tempfile.TemporaryDirectory() as folder:
        large = _large(Path(folder))
        sections = [
            machine_line("pyyaml", "torch"),
            f"Promised: each that ships in under {PROMISED_MS} ms, and linted in under {LINTED_MS}. "
            f"The first of a process took {number(first_ms)} ms.",
            _timed({name: shipped_folder() / f"{name}.yaml" for name in shipped_names()}, options.rounds, COLUMNS),
            _timed(large, options.rounds, {"read, ms": COLUMNS["read, ms"]}),
        ]
    text = "\n\n".join(["# Loading policies", *sections, ""])
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


def _timed(paths: Mapping[str, Path], rounds: int, columns: Mapping[str, Callable[[Path], object]]) -> str:
    arms = {
        (name, column): (lambda path=path, timed=timed: timed(path))
        for name, path in paths.items()
        for column, timed in columns.items()
    }
    keyed = {f"{name}\n{column}": arm for (name, column), arm in arms.items()}
    seconds = interleaved(keyed, rounds)
    rows = [
        [name, f"{path.stat().st_size:,}", *(number(1000 * seconds[f"{name}\n{column}"]) for column in columns)]
        for name, path in paths.items()
    ]
    return table(["policy", "bytes", *columns], rows)


def _large(folder: Path) -> dict[str, Path]:
    """A policy of a thousand guards, one with ten thousand phrases, the same in a file of their own, and a schema."""
    head = {"version": 1, "name": "large"}
    phrases = [f"phrase number {place}" for place in range(10_000)]
    schema = {"properties": {f"p{place}": {"type": "string", "maxLength": 9} for place in range(2_000)}}
    guards = [{"use": "phrases", "name": f"g{place}", "phrases": ["a", "b"]} for place in range(1_000)]
    (folder / "words.txt").write_text("\n".join(phrases))
    (folder / "schema.json").write_text(json.dumps(schema))
    contents = {
        "1,000 guards": {**head, "guards": guards},
        "10,000 phrases": {**head, "guards": [{"use": "phrases", "phrases": phrases}]},
        "10,000 phrases in a file": {**head, "guards": [{"use": "phrases", "file": "words.txt"}]},
        "2,000 properties in a file": {**head, "constraint": {"json_schema": "schema.json"}},
    }
    paths = {name: folder / f"{place}.yaml" for place, name in enumerate(contents)}
    for name, path in paths.items():
        path.write_text(json.dumps(contents[name], indent=1))
    return paths


if __name__ == "__main__":
    main()
