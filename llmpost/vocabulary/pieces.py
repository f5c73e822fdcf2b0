"""Facts of a SentencePiece model: a processor of the sentencepiece library, or mistral-common's wrapper of one.

It knows the types that SentencePiece gives its pieces (normal, byte, control, unknown).
It does not know how text becomes pieces, nor transformers' slow tokenizers, which renumber them.
`family` calls it; the extra `sentencepiece` is needed by whoever made the object, not here.
"""

from typing import Protocol

from llmpost.vocabulary.facts import Facts
from llmpost.vocabulary.metaspace import fallback_byte, metaspace_bytes


class Processor(Protocol):
    """What is read of a `sentencepiece.SentencePieceProcessor`; lists in, lists out."""

    def get_piece_size(self) -> int: ...
    def id_to_piece(self, ids: list[int]) -> list[str]: ...
    def is_byte(self, ids: list[int]) -> list[bool]: ...
    def is_control(self, ids: list[int]) -> list[bool]: ...
    def is_unknown(self, ids: list[int]) -> list[bool]: ...
    def eos_id(self) -> int: ...


class MistralPieces(Protocol):
    """What is read of mistral-common's `SentencePieceTokenizer`."""

    n_words: int
    special_ids: set[int]
    unk_id: int
    eos_id: int

    def id_to_piece(self, token_id: int) -> str: ...


def read_processor(processor: Processor) -> Facts:
    """Control pieces and the unknown piece are special; byte pieces are one byte; in all others marks are spaces."""
    ids = list(range(processor.get_piece_size()))
    pieces = processor.id_to_piece(ids)
    is_special = [
        control or unknown
        for control, unknown in zip(processor.is_control(ids), processor.is_unknown(ids), strict=True)
    ]
    return _facts(pieces, is_special, processor.is_byte(ids), processor.eos_id())


def read_mistral_pieces(tokenizer: MistralPieces) -> Facts:
    """The same of mistral-common's wrapper, which does not tell types: byte pieces come as all 256 or not at all."""
    pieces = [tokenizer.id_to_piece(token_id) for token_id in range(tokenizer.n_words)]
    special_ids = tokenizer.special_ids | {tokenizer.unk_id}
    spelled = [fallback_byte(piece) for piece in pieces]
    has_bytes = len({byte for byte in spelled if byte is not None}) == 256
    return _facts(
        pieces,
        [token_id in special_ids for token_id in range(len(pieces))],
        [has_bytes and byte is not None for byte in spelled],
        tokenizer.eos_id,
    )


def _facts(pieces: list[str], is_special: list[bool], is_byte: list[bool], eos_id: int) -> Facts:
    texts = {
        token_id: (is_byte[token_id] and fallback_byte(piece)) or metaspace_bytes(piece)
        for token_id, piece in enumerate(pieces)
    }
    names = {token_id: piece for token_id, piece in enumerate(pieces) if is_special[token_id]}
    return Facts(texts, names, frozenset({eos_id} if eos_id >= 0 else ()))  # -1 is its word for none
