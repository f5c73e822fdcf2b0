"""Scalars as they are read from a JSON text: decoded strings, numbers that keep their digits, the three names.

A number with a point or an exponent is a float to whoever wants one, as ``json.loads`` makes it, and exact to whoever
compares. It knows no text around a scalar; the cursor cuts scalars out and asks here.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

JsonValue: TypeAlias = Any
"""What ``json.loads`` makes. Values are shared by all who were handed them: nobody changes one."""

NAMES: Mapping[bytes, JsonValue] = {b"true": True, b"false": False, b"null": None}

_IS_INTEGER = re.compile(rb"-?\d{1,4000}").fullmatch  # more digits than `int` reads are left to Decimal
_WHOLE_CHARACTERS = re.compile(
    rb"(?:[^\\]+|\\[^u]|\\u(?![dD][89abAB])[0-9a-fA-F]{4}|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[0-9a-fA-F]{4})*"
).match


class Real(float):
    """A float that has not forgotten the digits it was written with.

    >>> Real("0.10") == 0.1, Real("0.10").exact == Decimal("0.1")
    (True, True)
    """

    __slots__ = ("text",)

    def __new__(cls, text: str) -> Real:
        real = super().__new__(cls, text)
        real.text = text
        return real

    text: str

    @property
    def exact(self) -> Decimal:
        """The number that was meant; the float is only next to it."""
        return Decimal(self.text)

    def __reduce__(self) -> tuple[type[Real], tuple[str]]:
        return type(self), (self.text,)


def scalar(raw: bytes) -> JsonValue:
    """A whole number, `true`, `false` or `null`."""
    if raw in NAMES:
        return NAMES[raw]
    return int(raw) if _IS_INTEGER(raw) else Real(raw.decode())


def text(raw: bytes) -> str:
    """What a string says; `raw` stands between its quotes."""
    if b"\\" not in raw:
        return raw.decode()
    decoded: str = json.loads(b'"%b"' % raw)
    return decoded


def text_so_far(raw: bytes) -> str:
    """What a string says that is still being written: whole characters, none of which can still change."""
    if b"\\" in raw:
        whole = _WHOLE_CHARACTERS(raw)
        raw = raw[: whole.end()] if whole else b""
    decoded, num_bytes = codecs.utf_8_decode(raw, "strict", False)
    return text(raw[:num_bytes]) if b"\\" in raw else decoded
