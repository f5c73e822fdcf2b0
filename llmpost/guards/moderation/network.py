"""Network: from what the opinions say of a text to one score for each category, in whole numbers.

All values and weights are whole, and no sum leaves what floats count exactly: the order of adding, which libraries
choose by size, cannot show. Knows nothing of texts. Where the weights come from is `tools/moderation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_MOST: Final = 4.0
"""Spreads from its mean that a value may be."""
_FINE: Final = 256.0
"""Values and weights are multiples of one over this."""
_LOGITS: Final = np.linspace(-9, 9, 145)
_CHANCES: Final = 1 / (1 + np.exp(-_LOGITS))


def scaled(inputs: Values, means: Values, spreads: Values) -> Values:
    """By their spreads from their means, and as whole parts."""
    return np.asarray(np.round(np.clip((inputs - means) / spreads, -_MOST, _MOST) * _FINE) / _FINE)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """One layer between inputs and logits. Shared; nothing in it changes."""

    means: Values
    spreads: Values
    first: tuple[Values, Values]
    """Weights, [inputs, hidden], and what is added."""
    second: tuple[Values, Values]

    @classmethod
    def whole(cls, means: Values, spreads: Values, *layers: Values) -> Self:
        """With weights rounded to whole parts: of both layers in turn weights, and what is added."""
        first, added, second, last = (np.round(np.asarray(layer, np.float64) * _FINE) / _FINE for layer in layers)
        return cls(means, spreads, (first, added), (second, last))

    def logits(self, inputs: Values) -> Values:
        """One row a text."""
        hidden = scaled(inputs, self.means, self.spreads) @ self.first[0] + self.first[1]
        hidden = np.round(np.clip(hidden, -1, 1) * _FINE) / _FINE
        return np.asarray(hidden @ self.second[0] + self.second[1])


def chances(logits: Values) -> Values:
    """The logistic function by a table: the same digits on every machine."""
    return np.asarray(np.interp(logits, _LOGITS, _CHANCES))
