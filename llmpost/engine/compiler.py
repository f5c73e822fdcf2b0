"""Compiler: from the languages of a call to constraints over a model's tokens.

Each language is compiled once for a call, also one that cannot be; what stays between calls is kept by the constraints.
What a language may say is their business, too; that no other token is drawn is that of `logits`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

from llmpost.constraints import Constraint, compile_constraint
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.contracts.constraint import Guarantee
from llmpost.contracts.tokens import TokenId
from llmpost.engine.language import Language
from llmpost.engine.policy_language import in_policy
from llmpost.errors import LlmpostError
from llmpost.vocabulary import Vocabulary

_LARGE_BUDGET: dict[str, Any] = {"max_seconds": 5.0}
"""For the schema of a program, or a document, which may be large; nobody waits as long for each token of a pattern."""


_Key: TypeAlias = tuple[Language | None, Forbidden | None, frozenset[TokenId]]


class Compiler:
    """Compiles the languages of one call."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._made: dict[_Key, Constraint | LlmpostError] = {}

    def compile(
        self, language: Language | None, forbidden: Forbidden | None, end_ids: frozenset[TokenId]
    ) -> Constraint:
        """The constraint whose texts end with one of these ids; the same error again where there is none. Without a
        language any text that has nothing forbidden."""
        key = language, forbidden, end_ids
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._try(*key)
        if isinstance(made, LlmpostError):
            raise made
        return made

    def _try(
        self, language: Language | None, forbidden: Forbidden | None, end_ids: frozenset[TokenId]
    ) -> Constraint | LlmpostError:
        arguments = _LARGE_BUDGET if language is None else _arguments(language)
        try:
            return compile_constraint(_ending(self._vocabulary, end_ids), forbid=forbidden, **arguments)
        except LlmpostError as error:
            return error if language is None or not language.is_policys else in_policy(error, language.kind)


@lru_cache(maxsize=64)
def less_than_exact(constraint: Constraint) -> dict[str, Guarantee]:
    """The parts that are sound, where a dead end is possible, or refused and left out. Kept: a report of a large schema
    takes longer than its first mask."""
    return {part: word for part, word in constraint.report.parts.items() if word in ("sound", "refused")}


def _arguments(language: Language) -> dict[str, Any]:
    """The keywords of `compile_constraint`."""
    if language.options is not None:
        return {"json_schema": language.content, **language.options.arguments(), **_LARGE_BUDGET}
    budget: dict[str, Any] = _LARGE_BUDGET if language.kind in ("quote", "language") else {}
    return {language.kind: language.content, **budget}


@lru_cache(maxsize=8)
def _ending(vocabulary: Vocabulary, end_ids: frozenset[TokenId]) -> Vocabulary:
    """The vocabulary with the end ids that are in force; kept, because its tables are large."""
    return vocabulary if vocabulary.end_ids == end_ids else vocabulary.with_end_ids(end_ids)
