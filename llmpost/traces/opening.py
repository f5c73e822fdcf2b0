"""A record with its texts opened, as it would be if nothing had been sealed."""

from __future__ import annotations

from dataclasses import replace

from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.traces.keeping import tokens_of
from llmpost.traces.sealing import Part, Sealer


def opened(record: Record, sealer: Sealer) -> Record:
    """What is not sealed stays as it is. TraceError where anything does not open: another key, or it was changed."""

    def own(kept: Kept, name: str) -> Kept:
        if not kept.sealed:
            return kept
        return replace(kept, text=sealer.opened(kept.sealed, Part(record.id, record.candidate, name)))

    return replace(
        record,
        prompt=record.prompt and own(record.prompt, "prompt"),
        system=record.system and own(record.system, "system"),
        inputs=tuple(own(kept, f"inputs[{place}]") for place, kept in enumerate(record.inputs)),
        raw=record.raw and own(record.raw, "raw"),
        released=record.released and own(record.released, "released"),
        tokens=tokens_of(record, sealer),
    )
