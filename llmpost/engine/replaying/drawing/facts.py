"""Facts of a model that a policy's settings are put together with, without the model. They go to other processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What `assemble` asks of a loaded model."""

    name: str
    vocab_size: int
    """The width of a row."""
    end_ids: frozenset[int]
    generation_config: Mapping[str, Any]
    """The model's own settings, by transformers' names."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What would have become of one answer's tokens."""

    kind: str
    """``same``: each would have been drawn; ``differs``: one would not; ``undecided``: of one that cannot be told from
    what was kept, and of none that it would not."""
    step: int | None = None
    """The first that differs, or that is undecided, counted from 0."""
    num_steps: int = 0
    num_undecided: int = 0
