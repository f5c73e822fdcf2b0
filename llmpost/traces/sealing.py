"""Sealing: a text encrypted so that it can be read with the key alone, unchanged, and in its own record alone.

AES-256-GCM, by the package `cryptography`. It knows the key as 32 bytes; where they come from is told in `keys`.
"""

from __future__ import annotations

import base64
import os
from typing import Literal, NamedTuple, TypeAlias

from llmpost.errors import TraceError
from llmpost.traces.keys import SEAL_BYTES
from llmpost.vocabulary.optional import optional_module

PartName: TypeAlias = Literal["prompt", "system", "raw", "released"]
_NONCE_BYTES = 12


class Part(NamedTuple):
    """Which text of which record: what a sealed text is bound to."""

    id: str
    """Of the record."""
    candidate: int
    name: str
    """That of a field of the record, with the place of the text in it where there are several."""

    @property
    def bound(self) -> bytes:
        """As it goes into the seal: no two parts give the same."""
        return f"{self.name} {self.candidate} {self.id}".encode("utf-8", "surrogatepass")


class Sealer:
    """Shared by threads. Under one key at most four thousand million texts: nonces are drawn, and must not meet."""

    __slots__ = ("_cipher", "_refusal")

    def __init__(self, key: bytes) -> None:
        """MissingExtra where the package is not installed, TraceError for a key of another length."""
        if len(key) != SEAL_BYTES:
            hint = "Draw one with secrets.token_bytes(32), and keep it safe."
            raise TraceError("seal", f"a key of {len(key)} bytes", f"a key of {SEAL_BYTES} bytes", hint)
        ciphers = optional_module("cryptography.hazmat.primitives.ciphers.aead", "trace.seal", "seal")
        self._cipher = ciphers.AESGCM(key)
        self._refusal = optional_module("cryptography.exceptions", "trace.seal", "seal").InvalidTag

    def sealed(self, text: str, part: Part) -> str:
        """In base64: nonce, text, tag."""
        nonce = os.urandom(_NONCE_BYTES)
        data = nonce + self._cipher.encrypt(nonce, text.encode("utf-8", "surrogatepass"), part.bound)
        return base64.b64encode(data).decode()

    def opened(self, sealed: str, part: Part) -> str:
        """TraceError where another key sealed it, or another part, or where a bit of it was changed."""
        try:
            data = base64.b64decode(sealed, validate=True)
            text = self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], part.bound)
            opened: str = text.decode("utf-8", "surrogatepass")
        except (ValueError, self._refusal):
            where = f"{part.name} of record {part.id[:80]!r}"
            hint = "It was sealed under another key or for another record, or it was changed."
            raise TraceError(where, "a text that this key does not open", "readable", hint) from None
        return opened
