"""Schemas with instances, from a folder of gzipped JSON lines, and their instances as tokens.

A line has `id`, `subset`, `schema` and `tests` (each `valid` and `data`), and `remote` where it needs a document from
elsewhere. The rows come in an order that has nothing to do with their subsets.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rivals import longest_matches
from tokenizers import Tokenizer

from llmpost.vocabulary import Vocabulary

SUITES = ("suite", "suite_format")
SPECIAL = ("Synthesized",)


@dataclass(frozen=True, slots=True)
class Row:
    """One schema, and whether each of some values fits it."""

    id: str
    subset: str
    schema: Any
    tests: Sequence[tuple[bool, Any]]
    is_remote: bool

    @property
    def groups(self) -> tuple[str, ...]:
        """What it counts for in a table of coverage."""
        if self.subset in SUITES:
            is_required = self.subset == "suite" and not self.is_remote and not self.id.startswith("format#")
            return (self.subset, "*suite, required*") if is_required else (self.subset,)
        return (self.subset, "*all timed*") + (() if self.subset in SPECIAL else ("*real*",))


def read_rows(folder: str | Path) -> list[Row]:
    """All rows of the folder, mixed by a hash of their ids."""
    rows = []
    for path in sorted(Path(folder).glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
            rows += [_row(json.loads(line)) for line in lines]
    return sorted(rows, key=lambda row: hashlib.sha256(f"peers{row.id}".encode()).digest())


def _row(given: dict[str, Any]) -> Row:
    tests = [(test["valid"], test["data"]) for test in given["tests"]]
    return Row(given["id"], given["subset"], given["schema"], tests, bool(given.get("remote")))


@dataclass(frozen=True, slots=True)
class Cut:
    """The instances of a row as tokens."""

    valid: Sequence[Sequence[int]]
    invalid: Sequence[Sequence[int]]

    @classmethod
    def of(cls, row: Row, vocabulary: Vocabulary, path: str) -> Cut:
        """By the tokenizer that lies beside the vocabulary's file, if there is one."""
        cut = _cutter(path) or (lambda text: longest_matches(vocabulary, text.encode()))
        texts = [(is_valid, cut(written(value))) for is_valid, value in row.tests]
        return cls(*([ids for is_valid, ids in texts if is_valid is wanted] for wanted in (True, False)))


def written(value: Any) -> str:
    """As `json.dumps` prints it; lone surrogates are text as escapes alone."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


@cache
def _cutter(path: str) -> Callable[[str], Sequence[int]] | None:
    file = Path(path).with_suffix(".tokenizer.json.gz")
    if not file.is_file():
        return None
    with gzip.open(file, "rt", encoding="utf-8") as text:
        tokenizer = Tokenizer.from_str(text.read())
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)
