"""The family of a tokenizer object: which library made it, and so which reader tells its facts.

It knows the class names of the libraries, so that none has to be imported to be recognised.
It does not know what the readers do.
`Vocabulary.from_tokenizer` and the file reader come in here; a `Facts` goes out.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from llmpost.errors import VocabularyError
from llmpost.vocabulary.backend import read_backend
from llmpost.vocabulary.facts import Facts
from llmpost.vocabulary.pieces import read_mistral_pieces, read_processor
from llmpost.vocabulary.ranks import read_encoding, read_tekkenizer
from llmpost.vocabulary.slow import read_slow


def read_tokenizer(tokenizer: object) -> Facts:
    """What the tokenizer says of its ids; VocabularyError for an object of no known family."""
    for (package, name), read in _READERS.items():
        if is_instance(tokenizer, package, name):
            return read(tokenizer)
    raise VocabularyError(
        "tokenizer",
        f"an object of type {type(tokenizer).__module__}.{type(tokenizer).__qualname__}",
        "a tokenizer of transformers, tokenizers, sentencepiece, tiktoken or mistral-common",
        "Give the bytes of its tokens to Vocabulary.from_tokens.",
    )


def is_instance(given: object, package: str, name: str) -> bool:
    """isinstance by name: true for the class `name` of `package` and its subclasses, without importing it.

    >>> is_instance({}, "builtins", "dict")
    True
    """
    return any(kind.__name__ == name and kind.__module__.partition(".")[0] == package for kind in type(given).__mro__)


def _read_fast(tokenizer: Any) -> Facts:
    return _with_own_specials(read_backend(tokenizer.backend_tokenizer), tokenizer)


def _read_python(tokenizer: Any) -> Facts:
    return _with_own_specials(read_slow(tokenizer), tokenizer)


def _with_own_specials(facts: Facts, tokenizer: Any) -> Facts:
    """The end id is the tokenizer's word for it; a special token may be known to transformers alone."""
    named = zip(tokenizer.all_special_ids, tokenizer.all_special_tokens, strict=True)
    own = {token_id: name for token_id, name in named if token_id is not None}
    end_id = tokenizer.eos_token_id
    ends = () if end_id is None else end_id if isinstance(end_id, list | tuple) else (end_id,)
    return replace(facts, special_names={**own, **facts.special_names}, end_ids=frozenset(ends))


def _read_mistral_backend(tokenizer: Any) -> Facts:
    return _read_mistral(tokenizer.tokenizer)


def _read_mistral(tokenizer: Any) -> Facts:
    return read_tokenizer(tokenizer.instruct_tokenizer.tokenizer)


# Package and class to reader. A class comes before the ones it derives from.
_READERS: dict[tuple[str, str], Callable[[Any], Facts]] = {
    ("transformers", "TokenizersBackend"): _read_fast,
    ("transformers", "MistralCommonBackend"): _read_mistral_backend,
    ("transformers", "PreTrainedTokenizerBase"): _read_python,
    ("tokenizers", "Tokenizer"): read_backend,
    ("sentencepiece", "SentencePieceProcessor"): read_processor,
    ("tiktoken", "Encoding"): read_encoding,
    ("mistral_common", "Tekkenizer"): read_tekkenizer,
    ("mistral_common", "SentencePieceTokenizer"): read_mistral_pieces,
    ("mistral_common", "MistralTokenizer"): _read_mistral,
}
