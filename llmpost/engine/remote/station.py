"""Remote station: a server that gives texts. What it can be asked is passed down, all else is verified, or refused.

Where the server is known to hold answers to a form it is asked to; every answer is held against its language here, over
single bytes, whatever the server says. What would need logits is refused by name before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from llmpost.contracts.text_model import Form, Question
from llmpost.engine.admission import as_said
from llmpost.engine.assemble import Recipe
from llmpost.engine.compiler import Compiler, less_than_exact
from llmpost.engine.held import Held
from llmpost.engine.language import Language
from llmpost.engine.remote.prompt import messages_of
from llmpost.engine.remote.run import RemoteRun
from llmpost.engine.request import Asked
from llmpost.engine.run import Request
from llmpost.engine.station import Task
from llmpost.engine.tracing import notes_on, notes_on_language
from llmpost.errors import RequestError
from llmpost.logits import Chain
from llmpost.models.openai.endpoint import Endpoint
from llmpost.policy import Settings
from llmpost.vocabulary import Vocabulary

_HERE = ("n", "seed", "max_time", "logprobs", "top_logprobs")
"""Settings that are no fields of what is asked: each is dealt with by itself."""
_FORMS = {"schema": "json_schema", "regex": "regex", "choice": "choice"}
_SERVER_DRAWS = "the server draws the tokens, and decides what a seed and settings mean"
_AT_ITS_END = "the answer was verified at its end: nothing was shown before"


class RemoteStation:
    """Of one call."""

    draws = False

    def __init__(self, endpoint: Endpoint) -> None:
        self.source = endpoint
        self.name = endpoint.name
        self._compiler = Compiler(Vocabulary.from_tokens([bytes([octet]) for octet in range(256)]))

    def said(self, prompt: Any) -> str | list[Mapping[str, Any]] | None:
        return as_said(prompt, None)

    def recipe(self, given: Settings, processors: Sequence[Any]) -> Recipe:
        if processors:
            raise _needs_logits("logits_processor")
        if given.logprobs or given.top_logprobs:
            hint = "Ask llmpost.engine.text_models.text_model(name), which gives them as texts."
            raise RequestError("generate.logprobs", "log-probabilities", "to be had of a server's token ids", hint)
        for name in self.source.refused(_asked_of_server(given)):
            raise _needs_logits(name)
        is_greedy = given.do_sample is False or given.temperature == 0
        return Recipe(Chain((), is_greedy), given, frozenset(), (), (_SERVER_DRAWS,))

    def task(self, prompt: Any, template: bool, own: Asked, recipe: Recipe) -> Task:
        form = _form(own.language)
        question = Question(messages_of(prompt, template), form, _asked_of_server(recipe.settings))
        if own.language is None and own.forbidden is None:
            return Task((), None, question=question)
        language = None if own.language is None else _as_others_write(own.language)
        constraint = self._compiler.compile(language, own.forbidden, frozenset())
        kind = "forbid" if language is None else language.kind
        held = Held(kind, constraint, own.output_type)
        left_out = {part: word for part, word in less_than_exact(constraint).items() if word == "refused"}
        is_passed_down = form is not None and self.source.can_hold(form)
        how = "the server was asked to hold to" if is_passed_down else "the answer alone was held to"
        return Task((), held, (*notes_on_language(own, how), _AT_ITS_END, *notes_on(left_out)), question)

    def check_room(self, request: Request) -> None:
        """How much there is, the server knows."""

    def run(self, requests: Sequence[Request], clock: Callable[[], float]) -> RemoteRun:
        return RemoteRun(self.source, requests, clock)


def _asked_of_server(settings: Settings) -> dict[str, Any]:
    return {name: value for name, value in settings.given().items() if name not in _HERE}


def _form(language: Language | None) -> Form | None:
    if language is None or language.kind not in _FORMS or not isinstance(language.content, str | tuple):
        return None
    return Form(_FORMS[language.kind], language.content)  # type: ignore[arg-type]  # one of the three


def _as_others_write(language: Language) -> Language:
    """A server orders keys and escapes characters as it likes, unless the call says how."""
    if language.options is None:
        return language
    free: dict[str, Any] = {name: "any" for name in ("key_order", "escapes") if name not in language.options.given()}
    options = replace(language.options, settings=replace(language.options.settings, **free))
    return replace(language, options=options)


def _needs_logits(name: str) -> RequestError:
    hint = "Leave it out, load a model here, or say with dialect= or extras= what the server takes."
    return RequestError(
        f"generate.{name}", f"'{name}'", "possible with this server: it gives texts and no logits", hint
    )
