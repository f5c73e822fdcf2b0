"""The chain of a trace shows what was done to a file: any one edit, against a reader written from the document."""

import json
from pathlib import Path

import pytest
from chain_by_definition import is_as_written, records_in
from hypothesis import given
from hypothesis import strategies as st
from trace_records import KEY, read, record

from llmpost.traces import TraceWriter, verify
from llmpost.traces.lines import to_line

NUM_RECORDS = 4


@pytest.fixture(scope="module", params=[b"", KEY], ids=["without a key", "with a key"])
def trace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, bytes]:
    """A file to play with, what stands in it, and the key."""
    path = tmp_path_factory.mktemp("chain") / "one.jsonl"
    with TraceWriter(path, key=request.param) as writer:
        for number in range(NUM_RECORDS):
            writer.add(record(number, "ab\n\0é" * number))
    return path, path.read_bytes(), request.param


def shows(path: Path, key: bytes) -> bool:
    """Whether the package tells that the file is not as it was left."""
    verification = verify(path, key)
    return not (verification.is_intact and [file.is_ended for file in verification.files] == [True])


def test_what_is_written_is_as_the_document_says(trace: tuple[Path, bytes, bytes]) -> None:
    """A reader with JSON and HMAC alone finds every line whole, and the records in them."""
    path, content, key = trace
    path.write_bytes(content)
    assert is_as_written(path, key)
    assert not shows(path, key)
    assert records_in(path) == [json.loads(to_line(record(n, "ab\n\0é" * n))) for n in range(NUM_RECORDS)]


def is_found(trace: tuple[Path, bytes, bytes], edited: bytes) -> None:
    """Both readers say the same, and an edit is an edit, but for the end of the last line."""
    path, content, key = trace
    path.write_bytes(edited)
    is_same = edited.removesuffix(b"\n") == content.removesuffix(b"\n")
    assert shows(path, key) != is_same
    assert is_as_written(path, key) == is_same


@given(st.integers(0, 5000), st.integers(0, 8), st.binary(max_size=8))
def test_any_bytes_replaced_are_found(trace: tuple[Path, bytes, bytes], at: int, removed: int, put: bytes) -> None:
    """Put in, taken out, or changed, wherever it is."""
    content = trace[1]
    at %= len(content) + 1
    is_found(trace, content[:at] + put + content[at + removed :])


@given(st.integers(0, 5000), st.integers(0, 7))
def test_any_bit_flipped_is_found(trace: tuple[Path, bytes, bytes], at: int, bit: int) -> None:
    """The smallest edit there is."""
    changed = bytearray(trace[1])
    changed[at % len(changed)] ^= 1 << bit
    is_found(trace, bytes(changed))


@given(st.permutations(range(NUM_RECORDS + 2)), st.integers(0, NUM_RECORDS + 2))
def test_lines_moved_and_cut_off_are_found(trace: tuple[Path, bytes, bytes], order: list[int], kept: int) -> None:
    """Any order but the first, any number but all of them."""
    lines = trace[1].splitlines(keepends=True)
    is_found(trace, b"".join([lines[index] for index in order][:kept]))


@given(st.integers(0, 5000))
def test_a_file_cut_anywhere_is_read_up_to_the_cut(trace: tuple[Path, bytes, bytes], at: int) -> None:
    """All whole lines before it, and at most one torn line is told."""
    path, content, key = trace
    at %= len(content) + 1
    path.write_bytes(content[:at])
    is_whole = [content[:at].count(b"\n") > number + 1 or content[at:] in (b"", b"\n") for number in range(NUM_RECORDS)]
    numbers, damage = read(path, key)
    assert numbers[: sum(is_whole)] == [number for number in range(NUM_RECORDS) if is_whole[number]]
    assert len(numbers) <= sum(is_whole) + 1
    assert damage in ([], ["torn"])
