"""The examples are true: each runs, with a model named and without."""

import runpy
import sys
from pathlib import Path

import pytest
from random_model import save_random_model

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_example_runs(
    name: str, random_model_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a model folder it ends well and has something to show."""
    monkeypatch.setattr(sys, "argv", [name, str(random_model_folder)])
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_example_runs_without_a_model(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without one it takes the bundled one."""
    monkeypatch.setattr(sys, "argv", [name])
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    assert capsys.readouterr().out


def test_random_model_is_the_same_each_time(random_model_folder: Path, tmp_path: Path) -> None:
    """The same seed writes the same bytes, so tests repeat."""
    again = save_random_model(tmp_path)
    for name in ("model.safetensors", "tokenizer.json"):
        assert (again / name).read_bytes() == (random_model_folder / name).read_bytes()
