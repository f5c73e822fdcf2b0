"""JSON as a tree, each value with its line and column; as strict as JSON is, and a key stands once."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder
from typing import Any

from llmpost.errors import PolicyError
from llmpost.policy.files.node import MOST, MOST_DEPTH, MOST_NODES, Node
from llmpost.policy.files.place import Place
from llmpost.policy.files.scalars import number, whole

_SPACE = re.compile(r"[ \t\n\r]*")


def read_json(text: str, place: Place) -> Node:
    """The tree of a text that begins at a place; PolicyError, at its place, where it is no JSON.

    >>> read_json('{"choice": ["yes", "no"]}', Place("", "policy.json")).find("choice[1]").place.column
    20
    """
    return _Reader(text, place).document()


class _Reader:
    def __init__(self, text: str, place: Place) -> None:
        self._text = text
        self._whole = place
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._count = 0
        self._at = place
        """Of the value that the decoder is at."""
        self._decoder = JSONDecoder(
            parse_int=lambda digits: whole(digits, self._at),
            parse_float=lambda digits: number(digits, self._at),
            parse_constant=self._no_number,
        )

    def document(self) -> Node:
        node, end = self._value(self._skip(0), self._whole, 0)
        if end < len(self._text):
            raise self._mistake(end, "something behind the value")
        return node

    def _value(self, start: int, place: Place, depth: int) -> tuple[Node, int]:
        """What begins there, and where the next thing begins. `place` has its keys."""
        place = self._place(start, place)
        self._count += 1
        opening = self._text[start : start + 1]
        if (depth >= MOST_DEPTH and opening in ("{", "[")) or self._count > MOST_NODES:
            raise PolicyError(str(place), "so much", MOST, "Make it flatter, or shorter.")
        if opening == "{":
            return self._mapping(start, place, depth)
        if opening == "[":
            return self._list(start, place, depth)
        value, end = self._scalar(start, place)
        return Node(value, place), self._skip(end)

    def _mapping(self, start: int, place: Place, depth: int) -> tuple[Node, int]:
        members: dict[str, Node] = {}
        end = self._skip(start + 1)
        if self._text.startswith("}", end):
            return Node(members, place), self._skip(end + 1)
        while True:
            if not self._text.startswith('"', end):
                raise self._mistake(end, "a key in double quotes is missing")
            key, after = self._scalar(end, place)
            key_place = self._place(end, place.member(key))
            if key in members:
                hint = "Leave one of them out."
                raise PolicyError(str(key_place), "a key that was there before", "possible in one mapping", hint)
            value, end = self._value(self._skip(self._past(":", self._skip(after))), key_place, depth + 1)
            members[key] = Node(value.content, value.place, key_place)
            if self._text.startswith("}", end):
                return Node(members, place), self._skip(end + 1)
            end = self._skip(self._past(",", end))

    def _list(self, start: int, place: Place, depth: int) -> tuple[Node, int]:
        items: list[Node] = []
        end = self._skip(start + 1)
        if self._text.startswith("]", end):
            return Node((), place), self._skip(end + 1)
        while True:
            value, end = self._value(end, place.item(len(items)), depth + 1)
            items.append(value)
            if self._text.startswith("]", end):
                return Node(tuple(items), place), self._skip(end + 1)
            end = self._skip(self._past(",", end))

    def _scalar(self, start: int, place: Place) -> tuple[Any, int]:
        self._at = place
        try:
            value, end = self._decoder.raw_decode(self._text, start)
        except JSONDecodeError as error:
            raise self._mistake(error.pos, error.msg) from None
        if isinstance(value, str) and not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            raise PolicyError(str(place), "half a character", "a text", "Write it whole.")
        return value, end

    def _no_number(self, word: str) -> float:
        raise PolicyError(str(self._at), word, "a finite number", "Put it in quotes where it is a text.")

    def _past(self, sign: str, start: int) -> int:
        if not self._text.startswith(sign, start):
            raise self._mistake(start, f"a '{sign}' is missing")
        return start + 1

    def _skip(self, start: int) -> int:
        found = _SPACE.match(self._text, start)
        return start if found is None else found.end()

    def _place(self, start: int, place: Place) -> Place:
        line = bisect_right(self._lines, start)
        return place.at(line, start - self._lines[line - 1] + 1)

    def _mistake(self, start: int, problem: str) -> PolicyError:
        place = self._place(min(start, len(self._text)), Place("", self._whole.file))
        return PolicyError(str(place), f"text with a mistake in it ({problem})", "JSON", "Mend it.")
