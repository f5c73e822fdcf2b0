"""Tokenizer files: a tokenizer.json, a SentencePiece `.model`, or a tekken.json, opened and read to facts.

It knows how to tell the three apart and what can be wrong with a file.
It does not know what the facts are: opening gives a tokenizer object, and `family` reads it.
`Vocabulary.from_file` comes in here; it is the only file of the room that touches a disk.
"""

from pathlib import Path

from tokenizers import Tokenizer

from llmpost.errors import VocabularyError
from llmpost.vocabulary.facts import Facts
from llmpost.vocabulary.family import read_tokenizer
from llmpost.vocabulary.optional import optional_module

ALLOWED = "a tokenizer.json, a SentencePiece .model or a tekken.json"


def read_file(path: Path) -> Facts:
    """The facts of a file; VocabularyError, naming the file, where it is none of the three."""
    return read_tokenizer(_open(path))


def _open(path: Path) -> object:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(path, f"a path that cannot be read ({error.strerror})", "Check the path.") from error
    if ".model" in path.suffixes:
        return _sentencepiece(path, content)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise _refusal(
            path, f"a file that is not UTF-8 at byte {error.start}", "A SentencePiece file ends in .model."
        ) from None
    return _tekken(path) if '"token_bytes"' in text[:100_000] else _json(path, text)


def _json(path: Path, text: str) -> object:
    try:
        return Tokenizer.from_str(text)
    except Exception as error:  # the library raises bare Exception for whatever it cannot parse, deep nesting included
        hint = "Use the tokenizer.json that save_pretrained wrote."
        raise _refusal(path, f"a file that the tokenizers library refuses ({_shortened(error)})", hint) from None


def _sentencepiece(path: Path, content: bytes) -> object:
    library = optional_module("sentencepiece", str(path), "sentencepiece")
    try:
        return library.SentencePieceProcessor(model_proto=content)
    except Exception as error:  # RuntimeError or what protobuf raises
        hint = "Use the tokenizer.model that came with the model."
        raise _refusal(path, f"a file that sentencepiece refuses ({_shortened(error)})", hint) from None


def _tekken(path: Path) -> object:
    library = optional_module("mistral_common.tokens.tokenizers.tekken", str(path), "mistral")
    try:
        return library.Tekkenizer.from_file(path)
    except Exception as error:  # it checks its file with assert, so an AssertionError or a KeyError may come
        hint = "Use the tekken.json that came with the model."
        raise _refusal(path, f"a file that mistral-common refuses ({_shortened(error)})", hint) from None


def _shortened(error: Exception) -> str:
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:120]


def _refusal(path: Path, given: str, hint: str) -> VocabularyError:
    return VocabularyError(str(path), given, ALLOWED, hint)
