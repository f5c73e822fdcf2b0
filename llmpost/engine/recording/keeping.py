"""Keeping: what one record keeps of its texts, and of a trace that may spell them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from llmpost.contracts.keeping import Kept
from llmpost.contracts.result import Trace
from llmpost.engine.held import NOT_OF_TYPE
from llmpost.engine.recording.seen import Seen
from llmpost.traces.keeper import Keeper


@dataclass(frozen=True, slots=True)
class Keeping:
    """By what its policy says."""

    keeper: Keeper
    id: str

    @property
    def is_plain(self) -> bool:
        """Whether texts stand in the record for everybody to read."""
        return self.keeper.store == "raw" and not self.keeper.seal

    def text(self, seen: Seen | None) -> Kept | None:
        """A text that is empty says nothing, and is kept as such."""
        return None if seen is None else self.keeper.kept(seen.text, seen.findings, self.id)

    def trace(self, trace: Trace) -> Trace:
        """Without what spells the text, unless that is there to read: tokens, and the keys that a note may name."""
        if self.is_plain:
            return trace
        notes = tuple(NOT_OF_TYPE if note.startswith(NOT_OF_TYPE) else note for note in trace.notes)
        return trace if notes == trace.notes and not trace.masked else replace(trace, masked=(), notes=notes)
