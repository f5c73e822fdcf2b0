"""JSON pointers: where in a schema something stands, as text and as steps, and an error that names the place.

It knows RFC 6901 alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from llmpost.errors import ConstraintError


def pointer_of(steps: Iterable[str | int]) -> str:
    """
    >>> pointer_of(["properties", "a/b", 0])
    '/properties/a~1b/0'
    """
    return "".join([f"/{_escaped(step)}" for step in steps])


def steps_of(pointer: str) -> list[str]:
    """
    >>> steps_of("/properties/a~1b/0")
    ['properties', 'a/b', '0']
    """
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def fault_at(pointer: str, given: str, allowed: str, hint: str) -> ConstraintError:
    """The error for what stands there; the root is named by no pointer."""
    return ConstraintError(f"json_schema at {pointer}" if pointer else "json_schema", given, allowed, hint)


def _escaped(step: str | int) -> str:
    return step.replace("~", "~0").replace("/", "~1") if isinstance(step, str) else str(step)
