"""What a call holds its output to: a regular expression or a choice of texts, and the constraint that is made of it.

Here the arguments of a call are checked and compiled for a model's tokens. What a pattern may say is the business of
`constraints`; that no other token is drawn is that of `logits`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from llmpost.constraints import Constraint, compile_constraint
from llmpost.contracts.tokens import TokenId
from llmpost.errors import LlmpostError, RequestError
from llmpost.vocabulary import Vocabulary

KINDS = ("regex", "choice")
"""The keywords by which a call names a language."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language as it was asked for.

    >>> Language.of({"choice": ["yes", "no"]})
    Language(kind='choice', content=('yes', 'no'))
    """

    kind: str
    content: str | tuple[str, ...]
    """A pattern, or texts."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Language | None:
        """The one that a call names, if it names one; RequestError where it is none, or not the only constraint."""
        _check_one(given)
        kind = next((kind for kind in KINDS if given.get(kind) is not None), None)
        if kind is None:
            return None
        content = given[kind]
        return cls(kind, _pattern(content) if kind == "regex" else _texts(content))

    @property
    def digest(self) -> str:
        """What a trace keeps of it."""
        return _digest(self.content)


@lru_cache(maxsize=16)
def _digest(content: str | tuple[str, ...]) -> str:
    """Kept: the same large choice comes with every request."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


class Compiler:
    """Compiles the languages of one call, each once, also those that cannot be compiled."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._made: dict[tuple[Language, frozenset[TokenId]], Constraint | LlmpostError] = {}

    def compile(self, language: Language, end_ids: frozenset[TokenId]) -> Constraint:
        """The constraint whose texts end with one of these ids; the same error again where there is none."""
        made = self._made.get((language, end_ids))
        if made is None:
            made = self._made[language, end_ids] = self._try(language, end_ids)
        if isinstance(made, LlmpostError):
            raise made
        return made

    def _try(self, language: Language, end_ids: frozenset[TokenId]) -> Constraint | LlmpostError:
        vocabulary, content = _ending(self._vocabulary, end_ids), language.content
        try:
            if isinstance(content, str):
                return compile_constraint(vocabulary, regex=content)
            return compile_constraint(vocabulary, choice=content)
        except LlmpostError as error:
            return error


def _check_one(given: Mapping[str, Any]) -> None:
    named = [name for name in ("schema", *KINDS) if given.get(name) is not None]
    if len(named) > 1:
        raise RequestError(
            f"generate.{named[1]}", f"{named[1]} beside {named[0]}", "possible: one constraint a call", "Drop one."
        )


@lru_cache(maxsize=8)
def _ending(vocabulary: Vocabulary, end_ids: frozenset[TokenId]) -> Vocabulary:
    """The vocabulary with the end ids that are in force; kept, because its tables are large."""
    return vocabulary if vocabulary.end_ids == end_ids else vocabulary.with_end_ids(end_ids)


def _pattern(given: Any) -> str:
    if isinstance(given, str):
        return given
    hint = "Pass its pattern: compiled.pattern." if hasattr(given, "pattern") else "Write the pattern as a string."
    raise RequestError("generate.regex", f"{given!r:.60}", "a regular expression", hint)


def _texts(given: Any) -> tuple[str, ...]:
    if isinstance(given, list | tuple) and given and all(isinstance(text, str) for text in given):
        return tuple(given)
    raise RequestError("generate.choice", f"{given!r:.60}", "a list of texts, at least one", "Write choice=['a', 'b'].")
