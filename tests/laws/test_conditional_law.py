"""``generate(conditional=True)`` draws from the model's law given its constraint; masks alone do not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from enumerated_laws import END, PROMPT, engine_of, fit, free_law, given, text_of

from llmpost.contracts.result import Result
from llmpost.testing import random_script

pytestmark = pytest.mark.slow

DRAWS = 400


def trap(tokens: tuple[int, ...]) -> Sequence[float]:
    """Likes to begin with a, and then hardly ever goes on with b."""
    behind = tokens[len(PROMPT) :]
    if not behind:
        return [math.log(p) for p in (0.9, 0.07, 0.02, 0.005, 0.005)]
    return [math.log(p) for p in ((0.1, 0.02, 0.7, 0.1, 0.08) if behind[-1] == 0 else (0.3, 0.2, 0.2, 0.1, 0.2))]


FREE: dict[str, Any] = {"temperature": 1.0, "top_k": 0, "max_new_tokens": 4}
CASES: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "a trap": (trap, "ab|b|ba|cab", FREE),
    "no length to end in": (trap, "[ab]+", FREE | {"max_new_tokens": 3}),
    "truncated": (random_script(5, 3), "(a|b|ab)*c", FREE | {"temperature": 1.3, "top_k": 4, "top_p": 0.95}),
    "penalties": (random_script(5, 1), "[ab]{1,3}", FREE | {"repetition_penalty": 1.5, "min_new_tokens": 2}),
}


def texts(script: Any, pattern: str, settings: dict[str, Any], **more: Any) -> list[Result]:
    arguments = {"n": DRAWS, "seed": 11, **settings, **more}
    return list(engine_of(script).generate("c", regex=pattern, **arguments).candidates)


def counted(results: list[Result]) -> Counter[tuple[int, ...]]:
    return Counter(result.token_ids for result in results)


@pytest.mark.parametrize(("script", "pattern", "settings"), CASES.values(), ids=CASES)
def test_it_is_the_law_given_the_constraint(script: Any, pattern: str, settings: dict[str, Any]) -> None:
    """Sequences of tokens come up as often as the free law says that they do among those that match, whatever stages
    are in the chain and wherever `max_new_tokens` cuts."""
    drawn = texts(script, pattern, settings, conditional=True, conditional_tries=1000)
    assert all(result.tries is not None and result.tries.is_exact for result in drawn)
    assert fit(counted(drawn), given(free_law(script, settings), pattern)) > 1e-3


def test_masks_alone_are_off() -> None:
    """The same test on what plain masks draw: half of the model's texts begin with b, and one in thirty of theirs."""
    script, pattern, settings = CASES["a trap"]
    law = given(free_law(script, settings), pattern)
    drawn = counted(texts(script, pattern, settings))
    assert fit(drawn, law) < 1e-12
    assert sum(p for tokens, p in law.items() if text_of(tokens).startswith("b")) > 0.5
    assert sum(count for tokens, count in drawn.items() if text_of(tokens).startswith("b")) < DRAWS / 10


def test_few_tries_are_between_the_two() -> None:
    """When tries run out the last is taken as it comes; it says so, and those that were accepted are still exact."""
    script, pattern, settings = CASES["a trap"]
    law = given(free_law(script, settings), pattern)
    drawn = texts(script, pattern, settings, conditional=True, conditional_tries=3, n=250)
    exact = [result for result in drawn if result.tries is not None and result.tries.is_exact]
    assert 50 < len(exact) < 200
    assert {result.tries.count for result in drawn if result not in exact and result.tries} == {4}
    assert fit(counted(exact), law) > 1e-3
    assert fit(counted(drawn), law) < 1e-6


def test_the_share_bounds_what_fits() -> None:
    """The trace never says that less of what the model writes fits than does."""
    script, pattern, settings = CASES["a trap"]
    fitting = sum(p for tokens, p in free_law(script, settings).items() if text_of(tokens) in pattern.split("|"))
    drawn = texts(script, pattern, settings, conditional=True, n=60)
    shares = [math.exp(result.tries.log_share) for result in drawn if result.tries is not None]
    assert min(shares) > fitting * (1 - 1e-6)
    assert sorted(shares)[30] < 3 * fitting


def test_noise_is_a_function() -> None:
    """The same seed gives the same bytes: alone, in a batch, with fewer candidates, beside others that draw plainly."""
    engine, settings = engine_of(trap), {"temperature": 1.0, "max_new_tokens": 4, "regex": "ab|b|ba|cab"}
    alone = [engine.generate("c", seed=seed, conditional=True, **settings) for seed in range(20)]
    again = engine.generate(["c"] * 20, seed=list(range(20)), conditional=True, **settings)
    mixed = engine.generate(["c"] * 20, seed=list(range(20)), conditional=[True, False] * 10, **settings)
    assert [result.token_ids for result in again] == [result.token_ids for result in alone]
    assert [result.tries for result in again] == [result.tries for result in alone]
    assert [result.token_ids for result in mixed[::2]] == [result.token_ids for result in alone[::2]]
    many = engine.generate("c", seed=3, n=6, conditional=True, **settings).candidates
    few = engine.generate("c", seed=3, n=4, conditional=True, **settings).candidates
    assert [one.token_ids for one in few] == [one.token_ids for one in many[:4]]
    assert many[0].token_ids == alone[3].token_ids
    assert len({result.token_ids for result in alone}) > 2


def test_where_everything_fits_it_is_plain_sampling() -> None:
    """A constraint that takes nothing is no reason to draw another token, or to try twice."""
    script = random_script(5, 8)
    settings: dict[str, Any] = {"temperature": 1.1, "top_k": 3, "max_new_tokens": 6}
    for seed in range(20):
        free = engine_of(script).generate("c", seed=seed, **settings)
        held = engine_of(script).generate("c", seed=seed, regex="(a|b|c)*", conditional=True, **settings)
        assert held.token_ids == free.token_ids
        assert held.tries is not None
        assert (held.tries.count, held.tries.is_exact) == (1, True)
        assert held.tries.log_share == pytest.approx(0.0, abs=1e-12)
        assert END in held.token_ids or len(held.token_ids) == 6
