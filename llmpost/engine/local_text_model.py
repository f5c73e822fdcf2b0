"""A local engine as a text model: who only has questions, and reads texts, asks it as it would ask a server.

The form of a question becomes a constraint, so an answer that is not cut off has it. It is asked without guards: what
the answers are for is the asker's business. Log-probabilities are the model's own, before anything was masked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from llmpost.contracts.result import Event, Finished, Result, TextDelta, TokenLogprob
from llmpost.contracts.text_model import Form, Message, Question, Reply, SpokenToken
from llmpost.engine.engine import Engine
from llmpost.engine.output_type import OutputType, json_value
from llmpost.errors import LlmpostError, ModelError
from llmpost.vocabulary import Vocabulary

_SYSTEM_PROBE = [{"role": "system", "content": "x"}, {"role": "user", "content": "y"}]


class LocalTextModel:
    """Asks an engine. Greedy where a question says nothing of how tokens are drawn.

    >>> from llmpost.contracts.text_model import Message
    >>> model = LocalTextModel("tiny", Engine.load("tiny"))
    >>> model.complete(Question((Message("user", "Hello"),), Form("choice", ("yes", "no")))).is_held
    True
    """

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self._engine = engine
        self._takes_messages = engine.loaded.prompts.has_template
        self._takes_system = self._takes_messages and _is_taken(engine, _SYSTEM_PROBE)

    def complete(self, question: Question) -> Reply:
        """The whole answer; ModelError where there is none, or none in time."""
        prompt, arguments = self._prompt(question), self._arguments(question)
        try:
            result = self._engine.generate(prompt, policy="bare", **arguments)
        except LlmpostError as error:
            raise self._unanswered(error) from None
        return self._reply(question, result)

    def stream(self, question: Question) -> LocalReplyStream:
        """The answer piece by piece. What is wrong with the question is said at once."""
        prompt, arguments = self._prompt(question), self._arguments(question)
        try:
            events = self._engine.stream(prompt, policy="bare", **arguments)
        except LlmpostError as error:
            raise self._unanswered(error) from None
        return LocalReplyStream(self, question, events)

    def written(self, messages: Sequence[Message]) -> str:
        """A conversation as the model's own template writes it; RequestError where it has none, or takes no such."""
        loaded = self._engine.loaded
        ids = loaded.prompts.encode_chat([{"role": each.role, "content": each.content} for each in messages])
        return loaded.vocabulary.decode(ids)

    def _prompt(self, question: Question) -> Any:
        messages = [{"role": each.role, "content": _unicode(each.content)} for each in question.messages]
        if question.is_plain or not self._takes_messages:
            return "\n\n".join(message["content"] for message in messages)
        return messages if self._takes_system else _without_system(messages)

    def _arguments(self, question: Question) -> dict[str, Any]:
        arguments = {"temperature": 0, **question.settings, **_constraint(question.form), "n": 1}
        if question.is_plain:
            arguments["template"] = False
        if question.top_logprobs:
            arguments |= {"logprobs": True, "top_logprobs": question.top_logprobs}
        if question.deadline is not None:
            left = question.deadline - time.monotonic()
            if left <= 0:
                raise self._too_late()
            arguments["max_time"] = min(left, arguments.get("max_time") or left)
        return arguments

    def _reply(self, question: Question, result: Result) -> Reply:
        if question.deadline is not None and time.monotonic() > question.deadline:
            raise self._too_late()
        vocabulary = self._engine.loaded.vocabulary
        return Reply(
            text=result.text,
            finish_reason=result.finish_reason,
            is_held=question.form is not None and result.finish_reason != "constraint_failed",
            tokens=_spoken(result.logprobs, vocabulary) if question.top_logprobs else None,
            usage=result.usage,
            model=self.name,
        )

    def _unanswered(self, error: LlmpostError) -> ModelError:
        """What was given may quote the question: it is left out."""
        given = f"a question that it could not answer ({type(error).__name__} at {error.where})"
        return ModelError(self.name, given, error.allowed, error.hint)

    def _too_late(self) -> ModelError:
        return ModelError(self.name, "an answer after its deadline", "of use any more", "Give it more time.")


class LocalReplyStream:
    """The pieces of one answer as the engine writes them."""

    def __init__(self, model: LocalTextModel, question: Question, events: Iterator[Event]) -> None:
        self._model = model
        self._question = question
        self._events = events
        self._reply: Reply | None = None

    def __iter__(self) -> Iterator[str]:
        try:
            for event in self._events:
                if isinstance(event, TextDelta):
                    yield event.text
                elif isinstance(event, Finished):
                    self._reply = self._model._reply(self._question, event.result)
        except LlmpostError as error:
            raise error if isinstance(error, ModelError) else self._model._unanswered(error) from None

    @property
    def reply(self) -> Reply:
        if self._reply is None:
            raise ModelError(self._model.name, "an answer that is not over", "whole yet", "Read all its pieces first.")
        return self._reply

    def close(self) -> None:
        close = getattr(self._events, "close", None)
        if close is not None:
            close()


def _is_taken(engine: Engine, messages: Sequence[dict[str, str]]) -> bool:
    try:
        engine.loaded.prompts.encode_chat(messages)
    except LlmpostError:
        return False
    return True


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """What the operator says stands before what the first user says: some templates know no operator."""
    said = [message["content"] for message in messages if message["role"] == "system"]
    rest = [message for message in messages if message["role"] != "system"]
    if not said or not rest:
        return rest or [{"role": "user", "content": "\n\n".join(said)}]
    return [{**rest[0], "content": "\n\n".join([*said, rest[0]["content"]])}, *rest[1:]]


def _constraint(form: Form | None) -> dict[str, Any]:
    if form is None:
        return {}
    if form.kind == "json_schema":
        return {"schema": OutputType(str(form.content), json_value)}  # it is no path, whatever it looks like
    return {form.kind: list(form.content) if form.kind == "choice" else form.content}


def _unicode(text: str) -> str:
    """No half of a surrogate pair: tokenizers take none."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _spoken(logprobs: Sequence[TokenLogprob] | None, vocabulary: Vocabulary) -> tuple[SpokenToken, ...]:
    return tuple(
        SpokenToken(
            vocabulary.decode([token.token_id]),
            token.raw,
            tuple((vocabulary.decode([each.token]), each.logprob) for each in token.top_raw),
        )
        for token in logprobs or ()
        if token.token_id not in vocabulary.end_ids
    )
