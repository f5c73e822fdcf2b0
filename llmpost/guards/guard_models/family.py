"""Family: how the guard models of one kind are asked, and what their answers mean.

An inquiry names the language of its answers, as a pattern: a model that is held to it gives no other. Families are
values; what asks them is `guard`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from llmpost.contracts.text_model import Message
from llmpost.guards.guard_models.answer import Answer
from llmpost.guards.guard_models.exchange import Exchange

UNSAFE = "unsafe"
"""The label of the whole verdict, in every family."""
REFUSAL = "refusal"

Written: TypeAlias = Callable[[Sequence[Message]], str]
"""A conversation as a model's own template writes it."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an answer says about one label."""

    label: str
    score: float
    note: str = ""
    """What a reader must know about the score."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question to a model."""

    messages: tuple[Message, ...]
    pattern: str
    """The language of its answers; it has no long ones, so that every answer ends."""
    read: Callable[[Answer, re.Match[str]], Iterable[Opinion]]
    is_plain: bool = False
    """The family knows the whole prompt: the model's template is left out."""


class Family(Protocol):
    """Values, shared by all who ask."""

    @property
    def title(self) -> str:
        """As people call it."""

    @property
    def labels(self) -> tuple[str, ...]:
        """All that an answer may be about."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What in a prompt of the family begins or ends something, and so may not stand in a text."""

    def inquiries(self, exchange: Exchange) -> Sequence[Inquiry]:
        """Of an exchange without marks."""

    def stranger(self, written: Written) -> str | None:
        """What in the template of a model shows that it is no model of this family; None where nothing does."""


def conversation(exchange: Exchange) -> tuple[Message, ...]:
    """For a template that tells by the last turn who is judged."""
    user = Message("user", exchange.user)
    return (user,) if exchange.answer is None else (user, Message("assistant", exchange.answer))


def one_of(texts: Iterable[str]) -> str:
    """A pattern."""
    return f"({'|'.join(map(re.escape, texts))})"
