"""Output: what one candidate has written so far, and the events that a stream makes of it.

It writes down what the driver tells, in order. Fields are told from the constraint's states, which were carried along
anyway; nothing is parsed again. It knows neither requests nor models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.fields import fields_between
from llmpost.constraints.json_schema.state import JsonState
from llmpost.contracts.constraint import ConstraintState
from llmpost.contracts.decoder import Commit, Finish
from llmpost.contracts.pick import Pick
from llmpost.contracts.result import FieldDone, TextDelta
from llmpost.engine.gate import Gate
from llmpost.errors import LlmpostError


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that came from elsewhere, of whose tokens nothing is known here."""

    text: str
    constraint: None = None


News: TypeAlias = Commit | Piece | Finish | LlmpostError


@dataclass(slots=True)
class Output:
    """The only thing here that changes."""

    candidate: int = 0
    picks: list[Pick] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    end: Finish | LlmpostError | None = None
    gate: Gate | None = None
    """Where its text is held back until nobody can object to it."""
    _cursor: Cursor = field(default_factory=Cursor.start)

    @property
    def is_over(self) -> bool:
        """Whether nothing that comes makes a difference any more."""
        return self.end is not None

    def take(self, news: News) -> None:
        """Write the news down."""
        if isinstance(news, Commit):
            self.picks.append(news.pick)
        elif not isinstance(news, Piece):
            self.end = news
        if not isinstance(news, LlmpostError):
            self.pieces.append(news.text)

    def events(self, news: News) -> Iterator[TextDelta | FieldDone]:
        """The text in the news, then the fields that it ends. Text that a stop string may yet cut off ends none."""
        if self.gate is not None:
            yield from self._released(self.gate, news)
            return
        if isinstance(news, LlmpostError):
            return
        before, self._cursor = self._cursor, self._cursor_at(news.constraint, is_end=isinstance(news, Finish))
        if news.text:
            yield TextDelta(news.text, self.candidate, self._cursor if self._cursor is not before else None)
        for done in fields_between(before, self._cursor):
            yield replace(done, candidate=self.candidate)

    def _released(self, gate: Gate, news: News) -> Iterator[TextDelta]:
        """What may be seen of it now. A text that a guard ended is at its end."""
        if isinstance(news, LlmpostError):
            gate.cancel()
            return
        text = gate.feed(news.text)
        if isinstance(news, Finish) or gate.is_over:
            text += gate.close()
            self.end = self.end or Finish("stop")
        if text:
            yield TextDelta(text, self.candidate)

    def _cursor_at(self, state: ConstraintState | None, *, is_end: bool) -> Cursor:
        if not isinstance(state, JsonState):
            return self._cursor
        return state.cursor.ended() if is_end and state.can_end else state.cursor
