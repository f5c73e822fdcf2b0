"""Options: what a policy says to one detector, read key by key. What nobody has read is an unknown key.

Whoever builds a detector asks for each of its options by name and ends with :meth:`Options.finish`. Every error names
the place, what was given and what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from llmpost.errors import PolicyError, suggestion

_SHOWN = 60


class Options:
    """The options of one guard; `where` is its place in the policy. Keys `beside` them are read by others.

    >>> options = Options({"phrases": ["Acme"], "ignore_case": True}, "guards[0]")
    >>> options.texts("phrases"), options.flag("ignore_case", False), options.finish()
    (('Acme',), True, None)
    """

    def __init__(self, given: Mapping[str, Any], where: str, beside: Iterable[str] = ()) -> None:
        self.given = given
        self.where = where
        self._beside = tuple(beside)
        self._known: list[str] = []

    def has(self, name: str) -> bool:
        self._known.append(name)
        return self.given.get(name) is not None

    def value(self, name: str, default: Any = None) -> Any:
        """As it was given, unchecked."""
        return self.given[name] if self.has(name) else default

    def text(self, name: str, default: str) -> str:
        value = self.value(name, default)
        if not isinstance(value, str) or not value:
            raise self.error(name, "a text", "Write some words.")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, none of them empty; no text where the key is missing."""
        value = self.value(name, ())
        if (
            not isinstance(value, Sequence)
            or isinstance(value, str)
            or not all(isinstance(v, str) and v for v in value)
        ):
            raise self.error(name, "a list of texts", "Write [one, another].")
        return tuple(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.value(name, default)
        if not isinstance(value, bool):
            raise self.error(name, "true or false", "Leave it out for the default.")
        return value

    def number(self, name: str, default: float | None, low: float = 0.0, high: float = float("inf")) -> float | None:
        value = self.value(name, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(name, f"a number from {low:g} to {high:g}", "Leave it out for the default.")
        return value

    def whole(self, name: str, default: int | None, low: int = 0, high: int | None = None) -> int | None:
        value = self.value(name, default)
        if value is None:
            return None
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or value < low or (high is not None and value > high):
            allowed = f"a whole number from {low} up" if high is None else f"a whole number from {low} to {high}"
            raise self.error(name, allowed, "Leave it out for the default.")
        return int(value)

    def one_of(self, name: str, allowed: Sequence[str], default: str) -> str:
        value = self.value(name, default)
        if value not in allowed:
            raise self.error(name, f"one of {', '.join(allowed)}", suggestion(str(value), allowed))
        return str(value)

    def error(self, name: str, allowed: str, hint: str) -> PolicyError:
        """What is wrong with an option: raise it."""
        return PolicyError(f"{self.where}.{name}", f"{self.given.get(name)!r:.{_SHOWN}}", allowed, hint)

    def finish(self) -> None:
        """PolicyError where a key was given that nobody asked for."""
        for name in self.given:
            if name not in self._known:
                hint = suggestion(name, (*self._known, *self._beside))
                raise PolicyError(self.where, f"'{name}'", "an option of this guard", hint)
