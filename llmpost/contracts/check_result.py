"""What a check of a text gives back. Frozen, printable, and plain data on request; no word of what was withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llmpost.contracts.guard import Verdict
from llmpost.contracts.result import Trace, plain, plain_value


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`text` is what may be shown, whatever the verdict is."""

    text: str
    verdict: Verdict
    trace: Trace
    parsed: Any = None
    """The value that `text` is read as, where a schema was given and the text is an instance of it."""

    @property
    def is_blocked(self) -> bool:
        return self.verdict.is_blocked

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        own: dict[str, Any] = plain(self)
        return own | {"parsed": plain_value(self.parsed)}

    def __repr__(self) -> str:
        text = self.text if len(self.text) <= 60 else f"{self.text[:57]}…"
        return f"CheckResult({text!r}, {self.verdict.action}, {len(self.verdict.findings)} findings)"
