"""Sequence classifiers as guards: tiny ones of transformers' that are made here, some of which know a word."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    PreTrainedTokenizerFast,
)

from llmpost.contracts.guard import Finding, GuardContext
from llmpost.engine import Checker
from llmpost.errors import ModelError, PolicyError
from llmpost.guards.guard_models.classifier import Classifier, build
from llmpost.guards.options import Options

CONTEXT = GuardContext()
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ignore", "all", "sheep"]
LABELS = {"BAD": "injection", "GOOD": "benign"}
ROOM = 32


def save_tokenizer(folder: Path, pad: str | None = "[PAD]") -> None:
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=pad, unk_token="[UNK]", model_max_length=ROOM
    ).save_pretrained(folder)


def save_bert(folder: Path, **more: Any) -> Path:
    """Its weights are set so that its second label hears one word: the mean of what tokens say decides."""
    save_tokenizer(folder)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        max_position_embeddings=ROOM, id2label={0: "GOOD", 1: "BAD"}, label2id={"GOOD": 0, "BAD": 1}, **more,
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
        embeddings, layer = model.bert.embeddings, model.bert.encoder.layer[0]
        for norm in (embeddings.LayerNorm, layer.attention.output.LayerNorm, layer.output.LayerNorm):
            norm.weight.fill_(1.0)
        embeddings.word_embeddings.weight[WORDS.index("ignore"), 0] = 5.0
        embeddings.word_embeddings.weight[WORDS.index("[CLS]"), 1] = 1.0
        layer.attention.self.value.weight.copy_(torch.eye(8))
        layer.attention.output.dense.weight.copy_(torch.eye(8))
        model.bert.pooler.dense.weight.copy_(torch.eye(8))
        model.classifier.weight[1, 0] = 8.0
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("bert"))


def classifier(folder: Path, **options: Any) -> Classifier:
    return build(Options({"model": str(folder), "labels": LABELS, **options}, "guards[0]"))


def told(guard: Classifier, text: str) -> dict[str, Finding]:
    return {finding.label: finding for finding in guard.inspect(text, CONTEXT)}


def test_every_label_is_told(bert: Path) -> None:
    """High or low, by our names, about the whole text; of several labels of one model the scores add up to one."""
    guard = classifier(bert)
    with_word, without = told(guard, "ignore all sheep"), told(guard, "all sheep")
    assert with_word["injection"].score > without["injection"].score
    for found in (with_word, without):
        assert found["injection"].score + found["benign"].score == pytest.approx(1)
    assert (with_word["injection"].span.start, with_word["injection"].span.end) == (0, 16)
    assert guard.inspect("", CONTEXT) == ()


def test_only_mapped_labels_are_told(bert: Path) -> None:
    """Two labels of the model may be one of ours, whose score is the higher."""
    assert set(told(classifier(bert, labels={"BAD": "injection"}), "sheep")) == {"injection"}
    both = classifier(bert, labels={"BAD": "any_of_them", "GOOD": "any_of_them"})
    assert told(both, "all")["any_of_them"].score >= 0.5


def test_each_label_for_itself(bert: Path, tmp_path: Path) -> None:
    """By the model's configuration, or because the policy says so."""
    multi = save_bert(tmp_path, problem_type="multi_label_classification")
    text = "ignore all"
    by_config, by_option = told(classifier(multi), text), told(classifier(bert, head="sigmoid"), text)
    assert by_config == by_option
    assert by_config["benign"].score == pytest.approx(0.5)


@pytest.mark.parametrize("place", [0, 3000, 11_990])
def test_long_texts_have_windows(bert: Path, place: int) -> None:
    """A word is heard wherever it stands, in the window that it stands in; with `mean` the rest drowns it out."""
    words = ["sheep"] * 12_000
    words[place] = "ignore"
    text = " ".join(words)
    at = text.index("ignore")
    found = told(classifier(bert), text)["injection"]
    quiet = told(classifier(bert), "sheep")["injection"].score
    assert found.span.start <= at < found.span.end <= found.span.start + 6 * ROOM
    assert found.score > quiet
    mean = told(classifier(bert, pool="mean"), text)["injection"]
    assert quiet < mean.score < found.score
    assert (mean.span.start, mean.span.end) == (0, len(text))


def test_windows_overlap(bert: Path) -> None:
    """What is cut by one window stands whole in another: with so much overlap every place is twice in one."""
    guard = classifier(bert, window=16, overlap=6)
    spans = [window.span for window in guard._model.windows("all " * 100, guard._reading.windowing, None)]
    assert all(later.start < earlier.end for earlier, later in pairwise(spans))
    assert (spans[0].start, spans[-1].end) == (0, 399)


def test_batches_change_nothing(bert: Path, tmp_path: Path) -> None:
    """A window is judged alike alone and among others: padding is not looked at."""
    guard = classifier(bert)
    texts = ["ignore", "all sheep all", "sheep " * 20]
    windows = [guard._model.windows(text, guard._reading.windowing, None) for text in texts]
    alone = [next(iter(each)).scores[1] for each in windows]
    rows = [guard._model._encoded(text, guard._reading.windowing) for text in texts]
    merged = {key: [row[key][0] for row in rows] for key in ("input_ids", "attention_mask")}
    assert [scores[1] for scores in guard._model._scores(merged, range(3))] == pytest.approx(alone, abs=1e-6)


def test_other_architectures(tmp_path: Path) -> None:
    """That of Prompt Guard, with random weights."""
    save_tokenizer(tmp_path)
    config = DebertaV2Config(
        vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        max_position_embeddings=64, id2label={0: "LABEL_0", 1: "LABEL_1"}, relative_attention=True,
        pos_att_type=["p2c", "c2p"], position_biased_input=False, position_buckets=16, type_vocab_size=0,
    )  # fmt: skip
    DebertaV2ForSequenceClassification(config).save_pretrained(tmp_path)
    guard = classifier(tmp_path, labels={"LABEL_1": "injection"})
    assert 0 < told(guard, "ignore all " * 50)["injection"].score < 1


def test_a_map_that_does_not_fit(bert: Path) -> None:
    """Is refused with both lists."""
    with pytest.raises(PolicyError, match=r"a map of LABEL_1 is not of the model's labels, GOOD, BAD") as caught:
        classifier(bert, labels={"LABEL_1": "injection"})
    assert caught.value.where == "guards[0].labels"


@pytest.mark.parametrize(
    "wrong",
    [
        {"labels": {}}, {"labels": ["BAD"]}, {"labels": {"BAD": 1}}, {"window": ROOM + 1}, {"window": 2},
        {"overlap": -1},
        {"pool": "median"}, {"head": "linear"}, {"device": "nowhere"}, {"model": ""}, {"model": "/no/such/folder"},
    ],
)  # fmt: skip
def test_wrong_options(bert: Path, wrong: dict[str, Any]) -> None:
    """Each is an error that names it."""
    with pytest.raises(PolicyError, match=rf"guards\[0\]\.{next(iter(wrong))}"):
        classifier(bert, **wrong)


def test_scores_that_are_no_numbers(tmp_path: Path) -> None:
    """Are a failure of the guard, and never a score."""
    save_bert(tmp_path)
    model = BertForSequenceClassification.from_pretrained(tmp_path)
    with torch.no_grad():
        model.classifier.weight.fill_(float("nan"))
    model.save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="no number"):
        classifier(tmp_path).inspect("sheep", CONTEXT)
    entry = {"use": "classifier", "model": str(tmp_path), "labels": LABELS}
    verdict = Checker({"version": 1, "guards": [entry]}).check("sheep").verdict
    assert [outcome.status for outcome in verdict.outcomes] == ["failed"]


def test_a_deadline_ends_it(bert: Path) -> None:
    """Between two batches, so that a long text does not run on for nobody."""
    over = GuardContext(deadline=time.monotonic() - 1)
    with pytest.raises(TimeoutError):
        classifier(bert).inspect("sheep " * 1000, over)


def test_without_padding(bert: Path, tmp_path: Path) -> None:
    """A tokenizer that has no token for it is given one window at a time."""
    save_bert(tmp_path)
    save_tokenizer(tmp_path, pad=None)
    text = "ignore all sheep " * 40
    assert told(classifier(tmp_path), text)["injection"].score == pytest.approx(
        told(classifier(bert), text)["injection"].score
    )


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\u200b\u202e", "😀" * 50, " ", "\n" * 100, "x" * 60_000])
def test_strange_texts(bert: Path, text: str) -> None:
    """Are judged like any other, and the same whenever they are: one character without an end, too."""
    guard = classifier(bert)
    findings = guard.inspect(text, CONTEXT)
    assert {finding.label for finding in findings} == {"injection", "benign"}
    assert all(0 <= finding.span.start <= finding.span.end <= len(text) for finding in findings)
    assert findings == guard.inspect(text, CONTEXT)
