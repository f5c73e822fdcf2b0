"""Few: the strings of a language, where they are few; for keys and enumerations that were given as patterns.

It reads one spelling of each character, all beginnings of one length at a time: every beginning that is left leads to
a string of its own, so as soon as there are too many the answer is known. It relies on a language having all spellings
of each of its strings or none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from llmpost.automata.algebra import EMPTY, Algebra, BudgetExceeded, Term
from llmpost.constraints.json_schema.strings.escapes import SHORT

_ASCII = [octet for octet in range(0x20, 0x80) if octet not in SHORT]
_LEADS = ((1, range(0xC2, 0xE0)), (2, range(0xE0, 0xF0)), (3, range(0xF0, 0xF5)))
"""Of a character above ASCII, by how many bytes follow."""
_CONTINUATIONS = range(0x80, 0xC0)
_ESCAPES = [
    *(f"\\u{code:04x}".encode() for code in range(0x20) if code not in SHORT),
    *(bytes((ord("\\"), letter)) for letter in SHORT.values()),
]
"""The one spelling that is read of characters that cannot stand for themselves."""
_MOST_BEGINNINGS = 4_000
"""A beginning costs about 20 µs."""


class _Beginning(NamedTuple):
    """Bytes read, what may follow, and how many bytes the last character still needs."""

    text: bytes
    term: Term
    num_missing: int


def decoded(body: bytes) -> str:
    """The string of a spelled body."""
    text: str = json.loads(b'"' + body + b'"')
    return text


class Few:
    """Finds the strings of small languages of one algebra."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra

    def strings(self, term: Term, limit: int) -> list[str] | None:
        """All strings of the language, sorted; None where they are more, or it would take too long to find out."""
        try:
            return self._strings(term, limit)
        except BudgetExceeded:
            return None

    def _strings(self, term: Term, limit: int) -> list[str] | None:
        found: list[bytes] = []
        beginnings = [_Beginning(b"", term, 0)] if self._algebra.is_live(term) else []
        num_beginnings = 0
        while beginnings:
            found += [one.text for one in beginnings if self._algebra.can_end(one.term)]
            beginnings = [longer for one in beginnings for longer in self._longer(one)]
            num_beginnings += len(beginnings)
            if max(len(found), len(beginnings)) > limit or num_beginnings > _MOST_BEGINNINGS:
                return None
        return sorted(map(decoded, found)) if len(found) <= limit else None

    def _longer(self, one: _Beginning) -> Iterator[_Beginning]:
        if one.num_missing:
            yield from self._by_octets(one, _CONTINUATIONS, one.num_missing - 1)
            return
        yield from self._by_octets(one, _ASCII, 0)
        for num_missing, leads in _LEADS:
            yield from self._by_octets(one, leads, num_missing)
        if self._algebra.derive(one.term, ord("\\")) != EMPTY:
            for escape in _ESCAPES:
                if self._algebra.is_live(term := self._algebra.after(one.term, escape)):
                    yield _Beginning(one.text + escape, term, 0)

    def _by_octets(self, one: _Beginning, octets: Iterable[int], num_missing: int) -> Iterator[_Beginning]:
        derive, is_live = self._algebra.derive, self._algebra.is_live
        for octet in octets:
            if (term := derive(one.term, octet)) != EMPTY and is_live(term):
                yield _Beginning(one.text + bytes((octet,)), term, num_missing)
