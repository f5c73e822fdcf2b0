"""Case files: where the cases of a policy stand, and how a file of them is read, with the place of every mistake."""

from __future__ import annotations

from pathlib import Path

from llmpost.engine.cases import Case, read_cases
from llmpost.engine.cases.reading import WHOLE
from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.policy.files.library import Library
from llmpost.policy.files.place import Place
from llmpost.policy.located import located

FOLDER = "tests"


def cases_beside(policy: Policy) -> Path:
    """Of the policy in ``policies/NAME.yaml`` the file ``policies/tests/NAME.yaml``."""
    own = policy.sources[0].path
    return own.parent / FOLDER / f"{own.stem}.yaml"


def read_case_file(path: Path) -> tuple[Case, ...]:
    """PolicyError with file, line and column for whatever is no case."""
    tree = Library().tree(path, Place("", str(path)))
    try:
        return read_cases(tree.plain)
    except PolicyError as error:
        if error.where == WHOLE:
            raise PolicyError(str(tree.place), error.given, error.allowed, error.hint) from None
        raise located(error, tree) from None
