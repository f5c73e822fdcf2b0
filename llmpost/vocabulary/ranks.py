"""Facts of rank tables, which hold the bytes of each token outright: tiktoken encodings and Mistral's Tekken.

It knows where each library keeps its special tokens.
It does not know merges, patterns or text.
`family` calls it; the extras `tiktoken` and `mistral` are needed by whoever made the object, not here.
"""

from typing import Protocol

from llmpost.vocabulary.facts import Facts


class Encoding(Protocol):
    """What is read of a `tiktoken.Encoding`."""

    n_vocab: int
    special_tokens_set: set[str]
    eot_token: int

    def decode_single_token_bytes(self, token: int) -> bytes: ...
    def encode_single_token(self, text_or_bytes: str | bytes) -> int: ...


class Tekkenizer(Protocol):
    """What is read of mistral-common's `Tekkenizer`."""

    n_words: int
    special_ids: set[int]
    eos_id: int

    def id_to_byte_piece(self, token_id: int) -> bytes: ...
    def id_to_piece(self, token_id: int) -> str: ...


def read_encoding(encoding: Encoding) -> Facts:
    """Ids without a token are holes; `<|endoftext|>` ends a text where the encoding has it."""
    # sorted: a set's order differs from process to process
    names = {encoding.encode_single_token(name): name for name in sorted(encoding.special_tokens_set)}
    texts = {}
    for token_id in range(encoding.n_vocab):
        try:
            texts[token_id] = encoding.decode_single_token_bytes(token_id)
        except KeyError:
            continue
    return Facts(texts, names, _end_of_text(encoding))


def _end_of_text(encoding: Encoding) -> frozenset[int]:
    try:
        return frozenset({encoding.eot_token})
    except KeyError:
        return frozenset()


def read_tekkenizer(tokenizer: Tekkenizer) -> Facts:
    """Special tokens come first, fillers among them; every other id has bytes."""
    names = {token_id: tokenizer.id_to_piece(token_id) for token_id in sorted(tokenizer.special_ids)}
    ids = (token_id for token_id in range(tokenizer.n_words) if token_id not in names)
    texts = {token_id: tokenizer.id_to_byte_piece(token_id) for token_id in ids}
    return Facts(texts, names, frozenset({tokenizer.eos_id}))
