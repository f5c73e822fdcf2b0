"""Vocabulary: what every id of a tokenizer adds to a text, which ids add nothing, and which ones end it.

It knows bytes and names, and keeps them unchanging, so that threads, requests and processes can share one.
It does not know how text becomes ids, nor which library the facts came from.
Models carry one; constraints, the detokenizer, errors and traces read it.
"""

import hashlib
import operator
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np

from llmpost.errors import VocabularyError
from llmpost.vocabulary.facts import Facts
from llmpost.vocabulary.family import read_tokenizer
from llmpost.vocabulary.file import read_file

MAX_SIZE = 1 << 24  # ids; a broken file that names id 4,000,000,000 must not take the memory for it


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Vocabulary:
    """Ids to bytes. Two are equal when their digests are; `end_ids` are special, and a special id has no bytes.

    `bytes_of` is what an id adds as the continuation of earlier text: a SentencePiece `▁the` and a WordPiece `the`
    are `b" the"` with the space, which a tokenizer may drop at the very start of a text.

    >>> vocabulary = Vocabulary.from_tokens([b"a", b" b", b"</s>"], special_ids=[2], eos_ids=[2])
    >>> vocabulary.size, vocabulary.bytes_of(1), vocabulary.name_of(2), vocabulary.decode([0, 1, 2])
    (3, b' b', '</s>', 'a b')
    """

    tokens: tuple[bytes, ...]
    special_names: Mapping[int, str]
    end_ids: frozenset[int]
    special_ids: frozenset[int] = field(init=False)
    digest: str = field(init=False)
    companions: dict[type, object] = field(init=False, default_factory=dict)
    """What others made of this vocabulary and keep for as long as it lives, by type."""
    _ids: dict[bytes, int] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "special_names", MappingProxyType(dict(self.special_names)))
        object.__setattr__(self, "special_ids", frozenset(self.special_names))
        object.__setattr__(self, "digest", _digest(self.tokens, self.special_names, self.end_ids))

    @classmethod
    def from_tokens(
        cls, tokens: Sequence[bytes], special_ids: Iterable[int] = (), eos_ids: Iterable[int] = ()
    ) -> "Vocabulary":
        """Token i is `tokens[i]`; the bytes of a special or end id are its name."""
        for token_id, token in enumerate(tokens):
            if not isinstance(token, bytes):
                raise VocabularyError(
                    f"tokens[{token_id}]", f"{token!r:.40}", "bytes", "Encode text first: token.encode()."
                )
        ends = _checked(eos_ids, len(tokens), "eos_ids")
        specials = _checked(special_ids, len(tokens), "special_ids") | ends
        names = {i: tokens[i].decode(errors="replace") or f"<special {i}>" for i in specials}
        return _from_facts(Facts(dict(enumerate(tokens)), names, ends))

    @classmethod
    def from_tokenizer(cls, tokenizer: object, eos_ids: Iterable[int] | None = None) -> "Vocabulary":
        """The vocabulary of any known tokenizer object; `eos_ids` replaces its own word for the end of a text.

        A bare `tokenizers.Tokenizer` has no word for it, so without `eos_ids` no id ends a text.
        """
        vocabulary = _from_facts(read_tokenizer(tokenizer))
        return vocabulary if eos_ids is None else vocabulary.with_end_ids(eos_ids)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], eos_ids: Iterable[int] | None = None) -> "Vocabulary":
        """The vocabulary of a tokenizer.json (which does not say what ends a text), a `.model` or a tekken.json."""
        vocabulary = _from_facts(read_file(Path(path)))
        return vocabulary if eos_ids is None else vocabulary.with_end_ids(eos_ids)

    @property
    def size(self) -> int:
        """How many ids there are: the width of a row of logits."""
        return len(self.tokens)

    def bytes_of(self, token_id: int) -> bytes:
        """What the id adds to a text; `b""` for special, unused and padded ids. VocabularyError out of range."""
        if 0 <= token_id < len(self.tokens):
            return self.tokens[token_id]
        raise out_of_range(token_id, len(self.tokens), "token_id")

    def name_of(self, token_id: int) -> str:
        """The id in words, for errors and traces: a special token by its name, text and loose bytes in quotes.

        >>> vocabulary = Vocabulary.from_tokens([b" the", b"\\xe2", b"<s>"], special_ids=[2])
        >>> [vocabulary.name_of(token_id) for token_id in range(3)]
        ["' the'", "b'\\\\xe2'", '<s>']
        """
        token = self.bytes_of(token_id)
        if token_id in self.special_names:
            return self.special_names[token_id]
        try:
            return repr(token.decode())
        except UnicodeDecodeError:
            return repr(token)

    def token_id(self, token: bytes) -> int | None:
        """The lowest id that adds exactly these bytes; None where none does, and for no bytes at all."""
        if self._ids is None:
            ids = {known: i for i, known in reversed(list(enumerate(self.tokens))) if known}
            object.__setattr__(self, "_ids", ids)  # one atomic store: threads that race store equal dictionaries
        return (self._ids or {}).get(token)

    def decode(self, token_ids: Iterable[int]) -> str:
        """The text the ids add together; bytes that are not UTF-8 become U+FFFD as Python's whole decode puts them."""
        return b"".join(map(self.bytes_of, token_ids)).decode("utf-8", errors="replace")

    def padded(self, size: int) -> "Vocabulary":
        """For a model whose logits are wider than its tokenizer: the ids above add nothing and are special."""
        if size == self.size:
            return self
        if not self.size < size <= MAX_SIZE:
            hint = "Use the tokenizer that belongs to the model."
            raise VocabularyError("size", f"{size}", f"a width from {self.size} (the tokenizer's) to {MAX_SIZE}", hint)
        names = {token_id: _unused(token_id) for token_id in range(self.size, size)}
        tokens = self.tokens + (b"",) * len(names)
        return Vocabulary(tokens, {**self.special_names, **names}, self.end_ids)

    def with_end_ids(self, end_ids: Iterable[int]) -> "Vocabulary":
        """The same ids, but these end a text. An id that wrote text so far becomes special and writes none."""
        ends = _checked(end_ids, self.size, "end_ids")
        names = {**{i: _name(self.tokens[i]) for i in ends}, **self.special_names}
        tokens = self.tokens
        if any(tokens[i] for i in ends):
            tokens = tuple(b"" if i in ends else token for i, token in enumerate(tokens))
        return Vocabulary(tokens, names, ends)

    def __len__(self) -> int:
        return len(self.tokens)

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Vocabulary) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Vocabulary(size={self.size}, end_ids={sorted(self.end_ids)}, digest={self.digest[:12]}…)"

    def __reduce__(self) -> tuple[type["Vocabulary"], tuple[tuple[bytes, ...], dict[int, str], frozenset[int]]]:
        return type(self), (self.tokens, dict(self.special_names), self.end_ids)


def out_of_range(token_id: object, size: int, where: str) -> VocabularyError:
    """The error for an id that a vocabulary of this size does not have."""
    return VocabularyError(
        where, f"{token_id!r:.40}", f"an id from 0 to {size - 1}", "Use the vocabulary of the model that gave the id."
    )


def _from_facts(facts: Facts) -> Vocabulary:
    """Holes become special and add nothing; end ids become special; special ids lose their bytes."""
    size = 1 + max((*facts.texts, *facts.special_names, *facts.end_ids), default=-1)
    if not 0 < size <= MAX_SIZE:
        hint = "Check that the tokenizer is complete."
        raise VocabularyError("tokens", f"a vocabulary of {size} ids", f"one of 1 to {MAX_SIZE} ids", hint)
    names = {i: _name(facts.texts.get(i, b"")) for i in facts.end_ids} | dict(facts.special_names)
    tokens = [b""] * size
    for token_id, text in facts.texts.items():
        tokens[token_id] = text
    for token_id in names:
        tokens[token_id] = b""
    if len(facts.texts) < size:
        names |= {i: _unused(i) for i in range(size) if i not in facts.texts and i not in names}
    return Vocabulary(tuple(tokens), names, facts.end_ids)


def _checked(token_ids: Iterable[int], size: int, where: str) -> frozenset[int]:
    """Ids as plain integers, all of them in range."""
    checked = set()
    for position, given in enumerate(token_ids):
        try:
            token_id = operator.index(given)
        except TypeError:
            raise out_of_range(given, size, f"{where}[{position}]") from None
        if not 0 <= token_id < size:
            raise out_of_range(token_id, size, f"{where}[{position}]")
        checked.add(token_id)
    return frozenset(checked)


def _name(text: bytes) -> str:
    return text.decode(errors="replace") or "<end>"


def _unused(token_id: int) -> str:
    return f"<unused {token_id}>"


def _digest(tokens: tuple[bytes, ...], special_names: Mapping[int, str], end_ids: frozenset[int]) -> str:
    """SHA-256 over lengths, bytes, names and end ids, each part with its own length, in an order that never varies."""
    names = "\0".join(f"{token_id} {special_names[token_id]}" for token_id in sorted(special_names))
    lengths = np.fromiter(map(len, tokens), dtype="<u4", count=len(tokens))  # the same bytes on every machine
    parts = (lengths.tobytes(), b"".join(tokens), names.encode(), repr(sorted(end_ids)).encode())
    content = hashlib.sha256()
    for part in parts:
        content.update(len(part).to_bytes(8, "little"))
        content.update(part)
    return content.hexdigest()
