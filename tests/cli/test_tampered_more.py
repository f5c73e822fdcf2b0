"""Traces that somebody tampered with: whatever stands in them, the commands answer, and never with a stack trace."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from told_records import answered, checked

from llmpost.cli.console import Console
from llmpost.cli.main import main
from llmpost.testing.nasty_texts import NASTY
from llmpost.traces.envelope import BEGINNING, wrapped
from llmpost.traces.keys import derived
from llmpost.traces.lines import to_line
from llmpost.traces.writer import TraceWriter

RECORDS = (answered(), checked(), answered("Fine.", 1))
LINES = [json.loads(to_line(record)) for record in RECORDS]
VALUES = (
    st.sampled_from([0, -1, 10**30, -(10**30), 1e308, 0.5, True, None, "", [], {}, "raw", "block", "input"])
    | st.sampled_from(NASTY)
    | st.text(max_size=5)
)
SETTINGS = settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
COMMANDS = (["show"], ["show", "--html", "-"], ["show", "--json"], ["show", "--blocked"], ["stats"], ["verify"])


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield way
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*way, key))


def put(whole: Any, way: tuple[Any, ...], value: Any) -> Any:
    """The JSON value with another one at a place, where that is still there."""
    if not way:
        return value
    first, *rest = way
    if isinstance(whole, dict) and first in whole:
        return whole | {first: put(whole[first], tuple(rest), value)}
    if isinstance(whole, list) and isinstance(first, int) and first < len(whole):
        return [*whole[:first], put(whole[first], tuple(rest), value), *whole[first + 1 :]]
    return whole


PLACES = [(number, way) for number, line in enumerate(LINES) for way in places(line) if way]


def check(path: Path) -> None:
    """Every command ends as a command does, and what it says moves no cursor."""
    for words in COMMANDS:
        out, err = io.StringIO(), io.StringIO()
        code = main(["trace", words[0], str(path), *words[1:]], Console(io.BytesIO(), out, err))
        assert code in (0, 1), (words, err.getvalue())
        assert words[-1] == "--json" or "\x1b" not in out.getvalue() + err.getvalue()
        if words[-1] == "-" and code == 0:
            assert out.getvalue().endswith("</html>\n")
            out.getvalue().encode()


@pytest.mark.slow
@SETTINGS
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_records_with_other_values(tmp_path: Path, changes: list[tuple[tuple[int, tuple[Any, ...]], Any]]) -> None:
    """Values of other kinds and sizes, under a chain that is right: who holds the key may write what he likes."""
    lines = list(LINES)
    for (number, way), value in changes:
        lines[number] = put(lines[number], way, value)
    path, link, key = tmp_path / "a.jsonl", BEGINNING, derived(b"", "chain")
    with path.open("wb") as file:
        for line in lines:
            data, link = wrapped("record", json.dumps(line).encode(), link, key)
            file.write(data)
    check(path)


@pytest.mark.slow
@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=4), st.integers(0, 300)), min_size=1, max_size=4))
def test_files_with_other_bytes(tmp_path: Path, changes: list[tuple[int, bytes, int]]) -> None:
    """Bytes written over, put in and cut out anywhere."""
    path = tmp_path / "b.jsonl"
    path.unlink(missing_ok=True)
    with TraceWriter(path) as writer:
        for record in RECORDS:
            writer.add(record)
    content = path.read_bytes()
    for place, new, length in changes:
        start = place % (len(content) + 1)
        content = content[:start] + new + content[start + length :]
    path.write_bytes(content)
    check(path)
