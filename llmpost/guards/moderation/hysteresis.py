"""Hysteresis: a score that falls a little has not fallen, so that nothing flickers about a threshold.

It knows no threshold: whoever is above one stays above it until the score is clearly lower than it was.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def level_after(said: Values, level: Values, least_fall: float) -> Values:
    """What counts as the score now: what is said, or what counted before where that is higher by so little.

    >>> level_after(np.array([0.5, 0.3]), np.array([0.55, 0.55]), 0.1).tolist()
    [0.55, 0.3]
    """
    is_same = (said < level) & (said >= level - least_fall)
    return np.where(is_same, level, said)
