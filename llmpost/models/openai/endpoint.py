"""Endpoint: a model of a server, as a text model.

It joins the protocol with HTTP, asks the server once who it is where that makes a difference, and says of each answer
whether its form was held by a server that is known to do so. What a text is worth is for whoever asked.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from llmpost.contracts.text_model import Form, Question, Reply
from llmpost.errors import ModelError
from llmpost.models.openai.address import Address
from llmpost.models.openai.answer import Gathered
from llmpost.models.openai.body import Writer, refused_settings
from llmpost.models.openai.caller import Caller, EventStream
from llmpost.models.openai.dialects import DIALECTS, OWNERS, UNKNOWN, Dialect
from llmpost.models.openai.options import EndpointOptions
from llmpost.models.openai.refusal import Unwilling

_CHAT = "/chat/completions"
_OPENAI_HOST = "api.openai.com"
_USUAL = EndpointOptions()


class Endpoint:
    """Asks a server. Shared by threads; nothing of a question is kept in it.

    >>> Endpoint.of("openai:http://localhost:8000/v1#tiny", environment={}).name
    'openai:http://localhost:8000/v1#tiny'
    """

    def __init__(self, address: Address, options: EndpointOptions, caller: Caller) -> None:
        self.name = address.name
        self.caller = caller
        """By which others ask the same server for other things."""
        self.form_retries = options.form_retries
        self._options = options
        is_openai = address.host == _OPENAI_HOST
        # OpenAI's newer models take no max_tokens; many other servers take nothing else
        length_word = "max_completion_tokens" if is_openai or options.dialect == "openai" else "max_tokens"
        self._writer = Writer(address.name, address.model, length_word, options.extras)
        self._dialect = DIALECTS["openai"] if is_openai else DIALECTS.get(options.dialect)

    @classmethod
    def of(cls, name: str, options: EndpointOptions = _USUAL, environment: Mapping[str, str] | None = None) -> Endpoint:
        """By its name; keys are looked up in the environment that is handed in. No server is asked yet."""
        address = Address.of(name)
        return cls(address, options, Caller(address, options, environment or {}))

    def __repr__(self) -> str:
        return f"Endpoint({self.name!r})"

    def complete(self, question: Question) -> Reply:
        """The whole answer; ModelError where there is none, or none in time."""
        question = _timed(question)
        dialect = self._dialect_for(question)
        body = self._writer.body(question, dialect, is_stream=False)
        gathered = Gathered(self.name)
        gathered.take(self.caller.ask(_CHAT, body, question.deadline), "message")
        return self._reply(question, dialect, gathered)

    def stream(self, question: Question) -> EndpointReplyStream:
        """The answer piece by piece, open from now on: whoever has enough closes it."""
        question = _timed(question)
        dialect = self._dialect_for(question)
        body = self._writer.body(question, dialect, is_stream=True)
        events = self.caller.listen(_CHAT, body, question.deadline)
        return EndpointReplyStream(self, question, dialect, events)

    def can_hold(self, form: Form) -> bool:
        """Whether the server is known to hold answers to forms of this kind."""
        dialect = self.dialect()
        return dialect.is_known and form.kind in dialect.forms

    def refused(self, settings: Mapping[str, Any]) -> list[str]:
        """Those of the settings that it cannot be asked for."""
        question = _timed(Question((), None, settings))
        return refused_settings(question.settings, self._dialect_for(question), self._options.extras)

    def dialect(self, deadline: float | None = None) -> Dialect:
        """What the server takes: as it was said, or as the server says of itself, which is asked once."""
        if self._dialect is None:
            self._dialect = self._told(deadline)
        return self._dialect

    def close(self) -> None:
        """Lines that are open and idle are closed; others when they are."""
        self.caller.close()

    def _dialect_for(self, question: Question) -> Dialect:
        """Nobody is asked where it makes no difference."""
        if question.form is None and not refused_settings(question.settings, UNKNOWN, self._options.extras):
            return self._dialect or UNKNOWN
        return self.dialect(question.deadline)

    def _told(self, deadline: float | None) -> Dialect:
        try:
            models = self.caller.get("/models", deadline)
        except Unwilling:  # not every server has the list
            return UNKNOWN
        data = models.get("data") if isinstance(models, Mapping) else None
        owners = [each.get("owned_by") for each in data if isinstance(each, Mapping)] if isinstance(data, list) else []
        names = (OWNERS[owner] for owner in owners if isinstance(owner, str) and owner in OWNERS)
        return DIALECTS.get(next(names, ""), UNKNOWN)

    def _reply(self, question: Question, dialect: Dialect, gathered: Gathered) -> Reply:
        form = question.form
        is_asked = form is not None and form.kind in dialect.forms
        is_held = is_asked and dialect.is_known
        reply = gathered.reply(is_held=is_held, wants_tokens=bool(question.top_logprobs))
        is_broken = reply.is_held and form is not None and reply.finish_reason == "stop" and not _fits(reply.text, form)
        return replace(reply, is_held=False) if is_broken else reply


class EndpointReplyStream:
    """The pieces of one answer as they come."""

    def __init__(self, endpoint: Endpoint, question: Question, dialect: Dialect, events: EventStream) -> None:
        self._endpoint = endpoint
        self._question = question
        self._dialect = dialect
        self._events = events
        self._gathered = Gathered(endpoint.name)
        self._is_over = False

    def __iter__(self) -> Iterator[str]:
        try:
            for data in self._events:
                if data.strip() == "[DONE]":
                    self._events.finish()
                    break
                text = self._gathered.take(self._endpoint.caller.parsed(data), "delta")
                if text:
                    yield text
            self._is_over = True
            if not self._gathered.finish_reason:
                self.reply  # noqa: B018  # it says that the answer broke off
        finally:
            self._events.close()

    @property
    def reply(self) -> Reply:
        if not self._is_over:
            raise ModelError(self._endpoint.name, "an answer that is not over", "whole yet", "Read all its pieces.")
        return self._endpoint._reply(self._question, self._dialect, self._gathered)

    def close(self) -> None:
        self._events.close()


def _timed(question: Question) -> Question:
    """With the end that its settings say, where that comes first."""
    seconds = question.settings.get("max_time")
    if seconds is None:
        return question
    end = time.monotonic() + seconds
    deadline = end if question.deadline is None else min(end, question.deadline)
    settings = {name: value for name, value in question.settings.items() if name != "max_time"}
    return replace(question, settings=settings, deadline=deadline)


def _fits(text: str, form: Form) -> bool:
    """Whether it may have the form, as far as that is told at a glance: a server that says it held it may not have."""
    if form.kind == "choice":
        return text in form.content
    if form.kind == "json_schema":
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return False
    return True
