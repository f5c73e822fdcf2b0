"""A row that cannot be drawn fails alone, and says which kind of failure it is."""

from __future__ import annotations

import pytest
import torch
from random_chains import BROKEN, draw
from random_logits import History

from llmpost.contracts.pick import Pick
from llmpost.errors import DeadEnd, LlmpostError, ModelError, StageError
from llmpost.logits import (
    Biases,
    Chain,
    ForeignStage,
    RepetitionPenalty,
    SequenceBias,
    Temperature,
    TopK,
    TopP,
)

WIDTH = 300
STEP = History((1, 2), (3,)).step(seed=5, num_top_logprobs=2)
HEALTHY = Chain((Temperature(0.9), TopK(20), TopP(0.9)))
CHAINS = {
    "recipe": HEALTHY,
    "nucleus": Chain((TopP(0.9),)),
    "free": Chain((Temperature(2.0),)),
    "greedy": Chain((), is_greedy=True),
    "own order": Chain((TopP(0.9), Temperature(0.4)), own_order=True),
}


def outcomes(sick: Chain, row: torch.Tensor) -> list[Pick | LlmpostError]:
    """The sick row between two healthy ones, which come out as alone."""
    healthy = torch.linspace(-4, 4, len(row)).repeat(2, 1)
    drawn = draw([HEALTHY, sick, HEALTHY], torch.stack([healthy[0], row, healthy[1]]), [STEP] * 3)
    (alone,) = draw([HEALTHY], healthy[:1], [STEP])
    assert isinstance(alone, Pick)
    assert (drawn[0], drawn[2]) == (alone, alone)
    return drawn


@pytest.mark.parametrize("width", [WIDTH, 5001])
@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_an_empty_row_is_a_dead_end(chain: Chain, width: int) -> None:
    """A row with every id masked, by the model or by a stage, is a DeadEnd."""
    assert isinstance(outcomes(chain, torch.full((width,), -torch.inf))[1], DeadEnd)
    ban = SequenceBias(Biases.banning((token,) for token in range(width)))
    everything_banned = Chain((ban, *chain.stages), chain.is_greedy, own_order=True)
    assert isinstance(outcomes(everything_banned, torch.zeros(width))[1], DeadEnd)


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.nan])
@pytest.mark.parametrize("place", [0, 150, -1])
@pytest.mark.parametrize("width", [WIDTH, 5001])
@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_no_number_is_the_models_error(chain: Chain, width: int, place: int, value: float) -> None:
    """A NaN or +inf anywhere in a row is a ModelError."""
    row = torch.linspace(4, -4, width)
    row[place] = value
    assert isinstance(outcomes(chain, row)[1], ModelError)


OVERFLOWING = {
    "free": Chain((Temperature(1e-4),)),
    "recipe": Chain((Temperature(1e-4), TopK(3), TopP(0.9))),
    "nucleus": Chain((Temperature(1e-4), TopP(0.9))),
    "two in turn": Chain((Temperature(1e-2), TopK(3), Temperature(1e-2)), own_order=True),
    "far ahead": Chain((Temperature(1e-4), RepetitionPenalty(1.1), TopP(0.9)), own_order=True),
}


@pytest.mark.parametrize("chain", OVERFLOWING.values(), ids=OVERFLOWING)
def test_a_logit_too_large_for_its_temperature_is_the_models_error(chain: Chain) -> None:
    """What overflows when divided by the temperature is no distribution; a little below it is drawn."""
    row = torch.linspace(-4, 4, WIDTH)
    row[7] = 1e36
    assert isinstance(outcomes(chain, row)[1], ModelError)
    row[7] = 1e33
    drawn = outcomes(chain, row)[1]
    assert isinstance(drawn, Pick)
    assert drawn.token == 7


def returning(answer: object) -> ForeignStage:
    return ForeignStage(lambda ids, scores: answer)  # type: ignore[arg-type,return-value]  # that it is wrong is the point


BAD = {
    "raises": BROKEN,
    "returns nothing": returning(None),
    "returns a list": returning([1.0]),
    "narrower row": returning(torch.zeros(1, WIDTH - 1)),
    "one column": returning(torch.zeros(1, 1)),
    "no batch": returning(torch.zeros(WIDTH)),
    "two rows": returning(torch.zeros(2, WIDTH)),
}


@pytest.mark.parametrize("stage", BAD.values(), ids=BAD)
def test_foreign_code_that_breaks_is_a_stage_error(stage: ForeignStage) -> None:
    """A foreign processor that raises, or returns no row of the right shape, is a StageError with its cause."""
    error = outcomes(Chain((stage, TopK(5))), torch.zeros(WIDTH))[1]
    assert isinstance(error, StageError)
    assert error.__cause__ is not None
    assert "ForeignStage" in str(error)


def test_foreign_code_that_scribbles_before_it_raises_hurts_nobody() -> None:
    """A processor that writes into its scores and then raises leaves the neighbours as they were."""

    def scribble(ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        scores.fill_(torch.nan)
        raise ValueError("no")

    assert isinstance(outcomes(Chain((ForeignStage(scribble),)), torch.zeros(WIDTH))[1], StageError)


def test_a_foreign_half_precision_answer_is_taken() -> None:
    """A processor may answer in another float type, as it may in transformers."""
    stage = ForeignStage(lambda ids, scores: scores.half())
    assert isinstance(outcomes(Chain((stage, TopK(5))), torch.zeros(WIDTH))[1], Pick)


def test_a_foreign_processor_sees_what_transformers_would_show_it() -> None:
    """It gets its own row's ids and scores, with a batch of one, and may keep or change what it is given."""
    seen: list[tuple[list[list[int]], torch.Size]] = []

    def look(ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        seen.append((ids.tolist(), scores.shape))
        ids.zero_()
        return scores

    outcomes(Chain((ForeignStage(look),)), torch.zeros(WIDTH))
    assert seen == [([[1, 2, 3]], torch.Size([1, WIDTH]))]
    assert STEP.context.ids.tolist() == [1, 2, 3]
