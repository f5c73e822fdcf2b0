"""What a writer puts on the disk, where, and what it refuses."""

import json
import os
import stat
import threading
from itertools import count
from pathlib import Path

import pytest
from trace_records import KEY, read, record

from llmpost.errors import TraceError
from llmpost.traces import Entry, Rotation, TraceWriter, read_traces, trace_files, verify


@pytest.mark.parametrize("key", [b"", KEY])
@pytest.mark.parametrize("name", ["folder", "one.jsonl"])
def test_records_are_read_back_the_same(tmp_path: Path, name: str, key: bytes) -> None:
    """In order, whatever their texts say."""
    texts = ["", "a\nb\r\n\0\u2028", "lone \ud800 half", "\U0001f600\u200b\u202e", "x" * 100_000, '{"hash":"'] * 2
    given = [record(number, text) for number, text in enumerate(texts)]
    with TraceWriter(tmp_path / name, key=key) as writer:
        for one in given:
            writer.add(one)
    assert [one.record for one in read_traces(tmp_path / name, key) if isinstance(one, Entry)] == given
    assert verify(tmp_path / name, key).is_intact


def test_a_folder_has_files_of_its_owner_alone(tmp_path: Path) -> None:
    """Nobody else may read what is kept of texts."""
    with TraceWriter(tmp_path / "traces") as writer:
        writer.add(record())
    (file,) = trace_files(tmp_path / "traces")
    assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "traces").stat().st_mode) == 0o700


def test_a_writer_with_nothing_to_write_leaves_a_folder_empty(tmp_path: Path) -> None:
    """Whoever forks before it works has no file of the parent's in it."""
    TraceWriter(tmp_path / "traces").close()
    assert trace_files(tmp_path / "traces") == []


def test_threads_share_a_writer(tmp_path: Path) -> None:
    """Every record is there once, and the chain holds."""
    with TraceWriter(tmp_path, key=KEY, rotation=Rotation(20_000)) as writer:
        threads = [
            threading.Thread(target=lambda own=own: [writer.add(record(own * 50 + index)) for index in range(50)])
            for own in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    numbers, damage = read(tmp_path)
    assert (sorted(numbers), damage) == (list(range(200)), [])


def test_a_full_file_is_left_for_the_next(tmp_path: Path) -> None:
    """None is larger than it may be, where its first record is not; the chain goes through them all."""
    with TraceWriter(tmp_path, key=KEY, rotation=Rotation(5000)) as writer:
        for number in range(20):
            writer.add(record(number, "x" * 10_000 if number == 7 else "hello"))
    files = trace_files(tmp_path)
    sizes = [Path(file).stat().st_size for file in files]
    assert len(sizes) > 5
    assert sum(size > 5000 for size in sizes) == 1
    assert read(tmp_path) == (list(range(20)), [])
    assert [len(Path(file).read_bytes().splitlines()) > 2 for file in files] == [True] * len(files)


def test_an_old_file_is_left_for_the_next(tmp_path: Path) -> None:
    """When a record is added, and not before."""
    clock = count(1000.0, 10.0)
    with TraceWriter(tmp_path, rotation=Rotation(most_seconds=100), clock=lambda: next(clock)) as writer:
        for number in range(30):
            writer.add(record(number))
    assert 2 < len(trace_files(tmp_path)) < 15
    assert read(tmp_path, b"") == (list(range(30)), [])


@pytest.mark.parametrize("key", [b"", KEY])
def test_a_file_goes_on_where_it_stopped(tmp_path: Path, key: bytes) -> None:
    """One chain for all its writers, each with a header."""
    path = tmp_path / "one.jsonl"
    for number in range(4):
        with TraceWriter(path, key=key) as writer:
            writer.add(record(number))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["n"] for line in lines] == list(range(1, 13))
    assert sum("header" in line for line in lines) == 4
    assert read(path, key) == ([0, 1, 2, 3], [])


@pytest.mark.parametrize("left", [b"", b"\n", b'{"hash":"12', b'{"hash":"12\n{"ha', b"garbage", b"garbage\n"])
def test_what_a_crash_left_is_not_written_onto(tmp_path: Path, left: bytes) -> None:
    """The next line is its own, and follows from the last whole one."""
    path = tmp_path / "one.jsonl"
    with TraceWriter(path, key=KEY) as writer:
        writer.add(record(1))
    with path.open("ab") as file:
        file.write(left)
    with TraceWriter(path, key=KEY) as writer:
        writer.add(record(2))
    numbers, damage = read(path)
    assert numbers == [1, 2]
    assert set(damage) <= {"torn", "garbage"}
    assert len(damage) == len(left.splitlines())


def test_a_line_without_its_end_alone_is_whole(tmp_path: Path) -> None:
    """Whether it was the last, or another one came behind it."""
    path = tmp_path / "one.jsonl"
    with TraceWriter(path, key=KEY) as writer:
        writer.add(record(1))
    os.truncate(path, path.stat().st_size - 1)
    assert read(path) == ([1], [])
    with TraceWriter(path, key=KEY) as writer:
        writer.add(record(2))
    assert read(path) == ([1, 2], [])


@pytest.mark.parametrize("content", [b"", b'{"h', b'{"hash":"1234'])
def test_a_file_in_which_nothing_was_written_whole_is_begun(tmp_path: Path, content: bytes) -> None:
    """A crash in the first line of all does not make a path useless."""
    path = tmp_path / "one.jsonl"
    path.write_bytes(content)
    with TraceWriter(path, key=KEY) as writer:
        writer.add(record(1))
    assert read(path) == ([1], ["torn"] if content else [])


def test_a_file_has_one_writer_at_a_time(tmp_path: Path) -> None:
    """The second one is told to take a folder; when the first is closed, or forgotten, it is free."""
    path = tmp_path / "one.jsonl"
    first = TraceWriter(path)
    with pytest.raises(TraceError, match=r"another writer has open.*folder"):
        TraceWriter(path)
    first.close()
    second = TraceWriter(path)
    second.add(record())
    del second
    TraceWriter(path).close()


@pytest.mark.parametrize(
    "content", [b"hello\n", b'{"text": "hello"}\n', b"\0" * 1000, b"x" * 200_000, b"a\n" * 100_000, b"{}\n"]
)
def test_what_is_no_trace_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """Nothing is added to another program's file."""
    path = tmp_path / "notes.jsonl"
    path.write_bytes(content)
    with pytest.raises(TraceError, match="no trace"):
        TraceWriter(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(("before", "after"), [(KEY, b"another"), (KEY, b""), (b"", KEY)])
def test_a_file_is_gone_on_with_under_its_own_key(tmp_path: Path, before: bytes, after: bytes) -> None:
    """A chain has one key from end to end."""
    path = tmp_path / "one.jsonl"
    with TraceWriter(path, key=before) as writer:
        writer.add(record())
    with pytest.raises(TraceError, match="under this key"):
        TraceWriter(path, key=after)


def test_what_cannot_be_written_to_is_told_at_once(tmp_path: Path) -> None:
    """When the writer is made: a file in the place of a folder, a path through a file, a pipe, what no path can be."""
    (tmp_path / "file").write_text("hello")
    os.mkfifo(tmp_path / "pipe.jsonl")
    for name in ("file", "file/below", "file/one.jsonl", "pipe.jsonl", "none/one.jsonl", "null\0.jsonl", "null\0"):
        with pytest.raises(TraceError):
            TraceWriter(tmp_path / name)


def test_a_closed_writer_says_so(tmp_path: Path) -> None:
    """Closing twice is no mistake; adding after it is."""
    writer = TraceWriter(tmp_path)
    writer.add(record())
    writer.close()
    writer.close()
    with pytest.raises(TraceError, match="closed"):
        writer.add(record())
    assert [file.is_ended for file in verify(tmp_path).files] == [True]


def test_a_record_too_large_to_be_read_is_not_written(tmp_path: Path) -> None:
    """A line has a longest length, for whoever writes and whoever reads."""
    with TraceWriter(tmp_path) as writer:
        writer.add(record(1))
        with pytest.raises(TraceError, match="a record of"):
            writer.add(record(2, "x" * (64 << 20)))
        writer.add(record(3))
    assert read(tmp_path, b"") == ([1, 3], [])


def test_with_fsync_the_same_is_written(tmp_path: Path) -> None:
    """Only later."""
    with TraceWriter(tmp_path, key=KEY, fsync=True, rotation=Rotation(2000)) as writer:
        for number in range(5):
            writer.add(record(number))
    assert read(tmp_path) == (list(range(5)), [])


def test_the_key_is_in_no_file(tmp_path: Path) -> None:
    """Its name is, which is no way back to it."""
    with TraceWriter(tmp_path, key=KEY) as writer:
        writer.add(record())
    (file,) = trace_files(tmp_path)
    content = Path(file).read_bytes()
    assert KEY not in content
    assert KEY.hex().encode() not in content
