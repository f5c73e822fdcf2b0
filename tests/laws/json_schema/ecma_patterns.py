r"""ECMA 262 patterns in Python's dialect, sign by sign: how an oracle that only has `re` can judge a schema's pattern.

It rewrites what the two read differently (`$`, `.`, `\d`, `\w`, `\s`, `\b`, `\/`, `\uXXXX`, `\cX`) and leaves the rest
to `re`. It knows no schema; what it cannot say in Python's dialect it refuses with a ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LAST = 0x10FFFF
_SPACES = [(0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029)]
_SPACES += [(0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]
_CLASSES = {
    "d": [(0x30, 0x39)],
    "w": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
    "s": _SPACES,
}
"""ECMA's classes know no Unicode but in the spaces."""

_CONTROLS = {"f": r"\x0c", "n": r"\x0a", "r": r"\x0d", "t": r"\x09", "v": r"\x0b", "0": r"\x00"}

_PIECE = re.compile(
    r"\\u\{(?P<point>[0-9A-Fa-f]+)\}|\\u(?P<unit>[0-9A-Fa-f]{4})|\\x(?P<octet>[0-9A-Fa-f]{2})|\\c(?P<control>[A-Za-z])"
    r"|\\(?P<class>[dwsDWS])|\\(?P<border>[bB])|\\(?P<simple>[fnrtv0])|\\(?P<named>[pPkK1-9])|\\(?P<sign>.)"
    r"|\(\?<(?P<group>[A-Za-z_]\w*)>|(?P<other>.)",
    re.DOTALL,
)


def as_python(pattern: str) -> str:
    r"""The pattern for `re.search`, meaning what it means in ECMA 262 with the flag u.

    >>> as_python(r"^\d+$")
    '^[0-9]+\\Z'
    >>> as_python(r"[\w-]\.")
    '[0-9A-Z_a-z-]\\.'
    """
    return "".join(_translated(pattern))


def _translated(pattern: str) -> Iterator[str]:
    is_in_class = False
    for piece in _PIECE.finditer(pattern):
        kind = str(piece.lastgroup)
        given = piece[kind]
        if kind in ("point", "unit", "octet"):
            yield re.escape(chr(int(given, 16)))
        elif kind == "control":
            yield re.escape(chr(ord(given) % 32))
        elif kind == "class":
            yield _members(given) if is_in_class else f"[{_members(given)}]"
        elif kind == "border":
            yield r"\x08" if is_in_class else rf"(?a:\{given})"
        elif kind == "simple":
            yield _CONTROLS[given]
        elif kind == "named":
            raise ValueError(f"\\{given} in {pattern!r}")
        elif kind == "sign":
            yield re.escape(given)
        elif kind == "group":
            yield f"(?P<{given}>"
        elif is_in_class:
            is_in_class = given != "]"
            yield given if given in "^-]" else re.escape(given)
        else:
            is_in_class = given == "["
            yield {"$": r"\Z", ".": "[^\n\r\u2028\u2029]"}.get(given, given)


def _members(name: str) -> str:
    ranges = _CLASSES[name.lower()]
    if name.isupper():
        borders = [-1, *(edge for low, high in ranges for edge in (low, high)), _LAST + 1]
        ranges = [(low + 1, high - 1) for low, high in zip(borders[::2], borders[1::2], strict=True) if high - low > 1]
    return "".join(_range(low, high) for low, high in ranges)


def _range(low: int, high: int) -> str:
    ends = [re.escape(chr(low)), re.escape(chr(high))]
    return ends[0] if low == high else "-".join(ends)
