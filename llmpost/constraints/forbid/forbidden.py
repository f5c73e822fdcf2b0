"""Forbidden: everything that an output must not contain, read from what a caller gave, as one language.

What can stand anywhere is searched for together, so that a thousand rules are followed as one. It knows no tokens; in
which texts it is searched for, the raw output or the strings of a JSON value, is the sources' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias

from llmpost.automata.algebra import ANYTHING, EMPTY, Algebra, Term
from llmpost.automata.entities.table import entity_named
from llmpost.constraints.forbid.entities import Entities
from llmpost.constraints.forbid.pattern import Pattern
from llmpost.constraints.forbid.phrases import Phrases
from llmpost.errors import ConstraintError, suggestion

Rule: TypeAlias = Pattern | Phrases | Entities
Given: TypeAlias = str | Mapping[str, Any]
"""A regular expression, or ``{"regex": …}``, ``{"phrase": …}`` or ``{"phrases": […]}``, each with ``"ignore_case"`` if
wanted, or ``{"entity": …}``."""

KINDS = ("regex", "phrase", "phrases", "entity")
MAX_CHARACTERS = 4_000_000
"""Of all phrases and patterns together."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Rules, of which no match may occur.

    >>> [str(rule) for rule in Forbidden.of(["[0-9]{3}", {"phrase": "secret"}]).rules]
    ["the pattern '[0-9]{3}'", "the phrase 'secret'"]
    """

    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, given: Iterable[Given] | Forbidden) -> Forbidden:
        """ConstraintError where it is no list of rules, or one of them is broken."""
        if isinstance(given, cls):
            return given
        if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
            raise ConstraintError("forbid", f"{given!r:.60}", "a list of rules", "Put it in a list: forbid=[...].")
        rules = joined([_rule(one, f"forbid[{place}]") for place, one in enumerate(given)])
        if sum(map(_size, rules)) > MAX_CHARACTERS:
            allowed = f"at most {MAX_CHARACTERS:,} characters together"
            raise ConstraintError("forbid", "a list of rules so long", allowed, "Forbid shorter phrases, or fewer.")
        return cls(rules)

    def and_also(self, other: Forbidden | None) -> Forbidden:
        """The rules of both."""
        return self if other is None else Forbidden(joined((*self.rules, *other.rules)))

    @property
    def size(self) -> int:
        """How many characters its rules have."""
        return sum(map(_size, self.rules))

    @property
    def digest(self) -> str:
        """What a trace keeps of it."""
        return sha256("\n".join(map(repr, self.rules)).encode()).hexdigest()

    def containing(self, algebra: Algebra, lead: Term) -> Term:
        """All texts in which something forbidden occurs; `lead`: what may stand before a match."""
        anywhere = algebra.alternate([rule.term(algebra) for rule in self.rules if not looks_around(rule)])
        parts = [algebra.concat([lead, anywhere, ANYTHING])] if anywhere != EMPTY else []
        looking = (
            rule.containing(algebra) for rule in self.rules if not isinstance(rule, Phrases) and looks_around(rule)
        )
        return algebra.alternate([*parts, *looking])

    def only(self, rules: Iterable[Rule]) -> Forbidden:
        """These of its rules."""
        return Forbidden(tuple(rules))

    def __str__(self) -> str:
        more = f" and {len(self.rules) - 1} more" if len(self.rules) > 1 else ""
        return f"{self.rules[0]}{more}" if self.rules else "nothing"


def parts_of(rule: Rule) -> list[Rule]:
    """Rules that together say the same: each entity by itself."""
    return [Entities((name,)) for name in rule.names] if isinstance(rule, Entities) else [rule]


def looks_around(rule: Rule) -> bool:
    """Whether a match depends on what is around it."""
    return isinstance(rule, Entities) or (isinstance(rule, Pattern) and rule.looks_around)


def _rule(given: object, where: str) -> Rule:
    if isinstance(given, str):
        return Pattern.of(given, where)
    if not isinstance(given, Mapping):
        hint = 'Write "…" or {"regex": …}, {"phrase": …}, {"phrases": […]}, {"entity": …}.'
        raise ConstraintError(where, f"{given!r:.60}", "a rule", hint)
    kind, ignore_case = _kind(given, where)
    content = given[kind]
    if kind == "regex" and isinstance(content, str):
        return Pattern.of(content, where, ignore_case=ignore_case)
    if kind == "entity":
        return _entity(content, where)
    texts = content if kind == "phrases" and isinstance(content, list | tuple) else [content]
    return Phrases(tuple(sorted({_phrase(text, where) for text in texts})), ignore_case)


def _kind(given: Mapping[str, Any], where: str) -> tuple[str, bool]:
    """By what the rule is given, and whether case is ignored."""
    kinds = [name for name in given if name in KINDS]
    for name in given:
        if name not in (*KINDS, "ignore_case"):
            known = (*KINDS, "ignore_case")
            raise ConstraintError(where, f"the key {name!r:.60}", "known", suggestion(str(name), known))
    if len(kinds) != 1:
        names = " and ".join(kinds) or "no kind of rule"
        raise ConstraintError(where, names, f"one of {', '.join(KINDS)}", "Make each a rule of its own.")
    ignore_case = given.get("ignore_case", False)
    if not isinstance(ignore_case, bool) or (ignore_case and kinds[0] == "entity"):
        hint = "Leave it out: of an entity case is known." if kinds[0] == "entity" else "Leave it out for false."
        raise ConstraintError(f"{where}.ignore_case", f"{ignore_case!r:.60}", "true or false", hint)
    return kinds[0], ignore_case


def _phrase(given: object, where: str) -> str:
    if isinstance(given, str) and given and not any("\ud800" <= one <= "\udfff" for one in given):
        return given
    hint = "Every text contains the empty one, and lone surrogates are no text."
    raise ConstraintError(where, f"{given!r:.60}", "a text of at least one character", hint)


def _entity(given: object, where: str) -> Entities:
    if not isinstance(given, str):
        raise ConstraintError(where, f"{given!r:.60}", "the name of an entity", "US_SSN is one.")
    try:
        return Entities((entity_named(given).name,))
    except ConstraintError as error:
        raise ConstraintError(where, error.given, error.allowed, error.hint) from error


def joined(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Phrases that heed case, phrases that do not, and entities are one rule each, where the first of them stands."""
    kept: dict[object, Rule] = {}
    for rule in rules:
        match rule:
            case Phrases(()):
                continue  # a list without phrases forbids nothing
            case Phrases(texts, ignore_case):
                known = kept.get(ignore_case)
                more = known.texts if isinstance(known, Phrases) else ()
                kept[ignore_case] = Phrases(tuple(sorted({*more, *texts})), ignore_case) if more else rule
            case Entities(names):
                known = kept.get(Entities)
                more = known.names if isinstance(known, Entities) else ()
                kept[Entities] = Entities(tuple(dict.fromkeys((*more, *names))))
            case _:
                kept.setdefault(rule, rule)
    return tuple(kept.values())


def _size(rule: Rule) -> int:
    match rule:
        case Pattern(pattern):
            return len(pattern)
        case Phrases(texts):
            return sum(map(len, texts))
    return 0
