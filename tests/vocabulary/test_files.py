"""Laws of tokenizer files, small ones made here and the real ones of ../shared where it is there."""

import gzip
import json
import time
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
from small_tokenizers import byte_fallback_backend, byte_level_backend, sentencepiece_model
from tokenizers import Tokenizer

from llmpost.errors import MissingExtra, VocabularyError
from llmpost.vocabulary import Vocabulary
from llmpost.vocabulary.optional import optional_module

SHARED = Path(__file__).resolve().parents[3] / "shared" / "vocab"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the real vocabularies of ../shared are not here")


@pytest.mark.parametrize("backend", [byte_level_backend(), byte_fallback_backend(has_prefix=True)])
def test_a_tokenizer_json_is_the_tokenizer(tmp_path: Path, backend: Tokenizer) -> None:
    """A saved tokenizer and the file give one vocabulary, which has no end id until told."""
    path = tmp_path / "tokenizer.json"
    backend.save(str(path))
    assert Vocabulary.from_file(path) == Vocabulary.from_tokenizer(backend)
    assert Vocabulary.from_file(str(path)).end_ids == frozenset()
    assert Vocabulary.from_file(path, eos_ids=[2]).end_ids == {2}


def test_a_sentencepiece_file_is_the_processor(tmp_path: Path) -> None:
    """A .model file, with Mistral's version after it or not, gives what the processor gives."""
    plain = Vocabulary.from_tokenizer(sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model()))
    for name in ("tokenizer.model", "tokenizer.model.v3"):
        path = tmp_path / name
        path.write_bytes(sentencepiece_model())
        assert Vocabulary.from_file(path) == plain


@pytest.mark.parametrize(
    ("name", "content", "given"),
    [
        ("tokenizer.json", b"", "a file that the tokenizers library refuses"),
        ("tokenizer.json", b"not json", "a file that the tokenizers library refuses"),
        ("tokenizer.json", b"{}", "a file that the tokenizers library refuses (Model missing"),
        ("tokenizer.json", b"[1, 2]", "a file that the tokenizers library refuses"),
        ("tokenizer.json", b"[" * 200_000, "a file that the tokenizers library refuses"),
        ("tokenizer.json", b'{"a":' * 200_000, "a file that the tokenizers library refuses"),
        ("tokenizer.json", b'{"model":' * 500 + b"1" + b"}" * 500, "a file that the tokenizers library refuses"),
        ("tokenizer.json", b"\xff\xfe\x00", "a file that is not UTF-8 at byte 0"),
        ("tokenizer.json", None, "a path that cannot be read (No such file or directory)"),
        ("tokenizer.model", b"junk", "a file that sentencepiece refuses"),
        ("tekken.json", b'{"vocab": [{"token_bytes": 1}]}', "a file that mistral-common refuses"),
    ],
)
def test_a_file_that_is_no_tokenizer_is_refused(tmp_path: Path, name: str, content: bytes | None, given: str) -> None:
    """The error names the file, what is wrong with it, and the three kinds that can be read."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(VocabularyError) as caught:
        Vocabulary.from_file(path)
    assert caught.value.where == str(path)
    assert caught.value.given.startswith(given)
    assert len(str(caught.value)) < 600
    assert "tokenizer.json" in caught.value.allowed


def test_a_missing_library_names_its_extra() -> None:
    """A library that is not there ends in the command that installs it."""
    with pytest.raises(MissingExtra, match=r"without no_such_library .* pip install 'llmpost\[sentencepiece\]'"):
        optional_module("no_such_library.inside", "tokenizer.model", "sentencepiece")


@pytest.fixture(scope="module")
def tekken() -> Tokenizer:
    packed = SHARED / "tekken_131k.tokenizer.json.gz"
    return Tokenizer.from_buffer(gzip.decompress(packed.read_bytes()))


@needs_shared
def test_a_real_vocabulary_is_read_to_the_byte(tekken: Tokenizer) -> None:
    """The tokenizer.json of 131,072 tokens gives the bytes of the token list for every id, in under two seconds."""
    with np.load(SHARED / "tekken_131k.npz") as table:
        lengths, data = table["lengths"].astype(np.int64), table["data"].tobytes()
        special = np.flatnonzero(np.unpackbits(table["special"])[: len(lengths)])
        end = table["eos"].tolist()
        assert json.loads(table["meta"].tobytes())
    ends = np.cumsum(lengths).tolist()
    tokens = [data[stop - length : stop] for stop, length in zip(ends, lengths.tolist(), strict=True)]
    started = time.perf_counter()
    vocabulary = Vocabulary.from_tokenizer(tekken, eos_ids=end)
    # a fifth of a second on a quiet machine; the bound only catches a loss of the fast path
    assert time.perf_counter() - started < 2
    listed = Vocabulary.from_tokens(tokens, special.tolist(), end)
    assert vocabulary.tokens == listed.tokens
    assert vocabulary == listed


@needs_shared
@pytest.mark.parametrize("name", ["cl100k_100k", "o200k_200k"])
def test_a_real_token_list_has_its_specials(name: str) -> None:
    """The token lists of ../shared make vocabularies in which every single byte has an id."""
    with np.load(SHARED / f"{name}.npz") as table:
        lengths, data = table["lengths"].astype(np.int64), table["data"].tobytes()
        special = np.flatnonzero(np.unpackbits(table["special"])[: len(lengths)])
        end = table["eos"].tolist()
    ends = np.cumsum(lengths).tolist()
    tokens = [data[stop - length : stop] for stop, length in zip(ends, lengths.tolist(), strict=True)]
    vocabulary = Vocabulary.from_tokens(tokens, special, end)
    assert vocabulary.special_ids == set(special.tolist())
    assert None not in {vocabulary.token_id(bytes([byte])) for byte in range(256)}
    assert vocabulary.name_of(end[0]) == "<|endoftext|>"
