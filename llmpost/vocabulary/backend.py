"""Facts of a `tokenizers.Tokenizer`, the engine of fast tokenizers and the content of a tokenizer.json.

It knows which parts of that object say how its pieces are spelled, and reads them without serializing the merges.
It does not know transformers, nor which id ends a text: this library has no word for it.
`family` calls it for a bare tokenizer, for the backend of a fast one, and for a file.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from llmpost.errors import VocabularyError
from llmpost.vocabulary.decoder import WHERE, Reading, read_decoder, refusal
from llmpost.vocabulary.facts import Facts
from llmpost.vocabulary.wordpiece import spaced


class AddedToken(Protocol):
    """A token put on top of the trained pieces."""

    content: str
    special: bool


class Backend(Protocol):
    """What is read of a `tokenizers.Tokenizer`."""

    model: Any  # one class per algorithm, with different members
    decoder: Any  # one class per decoder; its state is JSON
    pre_tokenizer: object

    def get_vocab(self, with_added_tokens: bool = True) -> dict[str, int]: ...
    def get_added_tokens_decoder(self) -> Mapping[int, AddedToken]: ...


def read_backend(backend: Backend) -> Facts:
    """The bytes of every id that is not special, by the declared decoder; no end ids."""
    reading = _reading(backend)
    texts = {token_id: reading(piece) for piece, token_id in backend.get_vocab().items()}
    added = backend.get_added_tokens_decoder()
    if isinstance(reading, Reading) and reading.is_byte_level:
        texts |= _verbatim(backend, added)
    return Facts(texts, {token_id: token.content for token_id, token in added.items() if token.special})


def _verbatim(backend: Backend, added: Mapping[int, AddedToken]) -> dict[int, bytes]:
    """Tokens added over a byte-level model stand for their content, as its encoder reads them.

    The library's own decoder sends them through the byte alphabet, where an added `é` would become an invalid byte.
    """
    return {
        token_id: token.content.encode()
        for token_id, token in added.items()
        if not token.special and backend.model.id_to_token(token_id) != token.content
    }


def _reading(backend: Backend) -> Callable[[str], bytes]:
    model, kind = backend.model, type(backend.model).__name__
    if backend.decoder is None:
        return _undecoded(backend, kind)
    reading = read_decoder(_state(backend.decoder))
    if suffix := getattr(model, "end_of_word_suffix", None):
        raise refusal(f"{suffix!r} as the end of a word, whose space is written only when another piece follows,")
    if getattr(model, "byte_fallback", False) and not (reading.has_byte_pieces or reading.is_byte_level):
        raise refusal("a decoder without ByteFallback over a model with byte_fallback", "Add decoders.ByteFallback().")
    return reading


def _undecoded(backend: Backend, kind: str) -> Callable[[str], bytes]:
    """Without a decoder the library joins pieces by spaces, which is text only where pieces are words."""
    if kind == "WordLevel":
        return Reading(rules=(spaced,))
    pre_tokenizer = type(backend.pre_tokenizer).__name__
    raise refusal(
        f"no decoder at all (model {kind}, pre-tokenizer {pre_tokenizer})",
        "Set tokenizer.decoder, for instance decoders.ByteLevel() or decoders.Metaspace().",
    )


def _state(decoder: Any) -> bytes:
    try:
        state: bytes = decoder.__getstate__()
    except Exception:  # the library raises bare Exception for a decoder written in Python
        raise VocabularyError(
            WHERE, "a decoder written in Python", "one that can be serialized", "Give the bytes to from_tokens."
        ) from None
    return state
