"""A pattern read into a syntax tree: groups, flags, branches and quantifiers.

Groups are kept on a stack of its own, so no depth of nesting is too deep to be refused in words. What a pattern
matches is the tree's; that a counted repeat is large costs nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from llmpost.automata.regex import edges
from llmpost.automata.regex.brackets import BracketReader
from llmpost.automata.regex.casing import with_other_cases
from llmpost.automata.regex.dialect import Dialect, Flags
from llmpost.automata.regex.escapes import EscapeReader
from llmpost.automata.regex.groups import GroupReader
from llmpost.automata.regex.quantifiers import read_quantifier
from llmpost.automata.regex.scanner import Scanner
from llmpost.automata.regex.syntax import Characters, Expression, Literal, Look, Node, alternation, sequence

MAX_LENGTH = 1_000_000
MAX_DEPTH = 200
MAX_EFFORT = 100_000
"""How much a pattern may take to read and to build, in units of about 5 µs. Plain text takes nothing."""
_EFFORT_OF_A_LOOK = 20
_RANGES_A_UNIT = 20
_SPACE = " \t\n\r\v\f"
_RUN = re.compile(r"[^\\\[.^$()|*+?{\ud800-\udfff]{2,}")
_BRANCHES = re.compile(r"(?:[^\\\[.^$()|*+?{\ud800-\udfff]+\|){2,}")
_SPECIAL = frozenset("\\[.^$()|*+?{")


def read_regex(pattern: str, dialect: Dialect = Dialect.PYTHON, *, ignore_case: bool = False) -> Expression:
    """The syntax tree of a pattern; ConstraintError, with a caret, where it is broken or is not regular.

    >>> read_regex("[0-9]+").root
    Repeat(body=Characters(ranges=((48, 57),)), low=1, high=None, is_lazy=False, place=5)
    """
    if len(pattern) > MAX_LENGTH:
        given = f"a pattern of {len(pattern)} characters"
        raise Scanner(pattern).refuse(MAX_LENGTH, given, f"one of at most {MAX_LENGTH}", "Split it, or use a choice.")
    return Expression(pattern, _Reader(pattern, dialect, Flags(ignore_case=ignore_case)).read())


@dataclass(slots=True)
class _Group:
    """A group that is open: where it began, what becomes of its body, and the flags in force behind it."""

    place: int
    close: Callable[[Node], Node]
    flags_behind: Flags
    branches: list[Node] = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)
    can_repeat: bool = False
    """Whether the last part may have a quantifier: no anchor, and none yet."""


class _Reader:
    def __init__(self, pattern: str, dialect: Dialect, flags: Flags) -> None:
        self._scanner = Scanner(pattern)
        self._dialect = dialect
        self._flags = flags
        self._escapes = EscapeReader(self._scanner, dialect)
        self._brackets = BracketReader(self._scanner, dialect, self._escapes)
        self._openings = GroupReader(self._scanner, dialect)
        self._groups = [_Group(0, lambda body: body, flags)]
        self._effort = 0

    def read(self) -> Node:
        scanner = self._scanner
        while character := scanner.next():
            if self._flags.verbose and self._skip(character):
                continue
            if character not in _SPECIAL:
                if not self._add_branches():
                    self._add_run(character)
            else:
                self._read_special(character)
        if len(self._groups) > 1:
            place = self._groups[-1].place
            raise scanner.refuse(place, "a group without an end", "closed", "Write the missing ), or \\( for itself.")
        return self._close_body(self._groups.pop())

    def _skip(self, character: str) -> bool:
        if character == "#":
            end = self._scanner.pattern.find("\n", self._scanner.place)
            self._scanner.place = end + 1 if end >= 0 else len(self._scanner.pattern)
        return character == "#" or character in _SPACE

    def _read_special(self, character: str) -> None:
        group = self._groups[-1]
        start = self._scanner.place - 1
        self._spend(1)
        match character:
            case "\\":
                self._add_escape(self._escapes.outside(self._flags))
            case "[":
                self._add(Characters(self._brackets.read(self._flags)))
            case ".":
                self._add(edges.any_character(self._dialect, self._flags))
            case "^":
                self._add(edges.start(self._dialect, self._flags, start), can_repeat=False)
            case "$":
                self._add(edges.end(self._dialect, self._flags, start), can_repeat=False)
            case "|":
                group.branches.append(sequence(group.parts))
                group.parts, group.can_repeat = [], False
            case "(":
                self._open(start)
            case ")":
                self._close(start)
            case _:
                self._quantify(start)

    def _add(self, node: Node, can_repeat: bool = True) -> None:
        self._spend(_effort_of(node, can_repeat))
        group = self._groups[-1]
        group.parts.append(node)
        group.can_repeat = can_repeat

    def _spend(self, effort: int) -> None:
        self._effort += effort
        if self._effort > MAX_EFFORT:
            raise self._scanner.refuse(
                self._scanner.place - 1, "a pattern of so many parts", "one that can be compiled in time",
                "Split it, or use a choice: plain texts cost next to nothing.",
            )  # fmt: skip

    def _add_escape(self, found: str | Node) -> None:
        if isinstance(found, str):
            self._add_character(found)
        else:
            self._add(found, can_repeat=isinstance(found, Characters))

    def _add_character(self, character: str) -> None:
        code = ord(character)
        if self._flags.ignore_case:
            ranges = with_other_cases(((code, code),), self._dialect, self._flags.ascii_only)
            self._add(Literal(character) if ranges == ((code, code),) else Characters(ranges))
        else:  # a lone surrogate is in no UTF-8 text
            self._add(Characters(()) if 0xD800 <= code < 0xE000 else Literal(character))

    def _add_branches(self) -> bool:
        """Whole branches of plain characters at once, each with its bar: thousands of words cost no more than to
        split them. Whether there were any."""
        group = self._groups[-1]
        if group.parts or self._flags.ignore_case or self._flags.verbose:
            return False
        words = _BRANCHES.match(self._scanner.pattern, self._scanner.place - 1)
        if words is None:
            return False
        group.branches += map(Literal, words[0][:-1].split("|"))
        self._scanner.place = words.end()
        return True

    def _add_run(self, character: str) -> None:
        """Plain characters as one literal, but for the last, which may have a quantifier."""
        is_plain = not (self._flags.ignore_case or self._flags.verbose)
        run = _RUN.match(self._scanner.pattern, self._scanner.place - 1) if is_plain else None
        if run is not None:
            self._groups[-1].parts.append(Literal(run[0][:-1]))
            self._scanner.place = run.end()
            character = run[0][-1]
        self._add_character(character)

    def _open(self, start: int) -> None:
        is_at_start = len(self._groups) == 1 and not self._groups[0].branches and not self._groups[0].parts
        opening = self._openings.read(self._flags, is_at_start)
        if opening is None:
            return
        if opening.close is None:  # flags for all that follows
            self._flags = opening.flags
            return
        if len(self._groups) > MAX_DEPTH:
            given = f"a group inside of {MAX_DEPTH} others"
            raise self._scanner.refuse(start, given, f"nested at most {MAX_DEPTH} deep", "Take groups apart.")
        self._groups.append(_Group(start, opening.close, self._flags))
        self._flags = opening.flags

    def _close(self, start: int) -> None:
        if len(self._groups) == 1:
            raise self._scanner.refuse(start, "')'", "the end of a group here", "Write \\) for itself.")
        group = self._groups.pop()
        self._flags = group.flags_behind
        self._add(group.close(self._close_body(group)))

    @staticmethod
    def _close_body(group: _Group) -> Node:
        return alternation([*group.branches, sequence(group.parts)])

    def _quantify(self, start: int) -> None:
        self._scanner.place = start
        quantifier = read_quantifier(self._scanner, self._dialect)
        if quantifier is None:
            self._add_character(self._scanner.next())
            return
        group = self._groups[-1]
        if not group.can_repeat:
            raise self._scanner.refuse(
                start, "this quantifier", "behind something to repeat",
                f"Write \\{self._scanner.pattern[start]} for itself, or a group around what is repeated.",
            )  # fmt: skip
        group.parts[-1] = quantifier.around(group.parts[-1])
        group.can_repeat = False


def _effort_of(node: Node, can_repeat: bool) -> int:
    """Of one part, without what is inside of it."""
    match node:
        case Characters(ranges):
            return 1 + len(ranges) // _RANGES_A_UNIT
        case Look():
            return _EFFORT_OF_A_LOOK
    return 1 if can_repeat else 2 * _EFFORT_OF_A_LOOK  # a word border looks to both sides
