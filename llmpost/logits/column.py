"""Per-row parameters: one value for all rows, or one for each, as a tensor column.

Batched requests bring their own settings; a stage holds them as a plain value or a tuple, and turns them into a
``[rows, 1]`` tensor once for a batch, not once for a token. Knows nothing of what the numbers mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

import torch

T = TypeVar("T")
PerRow: TypeAlias = T | tuple[T, ...]


def per_row(values: Sequence[T]) -> PerRow[T]:
    """The shortest form: one value where all rows agree."""
    first = values[0]
    return first if all(value == first for value in values) else tuple(values)


def spread(value: PerRow[T], rows: int) -> tuple[T, ...]:
    """One value for each row."""
    return value if isinstance(value, tuple) else (value,) * rows


def pick(value: PerRow[T], rows: Sequence[int]) -> PerRow[T]:
    """The values of these rows alone."""
    return per_row([value[row] for row in rows]) if isinstance(value, tuple) else value


def column(
    value: PerRow[Any], dtype: torch.dtype, device: torch.device, convert: Callable[[Any], Any] | None = None
) -> torch.Tensor:
    """``[rows, 1]`` (``[1, 1]`` where all rows agree) of the values, or of what `convert` makes of them.

    Kept for the next token, so not to be written. A tensor even for a single number: a device may divide by a number
    and by a tensor with different rounding, and a request must not notice whether it is alone.
    """
    return _column(value if isinstance(value, tuple) else (value,), dtype, device, convert)


@lru_cache(maxsize=256)
def _column(
    values: tuple[Any, ...], dtype: torch.dtype, device: torch.device, convert: Callable[[Any], Any] | None
) -> torch.Tensor:
    numbers = values if convert is None else tuple(map(convert, values))
    return torch.tensor(numbers, dtype=dtype, device=device).unsqueeze(1)


@lru_cache(maxsize=256)
def index_of(rows: tuple[int, ...], device: torch.device) -> torch.Tensor:
    """Numbers of rows as an index; not to be written."""
    return torch.tensor(rows, device=device)
