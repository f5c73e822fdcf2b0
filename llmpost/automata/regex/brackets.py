"""What stands in square brackets: characters, ranges of them, classes, and all that negated.

Case is ignored before the negation, as in `re`. Moves the scanner behind the closing bracket; what an escape means is
`escapes.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.regex.casing import with_other_cases
from llmpost.automata.regex.dialect import Dialect, Flags
from llmpost.automata.regex.escapes import EscapeReader
from llmpost.automata.regex.ranges import RangeSet, inverse, union
from llmpost.automata.regex.scanner import Scanner


@dataclass(frozen=True, slots=True)
class BracketReader:
    """Reads a class whose opening bracket has been read."""

    scanner: Scanner
    dialect: Dialect
    escapes: EscapeReader

    def read(self, flags: Flags) -> RangeSet:
        scanner = self.scanner
        start = scanner.place - 1
        is_negative = scanner.take("^")
        spans: list[tuple[int, int]] = []
        classes: list[tuple[int, int]] = []
        if self.dialect is Dialect.PYTHON and scanner.take("]"):  # a first bracket is a character
            scanner.place -= 1
            self._read_range(flags, start, spans, classes)
        while not scanner.take("]"):
            self._read_range(flags, start, spans, classes)
        ranges = union(spans)
        if flags.ignore_case:
            ranges = with_other_cases(ranges, self.dialect, flags.ascii_only)
        ranges = union([*ranges, *classes])
        return inverse(ranges) if is_negative else ranges

    def _read_range(
        self, flags: Flags, start: int, spans: list[tuple[int, int]], classes: list[tuple[int, int]]
    ) -> None:
        scanner = self.scanner
        place = scanner.place
        low = self._read_member(flags, start)
        is_range = scanner.peek() == "-" and scanner.pattern[scanner.place + 1 : scanner.place + 2] not in ("]", "")
        if not is_range:
            self._add(low, spans, classes)
            return
        scanner.next()
        high = self._read_member(flags, start)
        if isinstance(low, str) and isinstance(high, str) and low <= high:
            spans.append((ord(low), ord(high)))
        elif self.dialect is Dialect.ECMA and not (isinstance(low, str) and isinstance(high, str)):
            for member in (low, "-", high):  # a class beside a hyphen: on the web the hyphen is a character
                self._add(member, spans, classes)
        else:
            given = f"the range {scanner.pattern[place : scanner.place]!r}"
            raise scanner.refuse(place, given, "one from a lower to a higher character", "Write \\- for a hyphen.")

    def _read_member(self, flags: Flags, start: int) -> str | RangeSet:
        scanner = self.scanner
        character = scanner.next()
        if not character:
            given = f"{scanner.pattern[start : start + 12]!r}"
            raise scanner.refuse(start, given, "a closed class", "Write the missing ], or \\[ for a bracket.")
        return self.escapes.in_brackets(flags) if character == "\\" else character

    @staticmethod
    def _add(member: str | RangeSet, spans: list[tuple[int, int]], classes: list[tuple[int, int]]) -> None:
        if isinstance(member, str):
            spans.append((ord(member), ord(member)))
        else:
            classes.extend(member)
