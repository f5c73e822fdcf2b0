"""What became of the tries of an output that was drawn from the model's law conditioned on its constraint."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tries:
    """How an output came about that was drawn in tries.

    Each try is taken or given up so that the one that is taken follows the conditional law exactly. When all were given
    up, a last one is taken as it comes.
    """

    count: int
    """Drawn in all, the one taken included."""
    is_exact: bool
    """Whether the output was taken as one that follows the conditional law."""
    log_share: float
    """The logarithm of how much of all that the model writes under the settings fits the constraint: at most this."""
