"""Problems: all that is wrong with a policy file, as far as one can see past each of them.

Whoever reads a policy stops at the first error. Here what that error is about is taken out and the rest is read again,
until nothing is wrong any more, or nothing more can be told. What is said of a hole that was made so is left unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.policy.files.library import Library
from llmpost.policy.files.node import Node
from llmpost.policy.files.place import Place
from llmpost.policy.files.pruning import Way, culprit, without
from llmpost.policy.files.resolved import VERSION, check_version, resolved_tree

MOST_PROBLEMS: Final = 50


def problems_of(path: Path, check: Callable[[Policy], None]) -> Iterator[PolicyError]:
    """None where all is well. `check` raises for what a policy of the right shape cannot mean."""
    library = Library()
    try:
        tree = library.tree(path, Place("", str(path)))
    except PolicyError as error:
        yield error
        return
    wrong = _error(partial(check_version, tree)) if isinstance(tree.content, dict) else None
    if wrong is not None:
        yield wrong
        given = tree.find("version").content
        if type(given) is int and given > VERSION:
            return  # what else is wrong with it nobody here can say
        tree = replace(tree, content={**tree.members, "version": Node(VERSION, tree.place)})
    yield from _past_each(tree, lambda tree: check(Policy.of(resolved_tree(tree, path, library))))


def _past_each(tree: Node, read: Callable[[Node], None]) -> Iterator[PolicyError]:
    holes: set[Place] = set()
    gone: set[str] = set()
    for _ in range(MOST_PROBLEMS):
        error = _error(partial(read, tree))
        if error is None:
            return
        way = _whole(culprit(error, tree))
        is_about_a_hole = bool(way) and way[-1].place in holes
        if not is_about_a_hole and error.given not in gone:
            yield error
        if len(way) < 2:
            return
        holes.update(node.place for node in way[:-1])
        gone.update(f"'{name}'" for name in _names(way[-1]))
        tree = without(way)


def _error(read: Callable[[], None]) -> PolicyError | None:
    try:
        read()
    except PolicyError as error:
        return error
    return None


def _whole(way: Way) -> Way:
    """A guard that does not say what it uses is none."""
    is_use = len(way) > 1 and way[-2].members.get("use") is way[-1]
    return way[:-1] if is_use else way


def _names(node: Node) -> Iterator[str]:
    """What others may have called it by."""
    for key in ("name", "use"):
        named = node.members.get(key)
        if named is not None and isinstance(named.content, str):
            yield named.content
