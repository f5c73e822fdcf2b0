"""ModelGuard: a guard model as a guard of a policy: asked in its family's words, its answer read, never guessed.

A model that can be held to the language of its family's answers is; the answer of any other is verified, and one that
is none is an error. It knows no family, and not whether its model runs here or elsewhere: both are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.contracts.text_model import Form, Question, TextModel
from llmpost.errors import LlmpostError, ModelError, PolicyError
from llmpost.guards.guard_models import llama_guard, qwen3guard, shieldgemma, wildguard
from llmpost.guards.guard_models.answer import Answer
from llmpost.guards.guard_models.exchange import Exchange
from llmpost.guards.guard_models.family import Family, Inquiry, Opinion, Written
from llmpost.guards.options import Options

FAMILIES: Mapping[str, Callable[[Options], Family]] = MappingProxyType(
    {
        "llama-guard": llama_guard.build,
        "qwen3guard": qwen3guard.build,
        "shieldgemma": shieldgemma.build,
        "wildguard": wildguard.build,
    }
)
"""By the names that policies use."""

_LONGEST = 256
"""Tokens of an answer; the languages of all families are shorter."""
_TOP = 20
"""As many alternatives as any server tells."""
_SETTINGS = MappingProxyType({"temperature": 0, "max_new_tokens": _LONGEST})


@dataclass(frozen=True, slots=True)
class Asked:
    """A model to be asked."""

    model: TextModel
    written: Written | None = None
    """How its own template writes a conversation; None of one that does not tell."""


Find: TypeAlias = Callable[[str, Mapping[str, Any]], Asked]
"""From the name of a model, and options of an endpoint, to the model."""


class ModelGuard:
    """Says the score of each label of its family, about all of a text. An empty text is not asked about."""

    reach = None
    context = 0
    whole_text = True

    def __init__(self, family: Family, model: TextModel, name: str) -> None:
        self.name = name
        self.scores = MappingProxyType(dict.fromkeys(family.labels, (0.0, 1.0)))
        self._family = family
        self._model = model

    def inspect(self, text: str, context: GuardContext) -> tuple[Finding, ...]:
        if not text:
            return ()
        exchange = Exchange.of(text, context).disarmed(self._family.marks)
        span = Span(0, len(text))
        return tuple(
            Finding(self.name, opinion.label, span, opinion.score, self._reason(opinion))
            for inquiry in self._family.inquiries(exchange)
            for opinion in self._opinions(inquiry, context.deadline)
        )

    def _opinions(self, inquiry: Inquiry, deadline: float | None) -> Iterator[Opinion]:
        form = Form("regex", inquiry.pattern)
        question = Question(inquiry.messages, form, _SETTINGS, _TOP, deadline, is_plain=inquiry.is_plain)
        reply = self._model.complete(question)
        match = re.fullmatch(inquiry.pattern, reply.text.rstrip())
        if match is None:
            given = f"an answer that {self._family.title} does not give"
            hint = "Hold it to the form: run it here, or on a server that takes patterns."
            raise ModelError(self._model.name, given, "a verdict", hint)
        yield from inquiry.read(Answer(reply.text, reply.tokens), match)

    def _reason(self, opinion: Opinion) -> str:
        said = f"{self._family.title} says so"
        return f"{said}; {opinion.note}" if opinion.note else said


def build(use: str, find: Find, options: Options) -> ModelGuard:
    """`model`, `endpoint`, and what the family reads. PolicyError for a model that is none of the family."""
    family = FAMILIES[use](options)
    name = options.text("model", "")
    endpoint = options.value("endpoint", {})
    if not isinstance(endpoint, Mapping):
        raise options.error("endpoint", "options of an endpoint", "Write {api_key: {env: NAME}}.")
    options.finish()
    try:
        asked = find(name, endpoint)
        stranger = None if asked.written is None else family.stranger(asked.written)
    except LlmpostError as error:
        raise PolicyError(f"{options.where}.model", error.given, error.allowed, error.hint) from error
    if stranger is not None:
        hint = f"Name a model of the family {family.title}, with the chat template it came with."
        raise PolicyError(f"{options.where}.model", stranger, f"that of {family.title}", hint)
    return ModelGuard(family, asked.model, use)
