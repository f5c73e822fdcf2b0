"""The names that programs rely on."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import llmpost
from llmpost import errors


def test_root_names() -> None:
    """The package shows these names, each can be had, and an unknown one is an AttributeError."""
    assert llmpost.__all__ == [
        "CheckResult", "Checker", "Engine", "Event", "FieldDone", "Finding", "Finished", "GuardContext", "Policy",
        "Result", "Span", "TextDelta", "Vault", "Vocabulary", "check", "compile_constraint", "generate", "replay",
    ]  # fmt: skip
    assert all(getattr(llmpost, name) is not None for name in llmpost.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Enigne'"):
        _ = llmpost.Enigne


def test_errors_have_one_root() -> None:
    """Every error is a LlmpostError, has four parts, and is drawn in the tree at the top of its file."""
    found = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert all(issubclass(error, errors.LlmpostError) for error in found)
    assert all(f"── {error.__name__} " in str(errors.__doc__) for error in found if error is not errors.LlmpostError)


def test_one_version() -> None:
    """The version is written once, in the package; everything else reads it there."""
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert "version" in project["dynamic"]
    assert version("llmpost") == llmpost.__version__
