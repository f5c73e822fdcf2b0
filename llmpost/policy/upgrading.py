"""Upgrading: a policy file of an older version, edited where it must be, until it is one of the newest.

One step leads from each version to the next: it looks at the text and its places and says what is written where. All
else stays as it was, byte for byte: comments, order, quotes, blanks. Files are read and written elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

from llmpost.errors import PolicyError
from llmpost.policy.files.library import read_tree
from llmpost.policy.files.node import Node
from llmpost.policy.files.place import Place
from llmpost.policy.files.resolved import check_version

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_VALUE = re.compile(r"[^\s,}\]#]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """What comes in the place of some characters; of none, where nothing is taken away."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Written:
    """A policy as it is written."""

    text: str
    tree: Node

    @classmethod
    def of(cls, text: str, file: str) -> Written:
        """PolicyError where it is no mapping of YAML or JSON."""
        tree = read_tree(text, Place("", file))
        if not isinstance(tree.content, dict):
            shown = "nothing" if tree.content is None else f"a {type(tree.plain).__name__}"
            raise PolicyError(str(tree.place), shown, "a mapping", "Write keys such as 'version' and 'decode'.")
        return cls(text, tree)

    @cached_property
    def _lines(self) -> list[int]:
        breaks = "\n" if self.tree.place.file.endswith(".json") else _BREAK
        return [0, *(found.end() for found in re.finditer(breaks, self.text))]

    def offset(self, place: Place) -> int:
        """How many characters stand before it."""
        return self._lines[place.line - 1] + place.column - 1

    def before(self, offset: int) -> str:
        """What stands before it on its line."""
        return self.text[max(start for start in self._lines if start <= offset) : offset]

    def with_edits(self, edits: Iterable[Edit]) -> Written:
        """The text with all of them made; they do not overlap."""
        text = self.text
        for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
            text = f"{text[: edit.start]}{edit.text}{text[edit.end :]}"
        return Written.of(text, self.tree.place.file)


Step: TypeAlias = Callable[[Written], Iterable[Edit]]
"""From one version to the next, but for the number itself."""


def _nothing(written: Written) -> Iterable[Edit]:
    """Before there were versions everything was written as it is in the first."""
    return ()


STEPS: Final[Mapping[int, Step]] = MappingProxyType({0: _nothing})
"""By the version that each begins with."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What became of a text."""

    text: str
    before: int
    after: int


def upgraded(text: str, file: str, steps: Mapping[int, Step] = STEPS) -> Upgraded:
    """The text as one of the newest version, or as it was where it is one. PolicyError where it is of a version that is
    not known here.

    >>> upgraded("# mine\\nname: calm   # as ever\\n", "calm.yaml").text
    '# mine\\nversion: 1\\nname: calm   # as ever\\n'
    """
    newest = max(steps) + 1
    written = Written.of(text, file)
    before = _version(written.tree, newest)
    for version in range(before, newest):
        edited = written.with_edits(steps[version](written))
        written = _with_version(edited, version + 1)
    return Upgraded(written.text, before, newest)


def _version(tree: Node, newest: int) -> int:
    """0 where there is none."""
    node = tree.members.get("version")
    given = None if node is None else node.content
    if given is None:
        return 0
    if type(given) is int and 0 <= given <= newest:
        return given
    check_version(tree)
    raise PolicyError(str(tree.place), f"version {given}", f"at most {newest}", "Install a newer llmpost.")


def _with_version(written: Written, version: int) -> Written:
    """PolicyError where the number cannot be written without touching anything else."""
    node = written.tree.members.get("version")
    edit = _inserted(written, version) if node is None else _replaced(written, node, version)
    try:
        made = written.with_edits([edit])
    except PolicyError:
        made = None
    if made is None or made.tree.plain != {**written.tree.plain, "version": version}:
        hint = f"Write 'version: {version}' on a line of its own."
        raise PolicyError(str(written.tree.place), "a policy written like this", "one that can be edited", hint)
    return made


def _replaced(written: Written, node: Node, version: int) -> Edit:
    start = written.offset(node.place)
    value = _VALUE.match(written.text, start)
    end = start if value is None else value.end()
    blank = "" if written.text[start - 1 : start].isspace() or end > start else " "
    return Edit(start, end, f"{blank}{version}")


def _inserted(written: Written, version: int) -> Edit:
    """Before the first key, so behind the comments that a file begins with."""
    text, start = written.text, written.offset(written.tree.place)
    key = '"version"' if written.tree.place.file.endswith(".json") else "version"
    places = [node.key_place for node in written.tree.members.values() if node.key_place is not None]
    if text[start : start + 1] != "{":
        first = min(map(written.offset, places))
        found = _BREAK.search(text)
        line_end = "\n" if found is None else found[0]
        return Edit(first, first, f"{key}: {version}{line_end}{written.before(first)}")
    if not places:
        return Edit(start + 1, start + 1, f"{key}: {version}")
    first = min(map(written.offset, places))
    between = text[start + 1 : first]
    return Edit(first, first, f"{key}: {version},{between if between.isspace() else ' '}")
