"""Budget: how long a request may take, as a whole and in its parts, and what becomes of it when that is over.

Times are milliseconds as they were written. Who looks at a clock is the engine, and whoever asks guards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from llmpost.errors import PolicyError, suggestion
from llmpost.policy.guards import BLOCK, Otherwise, read_milliseconds, read_otherwise
from llmpost.policy.plain import frozen_plain, thawed

LIMITS = ("total_ms", "decode_ms", "guards_ms")
KEYS = (*LIMITS, "on_timeout")
_KEPT_FOR_GUARDS = 0.1
"""Of the total, where nobody says how much: what comes too late to be looked at is of no use."""


@dataclass(frozen=True, slots=True)
class Budget:
    """None: no limit.

    >>> Budget(total_ms=1000.0, guards_ms=200.0).seconds_to_write(0.5)
    0.3
    """

    total_ms: float | None = None
    """A request from its beginning to its end, with all that is asked again; a check: its guards."""
    decode_ms: float | None = None
    """Writing. Then the output ends with what there is."""
    guards_ms: float | None = None
    """All guards of one text together."""
    on_timeout: Otherwise = BLOCK
    """Of guards that had not answered by then."""
    _said: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def said(self) -> dict[str, Any]:
        """As it was written."""
        said: dict[str, Any] = thawed(self._said)
        return said

    @property
    def guard_seconds(self) -> float | None:
        """What the guards of one text have together."""
        return _least(self.guards_ms, self.total_ms)

    def seconds_to_write(self, seconds: float) -> float | None:
        """So long a request that began so long ago may write: its end is early enough for guards to look at it."""
        if self.total_ms is None:
            return _least(self.decode_ms)
        kept = self.total_ms * _KEPT_FOR_GUARDS if self.guards_ms is None else self.guards_ms
        return _least(self.decode_ms, max(self.total_ms - kept - seconds * 1000, 0.0))


NO_LIMIT = Budget()


def read_budget(given: Any, where: str) -> Budget:
    """The budget of a policy; PolicyError names the place."""
    if given is None:
        return NO_LIMIT
    if not isinstance(given, Mapping):
        raise PolicyError(where, f"{given!r:.60}", "a mapping", "Write {total_ms: 3000, on_timeout: block}, say.")
    for key in given:
        if key not in KEYS:
            raise PolicyError(where, f"'{key}'", "a key of a budget", suggestion(str(key), KEYS))
    limits = {name: read_milliseconds(given[name], f"{where}.{name}") for name in LIMITS if given.get(name) is not None}
    if not limits:
        raise PolicyError(where, "a budget without total_ms", "a limit", "Write total_ms: 3000, say.")
    _check_sum(limits, where)
    said = {key: value for key, value in given.items() if value is not None}
    on_timeout = read_otherwise(said["on_timeout"], f"{where}.on_timeout") if "on_timeout" in said else BLOCK
    return Budget(**limits, on_timeout=on_timeout, _said=frozen_plain(said, where))


def _check_sum(limits: Mapping[str, float], where: str) -> None:
    """No part is longer than the whole: it would promise what cannot be."""
    total = limits.get("total_ms")
    for name in LIMITS[1:]:
        if total is not None and limits.get(name, 0.0) > total:
            given, hint = f"{limits[name]:g} of {total:g} in all", "Raise total_ms, or lower it."
            raise PolicyError(f"{where}.{name}", given, "a part of total_ms", hint)


def _least(*milliseconds: float | None) -> float | None:
    given = [each for each in milliseconds if each is not None]
    return min(given) / 1000 if given else None
