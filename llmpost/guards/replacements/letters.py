"""Letters: bytes written with sixteen consonants. No vowels, so no words; no digits, so no numbers.

Four bits a letter. They stand in brackets, where nothing joins them; what they stand for is not to be known from them.
"""

from __future__ import annotations

import hashlib

_ALPHABET = "bcdfghjkmnpqrtwz"
_NUM_BYTES = 6
"""Twelve letters: few enough that nobody takes them for a key, and two values in ten million share some with a chance
of one in five."""


def keyed_letters(text: str, key: bytes) -> str:
    """Of the same text and key always the same; without the key nobody can tell which text.

    >>> len(keyed_letters("text", b"key"))
    12
    """
    short = key if len(key) <= hashlib.blake2b.MAX_KEY_SIZE else hashlib.blake2b(key).digest()
    data = text.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(data, digest_size=_NUM_BYTES, key=short, person=b"llmpost").digest()
    return "".join(_ALPHABET[byte >> 4] + _ALPHABET[byte & 15] for byte in digest)
