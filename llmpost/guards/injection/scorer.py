"""Scorer: how likely a passage is an attack, under each label, from two linear models: of its signals and its words.

Each speaks for itself and the higher counts: words know the attacks they were taught, and taught together they would
do the work of the signals, which alone know something of others. How badly both fare is in the documentation and in
`benchmarks/results/injection.md`. Where the weights come from is `tools/injection`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from llmpost.guards.injection.features import Features, features
from llmpost.guards.injection.signals import SIGNALS
from llmpost.guards.passages import Opinion

HANDICAP = 1.4
"""As a logarithm of odds: words alone must be four to one sure, for they are too easily sure of what they never saw."""
_MOST_REASONS = 3
_NOTHING_SAID = "words like those of an attack"

Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """Weights by label. Shared; nothing in it changes."""

    labels: tuple[str, ...]
    words: Weights
    """One row a label, one column a hashed word."""
    signals: Weights
    biases: Weights
    """One row a label: beside words, beside signals."""

    @classmethod
    def load(cls, path: Path) -> Self:
        with np.load(path, allow_pickle=False) as stored:
            weights = (stored[name].astype(np.float32) for name in ("words", "signals", "biases"))
            return cls(tuple(map(str, stored["labels"])), *weights)

    def save(self, path: Path) -> None:
        """Half as many bits are enough."""
        words, signals, biases = (each.astype(np.float16) for each in (self.words, self.signals, self.biases))
        np.savez_compressed(path, labels=np.array(self.labels), words=words, signals=signals, biases=biases)

    def opinions(self, passage: str) -> dict[str, Opinion]:
        """Of every label, its probability; the reason names the signals that spoke for it."""
        seen = features(passage)
        scores = self.scores(seen)
        named = enumerate(zip(self.labels, scores, strict=True))
        return {label: Opinion(score, self._reason(row, seen)) for row, (label, score) in named}

    def scores(self, seen: Features) -> list[float]:
        """One for each label."""
        said = self.words[:, list(seen.words)].sum(axis=1) * share(len(seen.words)) + self.biases[:, 0]
        done = self.signals @ np.array(seen.signals, np.float32) + self.biases[:, 1]
        logits = np.clip(np.maximum(said - HANDICAP, done), -30, 30)
        return [1 / (1 + math.exp(-float(logit))) for logit in logits]

    def _reason(self, row: int, seen: Features) -> str:
        worth = [(float(self.signals[row, at]), at) for at, is_seen in enumerate(seen.signals) if is_seen]
        best = sorted((pair for pair in worth if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]))
        return "; ".join(SIGNALS[at].reason for _, at in best[:_MOST_REASONS]) or _NOTHING_SAID


def share(num_words: int) -> float:
    """What each word of so many is worth: a long text is not the sum of its words."""
    return 1 / math.sqrt(max(num_words, 1))
