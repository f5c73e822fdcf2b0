"""The byte-level family (GPT-2, Llama 3, Qwen, Tekken): each letter of a piece stands for one byte.

It knows the alphabet of 256 printable letters and how to read a piece written in it.
It does not know tokenizers, ids or special tokens.
The decoder reader and the slow-tokenizer reader use it for the pieces of a byte-level vocabulary.
"""

_UNREADABLE = "\uffff"  # outside latin-1, so a letter that is not in the alphabet makes the encoding below fail


def _alphabet() -> dict[int, str]:
    """Byte to letter: printable latin-1 stands for itself, the others are numbered from U+0100 on (GPT-2's table)."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printable]
    moved = {byte: chr(0x100 + position) for position, byte in enumerate(others)}
    return {byte: moved.get(byte, chr(byte)) for byte in range(256)}


ALPHABET = _alphabet()
_TO_LATIN_1 = str.maketrans(
    {chr(byte): _UNREADABLE for byte in range(256) if ALPHABET[byte] != chr(byte)}
    | {letter: chr(byte) for byte, letter in ALPHABET.items()}
)


def byte_level_bytes(piece: str) -> bytes:
    """The bytes of a piece; a piece with a letter outside the alphabet stands for its own UTF-8, as in `tokenizers`.

    >>> byte_level_bytes("Ġthe")
    b' the'
    """
    try:
        return piece.translate(_TO_LATIN_1).encode("latin-1")
    except UnicodeEncodeError:
        return piece.encode()
