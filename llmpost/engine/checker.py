"""The checker: texts held against the guards of a policy, without a model.

It owns what all requests share (guards built once for each policy, the runner, the key, whoever reviews) and hands each
request tools of its own. An engine has one and checks what it reads and writes with it; so may any program that has a
text from elsewhere. How guards are asked is their own business (`guards.checking`, `guards.release_window`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from llmpost.contracts.check_result import CheckResult
from llmpost.contracts.guard import Guard, GuardContext, Side
from llmpost.engine.check_stream import CheckStream
from llmpost.engine.checking import Watch
from llmpost.engine.conversation import context_of
from llmpost.engine.guarding import build_guarding, detectors_of
from llmpost.engine.json_document import JsonDocument
from llmpost.engine.policies import PolicyLike, as_policy
from llmpost.errors import RequestError
from llmpost.guards.rule import Guarding
from llmpost.guards.runner import Runner
from llmpost.guards.tools import Review, Tools
from llmpost.guards.vault import Vault
from llmpost.policy import Policy

_MOST_POLICIES = 256


@dataclass(frozen=True, slots=True)
class Checking:
    """What a caller says about a text that is to be checked."""

    side: Side = "output"
    prompt: Any = None
    """What a model was given, where the text is its answer: guards may compare."""
    system: str = ""
    schema: Any = None
    """Where the text is a JSON document: guards look into its strings, and it stays an instance."""
    vault: Vault | None = None
    """Whose pseudonyms hold; without one each check has its own."""
