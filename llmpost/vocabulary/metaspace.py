"""The SentencePiece family (Llama 2, Gemma, T5): a mark stands for a space, and `<0x0A>` for a single byte.

It knows the mark and the spelling of byte pieces.
It does not know which pieces of a vocabulary are byte pieces: whoever calls has been told by the tokenizer.
The readers of decoders, of SentencePiece processors and of slow tokenizers share it.
"""

import re

MARK = "▁"  # U+2581, not an underscore
_BYTE_PIECE = re.compile(r"<0x([0-9A-Fa-f]{2})>")


def metaspace_bytes(piece: str) -> bytes:
    """A piece as it continues a text: the space of its mark is written, for it is dropped only where a text starts.

    >>> metaspace_bytes("▁the")
    b' the'
    """
    return piece.replace(MARK, " ").encode()


def fallback_byte(piece: str) -> bytes | None:
    """The byte a byte piece stands for; None for any other piece.

    >>> fallback_byte("<0x0A>")
    b'\\n'
    """
    if len(piece) != 6:  # most pieces leave here: the pattern costs three times as much
        return None
    spelled = _BYTE_PIECE.fullmatch(piece)
    return bytes([int(spelled[1], 16)]) if spelled else None
