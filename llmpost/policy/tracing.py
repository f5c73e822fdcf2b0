"""How much of its texts a policy lets be kept in a trace, and under which keys. Where traces go is not in a policy.

Keys never stand in a policy: it names the environment's variables that hold them, and whoever puts an engine together
reads those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from llmpost.contracts.keeping import Store
from llmpost.errors import PolicyError, suggestion

_STORES: tuple[Store, ...] = get_args(Store)
_KEYS = ("store", "key", "seal", "logits")
MOST_LOGITS = 1000


@dataclass(frozen=True, slots=True)
class Tracing:
    """
    >>> Tracing.read({"store": "raw", "seal": {"env": "TRACE_KEY"}}, "trace").seal
    'TRACE_KEY'
    """

    store: Store = "digest"
    key: str | None = None
    """The variable with the key of digests."""
    seal: str | None = None
    """The variable with the key that raw texts are encrypted with."""
    logits: int = 0
    """Of so many of the model's best tokens the log-probability is kept at each step, so that decoding can be replayed;
    under ``raw`` alone."""

    @classmethod
    def read(cls, given: Any, where: str) -> Tracing:
        """Check and freeze; PolicyError names the place."""
        if not isinstance(given, Mapping):
            raise PolicyError(where, f"{given!r:.60}", "a mapping", "Write {store: digest}, say.")
        for name in given:
            if name not in _KEYS:
                raise PolicyError(where, f"'{name}'", "a key of trace", suggestion(str(name), _KEYS))
        own: dict[str, Any] = {
            name: _READERS[name](value, f"{where}.{name}") for name, value in given.items() if value is not None
        }
        tracing = cls(**own)
        for name in ("seal", "logits"):
            if getattr(tracing, name) and tracing.store != "raw":
                hint = "Write store: raw, or leave it out."
                raise PolicyError(f"{where}.{name}", f"{name} beside store: {tracing.store}", "possible", hint)
        return tracing

    @property
    def said(self) -> dict[str, Any]:
        """As it was written, without what goes without saying."""
        named = {"key": self.key, "seal": self.seal}
        keys = {name: {"env": variable} for name, variable in named.items() if variable is not None}
        said = {"store": self.store, **keys, "logits": self.logits}
        return {} if self == Tracing() else {name: value for name, value in said.items() if value}


def _store(given: Any, where: str) -> Store:
    if given not in _STORES:
        raise PolicyError(where, f"{given!r:.60}", f"one of {', '.join(_STORES)}", suggestion(str(given), _STORES))
    store: Store = given
    return store


def _variable(given: Any, where: str) -> str:
    name = given.get("env") if isinstance(given, Mapping) and len(given) == 1 else None
    if not isinstance(name, str) or not name:
        hint = "Write {env: LLMPOST_KEY}, and put the key into that variable: a key does not belong in a file."
        raise PolicyError(where, "something else", "a reference to the environment", hint)
    return name


def _logits(given: Any, where: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_LOGITS:
        raise PolicyError(where, f"{given!r:.60}", f"a whole number from 0 to {MOST_LOGITS}", "Leave it out for none.")
    return given


_READERS = {"store": _store, "key": _variable, "seal": _variable, "logits": _logits}
