"""What a backslash begins: one character, a class, an anchor, or something that is refused.

The same letters mean other things in the two dialects, and inside of brackets; a back-reference is refused wherever
it stands, because what it matches is not regular. Moves the scanner, knows no groups.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from llmpost.automata.algebra import MAX_SCALAR
from llmpost.automata.regex import edges
from llmpost.automata.regex.casing import with_other_cases
from llmpost.automata.regex.dialect import Dialect, Flags
from llmpost.automata.regex.properties import property_ranges, shorthand_ranges
from llmpost.automata.regex.ranges import RangeSet, inverse
from llmpost.automata.regex.scanner import Scanner
from llmpost.automata.regex.syntax import Characters, Node

_CONTROLS = {"f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_HEX_DIGITS = frozenset(string.hexdigits)
_OCTAL_DIGITS = frozenset(string.octdigits)
_NUM_HEX_DIGITS = {
    Dialect.PYTHON: {"x": 2, "u": 4, "U": 8},
    Dialect.ECMA: {"x": 2, "u": 4},
}
_ANCHORS: dict[Dialect, dict[str, Callable[[Dialect, Flags, int], Node]]] = {
    Dialect.ECMA: {"b": edges.word_border, "B": edges.no_word_border},
    Dialect.PYTHON: {
        "b": edges.word_border,
        "B": edges.no_word_border,
        "A": lambda _dialect, _flags, place: edges.start_of_text(place),
        "Z": lambda _dialect, _flags, place: edges.end_of_text(place),
    },
}


@dataclass(frozen=True, slots=True)
class EscapeReader:
    """Reads what stands behind a backslash, which has been read."""

    scanner: Scanner
    dialect: Dialect

    def outside(self, flags: Flags) -> str | Node:
        """Outside of brackets: a character, or the node that the escape stands for."""
        start = self.scanner.place - 1
        anchor = _ANCHORS[self.dialect].get(self.scanner.peek())
        if anchor:
            self.scanner.next()
            return anchor(self.dialect, flags, start)
        self._refuse_reference(start)
        found = self._class(flags) or self._character(start)
        return found if isinstance(found, str) else Characters(found)

    def in_brackets(self, flags: Flags) -> str | RangeSet:
        """In brackets: a character, or the ranges of a class."""
        start = self.scanner.place - 1
        if self.scanner.take("b"):
            return "\b"
        return self._class(flags) or self._character(start)

    def _class(self, flags: Flags) -> RangeSet | None:
        letter = self.scanner.peek()
        if letter in ("d", "D", "s", "S", "w", "W"):
            self.scanner.next()
            return shorthand_ranges(letter, self.dialect, flags.ascii_only)
        if letter in ("p", "P"):
            return self._property(flags)
        return None

    def _property(self, flags: Flags) -> RangeSet:
        start = self.scanner.place - 1
        is_negative = self.scanner.next() == "P"
        if self.scanner.take("{"):
            name = self.scanner.take_until("}", "the name of a property", start)
        else:
            name = self.scanner.next() if self.dialect is Dialect.PYTHON else ""
        ranges = property_ranges(name)
        if ranges is None:
            hint = "Write for example \\p{L}, \\p{Lu}, \\p{Alphabetic} or \\p{Script=Greek}."
            raise self.scanner.refuse(start, f"{name!r}", "a Unicode property", hint)
        if flags.ignore_case:
            ranges = with_other_cases(ranges, self.dialect, ascii_only=False)
        return inverse(ranges) if is_negative else ranges

    def _refuse_reference(self, start: int) -> None:
        scanner = self.scanner
        digits = scanner.pattern[scanner.place : scanner.place + 3]
        is_octal = self.dialect is Dialect.PYTHON and len(digits) == 3 and _OCTAL_DIGITS.issuperset(digits)
        is_named = self.dialect is Dialect.ECMA and digits[:1] == "k"
        if is_named or (digits[:1] in tuple("123456789") and not is_octal):
            raise refused_reference(scanner, start)

    def _character(self, start: int) -> str:
        letter = self.scanner.next()
        if not letter:
            hint = "Write \\\\ for a backslash."
            raise self.scanner.refuse(start, "a backslash at the end", "followed by what it escapes", hint)
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter in _NUM_HEX_DIGITS[self.dialect]:
            return self._hexadecimal(letter, start)
        if letter in _OCTAL_DIGITS:
            return self._octal(letter, start)
        return self._of_python(letter, start) if self.dialect is Dialect.PYTHON else self._of_ecma(letter, start)

    def _of_python(self, letter: str, start: int) -> str:
        if letter == "a":
            return "\a"
        if letter == "N" and self.scanner.take("{"):
            name = self.scanner.take_until("}", "the name of a character", start)
            try:
                return unicodedata.lookup(name)
            except KeyError:
                raise self.scanner.refuse(
                    start, repr(name), "a character's name", "Write \\u and its number."
                ) from None
        if letter.isascii() and letter.isalnum():
            raise self._unknown(letter, start)
        return letter

    def _of_ecma(self, letter: str, start: int) -> str:
        following = self.scanner.peek()
        if letter == "c" and following.isascii() and following.isalpha():
            return chr(ord(self.scanner.next()) % 32)
        if letter.isascii() and letter.isalnum():
            raise self._unknown(letter, start)
        return letter

    def _unknown(self, letter: str, start: int) -> Exception:
        hint = {"Z": "Write $ for the end.", "A": "Write ^ for the start.", "z": "Write \\Z for the end."}
        return self.scanner.refuse(
            start, f"\\{letter}", f"an escape of this dialect ({self.dialect.value})",
            hint.get(letter, f"Write {letter} without the backslash, or \\\\ for a backslash."),
        )  # fmt: skip

    def _hexadecimal(self, letter: str, start: int) -> str:
        is_braced = letter == "u" and self.dialect is Dialect.ECMA and self.scanner.take("{")
        if is_braced:
            digits = self.scanner.take_until("}", "the number of a character", start)
            wanted = len(digits) or 1
        else:
            wanted = _NUM_HEX_DIGITS[self.dialect][letter]
            digits = self.scanner.take_while(_HEX_DIGITS.__contains__, wanted)
        if len(digits) != wanted or not _HEX_DIGITS.issuperset(digits) or int(digits, 16) > MAX_SCALAR:
            allowed = f"followed by the number of a character in {wanted} hexadecimal digits"
            raise self.scanner.refuse(start, f"\\{letter}{digits}", allowed, "Write for example \\u00e9.")
        code = int(digits, 16)
        is_unit = letter == "u" and self.dialect is Dialect.ECMA and not is_braced
        return chr(self._with_low_surrogate(code) if is_unit else code)

    def _with_low_surrogate(self, code: int) -> int:
        r"""``\ud83d\ude00`` is one character."""
        scanner = self.scanner
        following = scanner.pattern[scanner.place : scanner.place + 6]
        if 0xD800 <= code < 0xDC00 and following[:2] == "\\u" and _HEX_DIGITS.issuperset(following[2:]):
            low = int(following[2:] or "0", 16)
            if len(following) == 6 and 0xDC00 <= low < 0xE000:
                scanner.take(following)
                return 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00
        return code

    def _octal(self, letter: str, start: int) -> str:
        r"""``\0`` and, in Python, what is not a reference: up to three digits."""
        if self.dialect is Dialect.ECMA:
            if letter != "0" or self.scanner.peek() in tuple(string.digits):
                raise self._unknown(letter, start)
            return "\0"
        digits = letter + self.scanner.take_while(_OCTAL_DIGITS.__contains__, 2)
        if int(digits, 8) > 0o377:
            raise self.scanner.refuse(start, f"\\{digits}", "an octal number up to \\377", "Write \\u and its number.")
        return chr(int(digits, 8))


def refused_reference(scanner: Scanner, place: int) -> Exception:
    """The error for a back-reference or what depends on one."""
    hint = "What it matches is not regular; write out what may stand here."
    return scanner.refuse(place, "a back-reference", "something that can be enforced", hint)
