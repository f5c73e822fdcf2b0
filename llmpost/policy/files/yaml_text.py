"""YAML as a tree: one document of texts, numbers, truths, lists and mappings, and nothing that makes objects.

It follows the events of the parser and never calls itself, so depth costs nothing, and what anchors would grow to is
counted before it is written out. What an unquoted word means is told by `scalars`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import yaml

from llmpost.errors import PolicyError
from llmpost.policy.files.node import MOST, MOST_DEPTH, MOST_NODES, Node
from llmpost.policy.files.place import Place
from llmpost.policy.files.scalars import scalar

LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C is twenty times as fast."""
_TAGS: Final = "tag:yaml.org,2002:"
_PLAIN: Final = {"null": type(None), "bool": bool, "int": int, "float": float, "seq": tuple, "map": dict}
_UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TABBED = re.compile(r"[ -]*\t")


def read_yaml(text: str, place: Place, loader: Any = LOADER) -> Node:
    """The tree of a document that begins at a place; PolicyError, at its place, for all that is none."""
    unwritable = _UNWRITABLE.search(text)
    if unwritable is not None:
        before = text[: unwritable.start()]
        at = place.at(before.count("\n") + 1, len(before) - before.rfind("\n"))
        hint = 'Leave it out, or write it as an escape in double quotes: "\\x00".'
        raise PolicyError(str(at), f"the character U+{ord(unwritable[0]):04X}", "a character of a YAML file", hint)
    builder = _Builder(place)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except PolicyError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = place if mark is None else place.at(mark.line + 1, mark.column + 1)
        raise _mistake(at, text, str(error.problem or error.context)) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise _mistake(place, text, type(error).__name__) from None
    return builder.root or Node(None, place)


def _mistake(at: Place, text: str, problem: str) -> PolicyError:
    """Tabs are told in words: nobody sees them."""
    line = text.split("\n")[at.line - 1] if at.line <= text.count("\n") + 1 else ""
    if _TABBED.match(line):
        return PolicyError(str(at), "a tab in the indentation", "YAML", "Indent with spaces.")
    return PolicyError(str(at), f"text with a mistake in it ({problem})", "YAML", "Mend it.")


@dataclass(slots=True)
class _Open:
    """A list or mapping under way."""

    node: Node
    """Empty as yet."""
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    members: dict[Any, Node] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    key: Any = None
    key_place: Place | None = None
    """Of the key whose value comes next."""
    size: int = 1
    depth: int = 1

    @property
    def is_list(self) -> bool:
        return isinstance(self.node.content, tuple)

    @property
    def awaits_key(self) -> bool:
        return self.key_place is None and not self.is_list


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an anchor stands for, and how much that is, written out."""

    node: Node
    size: int
    depth: int


class _Builder:
    """Takes the events of a document, one after another."""

    def __init__(self, place: Place) -> None:
        self.root: Node | None = None
        self._whole = place
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(event, (), "seq")
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(event, {}, "map")
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            _refuse(self._place(event), "a second document", "possible in one file", "Make it a file of its own.")

    def _place(self, event: Any) -> Place:
        """By which keys the next value is reached, and where it stands."""
        mark, keys = event.start_mark, self._whole.keys
        if self._open:
            above = self._open[-1]
            inside = above.node.place.item(len(above.items)) if above.is_list else above.key_place
            keys = (inside or above.node.place).keys
        return Place(keys, self._whole.file, mark.line + 1, mark.column + 1)

    def _scalar(self, event: Any) -> None:
        place = self._place(event)
        if self._open and self._open[-1].awaits_key:
            self._key(event, place)
            return
        is_plain = event.implicit[0] and event.tag is None
        value = scalar(event.value, place) if is_plain else event.value
        if event.tag is not None and event.tag not in ("!", f"{_TAGS}str"):
            value = scalar(event.value, place)
            _check_tag(event.tag, value, place)
        _check_text(value, place)
        self._add(_Anchored(Node(value, place), 1, 1), event.anchor)

    def _key(self, event: Any, place: Place) -> None:
        """A whole number stays one; all other keys are texts, as they are written."""
        is_plain = event.implicit[0] and event.tag is None
        if is_plain and event.value == "<<":
            _refuse(place, "'<<'", "a key: merge keys are not read", "Write the keys out, or use extends.")
        key = scalar(event.value, place) if is_plain and event.value[:1] in "-+0123456789" else event.value
        key = key if type(key) is int else event.value
        _check_text(key, place)
        above = self._open[-1]
        above.key, above.key_place = key, above.node.place.member(key).at(place.line, place.column)
        if str(key) in above.names:
            _refuse(above.key_place, "a key that was there before", "possible in one mapping", "Leave one of them out.")
        above.names.add(str(key))

    def _begin(self, event: Any, content: Any, kind: str) -> None:
        place = self._place(event)
        if self._open and self._open[-1].awaits_key:
            _refuse(place, "a list or a mapping", "a key", "Write a word.")
        if event.tag not in (None, f"{_TAGS}{kind}"):
            _check_tag(event.tag, content, place)
        if len(self._open) >= MOST_DEPTH:
            _refuse(place, "so much", MOST, "Make it flatter.")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._open.append(_Open(Node(content, place), event.anchor))

    def _end(self) -> None:
        done = self._open.pop()
        node = Node(tuple(done.items) if done.is_list else done.members, done.node.place)
        self._add(_Anchored(node, done.size, done.depth), done.anchor)

    def _alias(self, event: Any) -> None:
        place = self._place(event)
        if self._open and self._open[-1].awaits_key:
            _refuse(place, f"*{event.anchor:.60}", "a key", "Write it out.")
        if event.anchor not in self._anchors:
            _refuse(
                place, f"*{event.anchor:.60}", "an anchor of this file", f"Write &{event.anchor:.60} where it is meant."
            )
        anchored = self._anchors[event.anchor]
        if anchored is None:
            _refuse(place, f"*{event.anchor:.60} within &{event.anchor:.60}", "data with an end", "Write it out.")
        self._add(anchored, None, place)

    def _add(self, made: _Anchored, anchor: str | None, place: Place | None = None) -> None:
        """To the list or mapping under way; `place`: where it is called up again."""
        if anchor is not None:
            self._anchors[anchor] = made
        if not self._open:
            self.root = made.node
            return
        above = self._open[-1]
        above.size, above.depth = above.size + made.size, max(above.depth, made.depth + 1)
        if len(self._open) + made.depth > MOST_DEPTH + 1 or above.size > MOST_NODES:
            hint = "Make it flatter, or shorter; what an anchor stands for counts each time."
            _refuse(place or made.node.place, "so much", MOST, hint)
        if above.is_list:
            above.items.append(made.node)
        else:
            above.members[above.key] = Node(made.node.content, made.node.place, above.key_place)
            above.key_place = None


def _check_tag(tag: str, value: Any, place: Place) -> None:
    name = tag.removeprefix(_TAGS)
    if not tag.startswith(_TAGS) or name not in _PLAIN or type(value) is not _PLAIN[name]:
        _refuse(place, f"the tag {tag!r:.60}", "a plain value", "Leave the tag out.")


def _check_text(value: Any, place: Place) -> None:
    """Half of a pair of surrogates can be written as an escape, and be no text."""
    if isinstance(value, str) and not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        _refuse(place, "half a character", "a text", "Write it whole.")


def _refuse(place: Place, given: str, allowed: str, hint: str) -> NoReturn:
    raise PolicyError(str(place), given, allowed, hint)
