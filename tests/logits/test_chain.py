"""Chains as values: the order they check, what they split into, and equality of what they hold."""

from __future__ import annotations

import itertools

import pytest

from llmpost.contracts.stage import Phase
from llmpost.errors import RequestError
from llmpost.logits import (
    ORDER,
    Biases,
    Chain,
    Forced,
    ForeignStage,
    MinLength,
    RepetitionPenalty,
    SequenceBias,
    Temperature,
    TopK,
    TopP,
)


def test_the_default_order_ascends() -> None:
    """The stages of ORDER, all together, are a chain nobody has to excuse."""
    stages = tuple(kind() for kind in ORDER.values())
    assert Chain(stages).stages == stages
    assert [stage.phase for stage in stages] == sorted(stage.phase for stage in stages)


@pytest.mark.parametrize("names", list(itertools.permutations(["min_length", "repetition", "temperature", "top_p"])))
def test_phases_are_checked(names: tuple[str, ...]) -> None:
    """Stages against the order of the phases are an error that names both and says what to do, unless meant."""
    stages = tuple(ORDER[name]() for name in names)
    if names == ("min_length", "repetition", "temperature", "top_p"):
        Chain(stages)
        return
    with pytest.raises(
        RequestError, match=r"stages: \w+ \(\w+\) after \w+ \(\w+\) is not the default order MASK < ADJUST"
    ):
        Chain(stages)
    assert Chain(stages, own_order=True).stages == stages


def test_two_of_a_phase_stand_in_any_order() -> None:
    """Within a phase nobody is told where to stand."""
    assert Chain((TopP(0.5), TopK(3))).stages == (TopP(0.5), TopK(3))


def test_a_greedy_chain_keeps_what_edits() -> None:
    """Of a greedy chain the stages that edit are left; of another all of them."""
    stages = (MinLength(2), RepetitionPenalty(1.2), Temperature(0.5), TopK(4))
    assert Chain(stages, is_greedy=True).effective == stages[:2]
    assert Chain(stages).effective == stages


def test_a_foreign_stage_says_so() -> None:
    """Others refuse it together with speculation by this mark."""
    stage = ForeignStage(lambda ids, scores: scores)
    assert stage.is_foreign
    assert stage.phase is Phase.ADJUST


def test_biases_compare_by_content() -> None:
    """However the mapping was written, the same biases are equal, hash alike, and make equal stages."""
    one, other = Biases({(1,): 2.0, (2, 3): 1.0}, (4,)), Biases({(2, 3): 1.0, (1,): 2.0}, [4])
    assert (one, hash(one), SequenceBias(one)) == (other, hash(other), SequenceBias(other))
    assert one != Biases({(1,): 2.0, (2, 3): 1.0})
    assert one != Biases({(1,): 2.0, (2, 3): 1.5}, (4,))
    assert Biases.banning([(1,)]) == Biases({(1,): -float("inf")})
    assert repr(one) == "Biases({(1,): 2.0, (2, 3): 1.0}, at_start=(4,))"
    assert one != "Biases"


def test_forced_compare_by_content() -> None:
    """The same positions and ids are equal and hash alike."""
    one, other = Forced.start([5, 6]), Forced({1: 6, 0: 5})
    assert (one, hash(one)) == (other, hash(other))
    assert one != Forced({0: 5})
    assert (one.at(1), one.at(2)) == (6, None)
    assert repr(one) == "Forced({0: 5, 1: 6})"
