"""Record: what a trace keeps of one answer, or of one text that was checked; a line of a trace file.

It says what ran and what became of the text, with as much of the text as the policy lets be kept (`keeping`). It is
plain data: everything in it can be written as JSON and read back the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from llmpost.contracts.guard import Side, Verdict
from llmpost.contracts.keeping import Kept, Store
from llmpost.contracts.result import ALLOWED, Timings, Trace, Usage
from llmpost.contracts.tokens import TokenId

NOTHING_USED = Usage(0, 0)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """What the model gave for one written token: its best tokens, descending, and those of no others."""

    token_ids: tuple[TokenId, ...]
    logprobs: tuple[float, ...]
    """Under the model alone, before any stage or mask."""


@dataclass(frozen=True, slots=True)
class KeptTokens:
    """What decoding can be replayed with. It spells the text: kept under ``raw`` alone."""

    prompt_ids: tuple[TokenId, ...]
    token_ids: tuple[TokenId, ...]
    rows: tuple[KeptRow, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One answer of a model (one for each candidate), or one checked text."""

    id: str
    """Of the request: the same for all its candidates."""
    at: float
    """Seconds since 1970 when it was over."""
    kind: Literal["generate", "check"]
    store: Store
    trace: Trace
    """Which policy, model, seed, versions; each text that guards looked at, with findings, changes and times."""
    verdict: Verdict = ALLOWED
    finish_reason: str = ""
    """As in a result; ``abandoned`` where whoever read a stream went away; empty for a check."""
    usage: Usage = NOTHING_USED
    timings: Timings | None = None
    candidate: int = 0
    side: Side = "output"
    """Of a check: where the text was to stand."""
    is_document: bool = False
    """Whether guards looked into the strings of a JSON document."""
    prompt: Kept | None = None
    """What guards were told that the model was given."""
    system: Kept | None = None
    inputs: tuple[Kept, ...] = ()
    """Each text that guards of the input side were handed, in the order of the trace's inspections of that side. What
    they made of it is in `prompt`."""
    raw: Kept | None = None
    """What the model wrote, or what was handed in to be checked; None where nothing ran."""
    released: Kept | None = None
    """What was shown. What a policy lets people see may not be what it lets be kept: the store holds for it, too."""
    log_mass: float | None = None
    """ln of the probability that masks left of the text, where that was asked for."""
    tokens: KeptTokens | None = None
    sealed_tokens: Kept | None = None
    """The same as JSON, encrypted, where texts are."""
    seconds: float = 0.0
    """From the call to the end of it, guards and all."""
    error: str = ""
    """The kind of error that ended it; what it says may quote the text."""


class Recorder(Protocol):
    """Who is handed records: a writer of files, or anything of a program's own. For all threads."""

    def add(self, record: Record, /) -> object:
        """Keep it. What this raises means that it was not kept."""
