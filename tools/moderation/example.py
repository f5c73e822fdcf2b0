"""Example: a text with what is known about it, and whose kin it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CATEGORIES: Final = (
    "sexual",
    "hate",
    "violence",
    "harassment",
    "self_harm",
    "sexual_minors",
    "hate_threatening",
    "violence_graphic",
    "toxicity",
    "flagged",
)
"""What the classifier reports. The last is that a text is any of the eight that the moderation set labels."""


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    source: str
    labels: Mapping[str, float]
    """By category, 0 or 1; what nobody labelled is missing."""
    opinions: Mapping[str, float]
    """What else the source says, by names of its own: it helps, and is not reported."""
    kin: str
    """Examples of the same kin are never on both sides of a split."""
