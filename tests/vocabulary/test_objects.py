"""Laws of tokenizer objects beyond their pieces: end ids, specials, wrappers, slow tokenizers, and who is refused."""

import pytest
import sentencepiece
import tiktoken
from mistral_common.tokens.tokenizers.base import TokenizerVersion
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer
from mistral_common.tokens.tokenizers.sentencepiece import SentencePieceTokenizer
from small_tokenizers import (
    FAMILIES,
    PATTERN,
    byte_level_backend,
    fast_tokenizer,
    ranks,
    sample,
    sentencepiece_model,
    sentencepiece_path,
    tekken_file,
)
from transformers import BertGenerationTokenizer, PreTrainedTokenizer
from transformers.tokenization_mistral_common import MistralCommonBackend

from llmpost.errors import VocabularyError
from llmpost.vocabulary import Vocabulary


def test_a_fast_tokenizer_names_its_end() -> None:
    """The end id is the tokenizer's eos; a bare backend has none until told; several can be given."""
    tokenizer = fast_tokenizer()
    end, chat_end = tokenizer.convert_tokens_to_ids(["</s>", "<|im_end|>"])
    assert Vocabulary.from_tokenizer(tokenizer).end_ids == {end}
    assert Vocabulary.from_tokenizer(tokenizer, eos_ids=[end, chat_end]).end_ids == {end, chat_end}
    assert Vocabulary.from_tokenizer(tokenizer.backend_tokenizer).end_ids == frozenset()
    assert Vocabulary.from_tokenizer(tokenizer.backend_tokenizer, eos_ids=[end]) == Vocabulary.from_tokenizer(tokenizer)


def test_all_special_tokens_of_a_fast_tokenizer_are_special() -> None:
    """Special are those of the backend and those transformers knows; added text tokens are not."""
    tokenizer = fast_tokenizer(pad_token="<pad>", extra_special_tokens=["<|im_start|>"])
    vocabulary = Vocabulary.from_tokenizer(tokenizer)
    assert vocabulary.special_ids == set(tokenizer.all_special_ids) | {tokenizer.convert_tokens_to_ids("<|im_end|>")}
    assert {vocabulary.name_of(i) for i in vocabulary.special_ids} == {
        "<s>",
        "</s>",
        "<|im_end|>",
        "<pad>",
        "<|im_start|>",
    }
    assert vocabulary.bytes_of(tokenizer.convert_tokens_to_ids("<tool call>")) == b"<tool call>"


@pytest.mark.parametrize("kind", ["bpe", "unigram"])
def test_sentencepiece_types_decide(kind: str) -> None:
    """Control and unknown pieces are special, byte pieces one byte, user-defined ones their text."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model(kind))
    vocabulary = Vocabulary.from_tokenizer(processor)
    assert {vocabulary.name_of(i) for i in vocabulary.special_ids} == {"<unk>", "<s>", "</s>", "[INST]"}
    assert vocabulary.end_ids == {processor.eos_id()}
    assert vocabulary.bytes_of(processor.piece_to_id("<tool>")) == b"<tool>"
    if kind == "bpe":
        assert [vocabulary.token_id(bytes([byte])) is not None for byte in range(256)] == [True] * 256
        assert vocabulary.bytes_of(processor.piece_to_id("<0x0A>")) == b"\n"


def test_a_slow_sentencepiece_tokenizer_has_byte_pieces() -> None:
    """Byte pieces are bytes although transformers' own joining spells them out; all else equals the processor's."""
    path = sentencepiece_path("bpe")
    slow = Vocabulary.from_tokenizer(BertGenerationTokenizer(vocab_file=str(path)))
    plain = Vocabulary.from_tokenizer(sentencepiece.SentencePieceProcessor(model_file=str(path)))
    differing = {i for i in range(plain.size) if plain.tokens[i] != slow.tokens[i]}
    assert {plain.name_of(i) for i in differing} <= {"[INST]"}


def test_tiktoken_holes_are_unused() -> None:
    """Ids between the ranks and the specials are unused; the end is <|endoftext|>, where there is one."""
    vocabulary = sample("tiktoken").vocabulary
    assert [vocabulary.name_of(i) for i in (267, 268, 269, 270, 271)] == [
        "<unused 267>",
        "<unused 268>",
        "<unused 269>",
        "<|endoftext|>",
        "<|endofprompt|>",
    ]
    assert vocabulary.tokens[:267] == tuple(ranks())
    bare = tiktoken.Encoding("bare", pat_str=PATTERN, mergeable_ranks=ranks(), special_tokens={})
    assert Vocabulary.from_tokenizer(bare).end_ids == frozenset()


def test_mistral_wrappers_are_the_tokenizer_inside() -> None:
    """Tekkenizer, MistralTokenizer, transformers' MistralCommonBackend and the file give one vocabulary."""
    path = tekken_file()
    inner = sample("tekken").vocabulary
    assert Vocabulary.from_tokenizer(MistralTokenizer.from_file(path)) == inner
    assert Vocabulary.from_tokenizer(MistralCommonBackend(tokenizer_path=path)) == inner
    assert Vocabulary.from_file(path) == inner
    assert (inner.tokens[30:], inner.end_ids, inner.name_of(25)) == (tuple(ranks()), {2}, "<SPECIAL_25>")


def test_mistral_sentencepiece_is_the_processor_inside() -> None:
    """mistral-common's SentencePiece wrapper gives what the processor of the same file gives."""
    path = sentencepiece_path("bpe")
    wrapped = SentencePieceTokenizer(path, tokenizer_version=TokenizerVersion.v1)
    assert Vocabulary.from_tokenizer(wrapped) == Vocabulary.from_tokenizer(
        sentencepiece.SentencePieceProcessor(model_file=str(path))
    )


class _Spelled(PreTrainedTokenizer):
    """A slow tokenizer with the pieces and the joining a test gives it."""

    def __init__(self, pieces, join) -> None:
        self._pieces, self._join = pieces, join
        super().__init__()

    @property
    def vocab_size(self) -> int:
        return len(self._pieces)

    def get_vocab(self) -> dict[str, int]:
        return {piece: i for i, piece in enumerate(self._pieces)}

    def _convert_token_to_id(self, token: str) -> int:
        return self._pieces.index(token) if token in self._pieces else 0

    def _convert_id_to_token(self, index: int) -> str:
        return self._pieces[index]

    def convert_tokens_to_string(self, tokens: list[str]) -> str:
        return self._join(tokens)


def test_a_slow_tokenizer_is_asked_how_it_joins() -> None:
    """The same pieces are read as words, as glued pieces or as marks, as the tokenizer itself joins them."""
    pieces = ["a", "##b", "▁c", "é"]
    words = _Spelled(pieces, " ".join)
    glued = _Spelled(pieces, lambda tokens: " ".join(tokens).replace(" ##", "").strip())
    marked = _Spelled(pieces, lambda tokens: "".join(tokens).replace("▁", " ").strip())
    assert Vocabulary.from_tokenizer(words).decode(range(4)) == " a ##b ▁c é"
    assert Vocabulary.from_tokenizer(glued).decode(range(4)) == " ab ▁c é"
    assert Vocabulary.from_tokenizer(marked).decode(range(4)) == "a##b cé"


@pytest.mark.parametrize(
    ("pieces", "join", "reason"),
    [
        (["a", "b@@", "c"], lambda t: " ".join(t).replace("@@ ", ""), "no known way of joining"),
        (["a", "the</w>"], lambda t: "".join(t).replace("</w>", " ").strip(), "no known way of joining"),
        (["é", "ü"], "".join, "none of its pieces ends in a plain letter"),
        (["a", "b"], lambda t: t[99], "convert_tokens_to_string fails with IndexError"),
        (["a", b"b"], "".join, "its pieces are not text"),
    ],
    ids=["CTRL", "XLM", "no anchor", "broken", "bytes"],
)
def test_a_slow_tokenizer_that_fits_no_reading_is_refused(pieces, join, reason: str) -> None:
    """Where a piece depends on its neighbours, or cannot be tried, the error says so."""
    with pytest.raises(VocabularyError, match="slow tokenizer whose pieces can be read one by one") as caught:
        Vocabulary.from_tokenizer(_Spelled(pieces, join))
    assert reason in caught.value.given


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_tokenizer_gives_the_same_vocabulary(family: str) -> None:
    """Reading is a pure function of the tokenizer."""
    given = sample(family)
    assert Vocabulary.from_tokenizer(given.tokenizer) == given.vocabulary


def test_a_broken_id_does_not_take_the_memory() -> None:
    """A vocabulary that names id 4,000,000,000 is refused before anything of that size is made."""
    backend = byte_level_backend().from_str(
        '{"model":{"type":"BPE","vocab":{"a":4000000000},"merges":[]},"decoder":{"type":"Fuse"}}'
    )
    with pytest.raises(VocabularyError, match="a vocabulary of 4000000001 ids is not one of 1 to"):
        Vocabulary.from_tokenizer(backend)
