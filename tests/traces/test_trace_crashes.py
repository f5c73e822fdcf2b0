"""What is on the disk when a process is killed, forks, or has no room left: real processes, real files."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from trace_records import KEY, read, record

from llmpost.traces import TraceWriter, read_traces, trace_files, verify

_TESTS = Path(__file__).resolve().parents[1]
_WRITES = """
import itertools, resource, sys
sys.path.insert(0, {tests!r})
from trace_records import KEY, record
from llmpost.errors import TraceError
from llmpost.traces import TraceWriter
"""
_FOR_EVER = """
writer = TraceWriter(sys.argv[1], key=KEY)
for number in itertools.count():
    writer.add(record(number, "x" * (number % 7 * 3000)))
    if number == 3:
        print("begun", flush=True)
"""
_SOME = """
with TraceWriter(sys.argv[1], key=KEY) as writer:
    for number in range(200):
        writer.add(record(int(sys.argv[2]) * 200 + number))
"""
_WITHOUT_ROOM = """
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
writer = TraceWriter(sys.argv[1], key=KEY)
written = []
for number in range(30):
    if number == 20:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    try:
        writer.add(record(number))
        written.append(number)
    except TraceError as error:
        assert "hello" not in str(error)
writer.close()
print(*written)
"""
_WITHOUT_ROOM_FOR_ONE_BYTE = """
from pathlib import Path
writer = TraceWriter(sys.argv[1], key=KEY)
sizes = []
for number in range(9):
    writer.add(record(number))
    sizes += [file.stat().st_size for file in Path(sys.argv[1]).iterdir()]
    if number == 4:
        room = sizes[-1] + (sizes[-1] - sizes[-2]) - 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    if number == 5:
        assert sizes[-1] == room
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.add(record(9))
"""


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    code = _WRITES.format(tests=str(_TESTS)) + program
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True, cwd=_TESTS.parent
    )


@pytest.mark.parametrize("name", ["folder", "one.jsonl"])
def test_of_a_killed_writer_at_most_the_last_line_is_lost(tmp_path: Path, name: str) -> None:
    """At whatever moment, and again when the next one goes on: everything before verifies."""
    moments = random.Random(name)
    for _ in range(4):
        with started(_FOR_EVER, tmp_path / name) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            for _ in range(moments.randrange(20)):
                os.sched_yield()
            process.send_signal(signal.SIGKILL)
    numbers, damage = read(tmp_path / name)
    runs = [index for index, number in enumerate(numbers) if number == 0]
    assert len(runs) == 4
    for start, end in zip(runs, [*runs[1:], len(numbers)], strict=True):
        assert numbers[start:end] == list(range(end - start))
        assert end - start > 3
    assert set(damage) <= {"torn"}
    assert len(damage) <= 4


def test_processes_share_a_folder(tmp_path: Path) -> None:
    """Each writes files of its own; all chains hold, and nothing is lost."""
    processes = [started(_SOME, tmp_path, number) for number in range(4)]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    numbers, damage = read(tmp_path)
    assert len(trace_files(tmp_path)) == 4
    assert (sorted(numbers), damage) == (list(range(800)), [])
    assert all(file.is_ended for file in verify(tmp_path, KEY).files)


@pytest.mark.parametrize("name", ["folder", "one.jsonl"])
@pytest.mark.parametrize("room", [0, 100, 3000, 5001])
def test_without_room_every_record_is_written_or_refused(tmp_path: Path, name: str, room: int) -> None:
    """A line of which a part fit is followed by no other on the same line, and the chain goes on when there is room."""
    with started(_WITHOUT_ROOM, tmp_path / name, room) as process:
        written = [int(word) for word in process.communicate()[0].split()]
    assert process.returncode == 0
    assert written[-10:] == list(range(20, 30))
    assert len(written) < 20
    numbers, damage = read(tmp_path / name)
    assert numbers == written
    assert set(damage) <= {"torn"}


def test_a_line_that_lacks_its_end_alone_is_written(tmp_path: Path) -> None:
    """There was room for all of it but one byte: it is told to nobody as lost, and is there once."""
    with started(_WITHOUT_ROOM_FOR_ONE_BYTE, tmp_path) as process:
        process.communicate()
    assert process.returncode == 0
    assert read(tmp_path) == (list(range(10)), [])


def interrupting(after: int) -> Callable[..., Any]:
    """A tracer that interrupts before the line of a course or a file that is so many lines on. (Not in the writer:
    where a lock is let go Python takes no signals, and a tracer does.)"""
    left = [after]

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if Path(frame.f_code.co_filename).name not in ("course.py", "appended.py", "places.py", "continuing.py"):
            return None
        left[0] -= event == "line"
        if not left[0]:
            raise KeyboardInterrupt
        return trace

    return trace


@pytest.mark.parametrize("name", ["folder", "one.jsonl"])
def test_an_interruption_harms_no_chain(tmp_path: Path, name: str) -> None:
    """Ctrl-C may come before any line of the code, also between a record and what is known of it: what was added is
    there once, and what follows, follows."""
    writer, added, interrupted = TraceWriter(tmp_path / name, key=KEY), [], []
    for after in range(1, 120):
        sys.settrace(interrupting(after))
        try:
            writer.add(record(2 * after))
            added.append(2 * after)
        except KeyboardInterrupt:
            interrupted.append(2 * after)
        finally:
            sys.settrace(None)
        writer.add(record(2 * after + 1))
        added.append(2 * after + 1)
    writer.close()
    numbers, damage = read(tmp_path / name)
    assert (len(set(numbers)), damage) == (len(numbers), [])
    assert set(numbers) - set(interrupted) == set(added)
    assert set(numbers) & set(interrupted), "none came between the disk and what is known of it"
    assert set(interrupted) - set(numbers)


@pytest.mark.parametrize("name", ["folder", "one.jsonl"])
def test_a_fork_leaves_the_parents_file_alone(tmp_path: Path, name: str) -> None:
    """In a folder the child has a file of its own; a file that is locked stays the parent's."""
    writer = TraceWriter(tmp_path / name, key=KEY)
    writer.add(record(0))
    child = os.fork()
    if not child:  # no test of pytest's in here: whatever happens, the child ends
        code = 1
        try:
            writer.add(record(1))
            writer.close()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    writer.add(record(2))
    writer.close()
    is_folder = name == "folder"
    assert os.waitstatus_to_exitcode(status) == (0 if is_folder else 1)
    numbers, damage = read(tmp_path / name)
    assert (numbers, damage) == ([0, 2, 1] if is_folder else [0, 2], [])
    assert len(trace_files(tmp_path / name)) == (2 if is_folder else 1)


def test_a_fork_while_another_thread_writes(tmp_path: Path) -> None:
    """The child does not wait for a lock that nobody holds there."""
    writer = TraceWriter(tmp_path, key=KEY)
    writer._lock.acquire()
    child = os.fork()
    if not child:
        code = 1
        try:
            signal.alarm(20)  # if it does wait, not for ever
            writer.add(record(1))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    writer._lock.release()
    assert os.waitstatus_to_exitcode(status) == 0
    assert read(tmp_path) == ([1], [])


def test_a_program_that_ends_closes_what_it_wrote(tmp_path: Path) -> None:
    """Though nobody closed the writer."""
    with started(
        "TraceWriter(sys.argv[1], key=KEY).add(record())\nw = TraceWriter(sys.argv[1]); w.add(record(1))", tmp_path
    ):
        pass
    assert {file.is_ended for file in verify(tmp_path, KEY).files} == {False, True}
    assert len(list(read_traces(tmp_path))) > 1
