"""What a policy holds every output to, as it is written: one language, and how it is meant.

Shape is checked here. What a schema or a pattern means is found out by the engine, and a file that is named was read
before (`policy.file`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from llmpost.errors import PolicyError, suggestion
from llmpost.policy.plain import frozen_plain, thawed

KINDS = ("json_schema", "regex", "choice", "quote")
"""The languages that can be written down."""
OPTIONS = ("strict", "whitespace", "key_order", "escapes", "formats")
"""What may stand beside a schema."""


@dataclass(frozen=True, slots=True)
class ConstraintEntry:
    """
    >>> ConstraintEntry.read({"choice": ["yes", "no"]}, "constraint").content
    ('yes', 'no')
    """

    kind: str
    content: Any
    """A schema, a pattern, texts: frozen."""
    options: Mapping[str, Any]

    @classmethod
    def read(cls, given: Any, where: str) -> ConstraintEntry:
        """Check and freeze; PolicyError names the place."""
        if not isinstance(given, Mapping):
            hint = "Write {json_schema: reply.json}, {regex: ...} or {choice: [...]}."
            raise PolicyError(where, f"{given!r:.60}", "a mapping", hint)
        for key in given:
            if key not in (*KINDS, *OPTIONS):
                raise PolicyError(where, f"'{key}'", "a key of a constraint", suggestion(str(key), (*KINDS, *OPTIONS)))
        kinds = [kind for kind in KINDS if given.get(kind) is not None]
        if len(kinds) != 1:
            shown = " beside ".join(kinds) or "a constraint without a language"
            raise PolicyError(where, shown, "possible: one language", f"Write one of {', '.join(KINDS)}.")
        kind = kinds[0]
        own = {name: frozen_plain(given[name], f"{where}.{name}") for name in OPTIONS if given.get(name) is not None}
        if own and kind != "json_schema":
            name = next(iter(own))
            raise PolicyError(f"{where}.{name}", f"{name} beside {kind}", "possible", "Leave it out.")
        return cls(kind, frozen_plain(given[kind], f"{where}.{kind}"), MappingProxyType(own))

    @property
    def said(self) -> dict[str, Any]:
        """As it was written."""
        return {self.kind: thawed(self.content), **thawed(self.options)}
