"""Laws of single pieces: the byte alphabet, byte pieces, decoder sections, and the decoders that are refused."""

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from llmpost.errors import VocabularyError
from llmpost.vocabulary import Vocabulary
from llmpost.vocabulary.byte_level import ALPHABET, byte_level_bytes
from llmpost.vocabulary.decoder import read_decoder
from llmpost.vocabulary.metaspace import fallback_byte

quick = settings(max_examples=200, deadline=None, derandomize=True)
PIECES = st.text(
    st.sampled_from("a▁ #Ġé.<0x41>日's") | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8
)


def _slow_byte_level(piece: str) -> bytes:
    """The definition, letter by letter."""
    bytes_of = {letter: byte for byte, letter in ALPHABET.items()}
    if all(letter in bytes_of for letter in piece):
        return bytes(bytes_of[letter] for letter in piece)
    return piece.encode()


def test_the_alphabet_is_the_librarys() -> None:
    """The 256 letters are those of the tokenizers library, one for each byte."""
    assert sorted(ALPHABET.values()) == sorted(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(ALPHABET) == list(range(256))


@given(piece=PIECES | st.text(st.sampled_from([*ALPHABET.values(), " ", "\n", "\x80", "\xad"])))
@quick
def test_a_byte_level_piece_is_read_letter_by_letter(piece: str) -> None:
    """The translating reader gives what the definition gives, letters outside the alphabet included."""
    assert byte_level_bytes(piece) == _slow_byte_level(piece)


@pytest.mark.parametrize(
    ("piece", "byte"),
    [("<0x00>", b"\0"), ("<0xfF>", b"\xff"), ("<0xGG>", None), ("<0x0A", None), ("<0x00A>", None), ("▁<0x0>", None)],
)
def test_a_byte_piece_has_exactly_two_digits(piece: str, byte: bytes | None) -> None:
    """Only `<0x` and two hexadecimal digits and `>` is a byte."""
    assert fallback_byte(piece) == byte


@pytest.mark.parametrize(
    "decoder",
    [
        decoders.ByteLevel(),
        decoders.Metaspace(),
        decoders.Metaspace(replacement="_", prepend_scheme="never"),
        decoders.Replace("▁", " "),
        decoders.Fuse(),
        decoders.ByteFallback(),
        decoders.Strip("a", 2, 1),
        decoders.WordPiece(),
        decoders.WordPiece(prefix="@@", cleanup=False),
        decoders.Sequence([]),
        decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]),
        decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse(), decoders.Strip(" ", 1, 0)]),
        decoders.Sequence([decoders.Sequence([decoders.Metaspace(), decoders.ByteFallback()]), decoders.Fuse()]),
        decoders.Sequence([decoders.Strip("▁", 1, 1), decoders.Replace("a", "bc")]),
    ],
    ids=str,
)
@given(piece=PIECES)
@quick
def test_a_section_reads_as_the_decoder_writes(decoder: decoders.Decoder, piece: str) -> None:
    """For any piece, the decoder's text of [x, piece, x] is that of [x, x] with the bytes read set in between."""
    read = read_decoder(decoder.__getstate__())(piece)
    whole = decoder.decode(["x", "x"])
    # a lone byte piece of 0x80 or more is no text of its own
    text = read.decode(errors="replace")
    assert decoder.decode(["x", piece, "x"]) == whole[:1] + text + whole[1:]


@pytest.mark.parametrize(
    ("decoder", "given"),
    [
        (decoders.BPEDecoder(), "a BPEDecoder"),
        (decoders.CTC(), "a CTC decoder"),
        (decoders.Sequence([decoders.Fuse(), decoders.Replace("ab", "c")]), "a Replace decoder after Fuse"),
        (decoders.Sequence([decoders.Fuse(), decoders.Strip(" ", 0, 1)]), "a Strip decoder after Fuse"),
        (decoders.Sequence([decoders.ByteFallback(), decoders.Strip(" ", 1, 0)]), "a Strip decoder after ByteFallback"),
    ],
    ids=str,
)
def test_a_decoder_that_looks_at_more_than_one_piece_is_refused(decoder: decoders.Decoder, given: str) -> None:
    """Never a guess: the error names the decoder and what is supported."""
    with pytest.raises(VocabularyError, match="is not a decoder that tells a piece's text") as caught:
        read_decoder(decoder.__getstate__())
    assert caught.value.given.startswith(given)


@pytest.mark.parametrize(
    "state",
    [
        b"{",
        b"\xff",
        b"[" * 100_000,
        b"[]",
        b"{}",
        json.dumps({"type": "Replace", "pattern": {"Regex": "a+"}, "content": ""}),
        json.dumps({"type": "Sequence", "decoders": [1]}),
        json.dumps({"type": "Sequence", "decoders": 1}),
        json.dumps({"type": "Strip", "content": " ", "start": "x", "stop": 0}),
    ],
)
def test_a_broken_section_is_refused(state: bytes | str) -> None:
    """Whatever a section holds, the answer is a reading or a VocabularyError."""
    with pytest.raises(VocabularyError):
        read_decoder(state)


def _backend(decoder: decoders.Decoder | None, **model: object) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(vocab={"a": 0, "Ġb": 1, "▁c": 2, "<0x0A>": 3}, merges=[], **model))
    if decoder is not None:
        tokenizer.decoder = decoder
    return tokenizer


class _PythonDecoder:
    def decode_chain(self, tokens: list[str]) -> list[str]:
        return tokens


@pytest.mark.parametrize(
    ("tokenizer", "given"),
    [
        (_backend(None), "no decoder at all (model BPE"),
        (_backend(decoders.ByteLevel(), end_of_word_suffix="</w>"), "'</w>' as the end of a word"),
        (_backend(decoders.Metaspace(), byte_fallback=True), "a decoder without ByteFallback"),
        (_backend(decoders.Decoder.custom(_PythonDecoder())), "a decoder written in Python"),
    ],
    ids=["no decoder", "end of word", "byte fallback", "python"],
)
def test_a_backend_that_does_not_tell_is_refused(tokenizer: Tokenizer, given: str) -> None:
    """The error names what is missing, at tokenizer.decoder."""
    with pytest.raises(VocabularyError) as caught:
        Vocabulary.from_tokenizer(tokenizer)
    assert caught.value.where == "tokenizer.decoder"
    assert caught.value.given.startswith(given)


def test_added_tokens_keep_their_content() -> None:
    """A token added over a byte-level model is its content, even one the library's decoder would break; a special one
    is nothing; a token of the model that is also listed as added is read like the model's others.
    """
    tokenizer = _backend(decoders.ByteLevel())
    tokenizer.add_tokens([AddedToken("é", normalized=False), AddedToken("two words"), AddedToken("Ġb")])
    tokenizer.add_special_tokens(["<s>"])
    vocabulary = Vocabulary.from_tokenizer(tokenizer, eos_ids=[6])
    assert vocabulary.tokens == (b"a", b" b", "▁c".encode(), b"<0x0A>", "é".encode(), b"two words", b"")
    assert (vocabulary.special_ids, vocabulary.end_ids, vocabulary.name_of(6)) == ({6}, {6}, "<s>")
    assert tokenizer.decode([0, 4]) == "a\ufffd"  # what the library does, so that a change of it is seen here


def test_ids_without_a_token_are_unused() -> None:
    """A hole in the ids of a model is special, empty and named as unused."""
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 3}, unk_token="a"))
    vocabulary = Vocabulary.from_tokenizer(tokenizer)
    assert (vocabulary.size, vocabulary.special_ids, vocabulary.name_of(1)) == (4, {1, 2}, "<unused 1>")
    assert vocabulary.tokens == (b" a", b"", b"", b" b")
