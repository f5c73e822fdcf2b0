"""Seeds: one drawn where nobody names one, and others that follow from it."""

from __future__ import annotations

import hashlib
import secrets

_SEED_BITS = 63


def drawn_seed() -> int:
    """Never the same again."""
    return secrets.randbits(_SEED_BITS)


def derived_seed(seed: int, candidate: int, attempt: int) -> int:
    """Another seed for another attempt, the same whenever the same is asked.

    >>> derived_seed(7, 0, 1) == derived_seed(7, 0, 1) != derived_seed(7, 0, 2)
    True
    """
    digest = hashlib.sha256(f"{seed}, candidate {candidate}, attempt {attempt}".encode()).digest()
    return int.from_bytes(digest[:8], "little") >> (64 - _SEED_BITS)
