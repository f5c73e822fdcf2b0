"""What trains the moderation classifier: its examples are what they say, and opinions are those of the classifier."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from llmpost.guards.moderation.classifier import trained
from llmpost.guards.moderation.features import NUM_ROWS
from llmpost.guards.moderation.running import alone, so_far
from llmpost.guards.moderation.sentences import sentences
from tools.moderation.corpus import Corpus
from tools.moderation.example import CATEGORIES, Example
from tools.moderation.labelled import kin_of
from tools.moderation.linear import Told, fitted
from tools.moderation.train import COLUMNS, calibrated, fold_of, told
from tools.moderation.written import written

TEXTS = (
    "We walked home. It was late, and the river was high.",
    "You idiot!",
    "I will kill you. I know where you live. Run.",
)


def test_written_sentences_are_whole() -> None:
    """No slot is left open, all categories but one are written about, and the same seed writes the same."""
    examples = list(written(3))
    assert examples == list(written(3))
    assert not any("{" in example.text or "\x02" in example.text for example in examples)
    for name in CATEGORIES:
        assert any(example.labels.get(name) == 1 for example in examples) == (name != "sexual_minors")
        assert any(example.labels.get(name) == 0 for example in examples)


def test_kin_stay_together() -> None:
    """Texts with eight words in succession in common, and their kin, have one number; others do not."""
    words = [f"w{number}" for number in range(40)]
    texts = [" ".join(words[:12]), " ".join(words[4:20]), " ".join(words[12:24]), " ".join(words[30:])]
    one, two, three, four = kin_of(texts)
    assert one == two == three != four
    assert fold_of(Example("a", "s", {}, {}, "k")) == fold_of(Example("b", "s", {}, {}, "k"))


def test_a_corpus_asks_as_the_classifier_does() -> None:
    """What a network is asked with about an example is what it will be asked with at the end of such a text."""
    classifier = trained()
    corpus = Corpus.of([Example(text, "s", {}, {}, str(at)) for at, text in enumerate(TEXTS)])
    given = corpus.inputs(classifier.table, classifier.opinions)
    for text, row in zip(TEXTS, given, strict=True):
        parts = [text[start:end] for start, end in sentences(text, 0, is_end=True)]
        values, _ = so_far(classifier.begin(), classifier.sums(parts), classifier.opinions)
        np.testing.assert_allclose(row, values[-1], rtol=1e-5, atol=1e-5)
    one = classifier.sums([TEXTS[1]])
    np.testing.assert_array_equal(
        alone(one, classifier.opinions), so_far(classifier.begin(), one, classifier.opinions)[0]
    )


def test_columns_know_only_what_was_told() -> None:
    """An example is told to the columns of its source and to no other."""
    known = told([Example("a", "surge_toxicity", {"toxicity": 1.0}, {"said_toxic": 1.0}, "k")])
    assert [name for name, value in zip(COLUMNS, known.values[0], strict=True) if not np.isnan(value)] == ["said_toxic"]
    assert trained().table.shape == (NUM_ROWS, len(COLUMNS))


def test_a_regression_finds_what_there_is() -> None:
    """A feature that goes with a label weighs for it, one that goes with nothing weighs little, and columns that
    nothing was told about weigh nothing."""
    dice = np.random.default_rng(0)
    seen = (dice.random((400, 3)) < 0.5).astype(np.float32)
    values = np.stack([seen[:, 0], np.full(400, np.nan)], 1).astype(np.float32)
    weights, _ = fitted(sparse.csr_matrix(seen), Told(values, np.ones_like(values), np.ones(2, np.float32)))
    assert weights[0, 0] > 5 * abs(weights[1:, 0]).max()
    assert not weights[:, 1].any()


def test_calibration_undoes_what_was_overdone() -> None:
    """Logits three times too large are made what they should be."""
    dice = np.random.default_rng(0)
    network = trained().network
    count = network.second[0].shape[1]
    true = dice.normal(size=(6000, count))
    values = (dice.random(true.shape) < 1 / (1 + np.exp(-true))).astype(float)
    after = calibrated(network, true * 3, values, np.ones(len(true)))
    # bundled weights are so small in places that their rounding shows: the largest of each column are compared
    largest = np.abs(network.second[0]).argmax(0), np.arange(count)
    np.testing.assert_allclose(after.second[0][largest] / network.second[0][largest], 1 / 3, atol=0.06)
