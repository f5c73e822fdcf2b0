"""``llmpost policy lint``: what is wrong with policies, and where.

Problems go to standard error, a line each, in the order of the file; a policy that is fine is passed over in silence.
Finding them is the business of the engine; here they are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmpost import engine
from llmpost.cli.console import Console
from llmpost.cli.policy.lint_options import Order
from llmpost.cli.printing import json_line, visible
from llmpost.engine.linting import lint
from llmpost.engine.linting.remark import Severity
from llmpost.engine.problems import problems_of
from llmpost.engine.stand_ins import stand_ins
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import PolicyError, RequestError
from llmpost.policy import Policy
from llmpost.policy.files.library import ENDINGS
from llmpost.policy.files.place import Place
from llmpost.policy.files.pruning import place_of
from llmpost.policy.files.shipped import shipped_folder

if TYPE_CHECKING:
    from llmpost.models import LoadedModel

_FINE, _BROKEN = 0, 2
_FOLDER_ENDINGS = (".yaml", ".yml")


def run(order: Order, console: Console) -> int:
    """The exit code: of the worst of the policies."""
    paths = [path for word in order.words for path in _paths(word)]
    loaded = None if order.model is None else engine.Engine.load(order.model, "bare").loaded
    looking = _Looking(stand_ins(order.handed_in), loaded)
    return max(_tell(path, looking.complaints(path), order, console) for path in paths)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something about a policy."""

    error: PolicyError
    place: Place
    severity: Severity = "error"
    example: str = ""

    def __str__(self) -> str:
        """``file:line:column: …``, as editors and people find it."""
        said = str(self.error).removeprefix(self.error.where).removeprefix(": ")
        place = f"{self.place.file}:{self.place.line}:{self.place.column}"
        keys = f"{self.place.keys}: " if self.place.keys else ""
        severity = "" if self.severity == "error" else f"{self.severity}: "
        return f"{place}: {severity}{keys}{said}"

    def to_dict(self) -> dict[str, Any]:
        error, place = self.error, self.place
        return {
            "severity": self.severity,
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "keys": place.keys,
            "given": error.given,
            "allowed": error.allowed,
            "hint": error.hint,
            "example": self.example,
        }


@dataclass(frozen=True, slots=True)
class _Looking:
    """What is known of where the policies will be."""

    surroundings: Surroundings
    loaded: LoadedModel | None

    def complaints(self, path: Path) -> list[Complaint]:
        """In the order of their places; of a policy that cannot be taken nothing else can be said."""
        errors = [Complaint(error, _place(error, path)) for error in problems_of(path, self._check)]
        found = errors or self._remarks(path)
        return sorted(found, key=lambda one: (one.place.file, one.place.line, one.place.column))

    def _check(self, policy: Policy) -> None:
        engine.Checker(policy, self.surroundings)

    def _remarks(self, path: Path) -> list[Complaint]:
        """What a policy that can be taken may not mean as it says it."""
        policy = Policy.read(path)
        told = ((policy.located(one.error), one) for one in lint(policy, self.loaded, self.surroundings))
        return [Complaint(error, _place(error, path), one.severity, one.example) for error, one in told]


def _place(error: PolicyError, path: Path) -> Place:
    """What concerns the whole file is at its beginning."""
    return place_of(error) or Place(error.where.removeprefix("policy").removeprefix("."), str(path))


def _tell(path: Path, complaints: Sequence[Complaint], order: Order, console: Console) -> int:
    if order.is_json:
        all_of_it = {"policy": str(path), "problems": [one.to_dict() for one in complaints]}
        console.stdout.write(f"{json_line(all_of_it)}\n")
    told = [one for one in complaints if order.is_verbose or one.severity != "note"]
    for one in told:
        console.complain(visible(str(one)) if console.stderr.isatty() else one)
    severities = {one.severity for one in complaints}
    failing = {"error", "warning"} if order.is_strict else {"error"}
    if not severities & {"error", "warning"} and order.is_verbose and not order.is_json:
        console.stdout.write(f"{path}: fine\n")
    return _BROKEN if severities & failing else _FINE


def _paths(word: str) -> Iterator[Path]:
    """RequestError where a folder has no policies."""
    path = Path(word)
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if file.suffix in _FOLDER_ENDINGS)
        if not found:
            raise RequestError(word, "a folder without one", "a folder of policies", "Name another, or a file.")
        yield from found
    else:
        yield path if word.endswith(ENDINGS) else _shipped(word)


def _shipped(name: str) -> Path:
    Policy.named(name)  # an error where nothing of this name ships
    return shipped_folder() / f"{name}.yaml"
