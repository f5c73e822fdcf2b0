"""A policy file as plain data. What it says is checked by whoever reads the keys; here, only that it is YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from llmpost.errors import PolicyError

ENDINGS = (".yaml", ".yml", ".json")
"""What tells the name of a file from that of a policy that ships."""


def read_file(path: Path) -> Any:
    """PolicyError names the file, and where it is no YAML the line."""
    try:
        return yaml.safe_load(path.read_text("utf-8-sig"))
    except OSError as error:
        given = f"a path that cannot be read ({error.strerror})"
        raise PolicyError(str(path), given, "a policy file", "Check the path.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = f"{path}{_place(error)}"
        raise PolicyError(where, f"text with a mistake in it ({_problem(error)})", "YAML", "Mend it.") from None


def _place(error: Exception) -> str:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return "" if mark is None else f":{mark.line + 1}:{mark.column + 1}"


def _problem(error: Exception) -> str:
    return str(error.problem) if isinstance(error, yaml.MarkedYAMLError) else type(error).__name__
