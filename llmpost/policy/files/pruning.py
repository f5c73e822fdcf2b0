"""Pruning: a tree without what an error is about, so that whoever reads it finds the next one.

What an error is about is told by its line and column, which a tree keeps however much is taken out of it. It knows no
key; whether what is left is any policy is seen by reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from llmpost.errors import PolicyError
from llmpost.policy.files.node import Node
from llmpost.policy.files.place import Place

Way: TypeAlias = tuple[Node, ...]
"""From a root to something in it, each in the one before."""
_PLACED = re.compile(r"(?P<file>.*?\.(?:yaml|yml|json)):(?P<line>[0-9]+):(?P<column>[0-9]+)(?:: (?P<keys>.*))?", re.S)


def place_of(error: PolicyError) -> Place | None:
    """Where it was told; None where it names no file.

    >>> place_of(PolicyError("support.yaml:3:9: release", "'soon'", "window or at_end", "Mend it."))
    Place(keys='release', file='support.yaml', line=3, column=9)
    """
    found = _PLACED.fullmatch(error.where)
    return found and Place(found["keys"] or "", found["file"], int(found["line"]), int(found["column"]))


def culprit(error: PolicyError, tree: Node) -> Way:
    """The way from the root to what the error is about; empty where that is not in the tree."""
    place = place_of(error)
    ways = [] if place is None else [way for way in _ways(tree) if _stands_at(way[-1], place)]
    named = [way for way in ways if _is_named(way, error)]
    return min(named or ways, key=lambda way: (place is None or way[-1].place.keys != place.keys, len(way)), default=())


def without(way: Way) -> Node:
    """The root of a way, without the end of it."""
    new: Node | None = None
    for parent, old in zip(reversed(way[:-1]), reversed(way[1:]), strict=True):
        new = _changed(parent, old, new)
    return new or way[0]


def _ways(tree: Node) -> Iterator[Way]:
    """To every node, the root first."""
    waiting: list[Way] = [(tree,)]
    while waiting:
        way = waiting.pop()
        yield way
        inner = (*way[-1].members.values(), *way[-1].items)
        waiting.extend((*way, node) for node in reversed(inner))


def _stands_at(node: Node, place: Place) -> bool:
    """Its value, or its key."""
    wanted = place.file, place.line, place.column
    return any(one is not None and (one.file, one.line, one.column) == wanted for one in (node.place, node.key_place))


def _is_named(way: Way, error: PolicyError) -> bool:
    """Whether the error has its key in quotes: then it is about that, and not about the mapping that begins there."""
    keys = way[-2].members.items() if len(way) > 1 else ()
    return any(node is way[-1] and error.given == f"'{key}'" for key, node in keys)


def _changed(parent: Node, old: Node, new: Node | None) -> Node:
    """With another in the place of one, or with nothing."""
    if isinstance(parent.content, dict):
        members = {key: new if node is old else node for key, node in parent.content.items()}
        return replace(parent, content={key: node for key, node in members.items() if node is not None})
    items = (new if node is old else node for node in parent.items)
    return replace(parent, content=tuple(node for node in items if node is not None))
