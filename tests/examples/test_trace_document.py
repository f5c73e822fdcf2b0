"""docs/trace-commands.md: its commands run on real traces, and what its example prints is what stands behind it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from speaking_engine import speaking

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "trace-commands.md").read_text("utf-8")


@pytest.mark.slow
def test_commands_run(tmp_path: Path) -> None:
    """Every line, in a shell that finds the program; the page is where it was asked for."""
    guards = [{"use": "phrases", "phrases": ["swordfish"], "action": "block"}]
    speaking(["a swordfish"], policy={"version": 1, "guards": guards}, trace=tmp_path / "traces").generate("a>", seed=1)
    (commands,) = re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-ec", commands], cwd=tmp_path, env=own, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "one.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Block by block, as one program."""
    program = "".join(re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL))
    exec(program, {})
    assert capsys.readouterr().out.splitlines() == re.findall(r"^print\(.*\)  # (.*)$", program, re.MULTILINE)
