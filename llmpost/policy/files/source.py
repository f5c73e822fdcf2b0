"""Source: a file that a policy was made of, as it was then."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """Not resolved: where a link is turned to another file, that is what is read next."""

    path: Path
    sha256: str
    """Of its bytes, in hex."""
