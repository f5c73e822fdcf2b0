"""Options of an endpoint: its time, its bounds, the dialect of its server and where its key is.

A key itself is no option: it stands in the environment, and an option names the variable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from llmpost.errors import ModelError, suggestion
from llmpost.models.openai.dialects import DIALECTS

_OWN_KEY = "LLMPOST_API_KEY"
_OPENAI_KEY = "OPENAI_API_KEY"
_OPENAI_HOST = "api.openai.com"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FIT_FOR_HEADER = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class EndpointOptions:
    """How a server is asked."""

    api_key: str | None = None
    """The name of the environment variable that has the key; written ``{env: NAME}``."""
    dialect: str = "auto"
    """Which extras the server knows: ``auto`` asks it who it is."""
    extras: tuple[str, ...] = ()
    """Settings that the server takes by llmpost's own names, besides those of its dialect."""
    connect_ms: int = 5_000
    read_ms: int = 120_000
    """The longest silence."""
    total_ms: int = 600_000
    """Of a question, with all that is tried again."""
    retries: int = 2
    """After what may pass: haste, a failure of the server, a line that broke."""
    form_retries: int = 0
    """After an answer that is not of its form, where an engine asks."""
    most_bytes: int = 16_000_000
    """Of a question, and of an answer."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> EndpointOptions:
        """Names and values checked."""
        names = [f.name for f in fields(cls)]
        for name in given:
            if name not in names:
                raise ModelError(
                    "endpoint", f"'{name!s:.60}'", "an option of an endpoint", suggestion(str(name), names)
                )
        values = {name: value for name, value in given.items() if value is not None}
        for name, value in values.items():
            if name.endswith(("_ms", "_bytes")):
                _check_number(name, value, least=1)
            if name.endswith("retries"):
                _check_number(name, value, least=0, most=10)
        if "api_key" in values:
            values["api_key"] = _variable(values["api_key"])
        if "extras" in values:
            values["extras"] = _names(values["extras"])
        dialect = values.get("dialect", "auto")
        if dialect not in ("auto", *DIALECTS):
            hint = suggestion(str(dialect), ["auto", *DIALECTS])
            raise ModelError("endpoint.dialect", f"{dialect!r:.60}", "a dialect", hint)
        return cls(**values)

    def key_for(self, host: str, environment: Mapping[str, str]) -> str | None:
        """What the server is shown, if anything. OpenAI's own key is shown to nobody else."""
        if self.api_key is not None:
            return _fit(self.api_key, environment.get(self.api_key))
        if environment.get(_OWN_KEY):
            return _fit(_OWN_KEY, environment[_OWN_KEY])
        is_openais = host == _OPENAI_HOST and environment.get(_OPENAI_KEY)
        return _fit(_OPENAI_KEY, environment[_OPENAI_KEY]) if is_openais else None


def _check_number(name: str, value: Any, least: int, most: int = 10**12) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        allowed = f"a whole number from {least} up" if most >= 10**12 else f"a whole number from {least} to {most}"
        raise ModelError(f"endpoint.{name}", f"{value!r:.60}", allowed, "Leave it out for the usual.")


def _variable(given: Any) -> str:
    name = given.get("env") if isinstance(given, Mapping) and len(given) == 1 else None
    if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
        hint = "Write api_key: {env: NAME}: keys stand in the environment alone."
        raise ModelError("endpoint.api_key", f"a {type(given).__name__} without env", "the name of a variable", hint)
    return name


def _names(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
        raise ModelError("endpoint.extras", f"a {type(given).__name__}", "a list of settings", "Write [top_k, min_p].")
    return tuple(given)


def _fit(variable: str, key: str | None) -> str:
    """The key, which is told nowhere."""
    if key is None or not _FIT_FOR_HEADER.fullmatch(key):
        given = "a variable that is not set" if key is None else "a value that fits no header"
        raise ModelError(f"environment.{variable}", given, "a key", "Set it to the key alone.")
    return key
