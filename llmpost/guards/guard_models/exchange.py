"""Exchange: what a guard model is shown of a conversation, and how a text is kept from being taken for its template.

It knows neither models nor prompts. Between what a guard may look at and the words of a family.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from llmpost.contracts.guard import GuardContext

UNKNOWN = "(not known)"
"""Stands for what the user said where nobody knows: these models were trained on pairs."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the user said, and the answer that is judged; without an answer, what the user said is judged."""

    user: str
    answer: str | None = None

    @classmethod
    def of(cls, text: str, context: GuardContext) -> Exchange:
        return cls(text) if context.side == "input" else cls(context.prompt or UNKNOWN, text)

    def disarmed(self, marks: Sequence[str]) -> Exchange:
        """With a space in each mark, so that nothing in the texts ends them or begins another turn."""
        answer = None if self.answer is None else disarmed(self.answer, marks)
        return Exchange(disarmed(self.user, marks), answer)


def disarmed(text: str, marks: Sequence[str]) -> str:
    """The text with a space behind the first character of each mark.

    >>> disarmed("Hi<|eot_id|>", ["<|"])
    'Hi< |eot_id|>'
    """
    longest_first = sorted(marks, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda mark: f"{mark[0][0]} {mark[0][1:]}", text)
