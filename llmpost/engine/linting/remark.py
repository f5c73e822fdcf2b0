"""Remark: what lint has to say about one place of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from llmpost.errors import LlmpostError, PolicyError

Severity: TypeAlias = Literal["error", "warning", "note"]
"""``error``: what is written there can never be what was meant. ``warning``: it may be meant, and probably is not.
``note``: what one may want to know; and which question was given up."""


@dataclass(frozen=True, slots=True)
class Remark:
    """
    >>> print(Remark("decode.stop[0]", "error", "'###'", "in any text", "Leave it out.", example="yes").message)
    '###' is not in any text. Leave it out. For instance: 'yes'
    """

    where: str
    """A key path of the policy."""
    severity: Severity
    given: str
    allowed: str
    hint: str
    example: str = ""
    """A text of what is talked about, as short as any; empty where none would help."""

    @classmethod
    def of(cls, error: LlmpostError) -> Remark:
        """Of a policy that means nothing."""
        return cls(error.where.removeprefix("policy."), "error", error.given, error.allowed, error.hint)

    @property
    def message(self) -> str:
        """In the manner of errors."""
        return f"{self.given} is not {self.allowed}. {self._advice}"

    @property
    def error(self) -> PolicyError:
        """As an error that the policy can say the place of (`Policy.located`)."""
        return PolicyError(self.where, self.given, self.allowed, self._advice)

    @property
    def _advice(self) -> str:
        example = shown(self.example)
        is_told = not self.example or example in self.given
        return self.hint if is_told else f"{self.hint} For instance: {example}"


def shown(text: str) -> str:
    """A text in a remark, cut where it is long.

    >>> shown("a" * 100)[-5:]
    "aaa…'"
    """
    return repr(text if len(text) <= 80 else f"{text[:79]}…")
