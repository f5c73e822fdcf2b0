"""The table of replacements: by action, what is written in the place of what was found.

`apply` looks here and nowhere else. Each way is a file of its own, with its options.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from llmpost.contracts.action import Action, ActionKind
from llmpost.guards.decide import Decision
from llmpost.guards.replacements.fingerprint import fingerprint
from llmpost.guards.replacements.mark import mark
from llmpost.guards.replacements.mask import Mask
from llmpost.guards.replacements.pseudonym import Pseudonym
from llmpost.guards.replacements.words import words
from llmpost.guards.tools import Tools

Write: TypeAlias = Callable[[str, str, Action, Tools], str]
"""From a label, what was found, the action and the tools to what stands there instead."""

REPLACEMENTS: Mapping[ActionKind, Write] = MappingProxyType({
    "redact": lambda label, _, __, ___: mark(label),
    "mask": lambda _, text, action, __: Mask.of(action.argument).write(text),
    "hash": lambda label, text, _, tools: fingerprint(label, text, tools.key),
    "replace": lambda label, _, action, __: words(action.argument, label),
    "pseudonymise": lambda label, text, action, tools: Pseudonym.of(action.argument).write(label, text, tools),
})  # fmt: skip


def replacement(decision: Decision, text: str, tools: Tools) -> str:
    """What stands in the place of `text`, which is what the decision's hull says. Never empty."""
    write = REPLACEMENTS[decision.action.kind]
    label = decision.best.finding.label
    return write(label, text, decision.action, tools) or mark(label)
