"""Small real tokenizers of every family, trained here from a few sentences.

A `Sample` pairs one with the vocabulary read from it and with the library's own ways to encode and decode.
Nothing is downloaded; each is built once per run and never changed by a test.
"""

import atexit
import base64
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sentencepiece
import tiktoken
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from tokenizers import (
    AddedToken,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from transformers import (
    BertGenerationTokenizer,
    ByT5Tokenizer,
    M2M100Tokenizer,
    PreTrainedTokenizerFast,
)
from transformers.models.bert.tokenization_bert_legacy import BertTokenizerLegacy

from llmpost.vocabulary import Vocabulary

SENTENCES = [
    "the cat sat on the mat and the dog sat on the log",
    "hello world, this is a small text about other small texts!",
    "naïve café, über Straße, ação e coração; price: 3.50 €",
    "numbers 0123456789 and brackets {[()]} and \"quotes\" with don't and it's",
    "日本語のテキスト と 中文文本, русский текст, 🙂 emoji 👩‍🚀",
]
CORPUS = SENTENCES * 8


@dataclass(frozen=True, slots=True)
class Sample:
    """One tokenizer: what we read of it, and what it says itself (special tokens left out of both)."""

    tokenizer: Any
    vocabulary: Vocabulary
    encode: Callable[[str], list[int]]
    decode: Callable[[list[int]], str]

    @property
    def anchor(self) -> int:
        """An id that writes plain letters, to stand at the start of a text: after it, no space is dropped."""
        letters = ((i, token.strip()) for i, token in enumerate(self.vocabulary.tokens))
        return next(i for i, word in letters if word.isalpha() and word.isascii() and self.decode([i]) == word.decode())


def _backend_sample(tokenizer: Tokenizer) -> Sample:
    return Sample(
        tokenizer,
        Vocabulary.from_tokenizer(tokenizer),
        lambda text: tokenizer.encode(text, add_special_tokens=False).ids,
        lambda ids: tokenizer.decode(ids, skip_special_tokens=True),
    )


def transformers_sample(tokenizer: Any) -> Sample:
    return Sample(
        tokenizer,
        Vocabulary.from_tokenizer(tokenizer),
        lambda text: tokenizer(text, add_special_tokens=False).input_ids,
        lambda ids: tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False),
    )


def byte_level_backend() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500,
        special_tokens=["<s>", "</s>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_tokens([AddedToken("<tool call>", normalized=False), AddedToken("<｜User｜>", normalized=False)])
    return tokenizer


def _metaspace_unigram() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=300, special_tokens=["<unk>", "</s>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_tokens(["<tool>"])
    return tokenizer


def byte_fallback_backend(*, has_prefix: bool) -> Tokenizer:
    """The tokenizer.json of Llama 2 (`has_prefix`) or of Gemma: BPE over marks, bytes for what it cannot spell."""
    marks = normalizers.Replace(" ", "▁")
    trained = Tokenizer(models.BPE())
    trained.normalizer = marks
    trained.train_from_iterator(
        [f" {text}" for text in SENTENCES[:2] * 8], trainers.BpeTrainer(vocab_size=200, show_progress=False)
    )
    model = json.loads(trained.to_str())["model"]
    names = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *model["vocab"]]
    vocab = {name: position for position, name in enumerate(names)}
    merges = [tuple(merge) for merge in model["merges"]]
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), marks]) if has_prefix else marks
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence([*steps, decoders.Strip(" ", 1, 0)] if has_prefix else steps)
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return tokenizer


def wordpiece_backend() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=300, special_tokens=["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"], show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def _word_level() -> Tokenizer:
    words = sorted({word for text in SENTENCES[:2] for word in text.split()})
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(["[UNK]", *words])}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.add_special_tokens(["[UNK]"])
    return tokenizer


def fast_tokenizer(backend: Tokenizer | None = None, **options: Any) -> PreTrainedTokenizerFast:
    """A transformers fast tokenizer that puts `<s>` before a text, as most do."""
    backend = backend or byte_level_backend()
    backend.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", backend.token_to_id("<s>"))]
    )
    return PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<s>", eos_token="</s>", **options)


@cache
def sentencepiece_model(kind: str = "bpe") -> bytes:
    content = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS),
        model_writer=content,
        vocab_size=400,
        model_type=kind,
        byte_fallback=kind == "bpe",
        character_coverage=0.98,
        hard_vocab_limit=False,
        user_defined_symbols=["<tool>"],
        control_symbols=["[INST]"],
        minloglevel=2,
    )
    return content.getvalue()


@cache
def folder() -> Path:
    """A folder for the tokenizers that can only be made from files; removed when the process ends."""
    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def sentencepiece_path(kind: str) -> Path:
    path = folder() / f"{kind}.model"
    path.write_bytes(sentencepiece_model(kind))
    return path


def _processor_sample(kind: str) -> Sample:
    processor = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model(kind))
    return Sample(
        processor,
        Vocabulary.from_tokenizer(processor),
        processor.encode,
        # it writes the unknown piece as a question mark, where transformers counts it among the special tokens
        lambda ids: processor.decode([token_id for token_id in ids if token_id != processor.unk_id()]),
    )


def ranks() -> dict[bytes, int]:
    words = [b" the", b"th", b"he", b"the", b"  ", b"in", b"ing", "é".encode(), "日".encode()[:2], b'":', b' "']
    return {token: rank for rank, token in enumerate([*(bytes([byte]) for byte in range(256)), *words])}


PATTERN = r"\p{L}+|\p{N}+| ?[^\s\p{L}\p{N}]+|\s+"


def _tiktoken() -> Sample:
    # ids 267-269 are a hole, as in o200k_base
    specials = {"<|endoftext|>": 270, "<|endofprompt|>": 271}
    encoding = tiktoken.Encoding("small", pat_str=PATTERN, mergeable_ranks=ranks(), special_tokens=specials)
    return Sample(encoding, Vocabulary.from_tokenizer(encoding), encoding.encode_ordinary, encoding.decode)


def tekken_file() -> Path:
    """A tekken.json of the v3 format with 30 special tokens, of which mistral-common names the first 20."""
    table = [
        {"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None}
        for token, rank in ranks().items()
    ]
    config = {
        "pattern": PATTERN,
        "num_vocab_tokens": len(table),
        "default_vocab_size": len(table) + 30,
        "default_num_special_tokens": 30,
        "version": "v3",
    }
    path = folder() / "tekken.json"
    path.write_text(json.dumps({"config": config, "vocab": table}))
    return path


def _tekken() -> Sample:
    tokenizer = Tekkenizer.from_file(tekken_file())
    return Sample(
        tokenizer,
        Vocabulary.from_tokenizer(tokenizer),
        lambda text: tokenizer.encode(text, bos=False, eos=False),
        tokenizer.decode,
    )


def _legacy_bert() -> Sample:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz,.!'", "the", "##ing", "##s"]
    pieces += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    path = folder() / "vocab.txt"
    path.write_text("\n".join(dict.fromkeys(pieces)))
    return transformers_sample(BertTokenizerLegacy(vocab_file=str(path)))


def _m2m100() -> Sample:
    """Its own vocab.json renumbers the pieces of the model below, and that model joins them."""
    path = sentencepiece_path("unigram")
    processor = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model("unigram"))
    pieces = [processor.id_to_piece(i) for i in reversed(range(4, processor.get_piece_size()))]
    vocab = {piece: i for i, piece in enumerate(["<s>", "<pad>", "</s>", "<unk>", *pieces])}
    (folder() / "m2m.json").write_text(json.dumps(vocab))
    return transformers_sample(M2M100Tokenizer(vocab_file=str(folder() / "m2m.json"), spm_file=str(path)))


_BUILDERS: dict[str, Callable[[], Sample]] = {
    "byte-level": lambda: _backend_sample(byte_level_backend()),
    "metaspace unigram": lambda: _backend_sample(_metaspace_unigram()),
    "byte fallback with strip (Llama 2)": lambda: _backend_sample(byte_fallback_backend(has_prefix=True)),
    "byte fallback (Gemma)": lambda: _backend_sample(byte_fallback_backend(has_prefix=False)),
    "wordpiece": lambda: _backend_sample(wordpiece_backend()),
    "word level without decoder": lambda: _backend_sample(_word_level()),
    "fast byte-level": lambda: transformers_sample(fast_tokenizer()),
    "fast byte fallback": lambda: transformers_sample(fast_tokenizer(byte_fallback_backend(has_prefix=True))),
    "sentencepiece bpe": lambda: _processor_sample("bpe"),
    "sentencepiece unigram": lambda: _processor_sample("unigram"),
    "tiktoken": _tiktoken,
    "tekken": _tekken,
    "slow byt5": lambda: transformers_sample(ByT5Tokenizer()),
    "slow bert": _legacy_bert,
    "slow sentencepiece": lambda: transformers_sample(
        BertGenerationTokenizer(vocab_file=str(sentencepiece_path("unigram")))
    ),
    "slow m2m100": _m2m100,
}
FAMILIES: Sequence[str] = tuple(_BUILDERS)


@cache
def sample(family: str) -> Sample:
    return _BUILDERS[family]()
