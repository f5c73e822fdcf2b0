"""Node: a value of a policy and where it was written, with all that is in it.

Nodes are never changed, so files, anchors and parents may share them. They hold plain data, or whatever a program put
into the data that it handed in; what a key means is nobody's business here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from llmpost.errors import PolicyError
from llmpost.policy.files.place import Place

MOST_DEPTH: Final = 100
MOST_NODES: Final = 200_000
"""What a policy may hold in all, written out: anchors make much of little."""
MOST: Final = f"at most {MOST_DEPTH} deep, of at most {MOST_NODES:,} values"
_MOST_BITS: Final = 333
"""A hundred digits: a longer number is none that anything here could be told."""
_ITEM = re.compile(r"\[([0-9]{1,9})\]")


@dataclass(frozen=True, slots=True)
class Node:
    """
    >>> tree_of({"decode": {"stop": ["a", "b"]}}).find("decode.stop[1]").content
    'b'
    """

    content: Any
    """A dict of nodes by key, a tuple of nodes, or a value."""
    place: Place
    key_place: Place | None = None
    """Of the key that it is the value of."""

    @property
    def members(self) -> Mapping[Any, Node]:
        """By key; none where it is no mapping."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """None where it is no list."""
        return self.content if isinstance(self.content, tuple) else ()

    @property
    def plain(self) -> Any:
        """Without places: dicts, lists and values, new ones."""
        if isinstance(self.content, dict):
            return {key: node.plain for key, node in self.content.items()}
        return [node.plain for node in self.content] if isinstance(self.content, tuple) else self.content

    def find(self, keys: str) -> Node:
        """What is there; where nothing is, the last that there is on the way."""
        return self.follow(keys)[0]

    def follow(self, keys: str) -> tuple[Node, str]:
        """The last that there is on the way, and the rest of the way. A key may have dots in it: the longest that fits
        is meant. A guard may be called by its name, as in ``guards.pii``."""
        node = self
        while True:
            found = _next(node, keys)
            if found is None:
                return node, keys
            node, keys = found


def tree_of(given: Any) -> Node:
    """Of data that a program handed in; PolicyError where there is no end to it."""
    return _tree(given, Place(), 0, [0])


def _tree(given: Any, place: Place, depth: int, count: list[int]) -> Node:
    count[0] += 1
    if depth > MOST_DEPTH or count[0] > MOST_NODES:
        raise PolicyError(str(place), "data without an end", MOST, "Look for something that holds itself.")
    if isinstance(given, Mapping):
        members = {key: _tree(value, place.member(key), depth + 1, count) for key, value in given.items()}
        return Node(members, place)
    if isinstance(given, list | tuple):
        items = tuple(_tree(value, place.item(number), depth + 1, count) for number, value in enumerate(given))
        return Node(items, place)
    if isinstance(given, int) and given.bit_length() > _MOST_BITS:
        raise PolicyError(
            str(place), f"a number of {given.bit_length()} bits", f"one of at most {_MOST_BITS}", "Mend it."
        )
    return Node(given, place)


def _next(node: Node, keys: str) -> tuple[Node, str] | None:
    """One step on, and what is left of the way."""
    item = _ITEM.match(keys)
    if item is not None and int(item[1]) < len(node.items):
        return node.items[int(item[1])], keys[item.end() :]
    keys = keys.removeprefix(".")
    names = {**{str(key): value for key, value in node.members.items()}, **{_name(each): each for each in node.items}}
    fitting = [name for name in names if name and keys.startswith(name) and keys[len(name) : len(name) + 1] in "[.,:"]
    best = max(fitting, key=len, default=None)
    return None if best is None else (names[best], keys[len(best) :])


def _name(entry: Node) -> str:
    """Of a guard; empty where it has none."""
    name = entry.members.get("name") or entry.members.get("use")
    return name.content if name is not None and isinstance(name.content, str) else ""
