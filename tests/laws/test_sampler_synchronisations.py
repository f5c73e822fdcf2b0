"""How often a step waits for the device: counted on ``meta`` tensors, which have no values to wait for.

Whatever needs a value on the host (``item``, ``tolist``, ``nonzero``, a Boolean index, a blocking copy) shows up here
or raises, and so does a tensor left on the wrong device. So this also shows, without one, that a step runs on a device.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from random_logits import History
from torch.utils._python_dispatch import TorchDispatchMode
from toy_constraints import FixedState

from llmpost.contracts.laps import Laps
from llmpost.contracts.stage import Step
from llmpost.logits import (
    Biases,
    Chain,
    Forced,
    ForcedTokens,
    ForeignStage,
    FrequencyPenalty,
    MinLength,
    MinP,
    NoRepeatNgram,
    PresencePenalty,
    RepetitionPenalty,
    Sampler,
    SequenceBias,
    Temperature,
    TopK,
    TopP,
)

DEVICE = torch.device("meta")


class Waits(TorchDispatchMode):
    """Names of the operations that make the host wait for the device. What they fetch is made up: zeros."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        source = next((arg for arg in args if isinstance(arg, torch.Tensor)), None)
        target = kwargs.get("device", source.device if source is not None else DEVICE)
        on_device = source is not None and source.device == DEVICE
        if operation is torch.ops.aten._local_scalar_dense.default and on_device:
            self.seen.append("item")
            return 1
        if operation is torch.ops.aten._to_copy.default and on_device and torch.device(target).type == "cpu":
            self.seen.append("copy to host")
            return torch.zeros(source.shape, dtype=kwargs.get("dtype") or source.dtype)
        if operation is torch.ops.aten._to_copy.default and not on_device and torch.device(target) == DEVICE:
            if not kwargs.get("non_blocking"):
                self.seen.append("blocking copy to device")
        elif operation in (torch.ops.aten.nonzero.default, torch.ops.aten.masked_select.default):
            self.seen.append(str(operation))
        return operation(*args, **kwargs)


RECIPE = (RepetitionPenalty(1.1), Temperature(0.8), TopK(50), TopP(0.9))
EVERYTHING = (
    NoRepeatNgram(2),
    MinLength(5, frozenset({1})),
    ForcedTokens(Forced({3: 7})),
    SequenceBias(Biases({(5,): 1.0, (3, 4): 2.0})),
    RepetitionPenalty(1.1),
    PresencePenalty(0.5),
    FrequencyPenalty(0.5),
    Temperature(0.8),
    TopK(50),
    TopP(0.9),
    MinP(0.01),
)
FREE = Chain((Temperature(1.3),))
CHAINS = {
    "recipe": Chain(RECIPE),
    "top-p": Chain((Temperature(0.8), TopP(0.9))),
    "greedy": Chain((), is_greedy=True),
    "free": FREE,
    "everything": Chain(EVERYTHING),
    "greedy with everything": Chain(EVERYTHING, is_greedy=True),
    "own order": Chain((TopK(40), TopP(0.95), Temperature(0.7)), own_order=True),
    "edits in own order": Chain((PresencePenalty(1.0), RepetitionPenalty(1.1), TopK(40)), own_order=True),
    "foreign": Chain((ForeignStage(lambda ids, scores: scores * 2), TopK(5))),
}


def waits(chains: list[Chain], width: int, **step: Any) -> list[str]:
    """Those of the second step of a batch: the first also brings the settings to the device."""
    sampler, laps = Sampler(chains), Laps(lambda: 0.0)
    steps = [History((3, 4, 5), (5, 3, number)).step(seed=number, **step) for number in range(len(chains))]
    with Waits():
        sampler.draw(torch.zeros(len(chains), width, device=DEVICE), steps, laps)
    with Waits() as counted:
        sampler.draw(torch.zeros(len(chains), width, device=DEVICE), steps, laps)
    return counted.seen


@pytest.mark.parametrize("width", [1000, 32768, 4222])
@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("rows", [1, 8])
def test_one_wait_for_each_step(chain: Chain, rows: int, width: int) -> None:
    """A step waits once, for its tokens."""
    assert waits([chain] * rows, width) == ["copy to host"]


@pytest.mark.parametrize("width", [1000, 32768])
def test_one_wait_for_a_mixed_batch(width: int) -> None:
    """All kinds of request together: still once."""
    assert waits(list(CHAINS.values()), width) == ["copy to host"]


@pytest.mark.parametrize("chain", [CHAINS["recipe"], CHAINS["greedy"], FREE], ids=["recipe", "greedy", "free"])
def test_log_probabilities_cost_one_more(chain: Chain) -> None:
    """The tokens come first, then all log-probabilities of the batch in one copy."""
    assert waits([chain] * 3, 5000, num_top_logprobs=4) == ["copy to host"] * 2


ANY = FixedState(frozenset(range(32768)), 32768)
NOT_THE_FIRST = FixedState(frozenset(range(1, 32768)), 32768)
"""Whatever is fetched is a zero, so every candidate is id 0, and this state rejects it."""


@pytest.mark.parametrize("state", [ANY, NOT_THE_FIRST], ids=["allowed", "rejected"])
@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("rows", [1, 8])
def test_a_constraint_waits_only_where_it_rejects(chain: Chain, rows: int, state: FixedState) -> None:
    """A greedy row's candidates come over in the one copy, and once more for all rows none of whose passes; the mask
    of a sampled row goes to the device without waiting."""
    waited = 2 if chain.is_greedy and state is NOT_THE_FIRST else 1
    assert waits([chain] * rows, 32768, constraint=state) == ["copy to host"] * waited


def test_one_wait_more_for_all_that_are_rejected() -> None:
    """However many greedy rows of a mixed batch must be masked after all."""
    assert waits(list(CHAINS.values()), 32768, constraint=NOT_THE_FIRST) == ["copy to host"] * 2
    assert waits(list(CHAINS.values()), 32768, constraint=ANY) == ["copy to host"]


def test_the_counter_counts() -> None:
    """Every way of waiting is seen."""
    row = torch.zeros(3, device=DEVICE)
    ways: list[Callable[[], object]] = [
        row.sum().item,
        row.tolist,
        row.cpu,
        lambda: bool(row.any()),
        lambda: torch.zeros(3).to(DEVICE),
    ]
    for way in ways:
        with Waits() as counted:
            way()
        assert len(counted.seen) == 1
    for values_needed in (row.nonzero, lambda: row[row > 0], lambda: row.masked_select(row > 0)):
        with pytest.raises(NotImplementedError), Waits():
            values_needed()


def test_a_step_of_another_device_would_show() -> None:
    """Tensors of two devices do not mix, so a constant left on the host raises here."""
    with pytest.raises((RuntimeError, NotImplementedError)):
        torch.zeros(3, device=DEVICE) + torch.zeros(3)
    assert Step(History((1,), ()).step().context).seed == 0
