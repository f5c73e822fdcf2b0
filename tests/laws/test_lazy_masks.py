"""A row held to a constraint draws the same token whether its mask is made first or only where it is needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_chains import FOREIGN, draw, requests, slow_draw, token_of
from random_logits import STYLES, History, logits_rows, make_row, seeds
from toy_constraints import BrokenState, FixedState

from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import ConstraintError, DeadEnd
from llmpost.logits import (
    Biases,
    Chain,
    Constrained,
    ForeignStage,
    MinP,
    RepetitionPenalty,
    SequenceBias,
    Temperature,
    TopK,
    TopP,
)
from llmpost.logits.chain import merge
from llmpost.logits.race import Race, Unmasked

pytestmark = pytest.mark.slow  # `make test` runs it

STEP = History((1, 2), (3,)).step(seed=5)
DENSITIES = (0.0, 0.02, 0.1, 0.5, 0.9, 0.98, 1.0)


@st.composite
def states(draw: st.DrawFn, width: int) -> FixedState | None:
    """States of every density, now and then none; one in four knows a vocabulary that is not as wide as the row."""
    if draw(st.integers(0, 4)) == 0:
        return None
    rng = np.random.default_rng(draw(seeds))
    size = width + draw(st.sampled_from([0, 0, 0, -1, 40])) if width > 1 else width
    allowed = np.flatnonzero(rng.random(size) < draw(st.sampled_from(DENSITIES)))
    return FixedState(frozenset(allowed.tolist()), size, has_mask=draw(st.booleans()), is_dear=draw(st.booleans()))


def masked(row: Logits, state: FixedState | None) -> Logits:
    """The mask as its definition reads."""
    if state is None:
        return row
    banned = [token not in state.allowed for token in range(row.shape[1])]
    return row.masked_fill(torch.tensor([banned]), -torch.inf)


def rows_of(logits: Logits) -> list[Logits]:
    return [logits[row : row + 1] for row in range(len(logits))]


@given(logits_rows(max_rows=6), st.data())
@settings(max_examples=400)
def test_lazy_is_full(logits: Logits, data: st.DataObject) -> None:
    """Each row's outcome, token, error and log-probabilities, is that of its masked logits without a constraint."""
    width = logits.shape[1]
    each = [data.draw(requests(width, with_foreign=False)) for _ in range(len(logits))]
    own = [data.draw(states(width)) for _ in each]
    chains, steps = [request.chain for request in each], [request.step for request in each]
    full = torch.cat([masked(row, state) for row, state in zip(rows_of(logits), own, strict=True)])
    held = [replace(step, constraint=state) for step, state in zip(steps, own, strict=True)]
    outcomes = draw(chains, logits, held)
    for row, (outcome, expected) in enumerate(zip(outcomes, draw(chains, full, steps), strict=True)):
        if own[row] is not None and isinstance(outcome, Pick) and outcome.logprobs is not None:
            assert outcome.token == token_of(expected)
            assert isinstance(expected, Pick)
            assert str(outcome.logprobs.staged) == str(expected.logprobs.staged)  # type: ignore[union-attr]
        else:
            assert (type(outcome), str(outcome)) == (type(expected), str(expected))
    for row, state in enumerate(own):
        if state is not None and isinstance(outcomes[row], Pick):
            assert token_of(outcomes[row]) in state.allowed
            assert token_of(outcomes[row]) == slow_draw(chains[row], full[row : row + 1], steps[row])


HARD = {
    "recipe": (RepetitionPenalty(1.1), Temperature(0.7), TopK(20), TopP(0.9), MinP(0.02)),
    "top-k": (TopK(5),),
    "min-p": (Temperature(1.3), MinP(0.05)),
    "min-p, nucleus": (MinP(1e-3), TopP(0.9), TopK(30), Temperature(0.6)),
    "nucleus": (TopP(0.9),),
    "free": (Temperature(1.2),),
}


@pytest.mark.parametrize("density", DENSITIES)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", [130, 5000, 20001])
def test_lazy_is_full_in_wide_rows(width: int, style: str, density: float) -> None:
    """All kinds of chain side by side, greedy and sampled, heads that decide and heads that do not."""
    rng = np.random.default_rng(width)
    chains = [Chain(stages, own_order=True) for stages in HARD.values()] + [Chain((), is_greedy=True)] * 2
    logits = torch.from_numpy(np.stack([make_row(rng, width, style) for _ in chains])).float()
    steps = [replace(STEP, seed=seed) for seed in range(len(chains))]
    own = [FixedState(frozenset(np.flatnonzero(rng.random(width) < density).tolist()), width) for _ in chains]
    full = torch.cat([masked(row, state) for row, state in zip(rows_of(logits), own, strict=True)])
    held = [replace(step, constraint=state) for step, state in zip(steps, own, strict=True)]
    assert list(map(str, draw(chains, logits, held))) == list(map(str, draw(chains, full, steps)))


@given(logits_rows(max_rows=4), st.integers(1, 12), st.data())
def test_the_leaders_of_greedy_rows(logits: Logits, num_tried: int, data: st.DataObject) -> None:
    """However many of the best ids are tried before the mask is made, and whoever runs beside: the masked arg-max."""
    own = [data.draw(states(logits.shape[1])) for _ in range(len(logits))]
    chain = merge([Chain((), is_greedy=True)] * len(logits))
    unmasked = Unmasked([row for row, state in enumerate(own) if state is not None], num_tried)
    outcomes = Race(logits, chain, [replace(STEP, constraint=state) for state in own], unmasked).run({})
    for outcome, row, state in zip(outcomes, rows_of(logits), own, strict=True):
        full = masked(row, state)
        assert isinstance(outcome, DeadEnd) if full.max() == -torch.inf else outcome == int(full.argmax())


def test_more_tries_than_ids() -> None:
    """In a vocabulary of fewer ids than may be tried no row is told of its neighbour's."""
    steps = [replace(STEP, constraint=FixedState(frozenset(ids), 3)) for ids in ((), (1, 2))]
    logits = torch.tensor([[2.0, 1.0, 0.0], [-2.0, -1.0, -3.0]])
    outcomes = Race(logits, merge([Chain((), is_greedy=True)] * 2), steps, Unmasked([0, 1], 4)).run({})
    assert isinstance(outcomes[0], DeadEnd)
    assert outcomes[1] == 1


LAZY = {
    "greedy": Chain((RepetitionPenalty(1.1),), is_greedy=True),
    "recipe": Chain((RepetitionPenalty(1.1), Temperature(0.8), TopK(20), TopP(0.9))),
    "min-p": Chain((Temperature(0.8), MinP(0.1))),
}
FULL = {
    "nucleus": Chain((Temperature(0.8), TopP(0.9))),
    "free": Chain((Temperature(0.8),)),
    "foreign": Chain((ForeignStage(lambda ids, scores: scores), TopK(20))),
    "asked for": Chain((Constrained(), TopK(20))),
    "edit behind a cut": Chain((TopK(20), RepetitionPenalty(1.1)), own_order=True),
}


def held_to(state: FixedState) -> Step:
    return replace(STEP, constraint=state)


@pytest.mark.parametrize("chain", LAZY.values(), ids=LAZY)
@pytest.mark.parametrize("width", [300, 5001])
def test_no_mask_where_the_head_tells(chain: Chain, width: int) -> None:
    """Where enough of the best ids are allowed no mask is made; where none of them is, one is."""
    row = -0.1 * torch.arange(width).float().unsqueeze(0)
    open_minded = FixedState(frozenset(range(width)) - {2}, width)
    narrow = FixedState(frozenset({width - 1}), width)
    assert token_of(draw([chain], row, [held_to(open_minded)])[0]) != 2
    assert token_of(draw([chain], row, [held_to(narrow)])[0]) == width - 1
    assert (open_minded.num_masks, narrow.num_masks) == (0, 1)


@pytest.mark.parametrize(
    ("name", "num_allowed", "is_asked"),
    [("greedy", 300, True), ("greedy", 100, False), ("recipe", 300, False), ("min-p", 300, False)],
)
def test_a_mask_at_hand_is_applied(name: str, num_allowed: int, is_asked: bool) -> None:
    """It costs less than to look for a way around it; but a greedy row asks for one id, where a wide mask is likely
    to allow it."""
    row = -0.1 * torch.arange(300).float().unsqueeze(0)
    state = FixedState(frozenset(range(num_allowed)), 300, has_mask=True)
    draw([LAZY[name]], row, [held_to(state)])
    assert (state.num_asked > 0) == is_asked


@pytest.mark.parametrize(("name", "is_asked"), [("greedy", True), ("recipe", False), ("min-p", False)])
def test_a_cheap_mask_is_made(name: str, is_asked: bool) -> None:
    """Where to make a mask takes less than to ask for all ids of a head, a sampled row is masked beforehand; a greedy
    one asks for its best id alone."""
    row = -0.1 * torch.arange(300).float().unsqueeze(0)
    state = FixedState(frozenset(range(300)), 300, is_dear=False)
    draw([LAZY[name]], row, [held_to(state)])
    assert (state.num_asked > 0, state.num_masks > 0) == (is_asked, not is_asked)


@pytest.mark.parametrize("name", ["nucleus", "greedy"])
def test_missing_masks_are_made_together(name: str) -> None:
    """Rows whose masks are not at hand ask for them in one call, before the race and when they are drawn again; one
    whose mask is at hand, or that is alone, asks by itself."""
    chain = (LAZY | FULL)[name]
    at_hand = FixedState(frozenset({9}), 300, has_mask=True)
    missing = [FixedState(frozenset({7, 8}), 300) for _ in range(3)]
    rows = -0.1 * torch.arange(300).float().repeat(4, 1)
    outcomes = draw([chain] * 4, rows, [held_to(state) for state in (at_hand, *missing)])
    assert {token_of(outcome) for outcome in outcomes[1:]} <= {7, 8}
    assert [state.num_together for state in (at_hand, *missing)] == [0, 3, 3, 3]
    draw([chain], rows[:1], [held_to(alone := FixedState(frozenset({7}), 300))])
    assert (alone.num_masks, alone.num_together) == (1, 0)


@pytest.mark.parametrize("chain", FULL.values(), ids=FULL)
def test_a_mask_first_where_it_is_needed(chain: Chain) -> None:
    """What looks at the whole row, or cannot be looked into, gets its mask beforehand, and once."""
    state = FixedState(frozenset(range(1, 300)), 300)
    assert token_of(draw([chain], torch.linspace(4, -4, 300).unsqueeze(0), [held_to(state)])[0]) > 0
    assert state.num_masks == 1


@pytest.mark.parametrize("chain", [*LAZY.values(), *FULL.values()], ids=[*LAZY, *FULL])
@pytest.mark.parametrize("value", [torch.nan, torch.inf, 1e38])
def test_what_is_forbidden_may_be_anything(chain: Chain, value: float) -> None:
    """A NaN, an infinity or a number that overflows at a forbidden id is not the row's error."""
    row = torch.linspace(4, -4, 300)
    row[7] = value
    chain = Chain((SequenceBias(Biases({(7,): 3e38})), Temperature(0.1), *chain.stages), chain.is_greedy, True)
    for allowed in (range(20, 22), range(8, 300), range(0, 300, 2)):
        (outcome,) = draw([chain], row.unsqueeze(0), [held_to(FixedState(frozenset(allowed), 300))])
        assert token_of(outcome) in allowed


@pytest.mark.parametrize("chain", [*LAZY.values(), *FULL.values()], ids=[*LAZY, *FULL])
def test_nothing_allowed_is_a_dead_end(chain: Chain) -> None:
    """A mask that allows nothing, or only what the edits ban, ends its own row."""
    nothing, seven = FixedState(frozenset(), 300), FixedState(frozenset({7}), 300)
    ban = SequenceBias(Biases({(7,): -torch.inf}))
    banning = Chain((ban, *chain.stages), chain.is_greedy, own_order=True)
    outcomes = draw([chain, banning, chain], torch.zeros(3, 300), [held_to(nothing), held_to(seven), STEP])
    assert [type(outcome) for outcome in outcomes] == [DeadEnd, DeadEnd, Pick]


@pytest.mark.parametrize("chain", [*LAZY.values(), *FULL.values()], ids=[*LAZY, *FULL])
def test_a_constraint_that_breaks_ends_its_own_row(chain: Chain) -> None:
    """Its error is the row's outcome; the neighbour, held to something, is drawn."""
    steps = [held_to(BrokenState(frozenset(), 300)), held_to(FixedState(frozenset({7}), 300))]
    broken, healthy = draw([chain, chain], torch.zeros(2, 300), steps)
    assert isinstance(broken, ConstraintError)
    assert token_of(healthy) == 7


def test_a_foreign_stage_brings_nothing_back() -> None:
    """Code of others sees masked logits, and cannot make a forbidden id possible."""
    state = FixedState(frozenset({3, 5}), 300)
    for seed in range(5):
        (outcome,) = draw([Chain((FOREIGN, TopK(20)))], torch.zeros(1, 300), [replace(held_to(state), seed=seed)])
        assert isinstance(outcome, DeadEnd)  # flipped, its own two ids are masked
    lifting = ForeignStage(lambda ids, scores: torch.zeros_like(scores))
    tokens = {
        token_of(draw([Chain((lifting,))], torch.zeros(1, 300), [replace(held_to(state), seed=seed)])[0])
        for seed in range(20)
    }
    assert tokens == {3, 5}


def test_log_probabilities_are_of_the_masked_row() -> None:
    """Staged ones know the mask, raw ones are the model's own."""
    state = FixedState(frozenset({3, 5}), 300)
    step = replace(held_to(state), num_top_logprobs=3)
    (pick,) = draw([Chain((TopK(20),))], torch.zeros(1, 300), [step])
    assert isinstance(pick, Pick)
    assert pick.logprobs is not None
    assert pick.logprobs.raw == pytest.approx(-np.log(300))
    assert [candidate.token for candidate in pick.logprobs.top_staged] == [5, 3]
    assert pick.logprobs.staged == pytest.approx(-np.log(2))
