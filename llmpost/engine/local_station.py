"""Local station: a model that is steered here, and the languages that a call has compiled for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llmpost.engine.admission import as_said
from llmpost.engine.assemble import Recipe, assemble
from llmpost.engine.compiler import Compiler, less_than_exact
from llmpost.engine.held import Held
from llmpost.engine.prompt import encode_prompt
from llmpost.engine.request import Asked
from llmpost.engine.room import too_short
from llmpost.engine.run import BatchRun, Request
from llmpost.engine.station import Task
from llmpost.engine.tracing import notes_on, notes_on_language
from llmpost.models import LoadedModel
from llmpost.policy import Settings


class LocalStation:
    """Of one call."""

    draws = True

    def __init__(self, loaded: LoadedModel) -> None:
        self.source = loaded
        self.name = loaded.name
        self._compiler = Compiler(loaded.vocabulary)

    def said(self, prompt: Any) -> str | list[Mapping[str, Any]] | None:
        return as_said(prompt, self.source.vocabulary)

    def recipe(self, given: Settings, processors: Sequence[Any]) -> Recipe:
        return assemble(given, self.source, processors)

    def task(self, prompt: Any, template: bool, own: Asked, recipe: Recipe) -> Task:
        ids = encode_prompt(prompt, self.source, template)
        if own.language is None and own.forbidden is None:
            return Task(ids, None)
        constraint = self._compiler.compile(own.language, own.forbidden, recipe.end_ids)
        kind = "forbid" if own.language is None else own.language.kind
        weak = less_than_exact(constraint)
        held = Held(kind, constraint, own.output_type, recipe.end_ids, own.forbidden is not None, weak)
        return Task(ids, held, (*notes_on_language(own, "each token was held to"), *notes_on(weak)))

    def check_room(self, request: Request) -> None:
        error = too_short(request, self.source)
        if error is not None:
            raise error

    def run(self, requests: Sequence[Request], clock: Callable[[], float]) -> BatchRun:
        return BatchRun(self.source, requests, clock)
