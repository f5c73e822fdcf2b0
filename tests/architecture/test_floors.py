"""The house stands as it is drawn: floors, no circles, no hidden imports, nothing undeclared."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from floors import OPTIONAL, broken_rules, imports_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "llmpost"
IMPORT_NAMES = {"pyyaml": "yaml"}
"""What a distribution is imported as, where the names differ."""


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


SOURCES = {module_name(path): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


def test_floors_hold() -> None:
    """No module imports what its floor does not allow."""
    assert "\n".join(broken_rules(SOURCES)) == ""


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        (
            {"llmpost.policy.a": "from llmpost.engine import Engine"},
            "llmpost.policy.a:1: imports llmpost.engine, from floor 1 up to 3. Move it down, or have it passed in.",
        ),
        (
            {"llmpost.logits.a": "\nimport llmpost.models.b"},
            "llmpost.logits.a:2: imports llmpost.models.b, a sibling on floor 2. Let both meet in llmpost.contracts.",
        ),
        (
            {"llmpost.cli.a": "from llmpost import Engine"},
            "llmpost.cli.a:1: imports llmpost, the package root. Import the module that defines the name.",
        ),
        (
            {"llmpost.cli.a": "from llmpost.testing import ScriptedModel"},
            "llmpost.cli.a:1: imports llmpost.testing, the test kit. Move what is needed into the room that owns it.",
        ),
        (
            {"llmpost.attic.a": "import llmpost.errors"},
            "llmpost.attic.a:1: imports llmpost.errors, but 'attic' is on no floor. "
            "Give it one in tests/architecture/floors.py.",
        ),
        (
            {"llmpost.engine.a": "def f():\n    import torch"},
            "llmpost.engine.a:2: imports torch inside a function. Move it to the top of the file.",
        ),
        (
            {"llmpost.models.a": "import peft"},
            "llmpost.models.a:1: imports peft, an optional package, at the top of the file. "
            "Import it where it is needed.",
        ),
        (
            {"llmpost.models.a": "import importlib\nimportlib.import_module('torch')"},
            "llmpost.models.a: imports by a name in a string. Write an import statement.",
        ),
        (
            {"llmpost.cli.a": "from llmpost.cli import b", "llmpost.cli.b": "from llmpost.cli.a import x"},
            "llmpost.cli.a -> llmpost.cli.b -> llmpost.cli.a: a circle of imports. "
            "Move what both need into a module of its own.",
        ),
    ],
)
def test_broken_rules_are_seen(sources: dict[str, str], sentence: str) -> None:
    """The rules have teeth: each one, broken on purpose, is named with its remedy."""
    assert broken_rules(sources) == [sentence]


def test_what_is_allowed_is_allowed() -> None:
    """Lower floors, the own room, errors from everywhere, and an optional package where it is needed."""
    sources = {
        "llmpost.engine.a": "from llmpost.logits import Chain\nfrom llmpost.engine.b import c",
        "llmpost.contracts.a": "from llmpost.errors import LlmpostError",
        "llmpost.models.a": "def load():\n    from peft import PeftModel",
    }
    assert broken_rules(sources) == []


@pytest.mark.parametrize("name", [module_name(path) for path in sorted(PACKAGE.rglob("*.py"))])
def test_every_module_says_what_it_is(name: str) -> None:
    """A module, and so a package, opens with a docstring."""
    assert ast.get_docstring(ast.parse(SOURCES[name]))


def test_dependencies_are_declared() -> None:
    """What is imported is in pyproject.toml by name, not there by way of something else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.split(r"[<>=!~ ;\[]", requirement)[0] for requirement in project["dependencies"]]
    declared = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names}
    imported = {found.name.split(".")[0] for found in imports_of(SOURCES)}
    assert imported - declared - OPTIONAL - set(sys.stdlib_module_names) == {"llmpost"}
