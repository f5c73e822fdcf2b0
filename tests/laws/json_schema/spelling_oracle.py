"""How a value is written: a slow reader of JSON texts that says whether the settings allow each sign.

The bounds of what is bounded (runs of whitespace, digits) are a compiler's choice, so a verdict has three values:
`inside` must be accepted where the value is valid, `outside` never, `open` may be. Knows no schema but for the order
of keys, which `key_orders` judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeAlias

Verdict: TypeAlias = Literal["inside", "open", "outside"]
Path: TypeAlias = tuple[str | int, ...]

SURE_RUN = 2
SURE_DIGITS = 12
SURE_EXPONENT = 20
"""What every compiler is held to, besides what `json.dumps` prints: no bound is as narrow as this."""

_LEXEME = re.compile(
    r"""(?P<space>[ \t\n\r]*)(?:(?P<mark>[{}\[\],:])"""
    r"""|(?P<string>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*")"""
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(?P<literal>true|false|null)|(?P<end>\Z))"
)
_SIGN = re.compile(r"\\u(?P<unit>[0-9A-Fa-f]{4})|\\(?P<short>.)|(?P<raw>.)", re.DOTALL)
_SHORT = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Writing:
    """The settings, under the names of `compile_constraint`."""

    whitespace: str | dict[str, int] = "flexible"
    key_order: Literal["schema", "any"] = "schema"
    escapes: Literal["minimal", "any"] = "minimal"

    def __hash__(self) -> int:
        return hash((str(self.whitespace), self.key_order, self.escapes))


@dataclass
class Reading:
    """A text that is JSON: its value, and all that its spelling shows."""

    value: Any = None
    spaces: list[str] = field(default_factory=list)
    """Before each lexeme, and at the end."""
    lexemes: list[str] = field(default_factory=list)
    keys: list[tuple[Path, list[str]]] = field(default_factory=list)
    """The keys of each object, as they come."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return "outside" if "outside" in found else "open" if "open" in found else "inside"


def read(text: str) -> Reading | None:
    """None where it is no JSON text (RFC 8259; a lone surrogate is none here)."""
    reading = Reading()
    place = 0
    while True:
        lexeme = _LEXEME.match(text, place)
        if lexeme is None:
            return None
        reading.spaces.append(lexeme["space"])
        if lexeme["end"] is not None:
            break
        reading.lexemes.append(lexeme[0][len(lexeme["space"]) :])
        place = lexeme.end()
    try:
        reading.value, rest = _value(reading, 0, ())
    except (ValueError, IndexError):
        return None
    return reading if rest == len(reading.lexemes) else None


def verdict(reading: Reading, writing: Writing) -> Verdict:
    """Of everything but the order of keys."""
    repeated: list[Verdict] = ["outside" for _, keys in reading.keys if len(set(keys)) < len(keys)]
    strings = (one for one in reading.lexemes if one[0] == '"')
    numbers = (one for one in reading.lexemes if one[0] in "-0123456789")
    return worst(
        [
            _spaces(reading, writing.whitespace),
            *repeated,
            *map(_number, numbers),
            *(_string(one, writing.escapes) for one in strings),
        ]
    )


def laid_out(lexemes: Sequence[str], indent: int | None) -> str:
    """As `json.dumps` would print it: without any space (None), or indented."""
    if indent is None:
        return "".join(lexemes)
    text, depth = "", 0
    for before, here in zip(["", *lexemes], lexemes, strict=False):
        is_closing = here in ("}", "]")
        depth -= is_closing
        if (before in ("{", "[", ",") or is_closing) and not (is_closing and before in ("{", "[")):
            text += "\n" + " " * indent * depth
        text += " " + here if before == ":" else here
        depth += here in ("{", "[")
    return text


# Reading.


def _value(reading: Reading, place: int, path: Path) -> tuple[Any, int]:
    here = reading.lexemes[place]
    if here == "{":
        return _object(reading, place + 1, path)
    if here == "[":
        return _array(reading, place + 1, path)
    return _scalar(here), place + 1


def _object(reading: Reading, place: int, path: Path) -> tuple[Any, int]:
    members: dict[str, Any] = {}
    keys: list[str] = []
    reading.keys.append((path, keys))
    if reading.lexemes[place] == "}":
        return members, place + 1
    while True:
        if reading.lexemes[place][0] != '"' or reading.lexemes[place + 1] != ":":
            raise ValueError("no key")
        key = _scalar(reading.lexemes[place])
        keys.append(key)
        members[key], place = _value(reading, place + 2, (*path, key))
        place += 1
        if reading.lexemes[place - 1] == "}":
            return members, place
        if reading.lexemes[place - 1] != ",":
            raise ValueError("no comma")


def _array(reading: Reading, place: int, path: Path) -> tuple[Any, int]:
    items: list[Any] = []
    if reading.lexemes[place] == "]":
        return items, place + 1
    while True:
        item, place = _value(reading, place, (*path, len(items)))
        items.append(item)
        place += 1
        if reading.lexemes[place - 1] == "]":
            return items, place
        if reading.lexemes[place - 1] != ",":
            raise ValueError("no comma")


def _scalar(lexeme: str) -> Any:
    if lexeme[0] == '"':
        return "".join(character for character, _ in _characters(lexeme))
    if lexeme in _LITERALS:
        return _LITERALS[lexeme]
    if lexeme[0] not in "-0123456789":
        raise ValueError(lexeme)
    return int(lexeme) if lexeme.lstrip("-").isdigit() else Decimal(lexeme)


def _characters(lexeme: str) -> list[tuple[str, str]]:
    """Each character with the way it is written. ValueError for a lone surrogate."""
    found: list[tuple[str, str]] = []
    for sign in _SIGN.finditer(lexeme, 1, len(lexeme) - 1):
        character = sign["raw"] or (chr(int(sign["unit"], 16)) if sign["unit"] else _SHORT[sign["short"]])
        if found and "\ud800" <= found[-1][0] <= "\udbff" and "\udc00" <= character <= "\udfff" and sign["unit"]:
            pair = (found[-1][0] + character).encode("utf-16", "surrogatepass").decode("utf-16")
            found[-1] = (pair, found[-1][1] + sign[0])
        else:
            found.append((character, sign[0]))
    if any("\ud800" <= character <= "\udfff" for character, _ in found):
        raise ValueError("a lone surrogate")
    return found


# Judging.


def _spaces(reading: Reading, whitespace: str | dict[str, int]) -> Verdict:
    first, *inner, last = reading.spaces
    if whitespace != "flexible":
        indent = None if isinstance(whitespace, str) else whitespace["indent"]
        text = "".join(space + lexeme for space, lexeme in zip(reading.spaces, [*reading.lexemes, ""], strict=True))
        return "inside" if text == laid_out(reading.lexemes, indent) else "outside"
    if first or last:
        return "open"  # nothing says that the text itself may stand in whitespace
    return worst("inside" if _is_sure_run(space) else "open" for space in inner)


def _is_sure_run(space: str) -> bool:
    return len(space) <= SURE_RUN or re.fullmatch(r"\n(?: {0,16}|\t{0,4})", space) is not None


def _number(lexeme: str) -> Verdict:
    mantissa, _, exponent = lexeme.lower().partition("e")
    is_printed = lexeme in (repr(float(lexeme)), str(int(Decimal(lexeme))) if len(lexeme) < 20 else None)
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    is_short = len(whole) <= SURE_DIGITS and len(fraction) <= SURE_DIGITS and abs(int(exponent or 0)) <= SURE_EXPONENT
    return "inside" if is_printed or (is_short and len(exponent.lstrip("+-")) <= 2) else "open"


def _string(lexeme: str, escapes: str) -> Verdict:
    if escapes == "any":
        return "inside"
    return worst("inside" if sign in _minimal(character) else "outside" for character, sign in _characters(lexeme))


def _minimal(character: str) -> tuple[str, ...]:
    """What `json.dumps` prints for it, in both forms."""
    for letter, short in _SHORT.items():
        if short == character and letter != "/":
            return ("\\" + letter,)
    units = character.encode("utf-16-be")
    escaped = "".join(f"\\u{int.from_bytes(units[i : i + 2]):04x}" for i in range(0, len(units), 2))
    if character < " ":
        return (escaped,)
    return (character,) if character < "\x7f" else (character, escaped)
