"""Rows of logits and contexts that are hard on sampling code: ties, masked ids, wide ranges, awkward widths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from hypothesis import strategies as st

from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context, Logits

STYLES = ("integers", "halves", "normal", "power", "wide", "equal", "tiny", "mixed")
DTYPES = (torch.float32, torch.float16, torch.bfloat16)
NARROW = (1, 2, 3, 5, 17, 63, 64, 65, 128, 200)
WIDE = (4095, 4096, 4097, 4160, 4222)
"""Around the width from which rows are looked at in blocks, and around its multiples of 64."""

widths = st.sampled_from(NARROW + WIDE)
narrow_widths = st.sampled_from(NARROW)
seeds = st.integers(0, 2**32 - 1)


def make_row(rng: np.random.Generator, width: int, style: str) -> np.ndarray:
    if style == "integers":
        row = rng.integers(-3, 4, width).astype(np.float64)
    elif style == "halves":
        row = rng.integers(-40, 10, width) / 2.0
    elif style == "normal":
        row = rng.normal(0.0, 3.0, width)
    elif style == "power":
        row = rng.permutation(12.0 - 1.7 * np.log(np.arange(1.0, width + 1)) + rng.normal(0.0, 0.3, width))
    elif style == "wide":
        row = rng.normal(0.0, 1.0, width) * 10.0 ** rng.integers(-3, 5, width)
    elif style == "equal":
        row = np.full(width, rng.normal())
    elif style == "tiny":
        row = rng.normal(0.0, 1e-30, width)
    else:
        row = np.where(rng.random(width) < 0.5, rng.integers(-2, 3, width), rng.normal(0.0, 2.0, width))
    return row


@st.composite
def logits_rows(draw: st.DrawFn, max_rows: int = 4, width: st.SearchStrategy[int] = widths) -> Logits:
    """Float32 rows as the engine hands them on: a model's own dtype, made float. Each has a finite id."""
    rng = np.random.default_rng(draw(seeds))
    columns = draw(width)
    masked = draw(st.sampled_from([0.0, 0.0, 0.3, 0.97]))
    styles = draw(st.lists(st.sampled_from(STYLES), min_size=1, max_size=max_rows))
    rows = np.stack([make_row(rng, columns, style) for style in styles])
    mask = rng.random(rows.shape) < masked
    mask[np.arange(len(rows)), rng.integers(0, columns, len(rows))] = False
    rows[mask] = -np.inf
    return torch.from_numpy(rows).to(draw(st.sampled_from(DTYPES))).float()


@dataclass(frozen=True)
class History:
    prompt: tuple[int, ...]
    output: tuple[int, ...]

    @property
    def ids(self) -> list[int]:
        return [*self.prompt, *self.output]

    def step(self, **more: object) -> Step:
        return Step(Context.of(self.prompt, self.output), **more)  # type: ignore[arg-type]


def histories(width: int, min_prompt: int = 0) -> st.SearchStrategy[History]:
    """Short contexts over few ids, so that repetitions are common."""
    token = st.integers(0, min(width, 6) - 1) | st.integers(0, width - 1)
    return st.builds(
        History,
        st.lists(token, min_size=min_prompt, max_size=8).map(tuple),
        st.lists(token, max_size=8).map(tuple),
    )
