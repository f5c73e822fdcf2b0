"""The chain of a trace as its document defines it, with nothing but JSON and HMAC: for one file, read as a whole.

It shares no code with the package, and is what an auditor could write who has only the document.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

_FORM = re.compile(
    rb'\{"hash":"([0-9a-f]{64})",("prev":"([0-9a-f]{64})","n":([0-9]{1,18}),"(header|record|end)":.*\})', re.DOTALL
)


def hash_of(key: bytes, hashed: bytes) -> str:
    """HMAC-SHA-256 under a key made of the operator's; SHA-256 where there is none."""
    if not key:
        return hashlib.sha256(hashed).hexdigest()
    chain_key = hmac.new(key, b"llmpost trace chain", hashlib.sha256).digest()
    return hmac.new(chain_key, hashed, hashlib.sha256).hexdigest()


def is_as_written(path: Path, key: bytes) -> bool:
    """Whether every line is whole, follows from the one before, and the last one says that this was all."""
    before, kind = "0" * 64, b""
    for number, line in enumerate(path.read_bytes().removesuffix(b"\n").split(b"\n"), 1):
        match = _FORM.fullmatch(line)
        if match is None or hash_of(key, match[2]) != match[1].decode():
            return False
        if (int(match[4]), match[3].decode()) != (number, before):
            return False
        before, kind = match[1].decode(), match[5]
    return kind == b"end"


def records_in(path: Path) -> list[Any]:
    """What the lines say, as JSON is read by anyone."""
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    return [line["record"] for line in lines if "record" in line]
