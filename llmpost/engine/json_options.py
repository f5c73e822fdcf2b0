"""JsonOptions: what a call says beside its schema: how values are written, and whether all of it must be enforced.

The names are those of `compile_constraint`, in Python and on the command line. What they mean is the constraints' own
business; here they are read and checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llmpost.constraints.json_schema.settings import Settings
from llmpost.errors import RequestError

_SPELLING = ("whitespace", "key_order", "escapes", "formats")
JSON_OPTIONS = ("strict", *_SPELLING)
"""The keywords that stand beside ``schema``."""


@dataclass(frozen=True, slots=True)
class JsonOptions:
    """
    >>> JsonOptions.of({"whitespace": {"indent": 2}}).given()
    {'whitespace': {'indent': 2}}
    """

    strict: bool = True
    settings: Settings = field(default_factory=Settings)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> JsonOptions:
        """Those of a call; what it does not say is as `compile_constraint` has it. An error names its keyword."""
        strict = given.get("strict")
        if not isinstance(strict, bool | None):
            hint = "Leave it out for true."
            raise RequestError("generate.strict", f"{strict!r:.60}", "true or false", hint)
        named = {name: given[name] for name in _SPELLING if given.get(name) is not None}
        return cls(strict is not False, Settings.of(**named))

    def given(self) -> dict[str, Any]:
        """As keywords of `compile_constraint`, without what goes without saying."""
        own, usual = self.arguments(), JsonOptions().arguments()
        return {name: value for name, value in own.items() if value != usual[name]}

    def arguments(self) -> dict[str, Any]:
        """As keywords of `compile_constraint`."""
        spelling = {name: getattr(self.settings, name) for name in _SPELLING}
        if isinstance(self.settings.whitespace, int):
            spelling["whitespace"] = {"indent": self.settings.whitespace}
        return {"strict": self.strict, **spelling}
