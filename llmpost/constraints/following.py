"""What may follow a term, byte by byte: for error messages, and for text that must follow.

It knows bytes and terms only. States and the compiler ask it; no mask is made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, repeat

from llmpost.automata.algebra import EMPTY, Algebra, Term

MAX_FORCED = 1024  # bytes found at one go; what is left follows after they have been taken
MAX_NAMED = 8  # ranges in an error message


def live_bytes(algebra: Algebra, term: Term) -> Iterator[int]:
    """The bytes after which something can still be completed, ascending."""
    followers = list(map(algebra.derive, repeat(term), range(256)))
    return (octet for octet, follower in enumerate(followers) if follower != EMPTY and algebra.is_live(follower))


def forced_bytes(algebra: Algebra, term: Term) -> bytes:
    """The bytes that every completion begins with, while the text cannot end before them."""
    forced = bytearray()
    while len(forced) < MAX_FORCED and not algebra.can_end(term):
        first_two = list(islice(live_bytes(algebra, term), 2))
        if len(first_two) != 1:
            break
        forced += bytes(first_two)
        term = algebra.derive(term, first_two[0])
    return bytes(forced)


def in_words(octets: Iterable[int]) -> str:
    """Bytes as a reader knows them, runs as ranges.

    >>> in_words([45, 48, 49, 50, 51, 195])
    "'-', '0'…'3', 0xC3"
    """
    runs: list[list[int]] = []
    for octet in octets:
        if runs and octet == runs[-1][-1] + 1 and _is_plain(octet) == _is_plain(runs[-1][-1]):
            runs[-1].append(octet)
        else:
            runs.append([octet])
    named = [_name(run[0]) if len(run) == 1 else f"{_name(run[0])}…{_name(run[-1])}" for run in runs]
    return ", ".join(named[:MAX_NAMED]) + (", …" if len(named) > MAX_NAMED else "")


def _is_plain(octet: int) -> bool:
    return 0x20 <= octet < 0x7F


def _name(octet: int) -> str:
    return repr(chr(octet)) if _is_plain(octet) else f"0x{octet:02X}"
