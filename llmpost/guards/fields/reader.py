"""The reader: where in a JSON document its strings, keys and numbers stand, and what they say.

It goes through the document once and keeps no tree; how deep values are nested costs a few bytes a level. It reads what
RFC 8259 calls JSON and nothing else: who reads more must check a text as what it is. Knows nothing of guards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from llmpost.contracts.guard import Span
from llmpost.guards.fields.strings import JsonString

_MOST_LEVELS = 1_000_000
_LONGEST_PATH = 1_000
"""Characters of a pointer. What lies deeper has the pointer of what is around it: paths of a deep document would be
longer than the document."""
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LITERAL = re.compile("true|false|null")


@dataclass(frozen=True, slots=True)
class Field:
    """A key, a string, or a number in its own spelling."""

    kind: Literal["key", "string", "number"]
    string: JsonString
    path: str

    @property
    def text(self) -> str:
        return self.string.text

    @property
    def span(self) -> Span:
        """Its characters in the document, without quotes."""
        return Span(self.string.start, self.string.end)


def read_fields(document: str) -> tuple[Field, ...] | None:
    """All fields in their order; None of a text that is no JSON, or is nested a million levels deep.

    >>> [(field.path, field.text) for field in read_fields('{"a": [1, "b"]}')]
    [('/a', 'a'), ('/a/0', '1'), ('/a/1', 'b')]
    """
    reader = _Reader(document)
    return tuple(reader.fields) if reader.reads_value() else None


@dataclass(slots=True)
class _Reader:
    document: str
    at: int = 0
    fields: list[Field] = field(default_factory=list)
    closers: list[str] = field(default_factory=list)
    """What closes each open container; with the next two, one item a level."""
    paths: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    path: str = ""
    """Of the value that is read next."""

    def reads_value(self) -> bool:
        """The whole document: values, each followed by what closes containers and leads to the next."""
        while self._reads_one():
            if not self._goes_on():
                return self._next() == "" and not self.closers
        return False

    def _reads_one(self) -> bool:
        """A scalar, or the beginning of a container and of all that are first in it."""
        while True:
            first = self._next()
            if first == '"':
                return self._reads_string("string")
            if first not in ("{", "["):
                return self._reads_plain(first)
            if not self._opens(first):
                return False
            if self._next() == self.closers[-1]:
                return True  # empty: what follows closes it
            if first == "{" and not self._reads_key():
                return False

    def _goes_on(self) -> bool:
        """Behind a value: whether another one is to be read. False at the end, or where something else stands."""
        while self.closers:
            character = self._next()
            if character == self.closers[-1]:
                self.at += 1
                self.closers.pop()
                self.paths.pop()
                self.counts.pop()
                continue
            if character != ",":
                return False
            self.at += 1
            if self.closers[-1] == "}":
                return self._reads_key()
            self.counts[-1] += 1
            self.path = _longer(self.paths[-1], str(self.counts[-1]))
            return True
        return False

    def _next(self) -> str:
        """The next character that is no space; empty at the end."""
        self.at = _SPACE.match(self.document, self.at).end()  # type: ignore[union-attr]  # no space is a match
        return self.document[self.at : self.at + 1]

    def _opens(self, first: str) -> bool:
        self.at += 1
        self.closers.append("}" if first == "{" else "]")
        self.paths.append(self.path)
        self.counts.append(0)
        if first == "[":
            self.path = _longer(self.path, "0")
        return len(self.closers) <= _MOST_LEVELS

    def _reads_key(self) -> bool:
        if self._next() != '"' or not self._reads_string("key") or self._next() != ":":
            return False
        self.at += 1
        return True

    def _reads_string(self, kind: Literal["key", "string"]) -> bool:
        string = JsonString.at(self.document, self.at + 1)
        if string is None:
            return False
        if kind == "key":
            self.path = _longer(self.paths[-1], string.text)
        self.fields.append(Field(kind, string, self.path))
        self.at = string.end + 1
        return True

    def _reads_plain(self, first: str) -> bool:
        found = (_LITERAL if first.isalpha() else _NUMBER).match(self.document, self.at)
        if found is None:
            return False
        if not first.isalpha():
            self.fields.append(Field("number", JsonString(found[0], found.start(), found.end()), self.path))
        self.at = found.end()
        return True


def _longer(path: str, name: str) -> str:
    if len(path) + len(name) > _LONGEST_PATH:
        return path
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
