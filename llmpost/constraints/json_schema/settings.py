"""Settings: which of the many texts of one JSON value may be written, and whether formats are asserted.

They are the caller's choices; a constraint is exact relative to them. It knows no schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from llmpost.errors import ConstraintError

Whitespace: TypeAlias = Literal["flexible", "compact"] | int
"""`flexible`: runs of any JSON whitespace, bounded; `compact`: none; a number: as ``json.dumps(indent=number)``."""

MAX_INDENT = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """
    >>> Settings.of(whitespace={"indent": 2}).whitespace
    2
    """

    whitespace: Whitespace = "flexible"
    key_order: Literal["schema", "any"] = "schema"
    escapes: Literal["minimal", "any"] = "minimal"
    formats: Literal["assert", "annotate"] = "assert"

    @classmethod
    def of(
        cls,
        whitespace: str | Mapping[str, Any] = "flexible",
        key_order: str = "schema",
        escapes: str = "minimal",
        formats: str = "assert",
    ) -> Settings:
        """ConstraintError where one of them is not among what it may be."""
        return cls(
            _whitespace(whitespace),
            _one_of("key_order", key_order, ("schema", "any")),
            _one_of("escapes", escapes, ("minimal", "any")),
            _one_of("formats", formats, ("assert", "annotate")),
        )


def _one_of(name: str, given: object, allowed: tuple[str, ...]) -> Any:
    if isinstance(given, str) and given in allowed:
        return given
    choices = ", ".join(map(repr, allowed))
    raise ConstraintError(name, f"{given!r:.60}", f"one of {choices}", "Leave it out for the first of them.")


def _whitespace(given: object) -> Whitespace:
    if given in ("flexible", "compact"):
        return given
    if isinstance(given, Mapping) and set(given) == {"indent"}:
        indent = given["indent"]
        if isinstance(indent, int) and not isinstance(indent, bool) and 0 <= indent <= MAX_INDENT:
            return indent
    allowed = f"'flexible', 'compact' or {{'indent': 0 to {MAX_INDENT}}}"
    raise ConstraintError("whitespace", f"{given!r:.60}", allowed, "Leave it out for 'flexible'.")
