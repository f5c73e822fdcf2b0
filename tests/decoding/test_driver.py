"""The driver with real samplers over scripted models: batches, failures, time, other models beside the main one."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_constraints import FixedState

from llmpost.contracts.decoder import Commit, Finish
from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.decoding import Assignment, Driver, Job, decode_plainly
from llmpost.errors import ConstraintError, DeadEnd, LlmpostError, ModelError
from llmpost.logits import Chain, Sampler, Temperature, TopK
from llmpost.testing import ScriptedModel, random_script
from llmpost.vocabulary import Detokenizer, Vocabulary

NUM_TOKENS = 12
VOCABULARY = Vocabulary.from_tokens([bytes([97 + i]) for i in range(NUM_TOKENS)])


class StuckState(FixedState):
    """Goes nowhere."""

    def advance(self, token: int) -> FixedState:
        raise ConstraintError("regex", "a state this large", "within the budget", "Give it more.")


def job(prompt: Sequence[int], chain: Chain, deadline: float | None = None, **changes: object) -> Job:
    made = Assignment(tuple(prompt), Detokenizer(VOCABULARY), **{"max_new_tokens": 6, **changes})  # type: ignore[arg-type]
    return Job(decode_plainly(made), chain, deadline)


def run(driver: Driver, jobs: Sequence[Job]) -> list[tuple[list[int], Finish | LlmpostError]]:
    tokens: list[list[int]] = [[] for _ in jobs]
    ends: list[Finish | LlmpostError | None] = [None] * len(jobs)
    for number, news in driver.run(jobs):
        if isinstance(news, Commit):
            tokens[number].append(news.pick.token)
        else:
            assert ends[number] is None
            ends[number] = news
    return [(own, end) for own, end in zip(tokens, ends, strict=True) if end is not None]


def driver_over(model: ScriptedModel) -> Driver:
    return Driver({"main": model}, Sampler, itertools.count().__next__)


@st.composite
def specs(draw: st.DrawFn) -> tuple[list[int], Chain, int, int]:
    prompt = draw(st.lists(st.integers(0, NUM_TOKENS - 1), min_size=1, max_size=4))
    chain = draw(
        st.sampled_from(
            [Chain((), True), Chain((Temperature(0.7),)), Chain((Temperature(1.3), TopK(3))), Chain((TopK(5),))]
        )
    )
    return prompt, chain, draw(st.integers(0, 99)), draw(st.integers(0, 2))


@settings(max_examples=60, deadline=None)
@given(st.lists(specs(), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_a_request_gets_the_same_tokens_alone_in_any_batch_and_in_any_order(specs: list, random: object) -> None:
    """Given equal logits, neighbours and their order change nothing; and no slot is left open."""

    def jobs(which: Sequence[int]) -> list[Job]:
        return [job(specs[i][0], specs[i][1], seed=specs[i][2], candidate=specs[i][3]) for i in which]

    model = ScriptedModel(random_script(NUM_TOKENS), NUM_TOKENS)
    alone = [run(driver_over(model), jobs([i]))[0][0] for i in range(len(specs))]
    order = list(range(len(specs)))
    random.shuffle(order)  # type: ignore[attr-defined]
    together = run(driver_over(model), jobs(order))
    assert [tokens for tokens, _ in together] == [alone[i] for i in order]
    assert model.num_open == 0


def test_equal_prompts_are_fed_once() -> None:
    """Candidates of one prompt share its prefill: one feed of the prompt, forks for the others."""
    fed: list[int] = []

    class Recording(ScriptedModel):
        def forward(self, feeds):  # type: ignore[no-untyped-def]
            fed.append(sum(len(feed.tokens) for _, feed in feeds))
            return super().forward(feeds)

    model = Recording(random_script(NUM_TOKENS), NUM_TOKENS)
    chain = Chain((Temperature(1.0),))
    ends = run(driver_over(model), [job([1, 2, 3], chain, seed=5, candidate=n) for n in range(4)])
    assert fed[0] == 3
    assert len({tuple(tokens) for tokens, _ in ends}) > 1, "candidates must differ"


def test_requests_that_fail_leave_the_others_alone() -> None:
    """An emptied row is a DeadEnd, a NaN row a ModelError; their neighbours end as they would alone."""

    def script(tokens: tuple[int, ...]) -> list[float]:
        if tokens[0] == 0 and len(tokens) > 2:
            return [-np.inf] * NUM_TOKENS
        if tokens[0] == 1 and len(tokens) > 3:
            return [np.nan] * NUM_TOKENS
        return list(random_script(NUM_TOKENS)(tokens))

    model = ScriptedModel(script, NUM_TOKENS)
    chain = Chain((Temperature(0.8), TopK(4)))
    jobs = [job([first], chain, seed=first) for first in (0, 2, 1, 3)]
    dead, fine, broken, also_fine = run(driver_over(model), jobs)
    assert isinstance(dead[1], DeadEnd)
    assert len(dead[0]) == 2
    assert isinstance(broken[1], ModelError)
    assert len(broken[0]) == 3
    for row, first in ((fine, 2), (also_fine, 3)):
        assert row[0] == run(driver_over(model), [job([first], chain, seed=first)])[0][0]
    assert model.num_open == 0


def test_a_constraint_that_breaks_ends_its_own_request() -> None:
    """A decoder that cannot advance its state ends with that error; the slot is freed, and the neighbour goes on."""
    model = ScriptedModel(random_script(NUM_TOKENS), NUM_TOKENS)
    chain = Chain((Temperature(0.8), TopK(4)))
    stuck = StuckState(frozenset(range(NUM_TOKENS)), NUM_TOKENS)
    broken, fine = run(driver_over(model), [job([0], chain, constraint=stuck), job([2], chain, seed=2)])
    assert isinstance(broken[1], ConstraintError)
    assert isinstance(fine[1], Finish)
    assert model.num_open == 0


def test_a_forward_that_breaks_ends_every_request_with_its_cause() -> None:
    """When the model itself fails, each request ends with a ModelError that holds the cause, and slots are freed."""

    def script(tokens: tuple[int, ...]) -> list[float]:
        if len(tokens) > 2:
            raise RuntimeError("out of memory")
        return [0.0] * NUM_TOKENS

    model = ScriptedModel(script, NUM_TOKENS)
    ends = run(driver_over(model), [job([1], Chain((), True)), job([2], Chain((), True))])
    assert all(isinstance(end, ModelError) and "out of memory" in str(end) for _, end in ends)
    assert model.num_open == 0


def test_closing_frees_every_slot_at_once() -> None:
    """An abandoned run leaves nothing open in the model."""
    model = ScriptedModel(random_script(NUM_TOKENS), NUM_TOKENS)
    news = driver_over(model).run([job([1], Chain((), True)), job([2], Chain((), True))])
    next(news)
    assert model.num_open == 2
    news.close()
    assert model.num_open == 0


def test_time_ends_a_request_alone() -> None:
    """Past its deadline a request finishes with ``time``; the others go on."""
    model = ScriptedModel(random_script(NUM_TOKENS), NUM_TOKENS)
    ticks = itertools.count()
    driver = Driver({"main": model}, Sampler, lambda: next(ticks))
    late, other = run(driver, [job([1], Chain((), True), deadline=20.0), job([2], Chain((), True))])
    assert isinstance(late[1], Finish)
    assert late[1].reason == "time"
    assert len(late[0]) < 6
    assert isinstance(other[1], Finish)
    assert other[1].reason == "length"


class Guidance:
    """Classifier-free guidance: away from what the negative prompt's rows say."""

    phase = Phase.ADJUST

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        negative = torch.stack([step.companions["negative"] for step in steps])
        return negative + 2.0 * (logits - negative)


@pytest.mark.parametrize("count", [1, 3])
def test_a_companion_model_sits_beside_each_row(count: int) -> None:
    """A stage sees the other model's row of the same position, for its own request."""
    main = ScriptedModel(random_script(NUM_TOKENS, seed=1), NUM_TOKENS)
    other = ScriptedModel(random_script(NUM_TOKENS, seed=2), NUM_TOKENS)
    driver = Driver({"main": main, "negative": other}, Sampler, itertools.count().__next__)
    jobs = [job([n], Chain((Guidance(),), True), companions={"negative": (7, n)}) for n in range(count)]
    for n, (tokens, _) in enumerate(run(driver, jobs)):
        written: list[int] = []
        for _ in range(6):
            positive = np.array(random_script(NUM_TOKENS, seed=1)((n, *written)), dtype=np.float32)
            negative = np.array(random_script(NUM_TOKENS, seed=2)((7, n, *written)), dtype=np.float32)
            written.append(int(np.argmax(negative + np.float32(2.0) * (positive - negative))))
        assert tokens == written
    assert (main.num_open, other.num_open) == (0, 0)
