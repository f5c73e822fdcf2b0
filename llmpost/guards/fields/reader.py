"""The reader: where in a JSON document its strings, keys and numbers stand, and what they say.

It goes through the document once and keeps no tree; how deep values are nested costs a few bytes a level. It reads what
RFC 8259 calls JSON and nothing else: who reads more must check a text as what it is. Knows nothing of guards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from llmpost.guards.fields.strings import JsonString

Kind: TypeAlias = Literal["key", "string", "number"]

_MOST_LEVELS = 1_000_000
_LONGEST_PATH = 1_000
"""Characters of a pointer. What lies deeper has the pointer of what is around it: paths of a deep document would be
longer than the document."""
_TOKEN = re.compile(
    r"[ \t\n\r]*+(?:"
    r'(?P<string>"[^"\\\x00-\x1f]*+")|(?P<escaped>")|(?P<sign>[\[\]{},:])|(?P<literal>true|false|null)'
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)|(?P<end>\Z))"
)


class Field(NamedTuple):
    """A key, a string, or a number in its own spelling. A tuple, because there is one for every few characters."""

    kind: Kind
    path: str
    text: str
    start: int
    """Where its characters in the document begin, behind a quote if it has one."""
    end: int
    string: JsonString | None
    """Of one that is written with escapes."""

    def place(self, at: int) -> int:
        """Where in the document the character `at` begins, and the one before it ends."""
        return self.start + at if self.string is None else self.string.place(at)


def read_fields(document: str) -> tuple[Field, ...] | None:
    """All fields in their order; None of a text that is no JSON, or is nested a million levels deep.

    >>> [(field.path, field.text) for field in read_fields('{"a": [1, "b"]}')]
    [('/a', 'a'), ('/a/0', '1'), ('/a/1', 'b')]
    """
    reader = _Reader(document)
    return tuple(reader.fields) if reader.reads_whole() else None


_Expected: TypeAlias = "Callable[[re.Match[str]], _Expected | None]"


class _Reader:
    """Each token is taken by what is expected, which says what is expected next, or None where nothing can follow."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.fields: list[Field] = []
        self._at = 0
        self._path = ""
        """Of the value that is read next."""
        self._closers: list[str] = []
        """What closes each open container; with the next two, one item a level."""
        self._paths: list[str] = []
        self._counts: list[int] = []
        self._is_whole = False

    def reads_whole(self) -> bool:
        expected: _Expected | None = self._value
        while expected is not None and (found := _TOKEN.match(self.document, self._at)) is not None:
            self._at = found.end()
            expected = expected(found)
        return self._is_whole

    def _value(self, found: re.Match[str]) -> _Expected | None:
        kind = found.lastgroup
        if kind == "string" or kind == "escaped":
            return self._behind if self._has_string(found, "string") else None
        if kind == "number":
            text = found["number"]
            self.fields.append(Field("number", self._path, text, found.end() - len(text), found.end(), None))
        elif kind == "sign":
            return self._opened(found["sign"])
        return None if kind == "end" else self._behind

    def _opened(self, sign: str) -> _Expected | None:
        if sign not in "[{" or len(self._closers) == _MOST_LEVELS:
            return None
        self._paths.append(self._path)
        self._counts.append(0)
        if sign == "{":
            self._closers.append("}")
            return self._first_key
        self._closers.append("]")
        self._path = _longer(self._path, "0")
        return self._first_item

    def _first_item(self, found: re.Match[str]) -> _Expected | None:
        return self._behind(found) if found["sign"] == "]" else self._value(found)

    def _first_key(self, found: re.Match[str]) -> _Expected | None:
        return self._behind(found) if found["sign"] == "}" else self._key(found)

    def _key(self, found: re.Match[str]) -> _Expected | None:
        return self._colon if self._has_string(found, "key") else None

    def _colon(self, found: re.Match[str]) -> _Expected | None:
        return self._value if found["sign"] == ":" else None

    def _behind(self, found: re.Match[str]) -> _Expected | None:
        """A value has ended: its container goes on, or ends, too."""
        if not self._closers:
            self._is_whole = found.lastgroup == "end"
            return None
        sign = found["sign"]
        if sign == self._closers[-1]:
            self._closers.pop()
            self._paths.pop()
            self._counts.pop()
            return self._behind
        if sign != ",":
            return None
        if self._closers[-1] == "}":
            return self._key
        self._counts[-1] += 1
        self._path = _longer(self._paths[-1], str(self._counts[-1]))
        return self._value

    def _has_string(self, found: re.Match[str], kind: Kind) -> bool:
        """Whether a string begins here, which is read then."""
        string = None
        if found.lastgroup == "string":
            start, end = found.start("string") + 1, self._at - 1
            text = self.document[start:end]
        elif found.lastgroup == "escaped" and (string := JsonString.at(self.document, self._at)) is not None:
            start, end, text = string.start, string.end, string.text
        else:
            return False
        if kind == "key":
            self._path = _longer(self._paths[-1], text)
        self.fields.append(Field(kind, self._path, text, start, end, string))
        self._at = end + 1
        return True


def _longer(path: str, name: str) -> str:
    if len(path) + len(name) > _LONGEST_PATH:
        return path
    if "~" in name or "/" in name:
        name = name.replace("~", "~0").replace("/", "~1")
    return f"{path}/{name}"
