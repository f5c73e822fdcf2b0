"""The pseudonym: another name for a value, the same each time, which the request's vault can turn back.

How it is written is the policy's choice; who stands behind it only the vault knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, get_args

from llmpost.errors import PolicyError, suggestion
from llmpost.guards.tools import Tools
from llmpost.guards.vault import Style


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """Numbered by first appearance, ``[PERSON_1]``; keyed, the same in every request; or realistic."""

    style: Style = "numbered"

    @classmethod
    def of(cls, argument: Any, where: str = "pseudonymise") -> Self:
        """PolicyError where a policy says something else than ``{style: numbered}`` or nothing."""
        given = {} if argument is None else argument
        if not isinstance(given, Mapping):
            raise PolicyError(where, f"{given!r:.60}", "a mapping", "Write {style: numbered}, or nothing.")
        for name in given:
            if name != "style":
                raise PolicyError(where, f"'{name}'", "an option of pseudonymise", suggestion(str(name), ["style"]))
        style = given.get("style", "numbered")
        if style not in get_args(Style):
            raise PolicyError(f"{where}.style", f"{style!r:.60}", "a style", suggestion(str(style), get_args(Style)))
        return cls(style)

    def write(self, label: str, text: str, tools: Tools) -> str:
        return tools.vault.pseudonym(label, text, self.style, tools.key)
