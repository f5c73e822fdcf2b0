"""A replay by several processes, and one that is interrupted: the report is the same as of one that was left alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_traffic import TEXTS, raw

from llmpost.contracts.record import Record
from llmpost.engine import Checker
from llmpost.engine.replaying.parts import parts_of
from llmpost.engine.replaying.replay import replay
from llmpost.engine.replaying.report import Report
from llmpost.errors import RequestError
from llmpost.traces import TraceWriter, read_traces

POLICY = {"version": 1, "name": "stricter", "guards": [{"use": "pii", "action": "mask"}, {"use": "profanity"}]}
SIZE = 40_000
PROGRAM = """
import sys
from llmpost.engine.replaying.replay import replay
if __name__ == "__main__":
    print("begun", flush=True)
    told = lambda done, total: print(done, flush=True)
    replay(sys.argv[1], {policy!r}, workers=int(sys.argv[3]), resume=sys.argv[2], progress=told, part_bytes={size})
"""


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of several parts, one of them with a damaged line."""
    folder = tmp_path_factory.mktemp("traces")
    own = records()
    for name in ("a", "b"):
        with TraceWriter(folder / f"{name}.jsonl") as writer:
            for number in range(260):
                writer.add(changed(own[number % len(own)], id=f"{name}{number:06d}"))
    with (folder / "a.jsonl").open("ab") as file:
        file.write(b'{"hash":"not a line\n')
    assert len(all_parts(folder)) > 20
    return folder


@pytest.fixture(scope="module")
def undisturbed(traces: Path) -> Report:
    return replay(traces, POLICY, part_bytes=SIZE)


def test_the_number_of_processes_changes_nothing(traces: Path, undisturbed: Report) -> None:
    """Two do what one does, in the same report, down to its examples."""
    assert replay(traces, POLICY, workers=2, part_bytes=SIZE) == undisturbed
    assert undisturbed.totals.read == 520
    assert undisturbed.totals.damaged == 1
    assert undisturbed.answers.examples
    limited = [replay(traces, POLICY, workers=workers, limit=300, part_bytes=SIZE) for workers in (1, 2)]
    assert limited[0] == limited[1]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(200, 200_000), min_size=2, max_size=2, unique=True))
def test_parts_add_up_however_they_are_cut(traces: Path, sizes: list[int]) -> None:
    """Small parts and large ones give one report."""
    path = small(traces)
    told = [replay(path, POLICY, part_bytes=size) for size in [*sizes, 1 << 30]]
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_an_interrupted_replay_goes_on(
    sign: signal.Signals, workers: int, traces: Path, undisturbed: Report, tmp_path: Path
) -> None:
    """Ended after some of its parts, at whatever moment, the next run does the others alone, and tells the same."""
    state = tmp_path / "state.json"
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(policy=POLICY, size=SIZE))
    command = [sys.executable, str(program), str(traces), str(state), str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    assert process.stdout is not None
    for _ in range(3):  # it says that it has begun, and then each part that is done
        process.stdout.readline()
    process.send_signal(sign)
    process.communicate(timeout=60)
    assert process.returncode != 0
    before = json.loads(state.read_text())["done"]
    assert 2 <= before < len(all_parts(traces))
    done: list[int] = []
    again: dict[str, Any] = {"resume": state, "part_bytes": SIZE}
    report = replay(traces, POLICY, workers=workers, progress=lambda now, total: done.append(now), **again)
    assert report == undisturbed
    assert len(done) == len(all_parts(traces)) - before
    assert replay(traces, POLICY, **again) == undisturbed


def test_progress_is_that_of_one_replay(traces: Path, tmp_path: Path) -> None:
    """Another policy, another sample and other files are refused, and so is a file of another kind, which stays."""
    state, path = tmp_path / "state.json", small(traces)
    replay(path, POLICY, resume=state)
    for policy, options in (("default", {}), (POLICY, {"sample": 0.5}), (POLICY, {"limit": 3})):
        with pytest.raises(RequestError, match="the progress of another replay"):
            replay(path, policy, resume=state, **options)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(RequestError, match="gone or shorter"):
        replay(path, POLICY, resume=state)
    for content in (b"", b"{}", b"\xff\x00", b"[" * 100_000, b'{"digest": "x", "files": [], "done": -1}'):
        state.write_bytes(content)
        with pytest.raises(RequestError, match=r"kind|another replay"):
            replay(traces, POLICY, resume=state)
        assert state.read_bytes() == content
    assert not list(tmp_path.glob("*.new"))


def test_what_is_added_meanwhile_is_left_for_another_time(traces: Path, tmp_path: Path) -> None:
    """A writer may go on: what it adds after a replay has begun is in none of its parts."""
    state, path = tmp_path / "state.json", tmp_path / "traces.jsonl"
    own = records()
    with TraceWriter(path) as writer:
        writer.add(own[0])
        replay(path, POLICY, resume=state)
        writer.add(own[1])
        assert replay(path, POLICY, resume=state).totals.read == 1
    assert replay(path, POLICY).totals.read == 2


def records() -> list[Record]:
    made: list[Record] = []

    class Keeping:
        def add(self, record: Record) -> None:
            made.append(record)

    checker = Checker.load(raw("default"), trace=Keeping())
    for text in TEXTS:
        checker.check(text)
    return made


def small(traces: Path) -> Path:
    """The first thirty records alone."""
    path = traces.parent / f"{traces.name}-small.jsonl"
    path.unlink(missing_ok=True)
    entries = [entry for _, entry in zip(range(30), read_traces(traces / "a.jsonl"), strict=False)]
    with TraceWriter(path) as writer:
        for entry in entries:
            writer.add(entry.record)  # type: ignore[union-attr]
    return path


def all_parts(traces: Path) -> list[Any]:
    return [part for path in sorted(traces.iterdir()) for part in parts_of(str(path), path.stat().st_size, None, SIZE)]


def environment() -> dict[str, str]:
    return dict(os.environ) | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
