"""What a parenthesis opens: a group, a look-around, an atomic group, a comment, or flags.

Which group a text was captured by is of no interest to a language, so all plain groups are alike. Back-references by
name and conditional groups are refused. Moves the scanner; the stack of groups is the reader's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from llmpost.automata.regex.dialect import Dialect, Flags
from llmpost.automata.regex.escapes import refused_reference
from llmpost.automata.regex.scanner import Scanner
from llmpost.automata.regex.syntax import Atomic, Look, Node

_FLAGS = {"i": "ignore_case", "m": "multiline", "s": "dot_all", "x": "verbose", "a": "ascii_only"}
_LETTERS = {Dialect.PYTHON: "aimsux", Dialect.ECMA: "ims"}
_LOOKS = {"?=": (False, False), "?!": (False, True), "?<=": (True, False), "?<!": (True, True)}


def _look(sign: str, place: int, body: Node) -> Node:
    is_behind, is_negative = _LOOKS[sign]
    return Look(body, is_behind, is_negative, place)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is in force inside, and what becomes of the body; None where no group was opened."""

    flags: Flags
    close: Callable[[Node], Node] | None


@dataclass(frozen=True, slots=True)
class GroupReader:
    """Reads what stands behind an opening parenthesis, which has been read."""

    scanner: Scanner
    dialect: Dialect
    _names: set[str] = field(default_factory=set)

    def read(self, flags: Flags, is_at_start: bool) -> Opening | None:
        """None for a comment."""
        scanner = self.scanner
        start = scanner.place - 1
        is_python = self.dialect is Dialect.PYTHON
        if scanner.peek() != "?" or scanner.take("?:"):
            return Opening(flags, lambda body: body)
        for sign in _LOOKS:
            if scanner.take(sign):
                return Opening(flags, partial(_look, sign, start))
        if is_python and scanner.take("?>"):
            return Opening(flags, lambda body: Atomic(body, start))
        if is_python and scanner.take("?#"):
            scanner.take_until(")", "a comment", start)
            return None
        if scanner.take("?P<" if is_python else "?<"):
            self._read_name(start)
            return Opening(flags, lambda body: body)
        if is_python and (scanner.take("?P=") or scanner.take("?(")):
            raise refused_reference(scanner, start)
        scanner.next()
        return self._read_flags(flags, is_at_start, start)

    def _read_name(self, start: int) -> None:
        name = self.scanner.take_until(">", "the name of a group", start)
        if not name.replace("$", "_" if self.dialect is Dialect.ECMA else "$").isidentifier():
            raise self.scanner.refuse(start, f"{name!r}", "a group's name", "Write letters, digits and underscores.")
        if name in self._names and self.dialect is Dialect.PYTHON:
            raise self.scanner.refuse(start, f"{name!r}", "a new name for a group", "Write another name.")
        self._names.add(name)

    def _read_flags(self, flags: Flags, is_at_start: bool, start: int) -> Opening:
        scanner = self.scanner
        letters = _LETTERS[self.dialect]
        switched_on = scanner.take_while(letters.__contains__, len(letters) + 1)
        switched_off = scanner.take_while("imsx".__contains__, 4) if scanner.take("-") else None
        is_all = self.dialect is Dialect.PYTHON and switched_off is None and bool(switched_on) and scanner.peek() == ")"
        is_scoped = scanner.peek() == ":" and (switched_on or switched_off) and switched_off != ""
        is_sound = not set(switched_on) & set(switched_off or "") and not {"a", "u"} <= set(switched_on)
        if not (is_all or is_scoped) or not is_sound:
            given = f"'({scanner.pattern[start + 1 : scanner.place + 1]}'"
            raise scanner.refuse(start, given, "the beginning of a group", self._hint())
        if is_all and not is_at_start:
            hint = "Move them to the start, or write a group such as (?i:...)."
            raise scanner.refuse(start, "a group of flags", "behind the start of a pattern", hint)
        scanner.next()
        changes = dict.fromkeys(switched_on, True) | dict.fromkeys(switched_off or "", False)
        inside = replace(flags, **{_FLAGS[letter]: on for letter, on in changes.items() if letter != "u"})
        if "u" in switched_on:
            inside = replace(inside, ascii_only=False)
        return Opening(inside, None if is_all else lambda body: body)

    def _hint(self) -> str:
        if self.dialect is Dialect.ECMA:
            return "Write (?:...), (?<name>...), (?=...), (?!...), (?<=...) or (?<!...); or \\( for itself."
        return "Write (?:...), (?P<name>...), (?=...), (?!...), (?<=...), (?<!...), (?>...) or (?i:...)."
