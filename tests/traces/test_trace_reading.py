"""What is told of files that are not as they were written, and how files are read in parts."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trace_records import KEY, read, record, told

from llmpost.errors import TraceError
from llmpost.traces import Damage, Entry, Rotation, Segment, TraceWriter, read_traces, segments, trace_files, verify
from llmpost.traces.envelope import BEGINNING, MOST_BYTES, wrapped
from llmpost.traces.keys import derived

Edit = Callable[[list[bytes]], list[bytes]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Header, records 0 to 5, end."""
    with TraceWriter(tmp_path / "one.jsonl", key=KEY) as writer:
        for number in range(6):
            writer.add(record(number))
    return tmp_path / "one.jsonl"


def replaced(index: int, old: bytes, new: bytes) -> Edit:
    return lambda lines: [*lines[:index], lines[index].replace(old, new), *lines[index + 1 :]]


def rehashed(lines: list[bytes]) -> list[bytes]:
    """A line made anew by somebody who has no key: its own hash is right, as far as that goes."""
    body = b'{"id":"made up"}'
    return [*lines[:3], wrapped("record", body, BEGINNING._replace(number=3), b"")[0][:-1], *lines[4:]]


@pytest.mark.parametrize(
    ("edit", "numbers", "damage"),
    [
        (lambda lines: lines, [0, 1, 2, 3, 4, 5], []),
        (replaced(3, b"hello", b"hullo"), [0, 1, 3, 4, 5], ["edited"]),
        (replaced(3, b'"n":4', b'"n":9'), [0, 1, 3, 4, 5], ["edited"]),
        (replaced(0, b'"pid":', b'"pid":1'), [0, 1, 2, 3, 4, 5], ["edited"]),
        (rehashed, [0, 1, 3, 4, 5], ["edited"]),
        (lambda lines: [*lines[:3], *lines[4:]], [0, 1, 3, 4, 5], ["missing"]),
        (lambda lines: lines[1:], [0, 1, 2, 3, 4, 5], ["missing"]),
        (lambda lines: lines[4:], [3, 4, 5], ["missing"]),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], [0, 1, 1, 2, 3, 4, 5], ["moved"]),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], [0, 2, 1, 3, 4, 5],
         ["missing", "moved", "missing"]),
        (lambda lines: [*lines[:3], b"", *lines[3:]], [0, 1, 2, 3, 4, 5], ["garbage"]),
        (lambda lines: [*lines[:3], b"hello", *lines[3:]], [0, 1, 2, 3, 4, 5], ["garbage"]),
        (lambda lines: [*lines[:3], b"hello", *lines[4:]], [0, 1, 3, 4, 5], ["garbage", "missing"]),
        (lambda lines: [*lines[:3], lines[3][:99], *lines[4:]], [0, 1, 3, 4, 5], ["torn", "missing"]),
        (lambda lines: [*lines[:-1], lines[-1][:99]], [0, 1, 2, 3, 4, 5], ["torn"]),
    ],
)  # fmt: skip
def test_each_edit_has_a_name(path: Path, edit: Edit, numbers: list[int], damage: list[str]) -> None:
    """And what stands beside it is read all the same."""
    path.write_bytes(b"\n".join([*edit(path.read_bytes().splitlines()), b""]))
    assert read(path) == (numbers, damage)


def test_a_last_line_without_its_end_is_torn(path: Path) -> None:
    """At whatever byte it was cut, but for the line end itself, it is told and the rest is read."""
    content = path.read_bytes()
    last = content.rindex(b"\n", 0, -1) + 1
    for cut in range(last + 1, len(content) - 1):
        path.write_bytes(content[:cut])
        assert read(path) == ([0, 1, 2, 3, 4, 5], ["torn"]), cut


def test_a_tail_that_was_cut_off_shows_by_the_missing_end(path: Path) -> None:
    """No line is wrong; but the writer never said that this was all, and whoever noted the last hash has another."""
    (whole,) = verify(path, KEY).files
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:4]))
    (cut,) = verify(path, KEY).files
    assert (whole.is_ended, whole.num_records) == (True, 6)
    assert (cut.is_ended, cut.num_records) == (False, 3)
    assert whole.last is not None
    assert cut.last != whole.last


def test_damage_names_its_place(path: Path) -> None:
    """File, line and byte, and no word of what stands there."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], b"a secret\n", *lines[3:]]))
    (damage,) = verify(path, KEY).damage
    assert (damage.path, damage.line, damage.offset) == (str(path), 4, sum(map(len, lines[:3])))
    assert str(damage) == f"{path}:4: garbage: no line of a trace"


@pytest.mark.parametrize(("written", "given"), [(KEY, b""), (KEY, b"another"), (b"", KEY)])
def test_another_key_is_told_once_a_file(tmp_path: Path, written: bytes, given: bytes) -> None:
    """The records are there to be read; that nobody edited them cannot be told."""
    with TraceWriter(tmp_path, key=written) as writer:
        for number in range(3):
            writer.add(record(number))
    assert read(tmp_path, given) == ([0, 1, 2], ["key"])
    assert not verify(tmp_path, given).is_intact


def test_a_chain_made_anew_without_the_key_is_told(path: Path) -> None:
    """Everything is consistent, and hashed under no key: that is what is told."""
    with TraceWriter(path.with_name("two.jsonl")) as writer:
        writer.add(record(1, "what never was"))
    path.with_name("two.jsonl").replace(path)
    assert read(path) == ([1], ["key"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two writers, of five files each."""
    for writer in range(2):
        with TraceWriter(tmp_path / "traces", key=KEY, rotation=Rotation(1), clock=lambda now=1e9 + writer: now) as own:
            for number in range(5):
                own.add(record(10 * writer + number))
    return tmp_path / "traces"


@pytest.mark.parametrize(("index", "place"), [(0, 0), (2, 2), (4, 3), (5, 5), (9, 8)])
def test_a_missing_file_shows(folder: Path, index: int, place: int) -> None:
    """The first, one between, and the last of a writer; told where it was missed."""
    files = trace_files(folder)
    assert len(files) == 10
    Path(files[index]).unlink()
    (damage,) = verify(folder, KEY).damage
    assert (damage.what, damage.path) == ("missing", trace_files(folder)[place])


def test_files_by_themselves_need_no_others(folder: Path) -> None:
    """Of what is not asked for nothing is said."""
    for number, file in enumerate(trace_files(folder)):
        assert read(Path(file)) == ([number if number < 5 else number + 5], [])


def test_a_renamed_file_shows(folder: Path) -> None:
    """Order is in the chain; names only say where to look."""
    files = trace_files(folder)
    second, third = Path(files[1]), Path(files[2])
    kept = second.rename(second.with_suffix(".kept"))
    third.rename(second)
    kept.rename(third)
    assert {damage.what for damage in verify(folder, KEY).damage} == {"missing", "moved"}


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("is_cut", [False, True])
def test_segments_are_the_file(path: Path, count: int, is_cut: bool) -> None:
    """Read one after the other they give the same records and the same damage; each can be sent to another process."""
    lines = path.read_bytes().splitlines(keepends=True)
    if is_cut:
        path.write_bytes(b"".join([*lines[:2], lines[3], b"hello\n", *lines[4:6], lines[6][:200]]))
    parts = [pickle.loads(pickle.dumps(part)) for part in segments(path, count)]
    assert len(parts) <= count
    assert parts[0].start == 0
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert parts[-1].end == path.stat().st_size
    assert told(read_traces(parts, KEY)) == read(path)


def test_reading_goes_on_behind_any_record(path: Path) -> None:
    """What is left of the file, checked against the record that it was left at."""
    entries = [one for one in read_traces(path, KEY) if isinstance(one, Entry)]
    for number, entry in enumerate(entries):
        rest = Segment(entry.path, entry.end, None, entry.link)
        assert told(read_traces(rest, KEY)) == (list(range(number + 1, 6)), [])
        behind_another = Segment(entry.path, entry.end, None, entry.link._replace(hash="0" * 64))
        assert told(read_traces(behind_another, KEY)) == (list(range(number + 1, 6)), ["broken"])


def test_unchecked_reading_looks_at_records_alone(path: Path) -> None:
    """Neither hash nor order nor key."""
    lines = path.read_bytes().replace(b"hello", b"hullo").splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[3], lines[2]]))
    assert told(read_traces(path, is_checked=False)) == ([2, 1], [])


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b"[" * 100_000, b'{"id":1}', b'"\\ud800"', b'{"id":"\\ud800"}', b"\xff\xfe", b"1e999"]
)
@pytest.mark.parametrize("kind", ["header", "record", "end"])
def test_whole_lines_that_say_nothing_are_told(tmp_path: Path, kind: str, body: bytes) -> None:
    """Whoever has the key may write anything; it is read as what it is."""
    path = tmp_path / "one.jsonl"
    with TraceWriter(path, key=KEY) as writer:
        writer.add(record(1))
    end = verify(path, KEY).files[0].last
    assert end is not None
    line, _ = wrapped(kind, body, end, derived(KEY, "chain"))
    path.write_bytes(path.read_bytes() + line)
    numbers, damage = read(path)
    assert numbers == [1]
    assert len(damage) == (0 if kind == "end" else 1)


def test_a_line_too_long_to_be_read_is_stepped_over(tmp_path: Path, path: Path) -> None:
    """In the memory of a short one, with what stands behind it read."""
    lines = path.read_bytes().splitlines(keepends=True)
    with path.open("wb") as file:
        file.writelines(lines[:3])
        file.seek(MOST_BYTES, os.SEEK_CUR)
        file.write(b"\n")
        file.writelines(lines[3:])
    assert read(path) == ([0, 1, 2, 3, 4, 5], ["too long"])


def test_what_is_no_plain_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    """A pipe, a folder, a link to nothing, in a folder of traces."""
    os.mkfifo(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").mkdir()
    (tmp_path / "c.jsonl").symlink_to("nowhere")
    (tmp_path / "d.jsonl").touch()
    (tmp_path / "notes.txt").write_text("hello")
    assert read(tmp_path) == ([], ["unreadable"] * 3)


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    """A mistyped path is no empty trace."""
    for name in ("nowhere", "null\0", "nowhere/one.jsonl"):
        with pytest.raises(TraceError, match="nothing is"):
            list(read_traces(tmp_path / name))


@given(st.binary(max_size=300), st.integers(0, 2000), st.integers(0, 300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_can_be_read(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int, removed: int) -> None:
    """Nothing that stands in a file stops its reader, and what was not touched is still read."""
    path = tmp_path_factory.mktemp("noise") / "one.jsonl"
    with TraceWriter(path) as writer:
        for number in range(3):
            writer.add(record(number))
    content = path.read_bytes()
    lines = content.splitlines(keepends=True)
    path.write_bytes(content[:at] + noise + content[at + removed :])
    everything = list(read_traces(path))
    ends = [sum(map(len, lines[: index + 1])) for index in range(len(lines))]
    safe = [number for number in range(3) if ends[number + 1] <= at or ends[number] >= at + removed]
    numbers, _ = told(everything)
    assert set(numbers) >= {number for number in safe if ends[number + 1] <= at}
    for one in everything:
        assert isinstance(one, Entry | Damage)
