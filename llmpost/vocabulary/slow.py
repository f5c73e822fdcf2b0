"""Facts of a tokenizer written in Python (transformers' slow ones), found by asking it how it joins pieces.

It knows the readings a slow tokenizer can have, and tries each against the tokenizer's own `convert_tokens_to_string`.
It does not know classes of tokenizers: one whose joining fits no reading on every id is refused, never guessed.
`family` calls it for whatever transformers tokenizer has no other engine below.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from llmpost.errors import VocabularyError
from llmpost.vocabulary.backend import AddedToken
from llmpost.vocabulary.byte_level import byte_level_bytes
from llmpost.vocabulary.facts import Facts
from llmpost.vocabulary.metaspace import fallback_byte, metaspace_bytes
from llmpost.vocabulary.wordpiece import WordPiece, spaced

Reading: TypeAlias = Callable[[str], bytes]

_glued = WordPiece(prefix="##", has_cleanup=False)


def _letter_bytes(piece: str) -> bytes:
    """ByT5: one letter, one byte; a longer piece is an added token."""
    return bytes([ord(piece)]) if len(piece) == 1 and ord(piece) < 256 else piece.encode()


# In the order they are tried; two that fit give the same text, for both gave the tokenizer's own.
READINGS: tuple[Reading, ...] = (
    metaspace_bytes,
    byte_level_bytes,
    lambda piece: _glued(piece).encode(),
    _letter_bytes,
    lambda piece: spaced(piece).encode(),
)


class SlowTokenizer(Protocol):
    """What is read of a slow tokenizer; `sp_model` is there when SentencePiece is below."""

    all_special_ids: list[int]
    added_tokens_decoder: Mapping[int, AddedToken]

    def __len__(self) -> int: ...
    def convert_ids_to_tokens(self, ids: list[int]) -> list[str]: ...
    def convert_tokens_to_string(self, tokens: list[str]) -> str: ...


def read_slow(tokenizer: SlowTokenizer) -> Facts:
    """The bytes of every id that is not special, by the one reading that agrees with the tokenizer; no end ids."""
    pieces = _pieces(tokenizer)
    added = {token_id for token_id, token in tokenizer.added_tokens_decoder.items() if token.special}
    special_ids = {*tokenizer.all_special_ids, *added}
    texts = {token_id: piece for token_id, piece in pieces.items() if token_id not in special_ids}
    single = _single_bytes(tokenizer, texts)
    spelled = {token_id: piece for token_id, piece in texts.items() if token_id not in single}
    reading = _agreeing(tokenizer, list(spelled.values()))
    names = {token_id: pieces.get(token_id, f"<special {token_id}>") for token_id in special_ids}
    return Facts({token_id: reading(piece) for token_id, piece in spelled.items()} | single, names)


def _pieces(tokenizer: SlowTokenizer) -> dict[int, str]:
    try:
        pieces = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
    except Exception as error:  # third-party code, any error at all
        raise _refusal(tokenizer, f"convert_ids_to_tokens fails with {type(error).__name__}") from error
    given = {token_id: piece for token_id, piece in enumerate(pieces) if piece is not None}
    if not all(isinstance(piece, str) for piece in given.values()):
        raise _refusal(tokenizer, "its pieces are not text")
    return given


def _single_bytes(tokenizer: SlowTokenizer, pieces: Mapping[int, str]) -> dict[int, bytes]:
    """The byte pieces of the SentencePiece model below; transformers' own joining writes them out as `<0x0A>`."""
    model: Any = getattr(tokenizer, "sp_model", None)
    if model is None:
        return {}
    spelled = {token_id: (piece, fallback_byte(piece)) for token_id, piece in pieces.items()}
    return {
        token_id: byte
        for token_id, (piece, byte) in spelled.items()
        if byte is not None and model.is_byte(model.piece_to_id(piece))
    }


def _agreeing(tokenizer: SlowTokenizer, pieces: list[str]) -> Reading:
    anchor = _anchor(tokenizer, pieces)
    for reading in READINGS:
        if all(_agrees(tokenizer, reading, piece, anchor) for piece in pieces):
            return reading
    raise _refusal(tokenizer, "no known way of joining pieces fits what it writes")


def _anchor(tokenizer: SlowTokenizer, pieces: list[str]) -> str:
    """A piece to stand before and after the one in question, since some tokenizers strip the ends of a text."""
    plain = (piece for piece in pieces if piece.isascii() and piece.isalnum())
    marked = (piece for piece in pieces if piece and piece[-1].isascii() and piece[-1].isalnum())
    anchor = next(plain, None) or next(marked, None)
    if anchor is None:
        raise _refusal(tokenizer, "none of its pieces ends in a plain letter, so its joining cannot be tried")
    return anchor


def _agrees(tokenizer: SlowTokenizer, reading: Reading, piece: str, anchor: str) -> bool:
    """Whether the tokenizer, joining anchor, piece, anchor, writes what the reading says.

    Bytes that are not whole UTF-8 may come out replaced or left out: tokenizers differ in that, readings do not.
    """
    joined = _joined(tokenizer, [anchor, piece, anchor])
    start = _joined(tokenizer, [anchor])
    added = reading(piece) + reading(anchor)
    return joined in (start + added.decode(errors="replace"), start + added.decode(errors="ignore"))


def _joined(tokenizer: SlowTokenizer, pieces: list[str]) -> str:
    try:
        return tokenizer.convert_tokens_to_string(pieces)
    except Exception as error:  # third-party code, any error at all
        raise _refusal(tokenizer, f"convert_tokens_to_string fails with {type(error).__name__}") from error


def _refusal(tokenizer: SlowTokenizer, reason: str) -> VocabularyError:
    return VocabularyError(
        "tokenizer",
        f"a {type(tokenizer).__name__} ({reason})",
        "a slow tokenizer whose pieces can be read one by one (SentencePiece, byte-level, WordPiece, bytes or words)",
        "Use its fast version, or give the bytes to Vocabulary.from_tokens.",
    )
