"""The review file: a line for each text that a person must see, added in one piece, also by several programs at once.

A line says what was found and decided, under which policy, and never a word of the text; a keyed digest tells whether
two are about the same text.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from llmpost.contracts.guard import Verdict
from llmpost.contracts.result import plain
from llmpost.policy import Policy

_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """Where the lines go."""

    path: str | os.PathLike[str]
    key: bytes = b""
    clock: Callable[[], float] = time.time

    def add(self, policy: Policy, text: str, verdict: Verdict) -> None:
        """One line, whole or not at all; OSError where it cannot be written."""
        line = {"at": self.clock(), "policy": policy.name, "policy_digest": policy.digest, "verdict": plain(verdict)}
        if self.key:
            line["text_digest"] = self._digest(text)
        data = f"{json.dumps(line, allow_nan=False)}\n".encode()
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            written = os.write(file, data)  # one call to a file that is only appended to: lines never mix
        finally:
            os.close(file)
        if written != len(data):
            raise OSError("the line was cut")

    def _digest(self, text: str) -> str:
        key = hashlib.blake2b(self.key).digest()
        data = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, key=key, digest_size=_DIGEST_BYTES, person=b"llmpost-review").hexdigest()
