"""A schema without some of its keywords: the same JSON, but for the way to them, which is copied.

It knows pointers and JSON alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from llmpost.constraints.json_schema.document.pointers import steps_of

_MOST_SHOWN = 60


def without(tree: Any, pointers: Iterable[str]) -> Any:
    """The tree without these keywords; a schema that is `false` becomes `true` in its place. What a pointer does not
    lead to is left as it is.

    >>> without({"type": "integer", "items": False}, ["/type", "/items", "/no/where"])
    {'items': True}
    """
    for pointer in pointers:
        tree = _changed(tree, steps_of(pointer))
    return tree


def value_at(tree: Any, pointer: str) -> Any:
    """What stands there; None where nothing does."""
    for step in steps_of(pointer):
        tree = _member(tree, step)
    return tree


def shown_at(tree: Any, pointer: str) -> str:
    """The same as JSON, cut where it is long."""
    written = json.dumps(value_at(tree, pointer), ensure_ascii=False, default=str)
    return written if len(written) <= _MOST_SHOWN else f"{written[:_MOST_SHOWN]}…"


def _changed(tree: Any, steps: list[str]) -> Any:
    if not steps:
        return True if tree is False else tree
    step, *rest = steps
    member = _member(tree, step)
    if member is None:
        return tree
    changed = tree.copy()
    key = step if isinstance(tree, dict) else int(step)
    if rest or member is False:
        changed[key] = _changed(member, rest)
    elif isinstance(tree, dict):
        del changed[key]
    return changed


def _member(tree: Any, step: str) -> Any:
    if isinstance(tree, dict):
        return tree.get(step)
    is_index = isinstance(tree, list) and step.isdecimal() and int(step) < len(tree)
    return tree[int(step)] if is_index else None
