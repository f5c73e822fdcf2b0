"""Answer: what a server said, read from OpenAI's protocol. What is not of its shape is a ModelError.

A whole answer is one value; a streamed one comes in chunks, of which the texts are handed on and the rest is gathered.
It relies on nothing: a server is somebody else's, and what stands in an answer may be anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from llmpost.contracts.result import Usage
from llmpost.contracts.text_model import Reply, SpokenToken
from llmpost.errors import ModelError
from llmpost.models.openai.refusal import told_in

_MOST_IN_A_NAME = 200
_MOST_NUMBER = 2**53


@dataclass(slots=True)
class Gathered:
    """What is known of an answer so far."""

    where: str
    pieces: list[str] = field(default_factory=list)
    tokens: list[SpokenToken] | None = None
    finish_reason: str = ""
    usage: Usage | None = None
    model: str = ""
    is_refused: bool = False
    """Whether the model's side said why it does not answer: its text is that."""

    def take(self, value: Any, part: str) -> str:
        """Of one value the text; `part` is where it stands: in a whole ``message``, or in a ``delta``."""
        if not isinstance(value, Mapping) or value.get("error") is not None:
            raise told_in(self.where, value) if isinstance(value, Mapping) else self._broken("an object")
        self._take_names(value)
        choices = value.get("choices")
        if not isinstance(choices, list):
            raise self._broken("a list of choices")
        if not choices:
            return ""
        choice = choices[0]
        if not isinstance(choice, Mapping):
            raise self._broken("a choice")
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and len(reason) <= _MOST_IN_A_NAME:
            self.finish_reason = reason
        self._take_tokens(choice.get("logprobs"))
        text = self._text(choice.get(part))
        self.pieces.append(text)
        return text

    def reply(self, *, is_held: bool, wants_tokens: bool) -> Reply:
        """ModelError where it is not over."""
        if not self.finish_reason:
            raise ModelError(self.where, "an answer that broke off", "whole", "Look at the server, or ask again.")
        return Reply(
            text="".join(self.pieces),
            finish_reason=self.finish_reason,
            is_held=is_held and not self.is_refused,
            tokens=tuple(self.tokens) if wants_tokens and self.tokens is not None else None,
            usage=self.usage,
            model=self.model,
        )

    def _text(self, said: Any) -> str:
        if said is None:
            return ""
        if not isinstance(said, Mapping):
            raise self._broken("a message")
        refused, content = said.get("refusal"), said.get("content")
        if isinstance(refused, str) and refused:
            self.is_refused = True
            content = refused
        if content is not None and not isinstance(content, str):
            raise self._broken("a text")
        return content or ""

    def _take_names(self, value: Mapping[str, Any]) -> None:
        model = value.get("model")
        if isinstance(model, str):
            self.model = model[:_MOST_IN_A_NAME]
        usage = value.get("usage")
        if isinstance(usage, Mapping):
            read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
            if _is_count(read) and _is_count(written):
                self.usage = Usage(read, written)

    def _take_tokens(self, logprobs: Any) -> None:
        content = logprobs.get("content") if isinstance(logprobs, Mapping) else None
        if content is None:
            return
        if not isinstance(content, list):
            raise self._broken("a list of tokens")
        self.tokens = [] if self.tokens is None else self.tokens
        self.tokens += [self._token(each) for each in content]

    def _token(self, given: Any) -> SpokenToken:
        text, logprob = self._weighed(given)
        top = given.get("top_logprobs") or []
        if not isinstance(top, list):
            raise self._broken("a list of tokens")
        others = sorted(map(self._weighed, top), key=lambda each: -each[1])
        return SpokenToken(text, logprob, tuple(others))

    def _weighed(self, given: Any) -> tuple[str, float]:
        text, logprob = (given.get("token"), given.get("logprob")) if isinstance(given, Mapping) else (None, None)
        if not isinstance(text, str) or not _is_number(logprob):
            raise self._broken("a token and its log-probability")
        return text, float(logprob)

    def _broken(self, wanted: str) -> ModelError:
        hint = "Check that the server speaks OpenAI's protocol."
        return ModelError(self.where, f"an answer without {wanted} where one belongs", "of the protocol", hint)


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and _is_number(value) and value >= 0


def _is_number(value: Any) -> TypeGuard[float]:
    """A finite one: what is no number, or endless, is less than nothing."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST_NUMBER
