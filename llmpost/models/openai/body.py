"""Body: a question as OpenAI's protocol writes it.

Names of settings are mapped, and what the server has no word for is refused by name: nothing is dropped in silence,
but for values at which a setting does nothing. It knows no HTTP, and not what is answered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from llmpost.contracts.text_model import Form, Question
from llmpost.errors import ModelError
from llmpost.models.openai.dialects import Dialect, Fields

_SAME = ("temperature", "top_p", "seed", "presence_penalty", "frequency_penalty", "stop", "logit_bias")
_NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "top_k": (0,),
    "min_p": (0,),
    "repetition_penalty": (1,),
    "no_repeat_ngram_size": (0,),
    "min_new_tokens": (0,),
    "log_mass": (False,),
    "conditional": (False,),
    "trace_masked": (0,),
    "do_sample": (True,),
    "n": (1,),
    "logprobs": (False,),
    "top_logprobs": (0,),
}
"""Values at which settings ask for nothing."""
ASIDE = frozenset({"max_new_tokens", "max_time"})
"""Settings that are said in another way: the length, and the time, which is up to who asks."""


def refused_settings(settings: Mapping[str, Any], dialect: Dialect, extras: Collection[str]) -> list[str]:
    """Those that the server has no word for, and that would make a difference."""
    known = {*_SAME, *ASIDE, *dialect.settings, *extras}
    return [
        name
        for name, value in settings.items()
        if value is not None and name not in known and not _is_idle(name, value) and not _is_greedy(name, value)
    ]


class Writer:
    """Writes the questions for one model of one server."""

    def __init__(self, name: str, model: str, length_word: str, extras: Collection[str]) -> None:
        self._name = name
        self._model = model
        self._length_word = length_word
        self._extras = extras

    def body(self, question: Question, dialect: Dialect, *, is_stream: bool) -> Fields:
        """ModelError for a setting that cannot be asked for."""
        body: Fields = {
            "model": self._model,
            "messages": [{"role": each.role, "content": _unicode(each.content)} for each in question.messages],
            **self._settings(question.settings, dialect),
        }
        if question.top_logprobs:
            body |= {"logprobs": True, "top_logprobs": question.top_logprobs}
        if question.form is not None:
            body |= self._form(question.form, dialect)
        if is_stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return body

    def _settings(self, settings: Mapping[str, Any], dialect: Dialect) -> Fields:
        refused = refused_settings(settings, dialect, self._extras)
        if refused:
            hint = f"Leave it out, or, where the server takes it by this name, write extras: [{refused[0]}]."
            raise ModelError(self._name, f"'{refused[0]}'", "a setting that this server is known to take", hint)
        fields: Fields = {}
        for name, value in settings.items():
            word = self._word(name, dialect)
            if value is not None and word is not None:
                fields[word] = _written(name, value)
        return fields | ({"temperature": 0} if settings.get("do_sample") is False else {})

    def _word(self, name: str, dialect: Dialect) -> str | None:
        if name == "max_new_tokens":
            return self._length_word
        return dialect.settings.get(name) or (name if name in _SAME or name in self._extras else None)

    def _form(self, form: Form, dialect: Dialect) -> Fields:
        try:
            return dialect.fields(form) or {}
        except (ValueError, RecursionError):
            raise ModelError(self._name, "a schema that cannot be read", "JSON", "Mend the schema.") from None


def _written(name: str, value: Any) -> Any:
    """As JSON has it: there no key is a number."""
    if name == "logit_bias":
        pairs = value.items() if isinstance(value, Mapping) else value
        return {str(token): bias for token, bias in pairs}
    return list(value) if isinstance(value, tuple) else value


def _is_idle(name: str, value: Any) -> bool:
    return name in _NEUTRAL and value in _NEUTRAL[name]


def _is_greedy(name: str, value: Any) -> bool:
    """Greedy is a temperature of nought."""
    return name == "do_sample" and value is False


def _unicode(text: str) -> str:
    """No half of a surrogate pair: it has no UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
