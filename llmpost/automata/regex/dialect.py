"""The two dialects of regular expressions, and the flags that change what a pattern means.

A flag holds from where it was set to the end of its group, so flags are a value handed on by the reader. Knows no
syntax.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Dialect(Enum):
    """Whose meaning a pattern has."""

    PYTHON = "python"
    """Python's ``re`` with a pattern of type str; ``\\p{..}`` as in the `regex` package."""
    ECMA = "ecma"
    """ECMA 262 with the flag u, as JSON Schema's ``pattern`` asks for; harmless escapes of the web are let through."""


@dataclass(frozen=True, slots=True)
class Flags:
    """What is in force at a place of a pattern."""

    ignore_case: bool = False
    multiline: bool = False
    dot_all: bool = False
    verbose: bool = False
    ascii_only: bool = False
