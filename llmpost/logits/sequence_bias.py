"""Bias on tokens and sequences: logit bias, and with -inf banned tokens and banned sequences.

The bias of a sequence falls on its last token, once the tokens before it have been written (transformers'
``sequence_bias``; OpenAI's ``logit_bias`` is the case of one token).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Context, Logits, TokenId, TokenIds
from llmpost.logits.column import PerRow, spread
from llmpost.logits.history import flat_index, on_device


class Biases:
    """What one request biases: compiled once, looked up at each step. Compares by content."""

    __slots__ = ("_at_start", "_by_start", "_pairs", "_tokens", "_values")

    def __init__(
        self, biases: Mapping[tuple[TokenId, ...], float] | None = None, at_start: Sequence[TokenId] = ()
    ) -> None:
        """`at_start` are tokens that must not come first in the output."""
        self._pairs = tuple(sorted((biases or {}).items()))
        self._at_start = tuple(at_start)
        singles = [(sequence[0], bias) for sequence, bias in self._pairs if len(sequence) == 1]
        self._tokens = np.array([token for token, _ in singles], dtype=np.int64)
        self._values = np.array([bias for _, bias in singles], dtype=np.float64)
        # Sequences by the token before their last one, so that a step looks only at those that can apply.
        self._by_start: dict[TokenId, list[tuple[tuple[TokenId, ...], float]]] = {}
        for sequence, bias in self._pairs:
            if len(sequence) > 1:
                self._by_start.setdefault(sequence[-2], []).append((sequence, bias))

    @classmethod
    def banning(cls, sequences: Iterable[tuple[TokenId, ...]]) -> Biases:
        return cls(dict.fromkeys(sequences, -np.inf))

    def at(self, context: Context) -> tuple[TokenIds, npt.NDArray[np.float64]]:
        """The ids with a bias after this context, none of them twice, and their biases."""
        ids = context.ids
        due = self._by_start.get(int(ids[-1]), []) if len(ids) else []
        extra: dict[TokenId, float] = {}
        for sequence, bias in due:
            start = tuple(ids[len(ids) - len(sequence) + 1 :].tolist()) if len(sequence) <= len(ids) + 1 else ()
            if start == sequence[:-1]:
                extra[sequence[-1]] = extra.get(sequence[-1], 0.0) + bias
        if context.position == 0:
            extra.update(dict.fromkeys(self._at_start, -np.inf))
        if not extra:
            return self._tokens, self._values
        total = dict(zip(self._tokens.tolist(), self._values.tolist(), strict=True))
        for token, bias in extra.items():
            total[token] = total.get(token, 0.0) + bias
        return np.array(list(total), dtype=np.int64), np.array(list(total.values()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Biases) and (self._pairs, self._at_start) == (other._pairs, other._at_start)

    def __hash__(self) -> int:
        return hash((self._pairs, self._at_start))

    def __repr__(self) -> str:
        return f"Biases({dict(self._pairs)}, at_start={self._at_start})"


@dataclass(frozen=True, slots=True)
class SequenceBias:
    """Add each request's biases.

    >>> SequenceBias(Biases({(1,): 2.0, (0, 2): 1.0})).apply(torch.zeros(1, 3), [Step(Context.of([0]))])
    tensor([[0., 2., 1.]])
    """

    phase: ClassVar[Phase] = Phase.ADJUST
    biases: PerRow[Biases] = field(default_factory=Biases)

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        each = spread(self.biases, len(steps))
        due = [biases.at(step.context) for biases, step in zip(each, steps, strict=True)]
        index, flat = flat_index(logits, [ids for ids, _ in due]), logits.view(-1)
        amounts = on_device(np.concatenate([amounts for _, amounts in due]), logits.device).to(logits.dtype)
        flat.scatter_(0, index, flat.gather(0, index) + amounts)
        return logits
