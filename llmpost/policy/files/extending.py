"""Extending: one policy laid over another, key by key, before anybody asks what the keys mean.

The one on top wins; what it does not name stays; ``null`` takes away what was there. What does not fit is left for the
checks of shape, which see the whole and know where each part was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from llmpost.errors import PolicyError, suggestion
from llmpost.policy.constraint import KINDS
from llmpost.policy.files.node import Node
from llmpost.policy.files.place import Place

_OWN: Final = ("extends", "name")
"""What is said of one policy alone."""


def laid_over(child: Node, parent: Node | None) -> Node:
    """The whole that the two make; with no parent the child, without what it takes away."""
    below = {} if parent is None else {key: node for key, node in parent.members.items() if key not in _OWN}
    made = dict(below)
    for key, node in child.members.items():
        made[key] = _LAY.get(key, _instead)(node, below.get(key))
    return replace(child, content=_said({key: node for key, node in made.items() if key != "extends"}, below))


def _instead(child: Node, parent: Node | None) -> Node:
    return child


def _by_key(child: Node, parent: Node | None) -> Node:
    """One level deep: a value that is a mapping is one value."""
    if not isinstance(child.content, dict):
        return child
    below = {} if parent is None else parent.members
    return replace(child, content=_said({**below, **child.content}, below))


def _constraint(child: Node, parent: Node | None) -> Node:
    """Another language comes with options of its own."""
    is_another = any(kind in child.members for kind in KINDS)
    same = parent is not None and any(kind in child.members and kind in parent.members for kind in KINDS)
    return _by_key(child, None if is_another and not same else parent)


def _rules(child: Node, parent: Node | None) -> Node:
    """The parent's, then its own; its own alone behind a ``null``."""
    if parent is None or not isinstance(child.content, tuple) or not isinstance(parent.content, tuple):
        return child
    own, starts_anew = _behind_null(child)
    return replace(child, content=own if starts_anew else (*parent.content, *own))


def _guards(child: Node, parent: Node | None) -> Node:
    """The parent's, each as the child's of the same name changes it or drops it, then those that are new."""
    if not isinstance(child.content, tuple) or (parent is not None and not isinstance(parent.content, tuple)):
        return child
    own, starts_anew = _behind_null(child) if parent is not None else (child.content, False)
    below = () if parent is None or starts_anew else parent.content
    made: dict[str, Node | None] = {_name(entry) or f"[{place}]": entry for place, entry in enumerate(below)}
    named: set[str] = set()
    new: list[Node] = []
    for entry in own:
        name = _name(entry)
        is_there = name is not None and made.get(name) is not None
        if name is not None and name in named and name in made:
            hint = "Give it another: name: ..."
            raise PolicyError(str(_at(entry, "name")), f"'{name}'", "a name of its own", hint)
        if not is_there:
            _check_stands_alone(entry, [name for name, node in made.items() if node is not None])
            new.append(entry)
        elif name is not None:
            made[name] = None if _is_dropped(entry) else _entry(entry, made[name])
        named.add(name or "")
    return replace(child, content=(*(node for node in made.values() if node is not None), *new))


def _entry(child: Node, parent: Node | None) -> Node:
    """Key by key; under another detector nothing of the parent's means the same."""
    uses = [node.members["use"].content for node in (child, parent) if node is not None and "use" in node.members]
    return _by_key(child, None if len(uses) == 2 and uses[0] != uses[1] else parent)


def _is_dropped(entry: Node) -> bool:
    """PolicyError where more is said of it than that."""
    drop = entry.members.get("drop")
    if drop is None:
        return False
    if drop.content is not True:
        raise PolicyError(str(drop.place), f"{drop.plain!r:.60}", "true", "Write drop: true, or leave it out.")
    for key, node in entry.members.items():
        if key not in ("name", "use", "drop"):
            place = node.key_place or node.place
            raise PolicyError(str(place), f"{key!s:.60} beside drop", "possible", "Leave one of them out.")
    return True


def _check_stands_alone(entry: Node, names: list[str]) -> None:
    """An entry that is none of the parent's says for itself what it uses, and cannot be dropped."""
    name = _name(entry)
    if name is None or ("drop" not in entry.members and "use" in entry.members):
        return
    given = str(_at(entry, "name")), f"'{name:.60}'", "a guard of a policy that this one extends"
    if "drop" in entry.members:
        raise PolicyError(*given, suggestion(name[:60], names) if names else "Leave it out: there is none to drop.")
    raise PolicyError(*given, suggestion(name[:60], names) if names else "Write use: pii, say.")


def _behind_null(child: Node) -> tuple[tuple[Node, ...], bool]:
    """The items, and whether a ``null`` before them takes away what was there."""
    items: tuple[Node, ...] = child.content
    starts_anew = bool(items) and items[0].content is None
    return (items[1:] if starts_anew else items), starts_anew


def _name(entry: Node) -> str | None:
    """What errors, findings and other entries call it."""
    for key in ("name", "use"):
        node = entry.members.get(key)
        if node is not None and isinstance(node.content, str) and node.content:
            return node.content
    return None


def _at(entry: Node, key: str) -> Place:
    node = entry.members.get(key) or entry.members.get("use")
    return entry.place if node is None else node.place


def _said(members: Mapping[Any, Node], below: Mapping[Any, Node]) -> dict[Any, Node]:
    """Without what a ``null`` took away. One that had nothing to take is left for whoever knows the keys."""
    return {key: node for key, node in members.items() if node.content is not None or key not in below}


_LAY: Final[Mapping[Any, Callable[[Node, Node | None], Node]]] = {
    "decode": _by_key,
    "budget": _by_key,
    "trace": _by_key,
    "constraint": _constraint,
    "forbid": _rules,
    "guards": _guards,
}
"""How each key is laid over the same one of a parent; all others take its place."""
