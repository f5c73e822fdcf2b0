"""What trains the finder of names: its examples are what they say, and what is stored is what was trained."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from llmpost.guards.names.features import features
from llmpost.guards.names.finder import Finder
from llmpost.guards.names.tagger import Tagger
from llmpost.guards.names.words import words_of
from tools.names import prose, train
from tools.names.draw import Draw, lines
from tools.names.example import LABELS, Entity, Example, assembled, joined, pieces_of
from tools.names.labelled import PATTERNS, PRESIDIO, labelled, varied
from tools.names.scoring import scores
from tools.names.slots import SLOTS, filled, whole

PLAN = train.Plan(num_drawn=300, num_variants=1, num_epochs=1)


def is_sound(example: Example) -> bool:
    """Entities stand in the text, in order, apart from each other, and begin and end with no space."""
    places = [place for entity in example.entities for place in (entity.start, entity.end)]
    texts = [example.text[entity.start : entity.end] for entity in example.entities]
    labels = {entity.label for entity in example.entities}
    return places == sorted(places) and all(t and t == t.strip() for t in texts) and labels <= set(LABELS[1:])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of sets of two rows each."""
    row = {
        "text": "Maria Chen lives in Lisbon. He told my boss.",
        "spans": [{"start": 0, "end": 10, "label": "PERSON"}, {"start": 20, "end": 26, "label": "LOCATION"}],
        "meta": {"template": "{{PERSON}} lives in {{GPE}}. He told my boss."},
    }
    other = {"text": "Nothing here, and no one.", "spans": [], "meta": {"template": "Nothing here, and no one."}}
    for name in (PRESIDIO, PATTERNS, *prose.SETS):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(map(json.dumps, (row, other))))
    return tmp_path


def test_drawn_examples_are_sound() -> None:
    """Every template can be filled, and its slots are labelled where they stand."""
    draw = Draw(random.Random(5))
    for template in lines("templates"):
        assert is_sound(whole(filled(template, draw)))


@pytest.mark.parametrize("slot", SLOTS)
def test_slots_are_filled_with_words(slot: str) -> None:
    """Whatever may stand in a slot has a word in it and no slot of its own."""
    draw = Draw(random.Random(6))
    for _ in range(200):
        drawn = SLOTS[slot][1](draw)
        assert any(char.isalnum() for char in drawn)
        assert "{" not in drawn


def test_pieces_put_together_again() -> None:
    """An example taken apart and assembled is itself."""
    example = Example("I met Maria Chen in Lisbon", (Entity(6, 16, "PERSON"), Entity(20, 26, "LOCATION")), "key")
    assert assembled(pieces_of(example), "key") == example


def test_joined_parts() -> None:
    """Parts with nothing but what is named between them are one, others stay."""
    parts = (Entity(0, 6, "STREET_ADDRESS"), Entity(7, 13, "STREET_ADDRESS"), Entity(18, 24, "STREET_ADDRESS"))
    example = Example("1 Mill, Lisbon and Lisbon", parts)
    assert joined(example, frozenset({"STREET_ADDRESS"}), " ,").entities == (
        Entity(0, 13, "STREET_ADDRESS"),
        Entity(18, 24, "STREET_ADDRESS"),
    )


def test_examples_of_a_seed(data: Path) -> None:
    """The same seed gives the same sound examples, another seed others."""
    first = train.taught(data, PLAN)
    assert first == train.taught(data, PLAN) != train.taught(data, train.Plan(seed=1, num_drawn=300, num_variants=1))
    assert all(is_sound(example) for example in first)


def test_held_out_is_not_taught(data: Path) -> None:
    """No example of a template that is held out is taught; one fold of all holds it out."""
    (example, _) = labelled(data, PRESIDIO)
    folds = [fold for fold in range(train.NUM_FOLDS) if train.is_held_out(example, fold)]
    (fold,) = folds
    plan = train.Plan(num_drawn=5, num_variants=2, fold=fold, without=(PATTERNS,))
    assert example.key not in {taught.key for taught in train.taught(data, plan)}


def test_varied_keeps_what_is_said(data: Path) -> None:
    """Other names stand where names stood, under the same labels, in the same words."""
    (example, _) = labelled(data, PRESIDIO)
    other = varied(example, Draw(random.Random(2)))
    assert [e.label for e in other.entities] == [e.label for e in example.entities]
    assert [text for text, label in pieces_of(other) if label is None] == [
        text for text, label in pieces_of(example) if label is None
    ]


def test_stored_is_what_was_trained(data: Path, tmp_path: Path) -> None:
    """The tagger's whole numbers are the network's, for every word, and a training can be repeated to the bit."""
    torch.set_num_threads(1)
    examples = train.taught(data, PLAN)
    network = train.train(train.stream(examples), PLAN)
    train.save(network, tmp_path / "a.npz")
    train.save(train.train(train.stream(examples), PLAN), tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    tagger = Tagger.load(tmp_path / "a.npz")
    for example in examples[:40]:
        rows = train.stream([example])
        is_word = (rows.ids != rows.ids.max()).any(axis=1)
        words = words_of(example.text, is_end=True)
        assert is_word.sum() == len(words) == len(features(words))
        with torch.no_grad():
            logits = network(torch.from_numpy(rows.ids)).numpy()[is_word]
        np.testing.assert_array_equal(np.rint(logits / tagger.scale).astype(np.int64), tagger.logits(words))


def test_scores() -> None:
    """A span counts as exact, as overlapping or as found at all, and a full stop at its end does not count."""
    finder = Finder(Tagger.load(Path(train.__file__).parents[2] / "llmpost/guards/names/names.npz"), {"PERSON": 0.5})
    text = "My name is Maria Chen."
    exact = scores(finder, [Example(text, (Entity(11, 22, "PERSON"),))])["PERSON"]
    assert (exact.num_labelled, exact.labelled_hits, exact.found_hits) == (1, [1, 1, 1], [1, 1, 1])
    partly = scores(finder, [Example(text, (Entity(11, 16, "PERSON"),))])["PERSON"]
    assert partly.labelled_hits == [0, 1, 1]
    other = scores(finder, [Example(text, (Entity(11, 16, "LOCATION"),))])
    assert other["LOCATION"].labelled_hits == [0, 0, 1]
    assert other["PERSON"].recalls != other["PERSON"].recalls  # of nothing, there is no share
