"""The fingerprint: a keyed hash, so that the same value is the same mark wherever the same key is used.

Without a key anybody could hash all telephone numbers and look them up: then the mark stands alone.
"""

from __future__ import annotations

from llmpost.guards.replacements.letters import keyed_letters
from llmpost.guards.replacements.mark import mark


def fingerprint(label: str, text: str, key: bytes) -> str:
    """
    >>> fingerprint("PHONE_NUMBER", "555-0100", b"")
    '[PHONE_NUMBER]'
    """
    return mark(label, keyed_letters(text, key) if key else "")
