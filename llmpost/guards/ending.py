"""Ending: what is said where a text was ended, in place of the rest of it or of all of it.

A block says the policy's notice, a refusal its own message, a truncation nothing. It knows only the action.
"""

from __future__ import annotations

from llmpost.contracts.action import Action


def ending_words(action: Action, notice: str) -> str:
    """
    >>> ending_words(Action("refuse", "I cannot say that."), "…"), ending_words(Action("truncate"), "…")
    ('I cannot say that.', '')
    """
    if action.kind == "truncate":
        return ""
    return action.argument if action.kind == "refuse" and isinstance(action.argument, str) else notice
