"""What a black-box model is: messages in, text out. Judges, gateways and checks ask it; nobody steers its tokens.

Whether it holds its answer to a form that was asked for is its own to say: whoever relies on the form reads
`is_held` and verifies where it is false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias

from llmpost.contracts.result import Usage

Role: TypeAlias = Literal["system", "user", "assistant"]
FormKind: TypeAlias = Literal["json_schema", "regex", "choice"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Form:
    """What an answer is to be held to: a schema as JSON text, a pattern, or the texts to choose from."""

    kind: FormKind
    content: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """All that a model is asked."""

    messages: tuple[Message, ...]
    form: Form | None = None
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Decode settings by llmpost's names: temperature, max_new_tokens, seed, stop …"""
    top_logprobs: int = 0
    """Of so many of the best tokens at each step the log-probability is wanted."""
    deadline: float | None = None
    """When an answer is of no use any more, in seconds of `time.monotonic`."""
    is_plain: bool = False
    """The messages are the whole prompt: no template is put around them. A server always puts its own, and one that is
    asked so must have one that adds nothing."""


@dataclass(frozen=True, slots=True)
class SpokenToken:
    """A token of an answer, as text: another model's ids mean nothing here."""

    text: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()
    """The best tokens at its place, descending."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said."""

    text: str
    finish_reason: str
    """As the model's side tells it: ``stop``, ``length``, ``content_filter`` …"""
    is_held: bool = False
    """Whether its side enforced the form: then the text has it, unless it was cut off."""
    tokens: tuple[SpokenToken, ...] | None = None
    """None where no log-probabilities were asked for, or are to be had."""
    usage: Usage | None = None
    model: str = ""
    """As the model's side names it: a name may stand for many versions."""


class ReplyStream(Protocol):
    """Pieces of a text, and the reply when they are over. Closing it ends the work on the other side, too."""

    def __iter__(self) -> Iterator[str]: ...

    @property
    def reply(self) -> Reply:
        """ModelError as long as there are pieces to come."""

    def close(self) -> None: ...


class TextModel(Protocol):
    """Calls may come from several threads. What goes wrong is a ModelError that never quotes the question."""

    @property
    def name(self) -> str: ...

    def complete(self, question: Question) -> Reply: ...

    def stream(self, question: Question) -> ReplyStream: ...
