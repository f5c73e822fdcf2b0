"""The syntax tree of a regular expression: six kinds of nodes, frozen, equal by what they mean.

Anchors and word borders are written as look-arounds (`edges.py`), ignored case and the dialects' classes as ranges, so
whatever the dialect, only these are left. Knows neither how a pattern is spelt nor what a language is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from llmpost.automata.regex.ranges import RangeSet


@dataclass(frozen=True, slots=True)
class Literal:
    """This text; the empty text, too."""

    text: str


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of these ranges."""

    ranges: RangeSet


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    """One of the branches; an earlier one is tried first, which only an atomic group can tell."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The body, `low` to `high` times (None: without end); lazy or not matters in atomic groups alone."""

    body: Node
    low: int
    high: int | None
    is_lazy: bool = False
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Look:
    """Nothing, where the body matches what follows, or what came before; or where it does not."""

    body: Node
    is_behind: bool
    is_negative: bool
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Atomic:
    """The body's first match in the order of preference, and no other one."""

    body: Node
    place: int = field(default=0, compare=False)


Node: TypeAlias = Literal | Characters | Sequence | Alternation | Repeat | Look | Atomic

NOTHING = Literal("")
"""The empty text."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A pattern that was read, with its text: what can only be refused later is still shown with a caret."""

    pattern: str
    root: Node


def sequence(parts: list[Node]) -> Node:
    """The parts as one node: sequences in it are opened, and literals side by side are joined."""
    flat: list[Node] = []
    texts: list[str] = []
    for part in parts:
        for one in part.parts if isinstance(part, Sequence) else (part,):
            if isinstance(one, Literal):
                texts.append(one.text)
                continue
            if texts and (text := "".join(texts)):
                flat.append(Literal(text))
            texts.clear()
            flat.append(one)
    if text := "".join(texts):
        flat.append(Literal(text))
    if not flat:
        return NOTHING
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat))


def alternation(branches: list[Node]) -> Node:
    """The branches as one node."""
    return branches[0] if len(branches) == 1 else Alternation(tuple(branches))
