"""Two ways to run the program: for real, in a process of its own, and here, with streams that are held in memory."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from program import Outcome, Terminal, command, environment

from llmpost.cli.console import Console
from llmpost.cli.main import main


@pytest.fixture
def run_program(tmp_path: Path) -> Callable[..., Outcome]:
    """Run ``python -m llmpost`` in an empty folder."""

    def run(*words: object, stdin: bytes = b"") -> Outcome:
        done = subprocess.run(command(*words), input=stdin, capture_output=True, cwd=tmp_path, env=environment())
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def run_here() -> Callable[..., Outcome]:
    """Run the program in this process, where the libraries are loaded already; `terminal` names what is one."""

    def run(*words: object, stdin: bytes = b"", terminal: tuple[str, ...] = ()) -> Outcome:
        out, err = (Terminal() if name in terminal else io.StringIO() for name in ("stdout", "stderr"))
        code = main([str(word) for word in words], Console(io.BytesIO(stdin), out, err))
        return Outcome(code, out.getvalue(), err.getvalue())

    return run
