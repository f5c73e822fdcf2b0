"""Rivals inside transformers' ``generate()``: each as a logits processor, with the mask kernel of its own library.

For `constrained_loop.py`. A processor takes the tokens written so far, asks the adapters of `rivals.py` for the masks
of all rows, and applies them in one call of the rival's kernel; it is new for every request, the compiled pattern is
not.
"""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from rivals import ENGINES, Tokens, Walker

KERNELS = {"llguidance": "llguidance.torch", "xgrammar": "xgrammar", "outlines_core": "outlines_core.kernels.torch"}
"""Where each has its ``apply_token_bitmask_inplace``."""


def installed() -> list[str]:
    """The rivals that are here and come with a kernel of their own."""
    return [name for name in KERNELS if importlib.util.find_spec(name) is not None]


class Rival:
    """One library with one vocabulary; it keeps the makers of walkers of its patterns until it is told to forget."""

    def __init__(self, name: str, tokens: Tokens) -> None:
        self._engine: Any = ENGINES[name](tokens)
        self._apply: Any = importlib.import_module(KERNELS[name]).apply_token_bitmask_inplace
        self._makers: dict[str, Callable[[], Walker]] = {}
        self._refusals: dict[str, str | None] = {}

    def forget(self) -> None:
        self._makers.clear()
        self._engine.fresh()

    def processor(self, pattern: str) -> Processor:
        """For one request."""
        if pattern not in self._makers:
            self._makers[pattern] = self._engine.compile(pattern)
        return Processor(self._makers[pattern], torch.as_tensor(self._engine.bits).flatten(), self._apply)

    def why_not(self, pattern: str, seconds: float) -> str | None:
        """Why a pattern cannot be measured; found out once."""
        if pattern not in self._refusals:
            self._refusals[pattern] = self._try(pattern, seconds)
        return self._refusals[pattern]

    def _try(self, pattern: str, seconds: float) -> str | None:
        """In a process of its own: nothing else ends a compiler in time."""
        trial = multiprocessing.get_context("fork").Process(target=_compiles, args=(self._engine, pattern), daemon=True)
        trial.start()
        trial.join(seconds)
        if trial.is_alive():
            trial.kill()
            trial.join()
            return f"over {seconds:.0f} s"
        return None if trial.exitcode == 0 else "refused"


class Processor:
    """A ``LogitsProcessor`` as transformers calls it. `bits` is where the walkers leave a mask."""

    def __init__(self, make: Callable[[], Walker], bits: torch.Tensor, apply: Callable[..., object]) -> None:
        self._make, self._bits, self._apply = make, bits, apply
        self._walkers: Sequence[Walker] = ()
        self._masks = torch.empty(0)
        self.seconds = 0.0
        """All that was spent in here."""

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        start = time.perf_counter()
        self._advance(input_ids)
        for walker, mask in zip(self._walkers, self._masks, strict=True):
            walker.mask()
            mask.copy_(self._bits)
        self._apply(scores, self._masks)
        self.seconds += time.perf_counter() - start
        return scores

    def _advance(self, input_ids: torch.Tensor) -> None:
        if self._walkers:
            for walker, token in zip(self._walkers, input_ids[:, -1].tolist(), strict=True):
                walker.advance(token)
        else:
            self._walkers = [self._make() for _ in input_ids]
            self._masks = torch.empty((len(input_ids), len(self._bits)), dtype=torch.int32)


def _compiles(engine: Any, pattern: str) -> None:
    try:
        engine.compile(pattern)
    except Exception:
        raise SystemExit(1) from None
