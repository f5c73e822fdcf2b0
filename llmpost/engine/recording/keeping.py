"""Keeping: what one record keeps of its texts, and of a trace that may spell them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import KeptTokens
from llmpost.contracts.result import Trace
from llmpost.engine.held import NOT_OF_TYPE
from llmpost.engine.recording.seen import Seen
from llmpost.traces.keeping import Keeper
from llmpost.traces.lines import tokens_line
from llmpost.traces.sealing import Part


@dataclass(frozen=True, slots=True)
class Keeping:
    """By what its policy says."""

    keeper: Keeper
    id: str
    candidate: int = 0

    def text(self, seen: Seen, name: str) -> Kept:
        """`name`: which of the record's."""
        findings = seen.findings if self.keeper.store == "redacted" else None
        return self.keeper.kept(seen.text, findings, Part(self.id, self.candidate, name))

    def sealed(self, tokens: KeptTokens) -> Kept:
        return self.keeper.kept(tokens_line(tokens), None, Part(self.id, self.candidate, "tokens"))

    def trace(self, trace: Trace) -> Trace:
        """Without what spells the text, unless that is there to read: tokens, and the keys that a note may name."""
        if self.keeper.is_plain or not (trace.notes or trace.masked):
            return trace
        notes = tuple(NOT_OF_TYPE if note.startswith(NOT_OF_TYPE) else note for note in trace.notes)
        return trace if notes == trace.notes and not trace.masked else replace(trace, masked=(), notes=notes)
