"""Tokens and the text of a request as token ids.

A :class:`Context` is what a stage may look at: prompt and output so far. It knows nothing of bytes, models or
sampling, and it is handed on from step to step; the old value stays valid, which is what makes rollback free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # constraints work without it, and importing it takes longer than compiling most of them
    import torch

TokenId: TypeAlias = int
TokenIds: TypeAlias = npt.NDArray[np.int64]

Logits: TypeAlias = "torch.Tensor"
"""Float tensor ``[rows, vocab]`` on the model's device. Whoever is handed one may overwrite it."""


class _Storage:
    """Append-only room for ids, shared by the contexts that grew from one another."""

    __slots__ = ("array", "used")

    def __init__(self, ids: TokenIds) -> None:
        self.array = np.empty(max(64, 2 * len(ids)), dtype=np.int64)
        self.array[: len(ids)] = ids
        self.used = len(ids)


class Context:
    """Prompt and output as one immutable sequence of ids.

    Appending costs amortised constant time: the longest context of a family writes into shared storage behind
    every other one's end; a context that branches off copies. No context ever sees another's tokens.

    >>> start = Context.of([5, 6])
    >>> longer = start.append(7)
    >>> longer.ids.tolist(), longer.output.tolist(), start.ids.tolist()
    ([5, 6, 7], [7], [5, 6])
    """

    __slots__ = ("_storage", "length", "prompt_length")

    def __init__(self, storage: _Storage, length: int, prompt_length: int) -> None:
        self._storage = storage
        self.length = length
        self.prompt_length = prompt_length

    @classmethod
    def of(cls, prompt: Iterable[TokenId], output: Sequence[TokenId] = ()) -> Context:
        """A new family of contexts with this prompt, and this output already behind it."""
        prompt_ids = np.fromiter(prompt, dtype=np.int64)
        ids = np.concatenate([prompt_ids, np.asarray(output, dtype=np.int64)])
        return cls(_Storage(ids), len(ids), len(prompt_ids))

    @property
    def position(self) -> int:
        """How many tokens of output there are: the index of the token to be drawn."""
        return self.length - self.prompt_length

    @property
    def ids(self) -> TokenIds:
        """Prompt and output. A view, not to be written."""
        return self._storage.array[: self.length]

    @property
    def output(self) -> TokenIds:
        """The output alone. A view, not to be written."""
        return self._storage.array[self.prompt_length : self.length]

    def append(self, token: TokenId) -> Context:
        """This context and one more token."""
        storage = self._storage
        if storage.used != self.length or storage.used == len(storage.array):
            storage = _Storage(self.ids)
        storage.array[self.length] = token
        storage.used = self.length + 1
        return Context(storage, self.length + 1, self.prompt_length)

    def __repr__(self) -> str:
        return f"Context({self.prompt_length} prompt tokens, output {self.output.tolist()})"
