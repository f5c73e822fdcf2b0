r"""Decoded: a text in which escapes are read as what they stand for, and forms of a character as that character.

``\u0040`` with its surrogate pairs, ``\x40``, ``%40``, ``&#64;``, ``&#x40;``, ``&commat;`` are all ``@``; what
`characters` reads otherwise is read so whether it was escaped or not. One layer: what comes out is not decoded again.
"""

from __future__ import annotations

import re
from typing import Final

from llmpost.guards.views.characters import as_read
from llmpost.guards.views.rewriting import Reading, Rewrite, Rewriting, one_by_one

_NAMED: Final = {
    "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " ", "ensp": " ", "emsp": " ", "thinsp": " ",
    "shy": "", "zwj": "", "zwnj": "", "lrm": "", "rlm": "", "commat": "@", "period": ".", "comma": ",", "colon": ":",
    "lowbar": "_", "hyphen": "-", "dash": "-", "ndash": "-", "minus": "-", "plus": "+", "num": "#", "sol": "/",
    "lpar": "(", "rpar": ")", "Tab": " ", "NewLine": "\n",
}  # fmt: skip
_SHORT: Final = {"n": "\n", "r": "\n", "t": " ", "f": " ", "v": " ", "b": " ", '"': '"', "'": "'", "/": "/"}

_LONGEST: Final = 12
"""Characters of the longest escape: two of ``\\ud83d``, or four bytes with their signs."""

_ESCAPE: Final = re.compile(
    r"""
      \\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})
    | \\x(?P<x>[0-9a-fA-F]{2}) | [\\%]u(?P<u>[0-9a-fA-F]{4}) | \\U000(?P<U>[0-9a-fA-F]{5})
    | \\u\{(?P<braced>[0-9a-fA-F]{1,6})\}
    | \\(?P<short>[nrtfvb"'/])
    | (?P<bytes>%[0-7][0-9a-fA-F]|%[c-dC-D][0-9a-fA-F](?:%[89abAB][0-9a-fA-F])
        |%[eE][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){2}|%[fF][0-7](?:%[89abAB][0-9a-fA-F]){3})
    | &\#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6});?
    | &\#(?P<decimal>[0-9]{1,7});?
    | &(?P<named>[a-zA-Z]{2,7});
    """,
    re.VERBOSE,
)

_SIGNS: Final = "\\%&"
_SPECIAL: Final = re.compile(
    r"""\\(?=[uUxnrtfvb"'/]|\Z)|%(?=[0-9a-fA-Fu]|\Z)|&(?=[#A-Za-z]|\Z)"""
    r"|[^\x00-\x7f\u00c0-\u017e\u0180-\u02af\u0370-\u0373\u0376-\u0379\u037b-\u037d\u037f-\u0482\u048a-\u0559"
    r"\u0561-\u0587\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3\u0904-\u0939\u0e01-\u0e30\u1e00-\u1eff\u2018-\u201f"
    r"\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\ud800-\udfff]+"
)
"""Signs that an escape may begin with, and all of Unicode but blocks of letters that are read as they are."""


def _read(text: str, begin: int, is_end: bool) -> Reading:
    rewrites: list[Rewrite] = []
    at, last = begin, len(text) if is_end else len(text) - _LONGEST
    while special := _SPECIAL.search(text, at):
        at = special.start()
        if text[at] in _SIGNS and at > last:
            return Reading(rewrites, at)
        if text[at] not in _SIGNS:
            rewrites += one_by_one(text, at, special.end(), as_read)
            at = special.end()
        elif (escape := _ESCAPE.match(text, at)) and (meant := _meant(escape)) is not None:
            rewrites.append(Rewrite(at, escape.end(), "".join(map(as_read, meant))))
            at = escape.end()
        else:
            at += 1
    return Reading(rewrites, len(text))


def _meant(escape: re.Match[str]) -> str | None:
    """What an escape stands for; None where it is none after all."""
    kind, value = escape.lastgroup, escape[escape.lastgroup or 0]
    if kind == "named":
        return _NAMED.get(value)
    if kind == "short":
        return _SHORT[value]
    if kind == "bytes":
        return _decoded_bytes(value)
    if kind == "low":
        return _character((int(escape["high"], 16) - 0xD800 << 10) + int(value, 16) - 0xDC00 + 0x10000)
    return _character(int(value, 10 if kind == "decimal" else 16))


def _decoded_bytes(signed: str) -> str | None:
    try:
        return bytes.fromhex(signed.replace("%", "")).decode()
    except UnicodeDecodeError:  # longer than it need be, or a surrogate
        return None


def _character(code: int) -> str | None:
    return chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else None


DECODED: Final = Rewriting("decoded", reach=_LONGEST - 1, context=0, longest=_LONGEST, reader=_read)
