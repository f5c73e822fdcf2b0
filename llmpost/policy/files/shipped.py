"""Where the policies and rubrics that ship with the package are, and what they are called."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def shipped_names() -> tuple[str, ...]:
    """What ships with the package."""
    return tuple(sorted(path.stem for path in shipped_folder().glob("*.yaml")))


@cache
def rubric_names() -> tuple[str, ...]:
    """Of the rubrics that ship with it."""
    return tuple(sorted(path.stem for path in (shipped_folder() / "rubrics").glob("*.yaml")))


@cache
def shipped_folder() -> Path:
    """Inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "policies"
    return inside if inside.is_dir() else package.parent / "policies"
