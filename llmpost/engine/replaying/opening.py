"""Opening: the texts of a record as they were, or why they are not to be had."""

from __future__ import annotations

from llmpost.contracts.keeping import Kept, Store
from llmpost.contracts.record import Record
from llmpost.engine.replaying.asked import NotKept
from llmpost.errors import TraceError
from llmpost.traces import Part, Sealer

_LESS: dict[Store, str] = {
    "digest": "only a digest was kept",
    "redacted": "it was kept with labels in the place of what was found",
}


def opened_text(record: Record, sealer: Sealer | None, kept: Kept, name: str) -> str:
    """NotKept, in words that are the same for all that are not to be had for the same reason."""
    if kept.text is not None and record.store == "raw":
        return kept.text
    if not kept.sealed:
        raise NotKept(_LESS.get(record.store, "its text was taken out"))
    if sealer is None:
        raise NotKept("it is sealed, and there is no key")
    try:
        return sealer.opened(kept.sealed, Part(record.id, record.candidate, name))
    except TraceError:
        raise NotKept("it is sealed, and the key does not open it") from None
