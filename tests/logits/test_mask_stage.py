"""Masks on rows: every way of applying one is ``masked_fill``, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from toy_constraints import FixedState, IdMask

from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context, Logits
from llmpost.logits import Chain, Constrained, TopK
from llmpost.logits.masking import mask_rows

WIDTH = 5000
ODDITIES = torch.tensor([0.0, -0.0, torch.nan, -torch.nan, torch.inf, -torch.inf, 1e-45, -1e-45, 3.4e38])
SHARES = [0, 1, 20, 155, 156, 157, 2500, WIDTH - 157, WIDTH - 156, WIDTH - 155, WIDTH - 1, WIDTH]
"""Numbers of allowed ids, among them those where the way changes."""


def odd_rows(rows: int, dtype: torch.dtype = torch.float32) -> Logits:
    picked = torch.randint(0, len(ODDITIES), (rows, WIDTH), generator=torch.Generator().manual_seed(rows))
    return ODDITIES[picked].to(dtype)


def random_mask(num_allowed: int, size: int = WIDTH) -> IdMask:
    return IdMask(np.random.default_rng(num_allowed).permutation(size)[:num_allowed], size)


def masked(row: Logits, mask: IdMask) -> Logits:
    allowed = torch.zeros(len(row), dtype=torch.bool)
    known = mask.to_bool()[: len(row)]
    allowed[: len(known)] = torch.from_numpy(known)
    return row.masked_fill(~allowed, -torch.inf)


def bits(logits: Logits) -> bytes:
    return logits.contiguous().view(torch.uint8).numpy().tobytes()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64], ids=str)
@pytest.mark.parametrize("num_allowed", SHARES)
def test_every_density_is_masked_fill(num_allowed: int, dtype: torch.dtype) -> None:
    """NaN, infinities and the signs of zeros included, the first time and when the mask comes again."""
    logits, mask = odd_rows(3, dtype), random_mask(num_allowed)
    expected = torch.stack([masked(logits[0], mask), logits[1], masked(logits[2], mask)])
    for _ in range(2):
        assert bits(mask_rows(logits.clone(), {0: mask, 2: mask})) == bits(expected)


def test_rows_have_masks_of_their_own() -> None:
    """Rows of every density side by side, some without a mask."""
    logits = odd_rows(len(SHARES) + 1)
    masks = {row: random_mask(num_allowed) for row, num_allowed in enumerate(SHARES)}
    expected = torch.stack([*(masked(logits[row], mask) for row, mask in masks.items()), logits[-1]])
    assert bits(mask_rows(logits.clone(), masks)) == bits(expected)


@pytest.mark.parametrize("size", [1, 32, WIDTH - 1, WIDTH + 1, WIDTH + 100])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.999])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_masks_and_rows_of_different_widths(size: int, share: float, dtype: torch.dtype) -> None:
    """What a mask says of ids that the row has not is ignored; ids that it does not know are forbidden."""
    logits, mask = odd_rows(1, dtype), random_mask(int(share * size), size)
    assert bits(mask_rows(logits.clone(), {0: mask})[0]) == bits(masked(logits[0], mask))


@pytest.mark.parametrize("way", [1, 2500, WIDTH - 1])
def test_two_masks_are_never_confused(way: int) -> None:
    """A mask made where another one was before, as memory is used again, is itself."""
    for start in range(200):
        mask = IdMask([(start + i) % WIDTH for i in range(way)], WIDTH)
        assert bits(mask_rows(torch.zeros(1, WIDTH), {0: mask})[0]) == bits(masked(torch.zeros(WIDTH), mask))
        del mask


def test_the_stage_masks_rows_with_a_state() -> None:
    """In a chain that runs without the sampler; a step without a state is free, and no step is none too few."""
    logits = torch.arange(12.0).reshape(2, 6)
    steps = [Step(Context.of([0]), constraint=FixedState(frozenset({1, 3}), 6)), Step(Context.of([0]))]
    chain = Chain((Constrained(), TopK(1)))
    assert chain.apply(logits, steps).isfinite().nonzero().tolist() == [[0, 3], [1, 5]]
    free = [Step(Context.of([0]))] * 2
    assert torch.equal(Constrained().apply(torch.ones(2, 6), free), torch.ones(2, 6))
