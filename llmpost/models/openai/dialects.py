"""Dialects: what servers take besides OpenAI's own, as data. How long, how drawn, and held to which form.

What a dialect has no word for is not sent: the setting is refused, and the form of an answer is said not to be held.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from llmpost.contracts.text_model import Form

Fields: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a kind of server takes."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """Its words for settings that OpenAI has none for, by llmpost's."""
    forms: Mapping[str, Callable[[Any], Fields]] = field(default_factory=dict)
    """By kind what asks for a form; a kind that is not here it cannot hold an answer to."""
    is_known: bool = True
    """Whether the server is what it is taken for: another one may pass over what it does not know."""

    def fields(self, form: Form) -> Fields | None:
        """What asks for this form; None where nothing does."""
        ask = self.forms.get(form.kind)
        return None if ask is None else ask(form.content)


def _strict_schema(schema: str) -> Fields:
    asked = {"name": "answer", "strict": True, "schema": json.loads(schema)}
    return {"response_format": {"type": "json_schema", "json_schema": asked}}


def _structured(kind: str) -> Callable[[Any], Fields]:
    return lambda content: {"structured_outputs": {kind: content}}


def _one_of(texts: tuple[str, ...]) -> Fields:
    return {"regex": f"({'|'.join(map(re.escape, texts))})"}


def _grammar(texts: tuple[str, ...]) -> Fields:
    """In llama.cpp's notation for grammars."""
    return {"grammar": f"root ::= {' | '.join(map(_literal, texts))}"}


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _literal(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


_SCHEMA = {"json_schema": _strict_schema}
_VLLM_SETTINGS = {
    "top_k": "top_k",
    "min_p": "min_p",
    "repetition_penalty": "repetition_penalty",
    "min_new_tokens": "min_tokens",
    "eos_token_id": "stop_token_ids",
}

DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        "openai": Dialect(forms=_SCHEMA),
        "vllm": Dialect(
            _VLLM_SETTINGS, {**_SCHEMA, "regex": _structured("regex"), "choice": _structured("choice")}
        ),
        "vllm-guided": Dialect(  # before 0.12
            _VLLM_SETTINGS,
            {
                "json_schema": lambda schema: {"guided_json": json.loads(schema)},
                "regex": lambda pattern: {"guided_regex": pattern},
                "choice": lambda texts: {"guided_choice": texts},
            },
        ),
        "sglang": Dialect(_VLLM_SETTINGS, {**_SCHEMA, "regex": lambda pattern: {"regex": pattern}, "choice": _one_of}),
        "llama.cpp": Dialect(
            {"top_k": "top_k", "min_p": "min_p", "repetition_penalty": "repeat_penalty"},
            {**_SCHEMA, "choice": _grammar},
        ),
        "plain": Dialect(),
    }
)  # fmt: skip

UNKNOWN = Dialect(forms=_SCHEMA, is_known=False)
"""Of a server that does not say who it is: a schema is asked for, and nobody relies on it."""

OWNERS: Mapping[str, str] = MappingProxyType({"vllm": "vllm", "sglang": "sglang", "llamacpp": "llama.cpp"})
"""What servers say of who owns their models, by which their dialects are told."""
