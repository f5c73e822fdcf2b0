"""Tentative decoding: out of every dead end, nothing shown that is taken back, and the model's cache cut with it."""

import itertools
from collections.abc import Sequence
from random import Random

import pytest
from toy_constraints import FixedState, OneOf, WithTraps

from llmpost.contracts.decoder import Ask, Commit, Finish
from llmpost.contracts.model import Feed
from llmpost.contracts.pick import Logprobs, Pick
from llmpost.decoding import Assignment, Driver, Job, decode_plainly, decode_tentatively
from llmpost.decoding.tentative import MAX_ROLLBACKS
from llmpost.errors import DeadEnd, LlmpostError, TokenRejected
from llmpost.logits import Chain, Sampler, Temperature, TopK
from llmpost.testing import ScriptedModel, random_script
from llmpost.vocabulary import Detokenizer, Vocabulary

NUM_TOKENS = 8
END = 7
VOCABULARY = Vocabulary.from_tokens([bytes([97 + i]) for i in range(NUM_TOKENS)], eos_ids=[END])


def assignment(constraint: OneOf | None, **changes: object) -> Assignment:
    settings = {"max_new_tokens": 20, "end_ids": frozenset({END}), **changes}
    start = None if constraint is None else constraint.start()
    return Assignment((0, 1), Detokenizer(VOCABULARY), constraint=start, **settings)  # type: ignore[arg-type]


def run(made: Assignment, chain: Chain, model: ScriptedModel | None = None) -> tuple[list[Commit], Finish]:
    model = model or ScriptedModel(random_script(NUM_TOKENS), NUM_TOKENS)
    *commits, (_, end) = Driver({"main": model}, Sampler, itertools.count().__next__).run(
        [Job(decode_tentatively(made), chain)]
    )
    assert model.num_open == 0
    if isinstance(end, LlmpostError):
        raise end
    assert isinstance(end, Finish)
    return [commit for _, commit in commits if isinstance(commit, Commit)], end


def sequences(random: Random, count: int) -> list[tuple[int, ...]]:
    return [tuple(random.choices(range(END), k=random.randint(1, 5))) for _ in range(count)]


@pytest.mark.parametrize("chain", [Chain((), True), Chain((Temperature(1.3),)), Chain((Temperature(0.8), TopK(3)))])
def test_a_way_is_found_around_traps(chain: Chain) -> None:
    """Greedy and sampled: whatever traps there are, what comes out is one of the sequences or a plain failure."""
    num_taken_back = 0
    for seed in range(40):
        random = Random(seed)
        wanted = sequences(random, 3)
        language = WithTraps(wanted, (END,), NUM_TOKENS, traps=sequences(random, 5))
        commits, end = run(assignment(language, seed=seed), chain)
        num_taken_back += end.num_rollbacks
        written = tuple(commit.pick.token for commit in commits)
        assert end.reason == "stop"
        assert written[:-1] in wanted
        assert written[-1] == END
        assert "".join(commit.text for commit in commits) == VOCABULARY.decode(written[:-1])
    assert num_taken_back > 5


def test_without_a_dead_end_it_writes_what_plain_decoding_writes() -> None:
    """Token for token, under an exact constraint and under none."""
    for seed in range(20):
        language = OneOf(sequences(Random(seed), 6), (END,), NUM_TOKENS)
        for constraint in (language, None):
            made, chain = assignment(constraint, seed=seed), Chain((Temperature(1.1),))
            model = ScriptedModel(random_script(NUM_TOKENS), NUM_TOKENS)
            plainly = Driver({"main": model}, Sampler, itertools.count().__next__).run(
                [Job(decode_plainly(made), chain)]
            )
            tokens = [news.pick.token for _, news in plainly if isinstance(news, Commit)]
            assert [commit.pick.token for commit in run(made, chain)[0]] == tokens


def asks_and_end(made: Assignment, answers: Sequence[Pick | DeadEnd]) -> tuple[list[Ask], Finish]:
    """What a decoder asks for, its picks and dead ends sent by hand."""
    decoder = decode_tentatively(made)
    asks = [next(decoder)]
    try:
        for answer in answers:
            asks.append(decoder.throw(answer) if isinstance(answer, DeadEnd) else decoder.send([answer]))  # noqa: PERF401 - the asks before the end must be kept
    except StopIteration as stop:
        return asks, stop.value
    raise AssertionError("the decoder wants more")


def dead_end() -> DeadEnd:
    return DeadEnd("sampling", "a row with every token masked", "a row with a token left", "Loosen it.")


def test_what_is_taken_back_is_taken_back_everywhere() -> None:
    """Context, stage memories and the models' caches are as they were; the token is barred there, and only there;
    and nothing is committed before the end."""

    class Counting:
        name = "counting"

        def remember(self, memory: object, token: int, logprob: float) -> tuple[object, int]:
            return memory, token

    language = WithTraps([(0, 1, 2)], (END,), NUM_TOKENS, traps=[(0, 1, 3, 4)])
    made = assignment(language, remembering=(Counting(),), companions={"negative": (5, 5, 5)})
    picks = [Pick(token, Logprobs(-1.0, -1.0)) for token in (0, 1, 3, 4, 2, END)]
    asks, end = asks_and_end(made, [*picks[:4], dead_end(), *picks[4:]])
    assert all(not ask.commits for ask in asks)
    back = asks[5]
    (step,) = back.steps
    assert step.context.output.tolist() == [0, 1]
    assert step.memories == {"counting": ((None, 0), 1)}
    assert back.feeds == (Feed((1,), 3), Feed((1,), 4, model="negative"))
    assert step.constraint is not None
    assert step.constraint.mask().ids().tolist() == [2]
    with pytest.raises(TokenRejected, match="dead end"):
        step.constraint.advance(3)
    assert [commit.pick.token for commit in end.commits] == [0, 1, 2, END]
    assert (end.reason, end.num_rollbacks) == ("stop", 1)


def test_back_to_the_first_token() -> None:
    """The prompt's last token is fed once more: its row is wanted again."""
    language = WithTraps([(2,)], (END,), NUM_TOKENS, traps=[(3, 4)])
    asks, end = asks_and_end(assignment(language), [Pick(3), Pick(4), dead_end(), Pick(2), Pick(END)])
    assert asks[3].feeds == (Feed((1,), 1),)
    assert [commit.pick.token for commit in end.commits] == [2, END]


def test_where_no_way_is_left_it_has_failed() -> None:
    """Without any other way the output is empty; after too many tries it ends where something else might follow."""
    commits, end = run(assignment(WithTraps([], (END,), NUM_TOKENS, traps=[(1, 2, 3)])), Chain((), True))
    assert (commits, end.reason, end.text) == ([], "constraint_failed", "")
    endless = WithTraps([], (END,), NUM_TOKENS, traps=list(itertools.product(range(6), repeat=5)))
    commits, end = run(assignment(endless), Chain((Temperature(1.0),)))
    assert (end.reason, end.num_rollbacks) == ("constraint_failed", MAX_ROLLBACKS)
    assert 0 < len(commits) < 5


def test_without_an_end_id_a_complete_text_ends_where_its_only_way_on_is_barred() -> None:
    """Nobody can choose to stop: when what follows leads nowhere, the text is over."""
    language = WithTraps([(1,)], (), NUM_TOKENS, traps=[(1, 2, 3)])
    commits, end = run(assignment(language, end_ids=frozenset()), Chain((), True))
    assert ([commit.pick.token for commit in commits], end.reason, end.num_rollbacks) == ([1], "stop", 1)


def test_a_row_emptied_by_the_stages_is_an_error() -> None:
    """The constraint still has ways on: to bar one of them would not help."""
    state = FixedState(frozenset({1}), NUM_TOKENS)
    decoder = decode_tentatively(Assignment((0,), Detokenizer(VOCABULARY), 5, constraint=state))
    next(decoder)
    with pytest.raises(DeadEnd):
        decoder.throw(dead_end())


def test_stop_strings_and_lengths_end_it_as_ever() -> None:
    """All commits come with the finish, and the stop string is not in their text."""
    language = WithTraps([(0, 1, 2, 3)], (END,), NUM_TOKENS)
    _, stopped = asks_and_end(assignment(language, stop=("bc",)), [Pick(0), Pick(1), Pick(2)])
    assert (stopped.reason, stopped.stop, "".join(c.text for c in stopped.commits)) == ("stop", "bc", "a")
    _, cut = asks_and_end(assignment(language, max_new_tokens=2), [Pick(0), Pick(1)])
    assert (cut.reason, "".join(c.text for c in cut.commits), len(cut.commits)) == ("length", "ab", 2)
