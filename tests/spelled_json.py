"""Random spellings of a JSON value: whitespace, escapes, the forms of a number, the order of keys.

It writes what JSON allows, near to the settings or wildly; whether a setting allows it is judged elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

_RUNS = ["", "", "", " ", " ", "\n", "\t", "  ", "\r\n"]
_STYLES: list[dict[str, Any]] = [{}, {"separators": (",", ":")}, {"indent": 2}, {"indent": 0}, {"ensure_ascii": False}]
_SHORT = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Freedom:
    """How freely to write. `spaces`: any whitespace between lexemes; `forms`: numbers by any form; `order`: any."""

    spaces: bool = True
    escapes: bool = True
    forms: bool = True
    order: bool = True


def spelled(value: Any, random: Random, freedom: Freedom | None = None) -> str:
    """One spelling, drawn."""
    writer = _Writer(random, freedom or Freedom(*(random.random() < 0.5 for _ in range(4))))
    return writer.value(value)


def printed(value: Any, random: Random) -> str:
    """As `json.dumps` prints it in one of its styles, floats for decimals."""
    return json.dumps(value, default=float, **random.choice(_STYLES))


def with_a_key_twice(value: Any, random: Random) -> str | None:
    """The value with a member of some object written a second time; None where there is no object with a member."""
    if isinstance(value, list) and value:
        place = random.randrange(len(value))
        inner = with_a_key_twice(value[place], random)
        items = [spelled(item, random, Freedom(False, False, False, False)) for item in value]
        return inner and f"[{','.join([*items[:place], inner, *items[place + 1 :]])}]"
    if not isinstance(value, dict) or not value:
        return None
    names = [*value, random.choice(list(value))]
    random.shuffle(names)
    return f"{{{','.join(f'{spelled(name, random)}:{spelled(value[name], random)}' for name in names)}}}"


@dataclass(frozen=True)
class _Writer:
    random: Random
    freedom: Freedom

    def value(self, value: Any) -> str:
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list):
            return f"[{','.join(self._spaced(item) for item in value) or self._run()}]"
        if isinstance(value, str):
            return f'"{"".join(map(self._character, value))}"'
        if isinstance(value, bool) or value is None:
            return json.dumps(value)
        return self._number(Decimal(value)) if self.freedom.forms else plain(Decimal(value))

    def _object(self, value: dict[str, Any]) -> str:
        names = list(value)
        if self.freedom.order:
            self.random.shuffle(names)
        members = [f"{self._spaced(name)}:{self._spaced(value[name])}" for name in names]
        return f"{{{','.join(members) or self._run()}}}"

    def _spaced(self, value: Any) -> str:
        return self._run() + self.value(value) + self._run()

    def _run(self) -> str:
        return self.random.choice(_RUNS) if self.freedom.spaces else ""

    def _character(self, character: str) -> str:
        units = character.encode("utf-16-be")
        escaped = "".join(f"\\u{int.from_bytes(units[i : i + 2]):04x}" for i in range(0, len(units), 2))
        usual = json.dumps(character, ensure_ascii=False)[1:-1]
        if not self.freedom.escapes:
            return usual if self.random.random() < 0.7 else json.dumps(character)[1:-1]
        forms = [usual, usual, escaped, escaped.upper().replace("U", "u"), _SHORT.get(character, usual)]
        return self.random.choice(forms)

    def _number(self, number: Decimal) -> str:
        random = self.random
        match random.randint(0, 3):
            case 0:
                text = plain(number)
                return text + ("0" if "." in text else ".0") + "0" * random.randint(0, 2)
            case 1:
                shift = random.randint(-2, 3)
                letter, plus = random.choice("eE"), random.choice(["+", ""]) if shift >= 0 else "-"
                padding = random.choice(["", "", "0"])
                return f"{plain(number.scaleb(-shift))}{letter}{plus}{padding}{abs(shift)}"
            case 2:
                return "-0" if number == 0 else plain(number)
        return plain(number)


def plain(number: Decimal) -> str:
    """Without an exponent: the value, no sign lost, no zero added."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
