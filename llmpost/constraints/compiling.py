"""compile_constraint: what a caller asks for becomes a constraint over a vocabulary, within a budget.

It checks the arguments; the account through which a language is read holds it to its budget. It knows neither how a
language is read (the sources do) nor how masks are made. The engine, and programs without one, begin here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from llmpost.automata.algebra import BudgetExceeded
from llmpost.constraints.budget import Budget, OverBudget
from llmpost.constraints.choice import ChoiceSource
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.forbid.forbidden import Forbidden, Given
from llmpost.constraints.forbid.free import FreeText
from llmpost.constraints.forbid.nothing_left import nothing_left
from llmpost.constraints.forbid.source import ForbiddenSource
from llmpost.constraints.json_schema.document.text import schema_text
from llmpost.constraints.json_schema.settings import Settings
from llmpost.constraints.json_schema.source import JsonSchemaSource
from llmpost.constraints.languages.language import Language, as_language
from llmpost.constraints.languages.source import LanguageSource
from llmpost.constraints.quote import QuoteSource
from llmpost.constraints.regex import RegexSource, check_pattern
from llmpost.constraints.source import Source
from llmpost.constraints.space import Space
from llmpost.constraints.spelling import NoText
from llmpost.errors import ConstraintError, suggestion
from llmpost.vocabulary.vocabulary import Vocabulary

__all__ = ["Budget", "compile_constraint", "compile_in"]

LANGUAGES = ("regex", "choice", "json_schema", "quote", "language")
"""The keywords that name a language."""
OPTIONS = ("strict", "whitespace", "key_order", "escapes", "formats")
"""Those of `json_schema`."""
NOT_YET = ("grammar",)
"""Keywords that later versions bring."""


def compile_constraint(
    vocabulary: Vocabulary,
    *,
    regex: str | None = None,
    choice: Iterable[str | bytes] | None = None,
    json_schema: Mapping[str, Any] | bool | str | None = None,
    quote: str | Iterable[str] | None = None,
    language: Language | str | None = None,
    forbid: Iterable[Given] | Forbidden | None = None,
    max_seconds: float = 1.0,
    max_bytes: int = 64 << 20,
    cache_folder: str | os.PathLike[str] | None = None,
    **options: Any,
) -> Constraint:
    """The language of one regular expression (matched as a whole), of a choice of texts, of the JSON values that a
    schema allows, of what stands in a document, or of an expression of such languages, over these tokens; or any text,
    where something is forbidden.

    `forbid`: patterns, phrases and entities of which no text contains a match, nor any string of a JSON value: a
    regular expression, ``{"regex": …}``, ``{"phrase": …}`` or ``{"phrases": […]}``, with ``"ignore_case": True`` if
    wanted, or ``{"entity": …}``.
    A schema's `options` are `strict` (true: refuse what cannot be enforced), `whitespace`, `key_order`, `escapes` and
    `formats`. The same language is compiled once for a vocabulary. ConstraintError for one that is broken, that no text
    is in, that the vocabulary cannot spell, or that does not fit the budget: so many seconds and bytes for
    compiling, and so many bytes again for each text, which ends in the same error where it would need more.

    The first constraint of a vocabulary makes its tables; with `cache_folder` the dearest of them, the trie, is read
    from a file there, or written there for the next process.

    >>> vocabulary = Vocabulary.from_tokens([b"1", b"12", b"a", b"</s>"], eos_ids=[3])
    >>> state = compile_constraint(vocabulary, choice=["1", "121"]).start()
    >>> state.mask().ids().tolist(), state.advance(0).mask().ids().tolist()
    ([0, 1], [3])
    """
    budget = Budget(max_seconds, max_bytes)
    given = zip(LANGUAGES, (regex, choice, json_schema, quote, language), strict=True)
    named: dict[str, Any] = {name: content for name, content in given if content is not None}
    forbidden = None if forbid is None else Forbidden.of(forbid)
    _check(list(named), options, is_free=forbidden is not None)
    return compile_in(_space_of(vocabulary, cache_folder), budget, forbidden, **named, **options)


def compile_in(space: Space, budget: Budget, forbidden: Forbidden | None = None, **given: Any) -> Constraint:
    """The same in a space that was made by hand; `given`: the keyword of a language at most, and its options."""
    asked = _asked(**given)
    if forbidden is None or not forbidden.rules:
        return _shared(space, budget, asked)
    try:
        return _shared(space, budget, asked.without(forbidden))
    except NoText as error:  # by itself it may have texts, or say better why it has none
        raise nothing_left(_shared(space, budget, asked), forbidden) from error


def _shared(space: Space, budget: Budget, asked: _Asked) -> Constraint:
    """Compiled unless it is at hand."""
    key = *asked.key, budget
    return space.constraint(key, asked.num_characters, lambda: _compiled(space, budget, asked.read))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A language: what tells it from others, how long it is, and how it becomes a source; nothing was read yet."""

    key: tuple[Any, ...]
    num_characters: int
    read: Callable[[], Source]

    def without(self, forbidden: Forbidden) -> _Asked:
        """The same, less what is forbidden."""
        size = self.num_characters + forbidden.size
        return _Asked((*self.key, forbidden), size, lambda: _without(self.read(), forbidden))


def _asked(
    *,
    regex: str | None = None,
    choice: Iterable[str | bytes] | None = None,
    json_schema: Mapping[str, Any] | bool | str | None = None,
    quote: str | Iterable[str] | None = None,
    language: Language | str | None = None,
    strict: bool = True,
    **settings: Any,
) -> _Asked:
    """Any text where no language is named."""
    if regex is not None:
        check_pattern(regex)
        return _Asked(("regex", regex), len(regex), lambda: RegexSource.of(regex))
    if json_schema is not None:
        text, chosen = schema_text(json_schema), Settings.of(**settings)
        key = "json_schema", text, chosen, strict
        return _Asked(key, len(text), lambda: JsonSchemaSource.of(text, chosen, strict=strict))
    if quote is not None:
        quoted = QuoteSource.of(quote)
        return _Asked(("quote", quoted), sum(map(len, quoted.documents)), lambda: quoted)
    if language is not None:
        combined = as_language(language)
        num_characters = sum(leaf.num_characters for leaf in combined.leaves())
        return _Asked(("language", combined), num_characters, lambda: LanguageSource(combined))
    if choice is not None:
        source = ChoiceSource.of(choice)
        return _Asked(("choice", source.texts), sum(map(len, source.texts)), lambda: source)
    return _Asked(("free",), 0, FreeText)


def _without(source: Source, forbidden: Forbidden) -> Source:
    """The texts of a schema have strings of their own to look into."""
    if isinstance(source, JsonSchemaSource):
        return replace(source, forbidden=forbidden)
    return ForbiddenSource(source, forbidden)


def _space_of(vocabulary: Vocabulary, cache_folder: str | os.PathLike[str] | None) -> Space:
    if not isinstance(vocabulary, Vocabulary):
        hint = "Make one: Vocabulary.from_tokenizer(…), from_file(…) or from_tokens(…)."
        raise ConstraintError("compile_constraint", f"{vocabulary!r:.60}", "a Vocabulary", hint)
    try:
        return Space.of(vocabulary, cache_folder)
    except (OSError, TypeError) as error:
        if cache_folder is None:
            raise
        where, hint = f"cache_folder ({error})", "Name another folder, or leave it out."
        raise ConstraintError(where, f"{cache_folder!r:.200}", "a folder that can be written", hint) from error


def _compiled(space: Space, budget: Budget, read: Callable[[], Source]) -> Constraint:
    started = time.monotonic()
    source = read()
    constraint = Constraint(source, space.generation, budget=budget)
    try:
        constraint.compiled()
    except BudgetExceeded as exceeded:
        raise _over(source, str(exceeded), budget) from None
    if time.monotonic() - started > budget.max_seconds:
        raise _over(source, f"{budget.max_seconds:g} s", budget)
    return constraint


def _over(source: Source, taken: str, budget: Budget) -> ConstraintError:
    given = f"{source}, which needs more than {taken} to compile,"
    hint = "Simplify it (counted repeats inside each other are the usual cause), or give it a larger budget."
    return OverBudget(source.name, given, f"within {budget}", hint)


def _check(named: Sequence[str], options: Mapping[str, Any], *, is_free: bool) -> None:
    """Exactly one language, or none where the text is free but for what is forbidden; and options that it has."""
    for name in options:
        if name in NOT_YET:
            hint = "Use regex=, choice= or json_schema=."
            raise ConstraintError(name, f"the keyword {name!r}", "supported: not in this version yet", hint)
        if name not in OPTIONS:
            known = (*LANGUAGES, "forbid", *OPTIONS, *NOT_YET, "max_seconds", "max_bytes", "cache_folder")
            raise ConstraintError("compile_constraint", f"the keyword {name!r}", "known", suggestion(name, known))
        if named != ["json_schema"] and len(named) <= 1:
            beside = named[0] if named else "forbid"
            raise ConstraintError(name, f"{name!r} beside {beside}", "an option of json_schema alone", "Leave it out.")
    if len(named) != 1 and not (is_free and not named):
        given = " and ".join(named) if named else "no language"
        allowed = f"exactly one of {', '.join(LANGUAGES[:-1])} and {LANGUAGES[-1]}"
        raise ConstraintError("compile_constraint", given, allowed, "Pass one of them, or forbid alone for free text.")
    if not isinstance(options.get("strict", True), bool):
        raise ConstraintError("strict", f"{options['strict']!r:.60}", "true or false", "Leave it out for true.")
