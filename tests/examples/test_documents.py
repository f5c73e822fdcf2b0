"""What the documents say is so: code blocks run, tables equal the code's, links lead somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from recorded_files import read_records

from llmpost.logits import ORDER
from llmpost.policy import SETTINGS

PRINTING = (
    "actions",
    "decode-presets",
    "json-schema",
    "languages",
    "policy-files",
    "recording",
    "reload",
    "replay",
    "traces",
)
"""Guides whose programs say behind each print what it prints."""

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DECODING = (ROOT / "docs" / "decoding.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(language: str, document: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", document, re.DOTALL)


def test_readme_python_runs(random_model_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The blocks, one after the other, as one program."""
    namespace: dict[str, Any] = {}
    for block in blocks("python"):
        exec(block.replace("path/to/a/model", str(random_model_folder)), namespace)
    assert capsys.readouterr().out


@pytest.mark.parametrize("guide", PRINTING)
def test_guides_print_what_they_say(guide: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The blocks of a guide, one after the other, as one program; what stands behind a print is what it prints."""
    program = "".join(blocks("python", (ROOT / "docs" / f"{guide}.md").read_text("utf-8")))
    exec(program, {})
    assert capsys.readouterr().out.splitlines() == re.findall(r"^print\(.*\)  # (.*)$", program, re.MULTILINE)


@pytest.mark.slow
def test_readme_commands_run(random_model_folder: Path, tmp_path: Path) -> None:
    """The lines of the command line example, in a shell that finds the program."""
    (commands,) = [block for block in blocks("sh") if "llmpost generate" in block]
    done = _run(commands.replace("path/to/a/model", str(random_model_folder)), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(read_records(tmp_path / "trace.jsonl")) == 2


@pytest.mark.slow
def test_readme_policy_commands_run(tmp_path: Path) -> None:
    """Those of the example of a policy, from a file to a replay."""
    (commands,) = [block for block in blocks("sh") if "llmpost policy" in block]
    done = _run(commands, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "trace.store: raw without seal" in done.stderr  # lint says what it is for
    for told in ("redact → block   (stricter)", "exit code 3", "1 of 1 answer would have come out differently."):
        assert told in done.stdout


def _run(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        ["sh", "-ec", commands], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_readme_settings_are_the_settings() -> None:
    """The table in the README is the table in the code, row by row."""
    rows = [f"| `{name}` | {setting.allowed} | {setting.help} |" for name, setting in SETTINGS.items()]
    expected = "\n".join(["| setting | what it may be | what it does |", "|---|---|---|", *rows])
    assert expected in README, f"README.md needs this table:\n{expected}"


def test_decoding_order_is_the_order() -> None:
    """docs/decoding.md lists the stages in the order in which they run."""
    table = DECODING.partition("| name in `order` |")[2].partition("\n\n")[0]
    first_cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert re.findall(r"`(\w+)`", " ".join(first_cells)) == list(ORDER)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link is a file or folder of the repository."""
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target


def test_explanations_read_as_the_guide_says(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/explain.md: what its example prints is what stands behind it as a comment."""
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "explain.md").read_text("utf-8"), re.DOTALL)
    exec(block, {})
    said = [comment for line in block.splitlines() for comment in re.findall(r"(?:^|  )# (.*)", line)]
    assert capsys.readouterr().out.splitlines() == said
