"""Budgets hold while they are spent: a language that needs too much ends in an error, and nobody else notices."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import count, islice
from typing import Any, NoReturn

import pytest

from llmpost import Vocabulary, compile_constraint
from llmpost.automata.algebra import BudgetExceeded, Term
from llmpost.constraints.budget import Budget
from llmpost.constraints.charged_algebra import ChargedAlgebra
from llmpost.constraints.compiling import compile_in
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.space import Limits, Space
from llmpost.constraints.state import State
from llmpost.constraints.tools import PLAIN, Tools, best_tools
from llmpost.errors import ConstraintError

OCTETS = Vocabulary.from_tokens([bytes([octet]) for octet in range(256)] + [b"aaaa", b"abab", b"</s>"], eos_ids=[258])
COPRIME = "".join(f"(?=(?:a{{{prime}}})+$)" for prime in (31, 37, 41, 43)) + "a+"
NESTED = "(?:" * 30 + "a" + "{1,60})" * 30
REMEMBERS = "(?:.*a.{400}b|.*b.{300}a)"  # which of the last letters were a: ever more states
LARGE = Limits(algebra_bytes=1 << 20, most_algebra_bytes=4 << 20)

KINDS = {"plain": PLAIN, "compiled": best_tools()}


@pytest.fixture(params=KINDS)
def tools(request: pytest.FixtureRequest) -> Tools:
    if request.param == "compiled" and best_tools() is PLAIN:
        pytest.skip("the compiled extension is not built")
    return KINDS[request.param]


def writes(constraint: Constraint, seed: int, num_tokens: int) -> int:
    """A text of the letters a and b, as long as it is allowed to be; how many tokens."""
    draw, state = random.Random(seed), constraint.start()
    for place in range(num_tokens):
        token = draw.choice(b"ab")
        if not state.allows(token):
            return place
        state.mask()
        state = state.advance(token)
    return num_tokens


def eat(state: State, draw: random.Random) -> NoReturn:
    while True:
        state = state.advance(draw.choice(b"ab"))


@pytest.mark.parametrize("pattern", [COPRIME, f"(?={COPRIME}).*"])
def test_compiling_ends_within_the_budget(pattern: str, tools: Tools) -> None:
    """A search that would not end is refused in four parts, and has taken no more than it was allowed."""
    space = Space(OCTETS, tools=tools)
    with pytest.raises(
        ConstraintError, match=r"which needs more than .* to compile, is not within max_bytes=2,"
    ) as error:
        compile_in(space, Budget(max_bytes=2 << 20), regex=pattern)
    assert all([error.value.where, error.value.given, error.value.allowed, error.value.hint])
    assert space.generation().algebra.bytes_used < 3 << 20  # with the tables that all have in common


@pytest.mark.parametrize("pattern", [NESTED, REMEMBERS])
def test_a_text_ends_within_the_budget(pattern: str, tools: Tools) -> None:
    """What grows only as a text does ends in an error too, and the next text begins as if nothing had been."""
    space = Space(OCTETS, tools=tools)
    constraint = compile_in(space, Budget(max_bytes=1 << 20), regex=pattern)
    for _ in range(2):
        with pytest.raises(ConstraintError, match=r"^constraint: a language that needs more than 1 MB of automaton is"):
            writes(constraint, 1, 5_000)
    assert space.generation().algebra.bytes_used < 3 << 20


def test_others_go_on_unharmed(tools: Tools) -> None:
    """However many texts eat what they can of one generation, another one in it gets the states it needs."""
    space = Space(OCTETS, LARGE, tools)
    budget = Budget(max_bytes=1 << 20)
    begun = compile_in(space, budget, regex="(?:[ab]{1,40} ?){1,9}").start()
    hungry = [compile_in(space, budget, regex=f"{REMEMBERS}{number}").start() for number in range(12)]
    assert len({id(state.reach.cells) for state in [begun, *hungry]}) == 1
    draw = random.Random(2)
    for state in hungry:
        with pytest.raises(ConstraintError, match=r"needs more than .* of automaton"):
            eat(state, draw)
    for _ in range(8):
        begun = begun.advance(draw.choice(b"ab"))


def test_a_larger_budget_is_larger(tools: Tools) -> None:
    """What does not fit the one fits the other, also one that the generation begun before has no room for."""
    space = Space(OCTETS, LARGE, tools)
    small = compile_in(space, Budget(max_bytes=30_000), regex=REMEMBERS)
    with pytest.raises(ConstraintError, match=r"needs more than 30000 bytes of automaton"):
        writes(small, 3, 40)
    large = compile_in(space, Budget(max_bytes=64 << 20, max_seconds=100), regex=REMEMBERS)
    assert writes(large, 3, 40) == 40


def test_a_budget_without_bounds() -> None:
    """Infinite bytes and seconds are as much as there is."""
    endless = compile_constraint(OCTETS, regex="[ab]+", max_bytes=float("inf"), max_seconds=float("inf"))  # type: ignore[arg-type]
    assert endless.accepts("abba")


def grown(algebra: Any, num_steps: int) -> Term:
    """A term of many counters, and as many steps into it."""
    letter = algebra.octets([(97, 98)])
    parts = [algebra.concat([algebra.repeat(letter, 0, 1_000 + n), algebra.choice([b"%d" % n])]) for n in range(30)]
    return int(algebra.after(algebra.alternate(parts), b"a" * num_steps))


def test_an_account_pays_for_what_it_adds(tools: Tools) -> None:
    """Its bytes end where they should, others have theirs, and what was paid for once is everybody's."""
    whole: ChargedAlgebra = tools.make_algebra(16 << 20)
    with pytest.raises(BudgetExceeded, match=r"^50000 bytes of automaton$"):
        grown(whole.account(50_000, 100), 900)
    rich = whole.account(4 << 20, 100)
    term = grown(rich, 50)
    assert grown(whole.account(50_000, 100), 50) == term
    assert grown(whole, 50) == term


def count_on(account: ChargedAlgebra, term: Term, counts: Iterable[int]) -> None:
    """A call for each count; none takes long by itself."""
    for number in counts:
        account.repeat(term, number, number)


def test_one_clock_for_many_calls(tools: Tools) -> None:
    """While the clock is kept all calls have the time of one; afterwards each has its own."""
    account = tools.make_algebra(1 << 30).account(200 << 20, 0.1)
    letter, counts = account.octets([(97, 98)]), count(2)
    account.keep_clock(True)
    with pytest.raises(BudgetExceeded, match=r"^0\.1 s of building its automaton$"):
        count_on(account, letter, islice(counts, 1_000_000))
    account.keep_clock(False)
    count_on(account, letter, islice(counts, 10_000))
