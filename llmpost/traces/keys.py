"""Keys: what is made of the one key that an operator keeps, so that no use of it tells anything about another.

It knows no file and no environment; whoever puts an engine together, or runs a command, reads a key from where it is.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import Literal, TypeAlias

from llmpost.errors import TraceError

Purpose: TypeAlias = Literal["chain", "digest", "name"]
SEAL_BYTES = 32
_HEX = re.compile(r"[0-9a-fA-F]{64}")


def derived(key: bytes, purpose: Purpose) -> bytes:
    """A key for one purpose: HMAC-SHA-256 of its name under the operator's key; empty where there is none."""
    return hmac.digest(key, f"llmpost trace {purpose}".encode(), "sha256") if key else b""


def key_name(key: bytes) -> str:
    """What tells in a file which key it was written with, without giving it away; empty for none."""
    return derived(key, "name").hex()[:16]


def read_key(text: str) -> bytes:
    """A key for chain and digests as a variable or a file holds it: its text, without what stands around it."""
    return text.strip().encode("utf-8", "surrogateescape")


def read_seal(text: str, where: str) -> bytes:
    """A key to seal with: 32 bytes, in hexadecimal or base64. TraceError names the place, never the key.

    There is no way from a passphrase to a key here: whoever holds a file could try passphrases at their leisure.
    """
    given = text.strip()
    if _HEX.fullmatch(given):
        return bytes.fromhex(given)
    try:
        key = base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != SEAL_BYTES:
        hint = 'Draw one: python -c "import secrets; print(secrets.token_hex(32))".'
        raise TraceError(where, "something else", "a key of 32 bytes in hexadecimal or base64", hint)
    return key
