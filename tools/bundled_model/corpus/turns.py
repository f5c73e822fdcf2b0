"""A turn of a conversation: who speaks, and what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message; the model learns those of the assistant."""

    role: Role
    content: str

    def as_message(self) -> dict[str, str]:
        """The turn as chat templates want it."""
        return {"role": self.role, "content": self.content}


def system(content: str) -> Turn:
    return Turn("system", content)


def user(content: str) -> Turn:
    return Turn("user", content)


def assistant(content: str) -> Turn:
    return Turn("assistant", content)
