"""Words of the policy's own, in which ``{label}`` stands for the mark's name."""

from __future__ import annotations

from typing import Any

from llmpost.errors import PolicyError
from llmpost.guards.replacements.mark import mark_name


def words(argument: Any, label: str) -> str:
    """
    >>> words("(a {label} was here)", "US_SSN")
    '(a US_SSN was here)'
    """
    return argument.replace("{label}", mark_name(label)) if isinstance(argument, str) else ""


def check_words(argument: Any, where: str) -> None:
    """PolicyError where there are none: nothing in the place of something joins what stood on either side of it."""
    if not isinstance(argument, str) or not argument:
        raise PolicyError(
            where,
            "an empty text" if argument in ("", None) else f"{argument!r:.60}",
            "words to put in the place of what was found: without any its neighbours would be joined, and may match",
            "Write {replace: '[removed]'}, or redact for the label in brackets.",
        )
