"""The real program in a process of its own: pipes, signals, a terminal."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from program import command, environment

from llmpost.engine import Engine

WORDS = ["--seed", "3", "--temperature", "0.8", "--max-new-tokens", "12"]


def test_help_and_version(run_program: Callable) -> None:
    """Both answer on standard output with exit code 0."""
    assert run_program("--version").out == "llmpost 0.1.0\n"
    for words in (["--help"], ["generate", "--help"]):
        outcome = run_program(*words)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith("usage: llmpost")


def test_from_a_pipe_into_a_pipe(run_program: Callable, random_model_folder: Path) -> None:
    """The text is alone on standard output, standard error is empty, and the same seed gives Python the same text."""
    outcome = run_program("generate", "-", "--model", random_model_folder, *WORDS, stdin=b"hello world\n")
    assert (outcome.code, outcome.err) == (0, "")
    engine = Engine.load(str(random_model_folder))
    assert outcome.out == engine.generate("hello world", seed=3, temperature=0.8, max_new_tokens=12).text + "\n"


def start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """A run that has written its first line and has hours to go."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it: so would it
    try:
        program = subprocess.Popen(
            command("generate", "--model", folder, *words),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(b"hello\n" * 10_000)
    program.stdin.close()
    assert program.stdout.readline()
    return program


@pytest.mark.slow
def test_ctrl_c_is_quiet(random_model_folder: Path) -> None:
    """Exit code 130 and not a word."""
    with start(random_model_folder, "--prompts", "-", "--batch-size", "1", "--max-new-tokens", "4") as program:
        program.send_signal(signal.SIGINT)
        assert program.stderr is not None
        assert program.stderr.read() == b""
    assert program.returncode == 130


@pytest.mark.slow
def test_closed_pipe_is_quiet(random_model_folder: Path) -> None:
    """As under ``| head -1``: the program ends when nobody reads, without a word."""
    with start(random_model_folder, "--prompts", "-", "--batch-size", "1", "--max-new-tokens", "4") as program:
        assert program.stdout is not None
        program.stdout.close()
        assert program.stderr is not None
        assert program.stderr.read() == b""
    assert program.returncode == 141


@pytest.mark.slow
def test_progress_on_a_real_terminal(random_model_folder: Path, tmp_path: Path) -> None:
    """Standard error on a terminal shows the bar; standard output, a pipe, carries the results alone."""
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("hello\nworld\n")
    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    words = command("generate", "--model", random_model_folder, "--prompts", prompts, "--json", "--max-new-tokens", "4")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=terminal, env=environment()) as program:
        os.close(terminal)
        shown = read_all(screen)
        assert program.stdout is not None
        lines = program.stdout.read().splitlines()
    assert program.returncode == 0
    assert [json.loads(line)["line"] for line in lines] == [1, 2]
    assert b"2/2" in shown
    assert b"prompts" in shown


def read_all(screen: int) -> bytes:
    """Everything that is written to a terminal until the last writer has gone."""
    shown = b""
    try:
        while piece := os.read(screen, 4096):
            shown += piece
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(screen)
    return shown
