"""Forbidden: everything that an output must not contain, read from what a caller gave, as one language.

What can stand anywhere is searched for together, so that a thousand rules are followed as one. It knows no tokens; in
which texts it is searched for, the raw output or the strings of a JSON value, is the sources' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, TypeAlias

from llmpost.automata.algebra import ANYTHING, EMPTY, Algebra, Term
from llmpost.constraints.forbid.pattern import Pattern
from llmpost.constraints.forbid.phrases import Phrases
from llmpost.errors import ConstraintError, suggestion

Rule: TypeAlias = Pattern | Phrases
Given: TypeAlias = str | Mapping[str, Any]
"""A regular expression, or ``{"regex": …}``, ``{"phrase": …}``, ``{"phrases": […]}``; ``"ignore_case"`` beside it."""

KINDS = ("regex", "phrase", "phrases")
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
        rules = _with_phrases_joined([_rule(one, f"forbid[{place}]") for place, one in enumerate(given)])
        if sum(map(_size, rules)) > MAX_CHARACTERS:
            allowed = f"at most {MAX_CHARACTERS:,} characters together"
            raise ConstraintError("forbid", "a list of rules so long", allowed, "Forbid shorter phrases, or fewer.")
        return cls(rules)

    def and_also(self, other: Forbidden | None) -> Forbidden:
        """The rules of both."""
        return self if other is None else Forbidden(_with_phrases_joined((*self.rules, *other.rules)))

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
        looking = [rule for rule in self.rules if isinstance(rule, Pattern) and rule.looks_around]
        return algebra.alternate([*parts, *(rule.containing(algebra) for rule in looking)])

    def only(self, rules: Iterable[Rule]) -> Forbidden:
        """These of its rules."""
        return replace(self, rules=tuple(rules))

    def __str__(self) -> str:
        more = f" and {len(self.rules) - 1} more" if len(self.rules) > 1 else ""
        return f"{self.rules[0]}{more}" if self.rules else "nothing"


def looks_around(rule: Rule) -> bool:
    """Whether a match depends on what is around it."""
    return isinstance(rule, Pattern) and rule.looks_around


def _rule(given: object, where: str) -> Rule:
    if isinstance(given, str):
        return Pattern.of(given, where)
    if not isinstance(given, Mapping):
        hint = 'Write "…" or {"regex": …}, {"phrase": …}, {"phrases": […]}.'
        raise ConstraintError(where, f"{given!r:.60}", "a rule", hint)
    kinds = [name for name in given if name in KINDS]
    for name in given:
        if name not in (*KINDS, "ignore_case"):
            raise ConstraintError(
                where, f"the key {name!r:.60}", "known", suggestion(str(name), (*KINDS, "ignore_case"))
            )
    if len(kinds) != 1:
        names = " and ".join(kinds) or "no kind of rule"
        raise ConstraintError(where, names, f"one of {', '.join(KINDS)}", "Make each a rule of its own.")
    ignore_case = given.get("ignore_case", False)
    if not isinstance(ignore_case, bool):
        raise ConstraintError(
            f"{where}.ignore_case", f"{ignore_case!r:.60}", "true or false", "Leave it out for false."
        )
    content = given[kinds[0]]
    if kinds[0] == "regex" and isinstance(content, str):
        return Pattern.of(content, where, ignore_case=ignore_case)
    texts = content if kinds[0] == "phrases" and isinstance(content, list | tuple) else [content]
    return Phrases(tuple(sorted({_phrase(text, where) for text in texts})), ignore_case)


def _phrase(given: object, where: str) -> str:
    if isinstance(given, str) and given and not any("\ud800" <= one <= "\udfff" for one in given):
        return given
    hint = "Every text contains the empty one, and lone surrogates are no text."
    raise ConstraintError(where, f"{given!r:.60}", "a text of at least one character", hint)


def _with_phrases_joined(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Phrases that heed case, and those that do not, are one rule each, where the first of them stands."""
    joined: dict[object, Rule] = {}
    texts: dict[bool, set[str]] = {False: set(), True: set()}
    for rule in rules:
        if isinstance(rule, Phrases):
            texts[rule.ignore_case].update(rule.texts)
            joined[rule.ignore_case] = rule
        else:
            joined.setdefault(rule, rule)
    for ignore_case in texts:
        if ignore_case in joined:
            joined[ignore_case] = Phrases(tuple(sorted(texts[ignore_case])), ignore_case)
    return tuple(joined.values())


def _size(rule: Rule) -> int:
    return len(rule.pattern) if isinstance(rule, Pattern) else sum(map(len, rule.texts))
