"""Located: an error that names a key, told at the line and column where that was written.

Whoever checks a policy names places by their keys (``policy.guards[1].on_failure``), since nobody but the tree knows
more; here the one becomes the other, whatever was laid over what.
"""

from __future__ import annotations

import re
from typing import Final

from llmpost.errors import PolicyError
from llmpost.policy.files.node import Node
from llmpost.policy.files.place import Place

_PLACED = re.compile(r"\.(?:yaml|yml|json):[0-9]+:[0-9]+(?:: |$)")
_ROOT: Final = "policy"


def located(error: PolicyError, tree: Node) -> PolicyError:
    """The same where it names no key of the tree, or was told at its place before."""
    is_rooted = error.where == _ROOT or error.where.startswith(f"{_ROOT}.")
    node, rest = tree.follow(error.where.removeprefix(_ROOT).removeprefix(".") if is_rooted else error.where)
    if _PLACED.search(error.where) or (node is tree and not is_rooted):
        return error
    unknown = None if rest else _key_named(error.given, node)
    place = node.place.beyond(rest) if unknown is None else unknown.above
    return PolicyError(str(place), error.given, error.allowed, error.hint)


def _key_named(given: str, node: Node) -> Place | None:
    """Where the key of a mapping stands that an error is about: it has it in quotes."""
    named = node.members.get(given[1:-1]) if given[:1] == given[-1:] == "'" else None
    return None if named is None else named.key_place
