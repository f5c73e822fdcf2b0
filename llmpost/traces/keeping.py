"""Keeping: as much of a text as a policy lets be kept, made of the text, and the text again where it was.

It knows what was found in a text and not by whom; what becomes of a record is not its business.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from llmpost.contracts.guard import Finding
from llmpost.contracts.keeping import Kept, Store
from llmpost.contracts.record import KeptTokens, Record
from llmpost.traces.keys import derived
from llmpost.traces.lines import tokens_in
from llmpost.traces.redacting import redacted
from llmpost.traces.sealing import Part, PartName, Sealer


class Keeper:
    """Of one policy: shared by requests and threads.

    >>> Keeper("redacted").kept("I am Ann.", (), Part("4f", 0, "raw"))
    Kept(characters=9, digest='', text='I am Ann.', sealed='')
    """

    __slots__ = ("_digest_key", "_sealer", "store")

    def __init__(self, store: Store, key: bytes = b"", seal: bytes = b"") -> None:
        """`key` for digests, `seal` for raw texts: neither where it is empty. MissingExtra where sealing needs one."""
        self.store = store
        self._digest_key = derived(key, "digest")
        self._sealer = Sealer(seal) if seal else None

    @property
    def is_plain(self) -> bool:
        """Whether texts are there for everybody to read."""
        return self.store == "raw" and self._sealer is None

    def kept(self, text: str, findings: Sequence[Finding] | None, part: Part) -> Kept:
        """`findings`: all that any guard found in this very text; None where no guard looked at it, or one of them
        failed. Then ``redacted`` keeps no more than ``digest``: nobody knows what would have to be taken out."""
        digest = self.digest(text)
        if self.store == "raw":
            sealed = "" if self._sealer is None else self._sealer.sealed(text, part)
            return Kept(len(text), digest, None if sealed else text, sealed)
        if self.store == "redacted" and findings is not None:
            return Kept(len(text), digest, redacted(text, findings))
        return Kept(len(text), digest)

    def digest(self, text: str) -> str:
        """The same for the same text, and to whoever lacks the key nothing; empty without a key."""
        if not self._digest_key:
            return ""
        return hmac.digest(self._digest_key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def unsealed(kept: Kept, key: bytes, part: Part) -> str:
    """The text of a sealed one; TraceError where the key is another, or anything was changed or put elsewhere."""
    return Sealer(key).opened(kept.sealed, part)


def text_of(record: Record, name: PartName, sealer: Sealer | None = None) -> str | None:
    """A text of a record as it was kept, with labels under ``redacted``; opened where it is sealed. None where it was
    not kept, or is sealed and there is nothing to open it with. TraceError where it does not open."""
    kept: Kept | None = getattr(record, name)
    if kept is None or not kept.sealed:
        return None if kept is None else kept.text
    return None if sealer is None else sealer.opened(kept.sealed, Part(record.id, record.candidate, name))


def tokens_of(record: Record, sealer: Sealer | None = None) -> KeptTokens | None:
    """What decoding can be replayed with, opened where it is sealed, and None or TraceError as of a text."""
    if record.sealed_tokens is None or sealer is None:
        return record.tokens
    opened = sealer.opened(record.sealed_tokens.sealed, Part(record.id, record.candidate, "tokens"))
    return tokens_in(opened, f"tokens of record {record.id[:80]!r}")
