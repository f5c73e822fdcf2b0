"""The schemas that are measured with, where they are at hand; tests about them are skipped elsewhere."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[4] / "shared" / "schemas" / "dev"
needs_schemas = pytest.mark.skipif(not FOLDER.is_dir(), reason="the collection of schemas is not at hand")


def rows(pattern: str = "*") -> Iterator[dict[str, Any]]:
    """Each with its `id`, `schema` and `tests`; fractions are decimals."""
    for path in sorted(FOLDER.glob(f"{pattern}.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line, parse_float=Decimal) for line in lines)


def uses(schema: Any, names: tuple[str, ...]) -> bool:
    """Whether one of these keys stands anywhere."""
    todo = [schema]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            if any(name in value for name in names):
                return True
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)
    return False


def as_floats(schema: Any) -> Any:
    """The same as a program would have it."""
    return json.loads(json.dumps(schema, default=float))
