"""Conditional decoding by hand: what is given up is taken back everywhere, and how it ends when tries run out."""

import itertools
import math
from collections.abc import Sequence

import pytest
from toy_constraints import OneOf, WithTraps

from llmpost.contracts.decoder import Ask, Finish, OutOfTime
from llmpost.contracts.model import Feed
from llmpost.contracts.pick import Pick, Share
from llmpost.decoding import Assignment, Driver, Job, decode_conditionally
from llmpost.errors import DeadEnd, LlmpostError
from llmpost.logits import Chain, Sampler, Temperature, TopK
from llmpost.testing import ScriptedModel, random_script
from llmpost.vocabulary import Detokenizer, Vocabulary

NUM_TOKENS = 8
END = 7
VOCABULARY = Vocabulary.from_tokens([bytes([97 + i]) for i in range(NUM_TOKENS)], eos_ids=[END])
NEVER, ALWAYS = math.log(1e-12), 0.0
"""Shares of a place: a try that comes to the one is given up, whatever its threshold; to the other never."""
HALF = Pick(0, share=Share(math.log(0.5), math.log(0.5)))
"""A token beside which there is as much again."""


def assignment(constraint: OneOf, **changes: object) -> Assignment:
    settings = {"max_new_tokens": 20, "end_ids": frozenset({END}), **changes}
    return Assignment((0, 1), Detokenizer(VOCABULARY), constraint=constraint.start(), **settings)  # type: ignore[arg-type]


def pick(token: int, log_share: float = ALWAYS) -> Pick:
    return Pick(token, share=Share(log_share, -math.inf))


def dead_end() -> DeadEnd:
    return DeadEnd("sampling", "a row of which nothing is left", "a row with a token left", "Loosen it.")


def asks_and_end(
    made: Assignment, max_tries: int, answers: Sequence[Pick | LlmpostError | OutOfTime]
) -> tuple[list[Ask], Finish]:
    """What the decoder asks for, its picks and errors sent by hand."""
    decoder = decode_conditionally(made, max_tries)
    asks = [next(decoder)]
    try:
        for answer in answers:
            asks.append(decoder.send([answer]) if isinstance(answer, Pick) else decoder.throw(answer))  # noqa: PERF401 - the asks before the end must be kept
    except StopIteration as stop:
        return asks, stop.value
    raise AssertionError("the decoder wants more")


def tokens_of(finish: Finish) -> list[int]:
    return [commit.pick.token for commit in finish.commits]


def test_what_is_given_up_is_taken_back_everywhere() -> None:
    """The context and the models' caches are as they were, other noise is drawn from, and what was learnt is known;
    nothing is committed before the end."""
    made = assignment(OneOf([(0, 1), (2,)], (END,), NUM_TOKENS), seed=5, companions={"negative": (5, 5, 5)})
    asks, end = asks_and_end(made, 9, [pick(0), pick(1, NEVER), pick(2), pick(END)])
    assert all(not ask.commits for ask in asks)
    first, again = asks[0].steps[0], asks[2].steps[0]
    assert asks[2].feeds == (Feed((1,), 1), Feed((5,), 2, model="negative"))
    assert again.context.output.tolist() == []
    assert first.seed == 5
    assert again.seed not in (5, 6)
    assert first.prospects == {}
    assert again.prospects == pytest.approx({0: NEVER})
    assert (tokens_of(end), end.reason) == ([2, END], "stop")
    assert end.tries is not None
    assert (end.tries.count, end.tries.is_exact) == (2, True)


def test_the_last_try_is_taken_as_it_comes() -> None:
    """Whatever its weight, and cut off by its length; it says so. Before that, what is cut off does not fit."""
    made = assignment(OneOf([(0, 1, 2)], (END,), NUM_TOKENS), max_new_tokens=2)
    asks, end = asks_and_end(made, 1, [HALF, pick(1), HALF, pick(1, NEVER)])
    assert asks[2].steps[0].prospects == {0: -math.inf}
    assert (tokens_of(end), end.reason) == ([0, 1], "length")
    assert end.tries is not None
    assert (end.tries.count, end.tries.is_exact) == (2, False)


def test_a_length_that_is_complete_fits() -> None:
    """Where the text may end as it stands nothing is missing."""
    _, end = asks_and_end(assignment(OneOf([(0, 1)], (END,), NUM_TOKENS), max_new_tokens=2), 1, [pick(0), pick(1)])
    assert (tokens_of(end), end.reason) == ([0, 1], "length")
    assert end.tries is not None
    assert end.tries.is_exact


def test_where_nothing_fits_it_is_an_error() -> None:
    """Known as soon as the last way has come to a dead end, however many tries are left."""
    decoder = decode_conditionally(assignment(OneOf([(0, 1)], (END,), NUM_TOKENS)), 100)
    next(decoder)
    decoder.send([pick(0)])
    with pytest.raises(DeadEnd, match="no text of the constraint any probability"):
        decoder.throw(dead_end())


def test_a_dead_end_in_the_last_try_is_a_failure() -> None:
    """There may be a way, and nobody has found it."""
    _, end = asks_and_end(assignment(OneOf([(0, 1)], (END,), NUM_TOKENS)), 1, [HALF, dead_end(), HALF, dead_end()])
    assert (tokens_of(end), end.reason) == ([], "constraint_failed")
    assert end.tries is not None
    assert not end.tries.is_exact


def test_out_of_time_it_is_what_there_is() -> None:
    """The present try, as far as it got."""
    made = assignment(OneOf([(0, 1, 2)], (END,), NUM_TOKENS))
    _, end = asks_and_end(made, 9, [pick(0, NEVER), pick(0), pick(1), OutOfTime()])
    assert (tokens_of(end), end.reason, "".join(commit.text for commit in end.commits)) == ([0, 1], "time", "ab")
    assert end.tries is not None
    assert not end.tries.is_exact


@pytest.mark.parametrize("chain", [Chain((Temperature(1.3),)), Chain((Temperature(2.0), TopK(5)))])
def test_a_way_is_found_around_traps(chain: Chain) -> None:
    """A sound constraint's dead ends are learnt like anything else that does not fit, and every slot is closed."""
    wanted = [(0, 1, 2), (3,), (3, 4), (5, 2, 2)]
    traps = [*itertools.product(range(6), repeat=2), (3, 4, 4)]
    nothing_fits = 0
    for seed in range(12):
        model = ScriptedModel(random_script(NUM_TOKENS, seed), NUM_TOKENS)
        made = assignment(WithTraps(wanted, (END,), NUM_TOKENS, traps=traps), seed=seed)
        job = Job(decode_conditionally(made, 500), chain)
        *_, (_, end) = Driver({"main": model}, Sampler, itertools.count().__next__).run([job])
        assert model.num_open == 0
        if isinstance(end, DeadEnd):
            nothing_fits += 1
            continue
        assert isinstance(end, Finish)
        assert end.tries is not None
        assert tuple(tokens_of(end)[:-1]) in wanted or not end.tries.is_exact
    assert nothing_fits < 6
