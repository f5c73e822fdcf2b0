"""Station: what an order needs of whoever has the model, told by what it can do and not by what it is.

One is a model that is steered here token by token (`local_station`), one a server that gives texts (`remote`). What is
the same for both, policies, guards, traces and asking again, knows no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from llmpost.contracts.result import FieldDone, Result, TextDelta
from llmpost.contracts.text_model import Question
from llmpost.contracts.tokens import TokenId
from llmpost.engine.assemble import Recipe
from llmpost.engine.held import Held
from llmpost.engine.request import Asked
from llmpost.engine.run import Request
from llmpost.policy import Settings


@dataclass(frozen=True, slots=True)
class Task:
    """A prompt as it is read where it is carried out, and what its output is held to."""

    ids: tuple[TokenId, ...]
    held: Held | None
    notes: tuple[str, ...] = ()
    """How it is held to that."""
    question: Question | None = None
    """In the place of ids, where a server is asked."""


class Run(Protocol):
    """Requests that are carried out side by side."""

    def events(self) -> Iterator[tuple[int, TextDelta | FieldDone]]:
        """What may be shown on the way, with the place of its request; everything is freed when this is closed."""

    def finish(self) -> None:
        """To the end, without looking at what happens on the way."""

    def candidates(self) -> list[list[Result]]:
        """Those of each request, in order, as their guards leave them."""


class Station(Protocol):
    """Where orders are carried out."""

    @property
    def name(self) -> str:
        """That of the model."""

    @property
    def source(self) -> Any:
        """What is shared by all orders of the same model."""

    @property
    def draws(self) -> bool:
        """Whether tokens are drawn here, by a seed that is always known."""

    def said(self, prompt: Any) -> str | list[Mapping[str, Any]] | None:
        """A prompt as text, or as messages; None where it is of no form that anybody knows here."""

    def recipe(self, given: Settings, processors: Sequence[Any]) -> Recipe:
        """What the settings of a call and its policy mean here; RequestError where they mean nothing."""

    def task(self, prompt: Any, template: bool, own: Asked, recipe: Recipe) -> Task:
        """The prompt read, and what was asked for compiled; an LlmpostError where either cannot be."""

    def check_room(self, request: Request) -> None:
        """An LlmpostError where there is not enough of it."""

    def run(self, requests: Sequence[Request], clock: Callable[[], float]) -> Run: ...
