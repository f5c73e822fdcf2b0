"""Rewriter: a text written anew by a language model, as an instruction says.

The text is data to it, as it is to a judge: between marks that it cannot contain. What comes back is a text of unknown
quality; whether it may be shown is for the guards to say, who look at it again.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from llmpost.contracts.text_model import Message, Question, TextModel
from llmpost.errors import ModelError
from llmpost.guards.judge.asking import ANNOUNCED
from llmpost.guards.judge.fence import fence_of, fenced, spelled

LONGEST: Final = 50_000
"""Characters: a longer text is not written anew."""
_MOST_TOKENS: Final = 8192
_LEAST_TOKENS: Final = 128
_SYSTEM: Final = "You rewrite texts. Change nothing that need not be changed, and write nothing but the new text."


def rewritten(model: TextModel, text: str, instruction: str, deadline: float | None = None) -> str:
    """The new text; ModelError where there is none, or none that is whole."""
    if len(text) > LONGEST:
        given, allowed = f"a text of {len(text):,} characters", f"written anew: at most {LONGEST:,} are"
        raise ModelError(model.name, given, allowed, "Write block for texts that long.")
    shown = spelled(text)
    reply = model.complete(_question(shown, instruction, deadline))
    if reply.finish_reason != "stop":
        raise ModelError(
            model.name, f"a new text that ended by {reply.finish_reason:.20}", "whole", "Try another model."
        )
    return _without_marks(reply.text, fence_of(shown))


def _question(text: str, instruction: str, deadline: float | None) -> Question:
    fence = fence_of(text)
    system = Message("system", f"{_SYSTEM} {ANNOUNCED.format(fence=fence)}")
    most = min(_MOST_TOKENS, _LEAST_TOKENS + len(text))
    settings = MappingProxyType({"temperature": 0, "max_new_tokens": most})
    return Question((system, Message("user", f"{instruction}\n{fenced(text, fence)}")), None, settings, 0, deadline)


def _without_marks(reply: str, fence: str) -> str:
    """Some models copy the marks, too."""
    return reply.replace(fence, "").strip()
