"""Small JSON languages whose texts can all be listed, with keys and items that the language itself would repeat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, permutations
from typing import Any

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.constraints.budget import Budget
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.json_schema.memory import watched_item
from llmpost.constraints.json_schema.state import JsonState
from llmpost.constraints.json_schema.values import JsonValue, Real
from llmpost.constraints.reach import Reach
from llmpost.constraints.space import Space
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport

Read = Callable[["Texts"], Term]


class Texts:
    """Terms of JSON's parts, in one algebra; also how keys and values are spelled here."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra

    def text(self, *texts: str) -> Term:
        return self.algebra.choice([text.encode() for text in texts])

    def keys(self, names: Sequence[str]) -> Term:
        return self.text(*(json.dumps(name, ensure_ascii=way)[1:-1] for name in names for way in (True, False)))

    def value(self, value: JsonValue) -> Term:
        if isinstance(value, list):
            return self._joined("[]", [self.value(item) for item in value])
        if isinstance(value, dict):
            members = [
                self.algebra.concat([self.value(name), self.text(":"), self.value(one)]) for name, one in value.items()
            ]
            return self.algebra.alternate(self._joined("{}", order) for order in permutations(members))
        if isinstance(value, str):
            return self.algebra.concat([self.text('"'), self.keys([value]), self.text('"')])
        if isinstance(value, int | float) and not isinstance(value, bool):
            exact = value.exact if isinstance(value, Real) else value
            return self.text(str(int(exact)), f"{int(exact)}.0") if exact == int(exact) else self.text(str(exact))
        return self.text(json.dumps(value))

    def _joined(self, brackets: str, parts: Sequence[Term]) -> Term:
        inside = [one for part in parts for one in (self.text(","), part)][1:]
        return self.algebra.concat([self.text(brackets[0]), *inside, self.text(brackets[1])])

    def members(self, keys: Term, values: Term, comma: str = ",") -> Term:
        """Members with these keys, any number of them up to three."""
        member = self.algebra.concat([keys, self.text('":'), values])
        watched = self.algebra.watched(self.text(f'{comma}"'))
        more = self.algebra.repeat(self.algebra.concat([watched, member]), 0, 2)
        return self.algebra.concat([self.text('"'), member, more])

    def object(self, keys: Term, values: Term, comma: str = ",") -> Term:
        ways = [self.text("}"), self.algebra.concat([self.members(keys, values, comma), self.text("}")])]
        return self.algebra.concat([self.text("{"), self.algebra.alternate(ways)])

    def unique(self, items: Term, most: int = 3) -> Term:
        more = self.algebra.repeat(watched_item(self.algebra, self.text(","), items), 0, most - 1)
        ways = [self.text("]"), self.algebra.concat([items, more, self.text("]")])]
        return self.algebra.concat([self.text("["), self.algebra.alternate(ways)])

    def open_object(self) -> Term:
        """Any number of members with any key, what follows each of them read when a text comes there."""
        algebra = self.algebra
        body = algebra.repeat(algebra.characters([(0x20, 0x21), (0x23, 0x5B), (0x5D, 0x10FFFF)]), 0, None)
        member = algebra.concat([body, self.text('":1'), algebra.deferred(lambda: algebra.alternate([end, more]))])
        end, more = self.text("}"), algebra.concat([algebra.watched(self.text(',"')), member])
        return algebra.concat([self.text("{"), algebra.alternate([end, algebra.concat([self.text('"'), member])])])

    def listed(self) -> Term:
        """One listed member, which is not watched, and then others: the language itself keeps account of it."""
        algebra = self.algebra
        others = algebra.alternate([self.text("b"), self.text("aa")])
        member = algebra.concat([others, self.text('":1')])
        more = algebra.repeat(algebra.concat([algebra.watched(self.text(',"')), member]), 0, 2)
        return algebra.concat([self.text('{"a":1'), more, self.text("}")])


def _digits(texts: Texts) -> Term:
    return texts.text("1", "12", "2", "1.0")


LANGUAGES: dict[str, Read] = {
    "any of two keys": lambda t: t.object(t.text("a", "b"), t.text("1", '"a"')),
    "keys that begin alike": lambda t: t.object(t.text("a", "ab", "b"), t.text("1", "12")),
    "keys in two spellings": lambda t: t.object(t.text("é", "\\u00e9", "b"), t.text("1")),
    "keys with commas": lambda t: t.object(t.text("a", ",", 'a,\\"'), t.text('","', "1")),
    "spaces": lambda t: t.object(t.text("a", "b"), t.text("1"), ", "),
    "objects in an object": lambda t: t.object(t.text("a", "b"), t.object(t.text("a"), t.text("1"))),
    "objects in an array": lambda t: t.unique(t.object(t.text("a", "b", "c"), t.text("1")), 2),
    "a listed key": Texts.listed,
    "numbers that differ": lambda t: t.unique(_digits(t)),
    "values that differ": lambda t: t.unique(t.text('"a"', "true", '","', "null")),
    "arrays that differ": lambda t: t.unique(t.unique(t.text("1", "2"), 2), 2),
    "arrays in an object": lambda t: t.object(t.text("a", "b"), t.unique(t.text("1", "2"), 2)),
}

MORE: dict[str, Read] = {
    "any keys": Texts.open_object,
    "no choice": lambda t: t.text('{"a":1,"b":[1,1,{"a":"é"}]}', '{"b":[[],[]],"c":1}', '[{"a":1},{"a":1}]', "12", "1"),
}
"""Languages whose texts are too many to list, or that are not watched."""

SOUND = {"objects in an array"}
"""Where a repeat that is still to come may be all that keeps a text alive: `{"a":1` behind `{"a":1,"b":1}`."""


@dataclass(frozen=True)
class SmallJson:
    """One of the languages, as what a constraint is made from."""

    name: str
    remembers: bool = True
    octets: frozenset[int] = frozenset(range(0x80)) | frozenset("é".encode())

    @property
    def report(self) -> ConstraintReport:
        return ConstraintReport({self.name: "exact"})

    def read(self, algebra: Algebra) -> Term:
        return (LANGUAGES | MORE)[self.name](Texts(algebra))

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        if not self.remembers:
            return State(reach, term, cell)
        return JsonState.first(reach, term, cell, Texts(reach.algebra))

    def constraint(self, space: Space) -> Constraint:
        return Constraint(self, space.generation, Budget(max_bytes=128 << 20))

    def plain(self, space: Space) -> Constraint:
        """The language that forgets what was written."""
        return replace(self, remembers=False).constraint(space)


@cache
def texts_of(name: str) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """All texts of a language that repeat nothing, by definition, and everything that they begin with."""
    algebra = ReferenceAlgebra()
    texts = frozenset(text for text in _listed(algebra, LANGUAGES[name](Texts(algebra)), b"") if _repeats_nothing(text))
    return texts, frozenset(text[:end] for text in texts for end in range(len(text) + 1))


def _listed(algebra: Algebra, term: Term, text: bytes) -> Iterator[bytes]:
    if algebra.can_end(term):
        yield text
    for octet in range(256):
        follower = algebra.derive(term, octet)
        if follower != EMPTY:
            yield from _listed(algebra, follower, text + bytes([octet]))


def _repeats_nothing(text: bytes) -> bool:
    try:
        value = json.loads(text, object_pairs_hook=_members)
    except _RepeatedError:
        return False
    return _differ_inside(value)


class _RepeatedError(Exception):
    pass


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise _RepeatedError
    return dict(pairs)


def _differ_inside(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_differ_inside, value.values()))
    if isinstance(value, list):
        is_repeat = any(_is_equal(one, other) for one, other in combinations(value, 2))
        return not is_repeat and all(map(_differ_inside, value))
    return True


def _is_equal(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
