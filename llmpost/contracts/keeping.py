"""What may be kept of a text in a trace: how much, and in which form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Store: TypeAlias = Literal["digest", "redacted", "raw"]
"""``digest``: of texts the length and a keyed digest; ``redacted``: what guards looked at, with a label in the place of
everything that any of them found; ``raw``: all of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """As much of a text as may be kept."""

    characters: int
    digest: str = ""
    """Keyed, in hex; empty where there was no key: of a short secret a plain digest is as good as the secret."""
    text: str | None = None
    """As it was under ``raw``, with labels under ``redacted``; None where it is not kept, or sealed."""
    sealed: str = ""
    """The text encrypted, in base64, where a key to seal with was given."""
