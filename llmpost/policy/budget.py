"""The time that all guards of a text have together, and what happens to it when that is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from llmpost.errors import PolicyError, suggestion
from llmpost.policy.guards import BLOCK, Otherwise, read_milliseconds, read_otherwise
from llmpost.policy.plain import frozen_plain, thawed

_KEYS = ("total_ms", "on_timeout")


@dataclass(frozen=True, slots=True)
class Budget:
    """None: no limit."""

    total_ms: float | None = None
    on_timeout: Otherwise = BLOCK
    _said: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def said(self) -> dict[str, Any]:
        """As it was written."""
        said: dict[str, Any] = thawed(self._said)
        return said


NO_LIMIT = Budget()


def read_budget(given: Any, where: str) -> Budget:
    """The budget of a policy; PolicyError names the place."""
    if given is None:
        return NO_LIMIT
    if not isinstance(given, Mapping):
        raise PolicyError(where, f"{given!r:.60}", "a mapping", "Write {total_ms: 3000, on_timeout: block}, say.")
    for key in given:
        if key not in _KEYS:
            raise PolicyError(where, f"'{key}'", "a key of a budget", suggestion(str(key), _KEYS))
    if given.get("total_ms") is None:
        raise PolicyError(where, "a budget without total_ms", "a limit", "Write total_ms: 3000, say.")
    on_timeout = read_otherwise(given.get("on_timeout") or "block", f"{where}.on_timeout")
    return Budget(read_milliseconds(given["total_ms"], f"{where}.total_ms"), on_timeout, frozen_plain(given, where))
