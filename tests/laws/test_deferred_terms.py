"""What is deferred and what is watched mean the same in all algebras: a language, when it is read, what it may be."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from llmpost.automata.algebra import EMPTY, EPSILON, Algebra, BudgetExceeded, Term
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.constraints.tools import PLAIN, best_tools

KINDS: dict[str, Callable[[], Any]] = {
    "reference": ReferenceAlgebra,
    "shared": lambda: PLAIN.make_algebra(1 << 26),
    "compiled": lambda: best_tools().make_algebra(1 << 26),
}

every_algebra = pytest.mark.parametrize("algebra", [make() for make in KINDS.values()], ids=list(KINDS))
fresh_algebra = pytest.mark.parametrize("make", KINDS.values(), ids=list(KINDS))


def octet(algebra: Algebra, character: str) -> Term:
    return algebra.octets([(ord(character), ord(character))])


@fresh_algebra
def test_read_when_needed_and_once(make: Callable[[], Algebra]) -> None:
    """Terms are made of it, are alive and cannot end without a look at it; a derivative that needs it reads it once."""
    algebra, num_read = make(), 0

    def read() -> Term:
        nonlocal num_read
        num_read += 1
        return algebra.choice([b"x", b"yy"])

    deferred = algebra.deferred(read)
    behind = algebra.concat([octet(algebra, "a"), deferred, algebra.repeat(deferred, 0, 3)])
    around = algebra.alternate([deferred, algebra.watched(behind)])
    assert algebra.is_live(deferred)
    assert algebra.is_live(algebra.derive(behind, ord("a")))
    assert algebra.is_live(algebra.concat([around, deferred]))
    assert not algebra.can_end(deferred)
    assert num_read == 0
    assert algebra.can_end(algebra.after(behind, b"ayyx"))
    assert algebra.can_end(algebra.after(around, b"x"))
    assert num_read == 1


@fresh_algebra
def test_it_may_contain_itself(make: Callable[[], Algebra]) -> None:
    """A language that nests needs no rule: brackets in brackets, alive at any depth and closed as often."""
    algebra = make()

    def read() -> Term:
        inner = algebra.repeat(brackets, 0, None)
        return algebra.concat([octet(algebra, "("), inner, octet(algebra, ")")])

    brackets = algebra.deferred(read)
    deep = algebra.after(brackets, b"(" * 60)
    assert algebra.is_live(deep)
    assert algebra.can_end(algebra.after(deep, b")" * 60))
    assert not algebra.is_live(algebra.after(deep, b")" * 61))


@fresh_algebra
def test_what_it_raises_comes_out(make: Callable[[], Algebra]) -> None:
    """The exception is the caller's as it was raised; the term stays unread, and may be read another time."""
    algebra = make()
    answers: list[Any] = [LookupError("first"), LookupError("second"), LookupError("third"), "text"]

    def read() -> Term:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return algebra.choice([answer.encode()])

    deferred = algebra.deferred(read)
    both = algebra.intersect([deferred, algebra.complement(algebra.choice([b"a"]))])
    with pytest.raises(LookupError, match="first"):
        algebra.derive(deferred, ord("t"))
    with pytest.raises(LookupError, match="second"):
        algebra.after(algebra.concat([EPSILON, deferred]), b"te")
    with pytest.raises(LookupError, match="third"):
        algebra.is_live(both)
    assert algebra.is_live(both)
    assert algebra.can_end(algebra.after(deferred, b"text"))


@every_algebra
@pytest.mark.parametrize("texts", [[], [b""], [b"", b"a"]])
def test_a_promise_is_kept(algebra: Algebra, texts: list[bytes]) -> None:
    """What has no text, or an empty one, is a ValueError where it is read."""
    deferred = algebra.deferred(lambda: algebra.choice(texts) if texts else EMPTY)
    for _ in range(2):
        with pytest.raises(ValueError, match="empty"):
            algebra.derive(deferred, ord("a"))


@fresh_algebra
def test_it_may_not_read_itself_first(make: Callable[[], Algebra]) -> None:
    """At once, through others, behind what can be left out or through a rule: a ValueError, and no endless way."""
    algebra = make()
    names: dict[str, Term] = {}
    may = algebra.repeat(octet(algebra, "a"), 0, 1)
    rule = algebra.rule()
    names["at once"] = algebra.deferred(lambda: names["at once"])
    names["one"] = algebra.deferred(lambda: names["other"])
    names["other"] = algebra.deferred(lambda: algebra.concat([may, names["one"]]))
    names["inside"] = algebra.deferred(lambda: algebra.alternate([may, algebra.watched(names["inside"])]))
    names["rule"] = algebra.deferred(lambda: rule)
    names["not"] = algebra.deferred(lambda: algebra.intersect([algebra.complement(names["not"]), octet(algebra, "a")]))
    algebra.define(rule, algebra.alternate([octet(algebra, "b"), names["rule"]]))
    for name, term in names.items():
        with pytest.raises(ValueError, match=r"reads itself|empty"):
            algebra.derive(term, ord("a"))
        assert not algebra.can_end(term), name


@fresh_algebra
def test_a_long_way_of_names(make: Callable[[], Algebra]) -> None:
    """Thousands that are each the next one are read one after the other, without recursion."""
    algebra = make()
    terms = [algebra.choice([b"end"])]
    for _ in range(5_000):
        terms.append(algebra.deferred(lambda last=terms[-1]: last))
    assert algebra.can_end(algebra.after(terms[-1], b"end"))


@fresh_algebra
def test_threads_read_together(make: Callable[[], Algebra]) -> None:
    """Of several threads that need it at once each may read; one body is heard, and all see the same."""
    if make is ReferenceAlgebra:
        pytest.skip("the reference is for one thread")
    for _ in range(10):
        algebra, barrier = make(), Barrier(4)

        def read(algebra: Any = algebra, barrier: Barrier = barrier) -> Term:
            body: Term = algebra.concat([octet(algebra, "a"), algebra.repeat(algebra.choice([b"b", b"cd"]), 1, None)])
            return body

        deferred = [algebra.deferred(read) for _ in range(20)]
        term = algebra.alternate(algebra.concat([octet(algebra, "x"), one]) for one in deferred)

        def ask(number: int, algebra: Any = algebra, term: Term = term, barrier: Barrier = barrier) -> list[bool]:
            barrier.wait()
            here = algebra.after(term, b"xab")
            both = algebra.intersect([here, algebra.complement(algebra.choice([b""]))])
            return [algebra.can_end(here), algebra.is_live(both), algebra.can_end(algebra.after(here, b"cdb"))]

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(ask, range(4))) == [[True, True, True]] * 4


@fresh_algebra
def test_it_keeps_nobody_alive(make: Callable[[], Algebra]) -> None:
    """A function that refers to the algebra's owner, unread, makes a cycle that the collector takes away."""

    class Owner:
        algebra: Any

    owner = Owner()
    owner.algebra = make()
    owner.algebra.deferred(lambda kept=owner: kept.algebra.choice([b"a"]))
    alive = weakref.ref(owner)
    del owner
    gc.collect()
    assert alive() is None


@every_algebra
def test_watched_until_it_has_been_read(algebra: Algebra) -> None:
    """A watched part shows before it and inside of it, also behind what may be left out, and not behind it."""
    may = algebra.repeat(octet(algebra, "-"), 0, 2)
    term = algebra.concat([may, algebra.watched(algebra.choice([b"ab", b"c"])), algebra.choice([b"c", b"d"])])
    for text, is_watched in {b"": True, b"--": True, b"a": True, b"-a": True, b"ab": False, b"-c": False}.items():
        assert algebra.is_watched(algebra.after(term, text)) == is_watched, text
    assert algebra.can_end(algebra.after(term, b"-abd"))
    assert algebra.is_watched(algebra.alternate([algebra.choice([b"ax"]), term]))
    assert not algebra.is_watched(algebra.concat([octet(algebra, "x"), term]))
    assert algebra.watched(algebra.watched(term)) == algebra.watched(term)
    assert [algebra.watched(EMPTY), algebra.watched(EPSILON)] == [EMPTY, EPSILON]


@fresh_algebra
def test_absorption_bounds_the_states(make: Callable[[], Algebra]) -> None:
    """x or (x and y) is x, and x and (x or y) too; so an obligation that never ends beside an exit does not pile up."""
    algebra = make()
    x, y = algebra.choice([b"a", b"b"]), algebra.repeat(octet(algebra, "a"), 1, None)
    assert algebra.alternate([x, algebra.intersect([x, y])]) == x
    assert algebra.intersect([x, algebra.alternate([x, y])]) == x
    term = language_of(read_regex(r"(?:(?!a.*b)[ab])*[ab]*"), algebra)
    states = {term}
    for number in range(200):
        term = algebra.derive(term, ord("ab"[number * number // 3 % 2]))
        states.add(term)
    assert len(states) < 10


def value_of(algebra: Algebra) -> Term:
    """Any nesting of lists, of pairs in braces, and of words."""

    def read() -> Term:
        word = algebra.concat([octet(algebra, '"'), algebra.repeat(algebra.octets([(97, 122)]), 0, None), quote])
        many = algebra.repeat(algebra.concat([value, octet(algebra, ",")]), 0, None)
        lists = algebra.concat([octet(algebra, "["), many, value, octet(algebra, "]")])
        pairs = algebra.concat([octet(algebra, "{"), word, octet(algebra, ":"), value, octet(algebra, "}")])
        return algebra.alternate([word, lists, pairs])

    quote = octet(algebra, '"')
    value = algebra.deferred(read)
    return value


def test_a_search_comes_back_from_what_nests() -> None:
    """Beside a language that nests, an end behind a long way is found in few derivatives, where one is."""
    native = pytest.importorskip("llmpost.automata._native", reason="the compiled twin is not built here")
    algebra = native.Algebra(max_steps=3_000)
    value = value_of(algebra)
    asked = b'[["alongername",{"another":["inner"]}],{"yetanotherone":"value"}]'
    wanted = algebra.concat([algebra.repeat(algebra.octets([(0, 127)]), 0, 5), algebra.choice([asked])])
    assert algebra.is_live(algebra.intersect([value, wanted]))
    assert not algebra.is_live(algebra.intersect([value, algebra.choice([asked[:-1]])]))
    without = algebra.complement(value_of(algebra))
    with pytest.raises(BudgetExceeded, match="derivatives"):
        algebra.is_live(algebra.intersect([value, without]))


def test_a_near_end_is_found_by_the_reference_too() -> None:
    """Nearest first: the shortest text of both is a few bytes away, however deep the others nest."""
    algebra = ReferenceAlgebra(max_steps=20_000)
    value = value_of(algebra)
    assert algebra.is_live(algebra.intersect([value, algebra.complement(algebra.choice([b'""', b'"a"']))]))
    assert not algebra.is_live(algebra.intersect([value, algebra.choice([b'"a', b"[]"])]))
