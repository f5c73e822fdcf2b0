"""References: what a policy says by the name of a file is read and put in its place, so that a policy is a value.

Names of files mean something to the file they stand in (`origin`), so this is done to each before it is laid over
another. Variables of the environment are named where a key is wanted (`trace`), and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from llmpost.errors import PolicyError
from llmpost.policy.files.library import Library
from llmpost.policy.files.node import Node
from llmpost.policy.files.origin import Origin

_VARIABLE = re.compile(r"\$\{?[A-Za-z_][A-Za-z0-9_]*\}?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TEXTS: Final = frozenset(
    {"notice", "forbid", "stop", "phrases", "allow", "regex", "choice", "quote", "refuse", "replace"}
)
"""Keys under which any text may stand."""
_SCHEMAS: Final = frozenset({"json_schema", "schema"})
_STAND_INS: Final = ("on_failure", "on_timeout")
_HINT: Final = "Only trace.key and trace.seal name variables of the environment; write the value itself."


def with_files(policy: Node, origin: Origin, library: Library) -> Node:
    """The same, with the content of each file that is named in it; PolicyError where one cannot be read."""

    def schema(node: Node) -> Node:
        if not isinstance(node.content, str) or _is_json(node.content):
            return node
        tree = library.tree(origin.path(node), node.place, node.place.keys)
        return replace(tree, key_place=node.key_place)

    def lines(node: Node) -> Node:
        if not isinstance(node.content, str):
            return node
        return replace(library.lines(origin.path(node), node.place), key_place=node.key_place)

    def rubric(node: Node) -> Node:
        if not isinstance(node.content, str):
            return node
        tree = library.tree(origin.rubric(node), node.place, node.place.keys)
        return replace(tree, key_place=node.key_place)

    def action(node: Node) -> Node:
        return _changed(node, "rewrite", lambda told: _changed(told, "rubric", rubric))

    def actions(node: Node) -> Node:
        if not isinstance(node.content, dict):
            return node
        return replace(node, content={label: action(each) for label, each in node.members.items()})

    def otherwise(node: Node) -> Node:
        return guard(node) if isinstance(node.content, dict) else node

    def guard(node: Node) -> Node:
        node = _changed(node, "file", lines)
        if "use" in node.members and node.members["use"].content == "schema":
            node = _changed(node, "schema", schema)
        if "use" in node.members and node.members["use"].content == "judge":
            node = _changed(node, "rubric", rubric)
        node = _changed(_changed(node, "action", action), "actions", actions)
        for key in _STAND_INS:
            node = _changed(node, key, otherwise)
        return node

    def guards(node: Node) -> Node:
        is_list = isinstance(node.content, tuple)
        return replace(node, content=tuple(map(guard, node.content))) if is_list else node

    policy = _changed(policy, "constraint", lambda node: _changed(node, "json_schema", schema))
    policy = _changed(policy, "guards", guards)
    return _changed(policy, "budget", lambda node: _changed(node, "on_timeout", otherwise))


def check_variables(policy: Node) -> None:
    """PolicyError where the environment is asked for something that is no secret."""
    for key, node in policy.members.items():
        if key == "trace":
            others = {name: value for name, value in node.members.items() if name not in ("key", "seal")}
            node = replace(node, content=others)
        if key not in _TEXTS:
            _check(node)


def _check(node: Node) -> None:
    if isinstance(node.content, str) and _VARIABLE.fullmatch(node.content):
        raise PolicyError(str(node.place), f"'{node.content:.60}'", "replaced by anything here", _HINT)
    for key, value in node.members.items():
        if (
            key == "env"
            and len(node.members) == 1
            and isinstance(value.content, str)
            and _NAME.fullmatch(value.content)
        ):
            raise PolicyError(str(node.place), f"{{env: {value.content:.60}}}", "possible here", _HINT)
        is_label = key == "actions" and "env" in value.members  # by what a finding is called, whatever that is
        if key not in _TEXTS and key not in _SCHEMAS and not is_label:
            _check(value)
    for item in node.items:
        _check(item)


def _changed(node: Node, key: str, change: Callable[[Node], Node]) -> Node:
    """With the value of a key, where it is there, as it is then."""
    if key not in node.members:
        return node
    return replace(node, content={**node.members, key: change(node.members[key])})


def _is_json(text: str) -> bool:
    """A schema that is written out as a text."""
    return text.lstrip()[:1] == "{" or text.strip() in ("true", "false")
