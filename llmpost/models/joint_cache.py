"""One key-value cache for many sequences, each with a length of its own.

A slot is a row of the buffers; rows in use are 0 … n-1, so a step over all of them reads views and copies nothing.
Column c of a row holds position c: no padding, whatever lengths meet. Opening, forking and closing touch one row.
It knows nothing of models beyond the shape of what it is given; `transformers` fills it and reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers.cache_utils import Cache, CacheLayerMixin

_FIRST_COLUMNS = 128


@dataclass(frozen=True, slots=True)
class Write:
    """Where the next forward puts its keys: which rows, and which columns of each.

    A batch of unequal feeds is aligned at the right; places before a short feed go to the spare last column, which
    is never read.
    """

    rows: slice | torch.Tensor
    width: int  # how many columns are read afterwards
    start: int | None  # first column written, where it is the same for all rows; None: `columns` says
    columns: torch.Tensor | None = None  # int64 [rows, tokens]
    row_ids: torch.Tensor | None = None  # int64 [rows, 1], beside `columns`


class _JointLayer(CacheLayerMixin):  # type: ignore[misc]  # transformers' classes are untyped
    """Keys and values of one layer, ``[rows, heads, columns, size]``."""

    is_sliding = False

    def __init__(self, cache: JointCache) -> None:
        super().__init__()
        self._cache = cache

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        self.keys = _room(key_states, self._cache.num_rows, self._cache.num_columns)
        self.values = _room(value_states, self._cache.num_rows, self._cache.num_columns)
        self.is_initialized = True

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        write = self._cache.write
        return _written(self.keys, key_states, write), _written(self.values, value_states, write)

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return self.get_seq_length() + query_length, 0

    def get_seq_length(self) -> int:
        return self._cache.write.start or 0

    def get_max_length(self) -> int:
        return -1

    def grow(self, num_rows: int, num_columns: int) -> None:
        if self.is_initialized:
            self.keys, self.values = (_grown(room, num_rows, num_columns) for room in (self.keys, self.values))

    def copy_row(self, source: int, target: int, length: int) -> None:
        if self.is_initialized:
            for room in (self.keys, self.values):
                room[target, :, :length] = room[source, :, :length]


class JointCache(Cache):  # type: ignore[misc]
    """The rows' lengths, and one layer of keys and values for each layer of the model.

    :meth:`plan` says what the next forward is to write; only :meth:`settle` makes it count.
    """

    def __init__(self, num_layers: int) -> None:
        self.num_rows = 0
        self.num_columns = 0
        self.lengths: list[int] = []
        self.write = Write(slice(0, 0), 0, 0)
        super().__init__(layers=[_JointLayer(self) for _ in range(num_layers)])

    def add_row(self) -> int:
        """The number of a new, empty row."""
        self.lengths.append(0)
        if len(self.lengths) > self.num_rows:
            self._grow(max(1, 2 * self.num_rows), max(self.num_columns, _FIRST_COLUMNS))
        return len(self.lengths) - 1

    def copy_row(self, row: int) -> int:
        """The number of a new row with the same content."""
        copy = self.add_row()
        self.lengths[copy] = self.lengths[row]
        for layer in self.layers:
            layer.copy_row(row, copy, self.lengths[row])
        return copy

    def remove_row(self, row: int) -> int:
        """Drop a row; the last row takes its place. Returns the number that the last row had."""
        last = len(self.lengths) - 1
        if row != last:
            for layer in self.layers:
                layer.copy_row(last, row, self.lengths[last])
            self.lengths[row] = self.lengths[last]
        self.lengths.pop()
        if not self.lengths:
            self._release()
        return last

    def plan(self, rows: Sequence[int], keeps: Sequence[int], counts: Sequence[int], device: torch.device) -> Write:
        """The write of a forward that feeds `counts` tokens behind `keeps` kept ones, in ascending rows."""
        width = max(keep + count for keep, count in zip(keeps, counts, strict=True))
        if width >= self.num_columns:  # the last column stays spare
            self._grow(self.num_rows, max(width + 1, 2 * self.num_columns))
        is_range = rows[-1] - rows[0] + 1 == len(rows)
        which = slice(rows[0], rows[-1] + 1) if is_range else torch.tensor(rows, device=device)
        if len(set(keeps)) == 1 and len(set(counts)) == 1:
            self.write = Write(which, width, keeps[0])
        else:
            tokens = torch.arange(max(counts), device=device)
            starts = torch.tensor([k + c for k, c in zip(keeps, counts, strict=True)], device=device) - max(counts)
            columns = starts.unsqueeze(1) + tokens
            columns = columns.where(
                tokens >= max(counts) - torch.tensor(counts, device=device).unsqueeze(1), self.num_columns - 1
            )
            self.write = Write(which, width, None, columns, torch.tensor(rows, device=device).unsqueeze(1))
        return self.write

    def settle(self, rows: Sequence[int], lengths: Sequence[int]) -> None:
        """What was written counts now: these rows have these lengths."""
        for row, length in zip(rows, lengths, strict=True):
            self.lengths[row] = length

    def _grow(self, num_rows: int, num_columns: int) -> None:
        self.num_rows, self.num_columns = num_rows, num_columns
        for layer in self.layers:
            layer.grow(num_rows, num_columns)

    def _release(self) -> None:
        """Give the memory back: nobody is here, and the next guests may be few."""
        self.num_rows = self.num_columns = 0
        for layer in self.layers:
            layer.keys = layer.values = None
            layer.is_initialized = False


def _room(like: torch.Tensor, num_rows: int, num_columns: int) -> torch.Tensor:
    """Zeros, not whatever memory held: a masked value of NaN would still spoil a sum."""
    return torch.zeros(num_rows, like.shape[1], num_columns, like.shape[3], dtype=like.dtype, device=like.device)


def _grown(room: torch.Tensor, num_rows: int, num_columns: int) -> torch.Tensor:
    grown = _room(room, num_rows, num_columns)
    grown[: room.shape[0], :, : room.shape[2]] = room
    return grown


def _written(room: torch.Tensor, states: torch.Tensor, write: Write) -> torch.Tensor:
    """Put the new states in their places; the part of the room that attention reads."""
    if write.start is not None:
        room[write.rows, :, write.start : write.start + states.shape[2]] = states
    else:
        room[write.row_ids, :, write.columns] = states.transpose(1, 2)
    return room[write.rows, :, : write.width]
