"""The envelope of a line: its number, the hash of the line before, and its own hash over all that follows in it.

    {"hash":"…64 hex…","prev":"…64 hex…","n":12,"record":{…}}

The hash is taken over the line's bytes from `"prev"` to the last brace, so that a reader needs no canonical form: it
hashes what stands there. This module knows neither files nor what a record is.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal, NamedTuple, TypeAlias, get_args

Kind: TypeAlias = Literal["header", "record", "end"]
_KINDS: dict[bytes, Kind] = {f'"{kind}":'.encode(): kind for kind in get_args(Kind)}
_HASH = b'{"hash":"'
_REST = b'",'
_PREV = b'"prev":"'
_NUMBER = b'","n":'
_HEX = 64
_BEHIND_HASH = len(_HASH) + _HEX + len(_REST)
_BEHIND_PREV = _BEHIND_HASH + len(_PREV) + _HEX
_MOST_DIGITS = 18
_DIGITS = frozenset(b"0123456789abcdef")

MOST_BYTES = 64 << 20
"""Of a line. Whoever writes refuses more, and whoever reads reports it unread."""


class Link(NamedTuple):
    """A line as the next one knows it."""

    number: int
    hash: str


BEGINNING = Link(0, "0" * _HEX)
"""What the first line of a writer follows."""


class Envelope(NamedTuple):
    """A line taken apart; whether its hash is right is another question (:meth:`hash_under`)."""

    kind: Kind
    number: int
    hash: str
    prev: str
    body: bytes
    hashed: bytes

    @property
    def link(self) -> Link:
        return Link(self.number, self.hash)

    def is_whole(self, chain_key: bytes) -> bool:
        """Whether the hash is that of what stands in the line."""
        return self.hash == _hash(chain_key, self.hashed)


def wrapped(kind: Kind, body: bytes, before: Link, chain_key: bytes) -> tuple[bytes, Link]:
    """The line, with its end, and how the next one knows it."""
    number = before.number + 1
    hashed = b'"prev":"%b","n":%d,"%b":%b}' % (before.hash.encode(), number, kind.encode(), body)
    own = _hash(chain_key, hashed)
    return b'%b%b",%b\n' % (_HASH, own.encode(), hashed), Link(number, own)


def unwrapped(line: bytes) -> Envelope | None:
    """Of a line without its end; None where it has another form."""
    if not (line.startswith(_HASH) and line.startswith(_PREV, _BEHIND_HASH) and line.endswith(b"}")):
        return None
    if not (line.startswith(_REST, _BEHIND_HASH - len(_REST)) and line.startswith(_NUMBER, _BEHIND_PREV)):
        return None
    own = line[len(_HASH) : len(_HASH) + _HEX]
    prev = line[_BEHIND_PREV - _HEX : _BEHIND_PREV]
    start = _BEHIND_PREV + len(_NUMBER)
    comma = line.find(b",", start, start + _MOST_DIGITS + 1)
    digits = line[start:comma] if comma > 0 else b""
    colon = line.find(b":", comma, comma + 12) + 1
    kind = _KINDS.get(line[comma + 1 : colon])
    if kind is None or not digits.isdigit() or not _DIGITS.issuperset(own + prev):
        return None
    return Envelope(kind, int(digits), own.decode(), prev.decode(), line[colon:-1], line[_BEHIND_HASH:])


def is_begun(line: bytes) -> bool:
    """Whether it could be a line that was cut."""
    return _HASH.startswith(line[: len(_HASH)])


def _hash(chain_key: bytes, hashed: bytes) -> str:
    if chain_key:
        return hmac.digest(chain_key, hashed, "sha256").hex()
    return hashlib.sha256(hashed).hexdigest()
