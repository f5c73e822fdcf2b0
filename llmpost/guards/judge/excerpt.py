"""Excerpt: as much of a long text as a model is shown, its beginning and its end.

Who judges an excerpt has not judged the text: whoever uses one says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.guards.judge.fence import spelled


@dataclass(frozen=True, slots=True)
class Excerpt:
    """
    >>> Excerpt.of("abcdefgh", 4)
    Excerpt(text='ab\\n(4 characters left out here)\\ngh', num_left_out=4)
    """

    text: str
    num_left_out: int = 0

    @classmethod
    def of(cls, text: str, longest: int) -> Excerpt:
        """All of it, or so many of its characters, half of them from either end, as they look."""
        if len(text) <= longest:
            return cls(spelled(text))
        left_out = len(text) - longest
        head = longest - longest // 2
        tail = text[head + left_out :]
        return cls(f"{spelled(text[:head])}\n({left_out} characters left out here)\n{spelled(tail)}", left_out)
