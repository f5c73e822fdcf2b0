"""Names by somebody else's language model: spaCy's and transformers', tiny ones that are made here."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

from llmpost.contracts.guard import FollowingGuard, GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.names.ner import NerGuard, build
from llmpost.guards.options import Options

CONTEXT = GuardContext()


@pytest.fixture(scope="module")
def spacy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blank pipeline that knows two names by heart."""
    pipeline, folder = spacy.blank("en"), tmp_path_factory.mktemp("spacy")
    patterns = [{"label": "PERSON", "pattern": "Maria Chen"}, {"label": "GPE", "pattern": "Lisbon"}]
    pipeline.add_pipe("entity_ruler").add_patterns(patterns)
    pipeline.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def transformers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier of words whose weights are set so that it takes one word for a person, whatever stands around it."""
    folder = tmp_path_factory.mktemp("transformers")
    words = ["[PAD]", "[UNK]", "maria", "lives", "in", "lisbon"]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=256
    ).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=0, num_attention_heads=1, intermediate_size=8,
        max_position_embeddings=256, id2label={0: "O", 1: "B-PER"}, label2id={"O": 0, "B-PER": 1},
    )  # fmt: skip
    model = BertForTokenClassification(config)
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
        model.bert.embeddings.LayerNorm.weight.fill_(1.0)
        model.bert.embeddings.word_embeddings.weight[words.index("maria"), 0] = 1.0
        model.classifier.weight[1, 0] = 2.0
        model.classifier.bias[0] = 4.0
    model.save_pretrained(folder)
    return folder


def guard(folder: Path, engine: str, **options: object) -> NerGuard:
    return build(Options({"engine": engine, "model": str(folder), **options}, "guards[0]"))


def found(ner: NerGuard, text: str) -> list[tuple[str, str]]:
    return [(finding.label, text[finding.span.start : finding.span.end]) for finding in ner.inspect(text, CONTEXT)]


def test_spacy(spacy_folder: Path) -> None:
    """A pipeline's labels become ours, its places stay."""
    ner = guard(spacy_folder, "spacy")
    assert found(ner, "Maria Chen lives in Lisbon.") == [("PERSON", "Maria Chen"), ("LOCATION", "Lisbon")]
    assert found(ner, "") == []


def test_spacy_labels(spacy_folder: Path) -> None:
    """What the model's labels mean is an option, and only what is asked for is found."""
    ner = guard(spacy_folder, "spacy", labels={"GPE": "CITY", "PERSON": "PERSON"}, entities=["CITY"])
    assert found(ner, "Maria Chen lives in Lisbon.") == [("CITY", "Lisbon")]


def test_transformers(transformers_folder: Path) -> None:
    """A token classifier finds with a score, and only from its threshold up."""
    ner = guard(transformers_folder, "transformers")
    assert found(ner, "maria lives in lisbon") == [("PERSON", "maria")]
    (finding,) = ner.inspect("lives maria", CONTEXT)
    assert 0.5 < finding.score < 1
    assert found(guard(transformers_folder, "transformers", entities={"PERSON": 1}), "maria lives") == []


@pytest.mark.parametrize("engine", ["spacy", "transformers"])
def test_long_texts_and_strange_characters(engine: str, request: pytest.FixtureRequest) -> None:
    """Places stay right far into a text, behind lone surrogates, emoji and zero-width characters."""
    ner = guard(request.getfixturevalue(f"{engine}_folder"), engine)
    name = "Maria Chen" if engine == "spacy" else "maria"
    text = f"\ud800 😀\u200b {'lives in ' * 6000}{name} lives"
    assert found(ner, text) == [("PERSON", name)]


def test_needs_the_whole_text(spacy_folder: Path) -> None:
    """Nobody knows how far such a model looks, so it declares no reach and does not follow."""
    ner = guard(spacy_folder, "spacy")
    assert ner.reach is None
    assert not isinstance(ner, FollowingGuard)


@pytest.mark.parametrize("engine", ["spacy", "transformers"])
def test_no_such_model(engine: str, tmp_path: Path) -> None:
    """A folder without a model is named in the error, and so is the option."""
    with pytest.raises(PolicyError, match=r"guards\[0\]\.model"):
        guard(tmp_path, engine)


def test_model_must_be_named() -> None:
    """No model is chosen for anybody."""
    with pytest.raises(PolicyError, match="model"):
        build(Options({"engine": "spacy"}, "guards[0]"))


def test_unknown_entity(spacy_folder: Path) -> None:
    """A label that no label of the model stands for is refused."""
    with pytest.raises(PolicyError, match="STREET_ADDRESS"):
        guard(spacy_folder, "spacy", entities=["STREET_ADDRESS"])
