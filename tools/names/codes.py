"""Codes: numbers and signs that are no address and no date, though they look like parts of one."""

from __future__ import annotations

import re

from .draw import Draw

_FORMS = (
    "+dd d dd dd dd dd", "+d ddd ddd dddd", "+dddddddddddd", "(ddd) ddd-dddd", "ddd-ddd-dddd", "0ddd ddddddd",
    "+dd dd dddd dddd", "dddd dddd dddd dddd", "dddd-dddd-dddd-dddd", "dddddddddddddddd", "dddd dddddd ddddd",
    "ddd-dd-dddd", "AAdd dddd dddd dddd dddd dd", "AAddAAAAdddddddddddddd", "AAdd AAAA dddd dddd dddd",
    "AAdddddddddddddddddddd", "d.d.d", "d.dd.d", "ddd.dd.ddd.dd", "d,ddd.dd", "dd.dd EUR", "$d,ddd", "d%", "dd:dd",
    "dd:dd:dd", "ddddddddd", "ddddddd", "dddddd", "AA-dddd", "AAA-dddd-dd", "#dddd", "Add-ddd",
    "ISBN ddd-d-dd-dddddd-d", "xxxxxxx", "xxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "xxxxxxxx-xxxx-dxxx-axxx-xxxxxxxxxxxx", "xxxx:xxxx:xxxx:xxxx:xxxx:xxxx", "zzzzzzzzzzzzzzzzzzzz",
    "AA_zzzzzzzzzzzzzzzzzzzzzzzz", "zz-zzzzzzzzzz.zzzzzzzzzzzz", "1zzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    "0xxxxxxxxxxxxxxxx", "d x d", "d/d", "d-d", "dd m", "dd kg", "vd.d",
)  # fmt: skip
_LETTERS = {
    "d": "0123456789", "x": "0123456789abcdef", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "z": "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789",
}  # fmt: skip


def code(draw: Draw) -> str:
    return re.sub("[dxAz]", lambda place: draw.pick(_LETTERS[place[0]]), draw.pick(_FORMS))
