r"""What a refusal is: a token, or a text, that a constraint does not let through, and why, as data and in words.

Nouns and how they read. Who is responsible and what was expected was found out elsewhere; here it is only said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from llmpost.contracts.tokens import TokenId

RuleKind: TypeAlias = str
"""The keyword by which the rule was given (`regex`, `choice`, `json_schema`, `key_order`, …); `json` for what JSON
itself asks for, `vocabulary` for what no tokens can spell."""

Certainty: TypeAlias = Literal["each", "one of", "together"]
"""Of several rules: each forbids it by itself; one of them does, or several do, which was not found out; or all of them
together, so that without any one of them it could go on."""

THE_TEXT = "The text"
"""What is refused where it is no token."""
THE_END = "the end of the text"
_BEFORE, _BEHIND = 50, 30  # characters of a line that are shown before and behind the caret


@dataclass(frozen=True, slots=True)
class Rule:
    """A part of what was asked for: where it stands, and what it says there.

    >>> print(Rule("json_schema", "/properties/age/maximum", "120"), Rule("regex", "a+b", span=(2, 3)), sep="; ")
    /properties/age/maximum (120); `b` of the pattern `a+b`
    """

    kind: RuleKind
    where: str
    """The pattern, the texts, the JSON pointer of a keyword, or the name of a setting."""
    says: str = ""
    span: tuple[int, int] | None = None
    """The characters of a pattern that are responsible, where they can be told from the rest."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        span = None if self.span is None else list(self.span)
        return {"kind": self.kind, "where": self.where, "says": self.says, "span": span}

    def __str__(self) -> str:
        if self.kind == "regex":
            start, end = self.span or (0, len(self.where))
            part = f"`{self.where[start:end]}` of " if self.span is not None else ""
            return f"{part}the pattern `{self.where}`"
        if self.kind == "choice":
            return f"the choice {self.where}"
        return f"{self.where} ({self.says})" if self.says else self.where


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a token, or a text, is not allowed. `place` is how many of its bytes some completion still begins with.

    >>> refusal = Refusal("token 7 ('ax')", b"ax", 1, "`x`", "a digit", (Rule("regex", r"'a\\d'"),))
    >>> refusal.prefix, refusal.octet
    (b'a', 120)
    """

    given: str
    """What was refused, in words."""
    text: bytes
    """Its bytes."""
    place: int
    found: str
    """What stands there, in words: a character, a byte, the end of the text."""
    expected: str
    rules: tuple[Rule, ...] = ()
    certainty: Certainty = "each"
    path: str | None = None
    """Where in a JSON value it happened, as a JSON pointer."""
    nearest: tuple[tuple[TokenId, str], ...] = ()
    """Allowed tokens that begin most like it, by id and name."""
    completion: bytes = b""
    """Of what is not complete: one of the shortest texts that would complete it, where it is short."""

    @property
    def prefix(self) -> bytes:
        """The longest part from the beginning that can still be completed."""
        return self.text[: self.place]

    @property
    def octet(self) -> int | None:
        """The byte that cannot follow it; None where it is the end that cannot."""
        return self.text[self.place] if self.place < len(self.text) else None

    @property
    def line_and_column(self) -> tuple[int, int]:
        """Of the place, both counted from 1; columns in characters."""
        before = self.text[: character_start(self.text, self.place)]
        last = before.rpartition(b"\n")[2]
        return before.count(b"\n") + 1, len(last.decode(errors="replace")) + 1

    @property
    def short(self) -> str:
        """In one line."""
        why = f"expected {self.expected}"
        return f"{why}, by {_listed(self)}" if self.rules else why

    def excerpt(self, indent: str = "    ") -> str:
        """The line of it, and a caret under the place."""
        start = character_start(self.text, self.place)
        before, behind = shown(self.text[:start].rpartition(b"\n")[2]), shown(self.text[start:].partition(b"\n")[0])
        cut = f"…{before[-_BEFORE:]}" if len(before) > _BEFORE else before
        rest = f"{behind[:_BEHIND]}…" if len(behind) > _BEHIND else behind
        return f"{indent}{cut}{rest}\n{indent}{' ' * len(cut)}^"

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON; bytes that are no UTF-8 are written visibly."""
        line, column = self.line_and_column
        return {
            "given": self.given,
            "prefix": shown(self.prefix),
            "place": self.place,
            "line": line,
            "column": column,
            "octet": self.octet,
            "found": self.found,
            "expected": self.expected,
            "rules": [rule.to_dict() for rule in self.rules],
            "certainty": self.certainty,
            "path": self.path,
            "nearest": [{"token_id": token, "name": name} for token, name in self.nearest],
            "completion": shown(self.completion),
        }

    def __str__(self) -> str:
        lines = [f"{self._what} expected {self.expected}."]
        if self.text:
            lines.append(self.excerpt())
        lines += self._reasons()
        if self.completion:
            lines.append(f"It could be completed by `{shown(self.completion)}`.")
        if self.nearest:
            lines.append(f"Allowed and nearest: {', '.join(name for _, name in self.nearest)}.")
        return "\n".join(lines)

    @property
    def _what(self) -> str:
        if self.given == THE_TEXT and self.octet is None:
            return f"{self.given} is not complete:"
        line, column = self.line_and_column
        where = f" at line {line}, column {column}" if line > 1 or column > _BEFORE else ""
        return f"{self.given} is not allowed{where}: found {self.found},"

    def _reasons(self) -> list[str]:
        where = f"At {self.path}" if self.path else ""
        if not self.rules:
            return [f"{where}."] if where else []
        by = f"{where}, by {_listed(self)}." if where else f"By {_listed(self)}."
        return [by, *(_underlined(rule.where, *rule.span) for rule in self.rules if rule.span is not None)]


def character_start(text: bytes, place: int) -> int:
    """Where the character begins that the byte at this place belongs to; the place itself where it is in none."""
    for start in range(place, max(-1, place - 4), -1):
        lead = text[start] if start < len(text) else 0
        if start < place and 0xC2 <= lead < 0xF5:
            return start if place - start < 2 + (lead >= 0xE0) + (lead >= 0xF0) else place
        if start < place and not 0x80 <= lead < 0xC0:
            break
    return place


def shown(text: bytes) -> str:
    r"""
    >>> shown("café\t".encode() + bytes([0xC3]))
    'café\\t\\xc3'
    """
    characters = text.decode(errors="backslashreplace")
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in characters)


def _listed(refusal: Refusal) -> str:
    rules = list(map(str, refusal.rules))
    if len(rules) == 1:
        return f"{rules[0]}, or by what was not looked into" if refusal.certainty == "one of" else rules[0]
    listed = f"{', '.join(rules[:-1])} and {rules[-1]}"
    return {"each": f"{listed}, each by itself", "together": f"{listed} together", "one of": f"one of {listed}"}[
        refusal.certainty
    ]


def _underlined(pattern: str, start: int, end: int) -> str:
    before, part = shown(pattern[:start].encode()), shown(pattern[start:end].encode())
    return f"    {before}{part}{shown(pattern[end:].encode())}\n    {' ' * len(before)}{'^' * len(part)}"
