"""Resolved: a policy with all that it extends and all files that it names, as one tree.

What comes of it depends on nothing else that is on any disk. The version of each file is looked at before anything
else, since what a newer one means nobody here can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from llmpost.errors import PolicyError
from llmpost.policy.files.extending import laid_over
from llmpost.policy.files.library import Library
from llmpost.policy.files.node import Node, tree_of
from llmpost.policy.files.origin import Origin
from llmpost.policy.files.place import Place
from llmpost.policy.files.references import check_variables, with_files
from llmpost.policy.files.source import Source

VERSION: Final = 1
_MOST_PARENTS: Final = 8


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a policy says, and the files that it was made of, the one that was asked for first."""

    tree: Node
    sources: tuple[Source, ...]


def resolved_file(path: Path) -> Resolved:
    """PolicyError, with the place, for all that is wrong before anybody asks what a key means."""
    library = Library()
    return resolved_tree(library.tree(path, Place("", str(path))), path, library)


def resolved_tree(tree: Node, path: Path, library: Library) -> Resolved:
    """Of what a file says, as it was read before."""
    return Resolved(_resolved(tree, Origin.of(path), library, (path,)), library.sources)


def resolved_data(given: Mapping[str, Any], folder: Path | None) -> Resolved:
    """Of data that a program handed in; names of files are looked up in the folder, or are refused without one."""
    library = Library()
    return Resolved(_resolved(tree_of(given), Origin(folder), library, ()), library.sources)


def _resolved(tree: Node, origin: Origin, library: Library, way: tuple[Path, ...]) -> Node:
    """`way`: the files that led here."""
    if not isinstance(tree.content, dict):
        shown = "nothing" if tree.content is None else f"a {type(tree.plain).__name__}"
        hint = "Write keys such as 'version' and 'decode'."
        raise PolicyError(str(tree.place), shown, "a mapping", hint)
    check_version(tree)
    check_variables(tree)
    tree = with_files(tree, origin, library)
    extends = tree.members.get("extends")
    if extends is None or extends.content is None:
        return laid_over(tree, None)
    path = origin.parent(extends)
    _check_way((*way, path), extends.place)
    parent = library.tree(path, extends.place)
    return laid_over(tree, _resolved(parent, Origin.of(path), library, (*way, path)))


def _check_way(way: tuple[Path, ...], place: Place) -> None:
    """A chain of parents ends, and soon."""
    shown = " -> ".join(str(path) for path in way)
    if len({path.resolve() for path in way}) < len(way):
        raise PolicyError(str(place), f"the circle {shown}", "a policy that ends somewhere", "Cut it.")
    if len(way) > _MOST_PARENTS + 1:
        hint = "Put some of them together."
        raise PolicyError(str(place), f"the chain {shown}", f"one of at most {_MOST_PARENTS} parents", hint)


def check_version(tree: Node) -> None:
    """Before anything else: what a newer one means nobody here can say."""
    node = tree.members.get("version")
    given = None if node is None else node.content
    if type(given) is int and given == VERSION:
        return
    place = tree.place.member("version") if node is None else node.place
    if type(given) is int and given > VERSION:
        allowed = f"{VERSION}, the newest that llmpost {_release()} reads"
        raise PolicyError(str(place), f"{given}", allowed, "Install a newer llmpost, or use an older policy.")
    shown = "a policy without one" if node is None else f"{node.plain!r:.60}"
    raise PolicyError(str(place), shown, str(VERSION), f"Write 'version: {VERSION}' on the first line.")


def _release() -> str:
    try:
        return version("llmpost")
    except PackageNotFoundError:
        return "of this release"
