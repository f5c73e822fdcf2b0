"""Quantifiers: ``* + ? {m,n}``, greedy, lazy or possessive.

A brace that begins no quantifier is a character, as in `re`. Possessive is greedy in an atomic group. Knows nothing of
what is repeated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.scanner import Scanner
from llmpost.automata.regex.syntax import NOTHING, Atomic, Node, Repeat

MAX_COUNT = 1_000_000
_SIMPLE: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_COUNTS = {
    Dialect.PYTHON: re.compile(r"\{([0-9]*)(,?)([0-9]*)\}"),
    Dialect.ECMA: re.compile(r"\{([0-9]+)(,?)([0-9]*)\}"),
}


@dataclass(frozen=True, slots=True)
class Quantifier:
    """How often, and in which order of preference."""

    low: int
    high: int | None
    is_lazy: bool
    is_possessive: bool
    place: int

    def around(self, body: Node) -> Node:
        if self.high == 0:
            return NOTHING
        node = body if self.low == self.high == 1 else Repeat(body, self.low, self.high, self.is_lazy, self.place)
        return Atomic(node, self.place) if self.is_possessive else node


def read_quantifier(scanner: Scanner, dialect: Dialect) -> Quantifier | None:
    """The quantifier here, moving behind it; None, not moving, where a brace is a character."""
    start = scanner.place
    counts = _SIMPLE[scanner.next()] if scanner.peek() in _SIMPLE else _read_counts(scanner, dialect)
    if counts is None:
        return None
    is_lazy = scanner.take("?")
    is_possessive = not is_lazy and dialect is Dialect.PYTHON and scanner.take("+")
    return Quantifier(*counts, is_lazy, is_possessive, start)


def _read_counts(scanner: Scanner, dialect: Dialect) -> tuple[int, int | None] | None:
    start = scanner.place
    found = _COUNTS[dialect].match(scanner.pattern, start)
    if found is None or found[0] == "{}":
        return None
    scanner.place = found.end()
    low = _count(scanner, start, found[1] or "0")
    if not found[2]:
        return low, low
    high = _count(scanner, start, found[3]) if found[3] else None
    if high is not None and high < low:
        raise scanner.refuse(start, found[0], "a count from low to high", f"Write {{{high},{low}}}.")
    return low, high


def _count(scanner: Scanner, start: int, digits: str) -> int:
    if len(digits.lstrip("0")) > len(str(MAX_COUNT)) or int(digits) > MAX_COUNT:
        given = f"a count of {digits[:12]}"
        raise scanner.refuse(start, given, f"at most {MAX_COUNT}", "Leave the bound away, as in {1,}.")
    return int(digits)
