"""How much code `code-assistant` changes that it should not: the standard library of Python, file by file.

    python benchmarks/survival.py [--policy code-assistant] [--out benchmarks/results/survival.md]

There is no secret in it, so all that is changed is changed wrongly, but for passwords in examples: each change is shown
with what stands before it, to be judged by a reader. Tests of the library are left out, where they are installed.
"""

from __future__ import annotations

import argparse
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from measuring import machine_line, table

from llmpost.engine import Checker
from llmpost.engine.cases import untimed
from llmpost.policy import Policy

MOST_CHARACTERS, SHOWN = 100_000, 60
LEFT_OUT = {"test", "tests", "idle_test", "site-packages", "dist-packages"}


def files() -> Iterator[Path]:
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        if not LEFT_OUT & set(path.relative_to(library).parts):
            yield path


def changes(checker: Checker, path: Path, text: str) -> Iterator[list[str]]:
    (inspection,) = checker.check(text).trace.inspections
    for change in inspection.changes:
        before = text[max(0, change.before.start - SHOWN) : change.before.start]
        yield [path.name, change.label, f"`{' '.join(before.split())}`".replace("|", "\\|")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--policy", default="code-assistant")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    checker = Checker(untimed(Policy.found(options.policy)))
    rows: list[list[str]] = []
    num_files = num_characters = num_changed = 0
    for path in files():
        text = path.read_text("utf-8", "replace")[:MOST_CHARACTERS]
        found = list(changes(checker, path, text))
        rows += found
        num_files, num_characters = num_files + 1, num_characters + len(text)
        num_changed += bool(found)
    title = (
        f"# Code under {options.policy}: {num_changed} of {num_files:,} files changed ({num_characters:,} characters)"
    )
    body = [table(["file", "label", "what stands before"], rows, num_names=3)] if rows else []
    text = "\n\n".join([title, machine_line(), *body]) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
