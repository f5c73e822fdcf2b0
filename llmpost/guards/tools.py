"""Tools: what carrying out a decision needs from outside: a key, a vault, somebody who reviews, guards that answer.

Whoever serves a request hands them in; nothing here is found in an environment or a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from llmpost.contracts.guard import Verdict
from llmpost.guards.runner import Runner
from llmpost.guards.vault import Vault

Review: TypeAlias = Callable[[str, Verdict], object]
"""Is handed a text that a person must see, and why. What it raises means that nobody will."""


@dataclass(frozen=True, slots=True)
class Tools:
    """One for each request: the vault is the request's own."""

    key: bytes = b""
    """What hashes and keyed pseudonyms depend on. Without one a hash would tell everybody what it hides: it is left
    out, and `check_replacements` refuses a policy that asks for it."""
    vault: Vault = field(default_factory=Vault)
    review: Review | None = None
    runner: Runner = field(default_factory=Runner)
    """Shared by all requests of an engine: it knows which guards hang."""
    deadline: float | None = None
    """When the time of the request is over, by the runner's clock."""
