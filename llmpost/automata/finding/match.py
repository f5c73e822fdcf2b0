"""What is sought in a text, and what is found there: values, positions in characters."""

from __future__ import annotations

from typing import Any, NamedTuple

from llmpost.automata.entities.entity import Form


class Sought(NamedTuple):
    """A language within bounds, and the number that its matches carry. Several may carry one number."""

    form: Form
    tag: int


class Match(NamedTuple):
    """Characters of a text, the end exclusive."""

    tag: int
    start: int
    end: int
    is_undecided: bool = False
    """It was the beginning of a match for longer than anyone may wait; whether it became one was not asked."""


class Found(NamedTuple):
    """How far one more piece has brought a search."""

    memory: Any
    """A value, handed to the next call; the old one stays valid."""
    matches: tuple[Match, ...]
    """Those settled since the call before, in the order of their places."""
    settled: int
    """No match still to come has a character before this one."""
    borders: tuple[int, ...] = ()
    """Where, before the last two characters, a match still to come may begin or end."""
