"""Subject: a policy as the questions of lint look at it: its guards built, its language and its rules read.

Made once for all questions; what is dear is made when it is first asked for. It finds nothing wrong by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from llmpost.automata.algebra import ANYTHING, Algebra, Term
from llmpost.constraints import Constraint, compile_constraint
from llmpost.constraints.choice import ChoiceSource
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.forbid.free import FreeText
from llmpost.constraints.forbid.source import ForbiddenSource
from llmpost.constraints.json_schema.document.text import tree_of
from llmpost.constraints.json_schema.source import JsonSchemaSource
from llmpost.constraints.quote import QuoteSource
from llmpost.constraints.regex import RegexSource
from llmpost.constraints.source import Source
from llmpost.engine.language import Language
from llmpost.engine.linting.effort import Effort
from llmpost.engine.policy_language import language_of
from llmpost.errors import ConstraintError
from llmpost.guards.rule import Guarding, Rule
from llmpost.policy import Policy
from llmpost.policy.guards import GuardEntry
from llmpost.policy.plain import thawed
from llmpost.vocabulary import Vocabulary

_MAX_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A guard as it is written and as it was built, and where in the policy it stands."""

    where: str
    entry: GuardEntry
    rule: Rule

    @property
    def actions_at(self) -> str:
        """Where it says what is done, or would."""
        return f"{self.where}.action" if self.entry.action is not None else self.where


class Subject:
    """Of one lint."""

    def __init__(self, policy: Policy, guarding: Guarding, effort: Effort, vocabulary: Vocabulary | None) -> None:
        self.policy = policy
        self.guarding = guarding
        self.effort = effort
        self.vocabulary = vocabulary
        """Of the model that the policy is for, where that is known."""

    @cached_property
    def guards(self) -> tuple[Asked, ...]:
        """All of them, also those that are written where one stands in for another."""
        pairs = enumerate(zip(self.policy.guards, self.guarding.rules, strict=True))
        return tuple(each for place, (entry, rule) in pairs for each in _within(f"guards[{place}]", entry, rule))

    @cached_property
    def language(self) -> Language | None:
        """What the policy holds every output to."""
        held = language_of(self.policy)
        return None if held is None else held.language

    @cached_property
    def source(self) -> Source | None:
        """The same, as what can be read into an algebra."""
        return None if self.language is None else _source(self.language)

    @cached_property
    def rules(self) -> tuple[Forbidden, ...]:
        """What is forbidden, each as the policy has it."""
        return tuple(
            Forbidden.of([{"entity": rule} if isinstance(rule, str) else thawed(rule)]) for rule in self.policy.forbid
        )

    @cached_property
    def forbidden(self) -> Forbidden:
        """All of it together."""
        together = Forbidden(())
        for one in self.rules:
            together = together.and_also(one)
        return together

    @property
    def schema(self) -> Any:
        """The tree of the schema that every output is an instance of; None where there is none."""
        is_schema = self.language is not None and self.language.kind == "schema"
        return tree_of(str(self.language.content))[0] if self.language is not None and is_schema else None

    @property
    def is_json(self) -> bool:
        return self.language is not None and self.language.kind == "schema"

    def texts(self, algebra: Algebra, forbidden: Forbidden | None = None) -> Term:
        """What an output may be, less what these rules forbid, by default all of the policy."""
        rules = self.forbidden if forbidden is None else forbidden
        return without(self.source or FreeText(), rules).read(algebra)

    def accepts(self, text: str) -> bool:
        """Whether an output may be just this."""
        try:
            return self._constraint.accepts(text)
        except ConstraintError:
            return False

    @cached_property
    def _constraint(self) -> Constraint:
        return compiled(_OCTETS, self.language, self.forbidden)


def without(source: Source, forbidden: Forbidden) -> Source:
    """The source less what is forbidden; a schema looks into its strings itself."""
    if not forbidden.rules:
        return source
    if isinstance(source, JsonSchemaSource):
        return JsonSchemaSource(source.text, source.settings, source.document, forbidden)
    return ForbiddenSource(source, forbidden)


def containing(algebra: Algebra, text: str) -> Term:
    """All texts with this one in them."""
    return algebra.concat([ANYTHING, algebra.choice([text.encode()]), ANYTHING])


def compiled(vocabulary: Vocabulary, language: Language | None, forbidden: Forbidden) -> Constraint:
    """ConstraintError where it takes too much, or the vocabulary cannot spell it."""
    named: dict[str, Any] = {}
    if language is not None:
        key = "json_schema" if language.kind == "schema" else language.kind
        named = {key: language.content, **({} if language.options is None else language.options.arguments())}
    return compile_constraint(vocabulary, forbid=forbidden, max_seconds=_MAX_SECONDS, **named)


_OCTETS = Vocabulary.from_tokens([bytes([octet]) for octet in range(256)])
_SOURCES: Mapping[str, Any] = {"regex": RegexSource.of, "choice": ChoiceSource.of, "quote": QuoteSource.of}


def _source(language: Language) -> Source:
    if language.options is None:
        source: Source = _SOURCES[language.kind](language.content)
        return source
    return JsonSchemaSource.of(str(language.content), language.options.settings, strict=language.options.strict)


def _within(where: str, entry: GuardEntry, rule: Rule) -> Iterator[Asked]:
    yield Asked(where, entry, rule)
    written = (("on_timeout", entry.on_timeout, rule.on_timeout), ("on_failure", entry.on_failure, rule.on_failure))
    for key, otherwise, fallback in written:
        if otherwise.entry is not None and fallback.rule is not None:
            yield from _within(f"{where}.{key}", otherwise.entry, fallback.rule)
