"""Crossing: the tokens that go on behind a comma, so that a border may lie inside of them.

They are few, and found once for a vocabulary. Of one term, found once too, it tells which of them have a border inside,
and where; whether what they write behind it is a repeat, the state finds out. It knows tokens and terms, no texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Self

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.json_schema.memory import COMMA, QUOTE, Memory
from llmpost.constraints.tokens import Tokens
from llmpost.contracts.tokens import TokenId

WIDE = 128
"""Bytes that may follow: more than what is in a container can forbid, unless there is very much of it."""
MAX_IN_WIDE = 64
"""Keys or items of a container, up to which what is wide cannot be forbidden: each forbids one byte, besides the
backslash and what numbers, names, brackets and spaces are made of."""
_MAX_KNOWN = 1 << 14  # terms

_MAY_STAND_BEFORE = re.compile(
    rb"""(?: .? (?:[^"\\]|\\.)* " )?                                    # the rest of a string, or of an escape in it
         (?: [ \t\n\r0-9+\-.eEtrufalsn\[\]{}:,]++ | "(?:[^"\\]|\\.)*+" )*+""",
    re.VERBOSE | re.DOTALL,
).fullmatch
"""What a token can write before a comma that is in no string."""
_IS_UNFINISHED = re.compile(rb""",[ \t\n\r]*(?:"(?:[^"\\]|\\.)*+\\?|[-+.0-9a-zA-Z]*)""", re.DOTALL).fullmatch
"""Whether what a token writes from a comma on brings no whole key and no whole item."""
_WHOLE_KEY = re.compile(rb""",[ \t\n\r]*"(?:[^"\\]|\\.)*"[ \t\n\r]*:""", re.DOTALL).search


@dataclass(frozen=True, slots=True)
class Rest:
    """What tokens write from a comma on."""

    octets: bytes
    tokens: tuple[TokenId, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A border inside of tokens: what they write before the comma, and the term there."""

    before: bytes
    term: Term
    narrow: tuple[Rest, ...]
    """Behind these a few repeats may be all there is."""
    wide: tuple[Rest, ...]
    """Behind these there is more than :data:`MAX_IN_WIDE` repeats."""


@dataclass(slots=True)
class _Node:
    children: dict[int, _Node] = field(default_factory=dict)
    rests: dict[bytes, list[TokenId]] = field(default_factory=dict)


class CommaTokens:
    """The tokens of a vocabulary with a comma that is not their first byte, as a tree of what is before the comma."""

    def __init__(self, tokens: Tokens) -> None:
        self.root = _Node()
        with_commas = [(token, text) for token, text in enumerate(tokens.texts) if b"," in text]
        self.has_whole_key = any(_WHOLE_KEY(text) for _, text in with_commas)
        """Whether one token can bring a second key, from its comma to its colon."""
        for token, text in with_commas:
            self._add(token, text)

    @classmethod
    def of(cls, tokens: Tokens) -> CommaTokens:
        """Those of this vocabulary, found once."""
        known = tokens.vocabulary.companions.get(cls)
        if not isinstance(known, cls):
            known = tokens.vocabulary.companions[cls] = cls(tokens)
        return known

    def _add(self, token: TokenId, text: bytes) -> None:
        place = text.find(b",", 1)
        while place > 0:
            before = text[:place]
            if _MAY_STAND_BEFORE(before):
                node = self.root
                for octet in before:
                    node = node.children.setdefault(octet, _Node())
                node.rests.setdefault(text[place:], []).append(token)
            place = text.find(b",", place + 1)


class Crossings:
    """The crossings of the terms of one memory: every first border that tokens of the vocabulary have inside."""

    def __init__(self, memory: Memory, tokens: CommaTokens) -> None:
        self.doubtful: dict[Term, tuple[Crossing, ...]] = {}
        """Of the terms that were asked about, the crossings with narrow rests."""
        self._known: dict[Term, tuple[Crossing, ...]] = {}
        self._memory = memory
        self._root = tokens.root
        self._widths: dict[Term, bool] = {}

    def found_by(self, memory: Memory) -> Self:
        """The same, of which more is found through this memory."""
        crossings = copy(self)
        crossings._memory = memory
        return crossings

    def doubtful_at(self, term: Term) -> tuple[Crossing, ...]:
        """Those that matter where containers have not more than :data:`MAX_IN_WIDE` fields."""
        known = self.doubtful.get(term)
        if known is None:
            known = self.doubtful[term] = tuple(crossing for crossing in self.at(term) if crossing.narrow)
        return known

    def at(self, term: Term) -> tuple[Crossing, ...]:
        """All of them."""
        known = self._known.get(term)
        if known is None:
            if len(self._known) > _MAX_KNOWN:
                for table in (self.doubtful, self._known, self._widths):
                    table.clear()
            known = self._known[term] = tuple(self._found(term))
        return known

    def _found(self, term: Term) -> Iterator[Crossing]:
        memory = self._memory
        derive = memory.algebra.derive
        todo = [(term, self._root, b"")]
        while todo:
            here, node, before = todo.pop()
            is_border = before != b"" and memory.is_border(here)
            if is_border and node.rests:
                yield self._crossing(before, here, node)
            for octet, child in node.children.items():
                follower = derive(here, octet)
                if follower != EMPTY and not (is_border and octet == COMMA):
                    todo.append((follower, child, before + bytes([octet])))

    def _crossing(self, before: bytes, term: Term, node: _Node) -> Crossing:
        after = self._memory.algebra.after
        narrow: list[Rest] = []
        wide: list[Rest] = []
        for octets, tokens in node.rests.items():
            behind = after(term, octets)
            if behind != EMPTY:
                is_wide = _IS_UNFINISHED(octets) and self._is_wide(behind)
                (wide if is_wide else narrow).append(Rest(octets, tuple(tokens)))
        return Crossing(before, term, tuple(narrow), tuple(wide))

    def _is_wide(self, term: Term) -> bool:
        """Before a string as well as in it."""
        known = self._widths.get(term)
        if known is None:
            algebra = self._memory.algebra
            known = _width(algebra, term) >= WIDE or _width(algebra, algebra.derive(term, QUOTE)) >= WIDE
            self._widths[term] = known
        return known


def _width(algebra: Algebra, term: Term) -> int:
    """How many bytes may follow."""
    followers = (algebra.derive(term, octet) for octet in range(256))
    return sum(follower != EMPTY and algebra.is_live(follower) for follower in followers)
