"""The public test kit: models whose every logit is known, an engine around them, and a suite that attacks a guard.

For tests of llmpost and of what is built on it; nothing in the package imports it.
"""

from llmpost.testing.guard_suite import check_guard
from llmpost.testing.scripted import (
    LongestMatch,
    Script,
    ScriptedModel,
    random_script,
    scripted_engine,
    table_script,
)

__all__ = [
    "LongestMatch",
    "Script",
    "ScriptedModel",
    "check_guard",
    "random_script",
    "scripted_engine",
    "table_script",
]
