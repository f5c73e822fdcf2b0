"""The envelope of a line: its number, the hash of the line before, and its own hash over all that follows in it.

    {"hash":"…64 hex…","prev":"…64 hex…","n":12,"record":{…}}

The hash is taken over the line's bytes from `"prev"` to the last brace, so that a reader needs no canonical form: it
hashes what stands there. This module knows neither files nor what a record is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Literal, NamedTuple, TypeAlias, get_args

Kind: TypeAlias = Literal["header", "record", "end"]
_KINDS: dict[bytes, Kind] = {kind.encode(): kind for kind in get_args(Kind)}
_HASH = b'{"hash":"'
_HEX = 64
_BEHIND_HASH = len(_HASH) + _HEX + len(b'",')
_HEAD = re.compile(rb'\{"hash":"([0-9a-f]{64})","prev":"([0-9a-f]{64})","n":([0-9]{1,18}),"(%b)":' % b"|".join(_KINDS))

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
    head = _HEAD.match(line)
    if head is None or not line.endswith(b"}"):
        return None
    own, prev, number, kind = head.groups()
    return Envelope(_KINDS[kind], int(number), own.decode(), prev.decode(), line[head.end() : -1], line[_BEHIND_HASH:])


def is_begun(line: bytes) -> bool:
    """Whether it could be a line that was cut."""
    return _HASH.startswith(line[: len(_HASH)])


def _hash(chain_key: bytes, hashed: bytes) -> str:
    if chain_key:
        return hmac.digest(chain_key, hashed, "sha256").hex()
    return hashlib.sha256(hashed).hexdigest()
