"""The moderation classifier by its definition: features one by one, networks in fractions, sentences as a partition."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.contracts.guard import Finding, GuardContext
from llmpost.guards.moderation.classifier import trained
from llmpost.guards.moderation.features import FIRSTS, NUM_ROWS, features, seen
from llmpost.guards.moderation.guard import ModerationGuard
from llmpost.guards.moderation.lexicon import lexicon
from llmpost.guards.moderation.network import Network
from llmpost.guards.moderation.sentences import LONGEST, sentences

_PLAIN = "I you will kill myself an idiot Muslims love 1d10t the river naked ! . ? … “ é 😀 https://example.com"
WORDS = st.sampled_from([*_PLAIN.split(), "k i l l", "\n", "\u200b", "\ud800", "\x00", "a" * 90, " " * 30])
TEXTS = st.lists(WORDS | st.characters(), max_size=40).map(" ".join)


@given(text=TEXTS, data=st.data())
@settings(deadline=None, max_examples=60)
def test_any_chunking(text: str, data: st.DataObject) -> None:
    """However a text is cut, all that is found of its pieces is what is found of the whole, digit for digit."""
    guard, context = ModerationGuard(), GuardContext()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    found: list[Finding] = []
    memory = None
    settled = 0
    for start, end in pairwise([0, *cuts, len(text)]):
        progress = guard.follow(memory, text[start:end], context, False)
        assert settled <= progress.settled
        assert all(finding.span.start >= settled for finding in progress.findings)
        memory, settled = progress.memory, progress.settled
        assert end - settled <= LONGEST
        found += progress.findings
    found += guard.follow(memory, "", context, True).findings
    assert found == list(guard.inspect(text, context))


@given(text=TEXTS, more=TEXTS)
@settings(deadline=None)
def test_sentences_are_a_partition(text: str, more: str) -> None:
    """Sentences follow each other without a gap, none is too long, and what is complete stays what more comes."""
    whole = list(sentences(text, 0, is_end=True))
    assert [0, *(end for _, end in whole)] == [*(start for start, _ in whole), len(text)]
    assert all(0 < end - start <= LONGEST for start, end in whole)
    complete = list(sentences(text, 0, is_end=False))
    assert complete == whole[: len(complete)]
    assert list(sentences(text + more, 0, is_end=False))[: len(complete)] == complete


@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_features_are_of_each_sentence_alone(texts: list[str]) -> None:
    """Read together, sentences have the features that each has alone: every one once, in order, in its own rows."""
    together = features([seen(text, lexicon()) for text in texts])
    for number, text in enumerate(texts):
        alone = features([seen(text, lexicon())])
        mine = together.groups // len(FIRSTS) == number
        assert together.rows[mine].tolist() == alone.rows.tolist() == sorted(set(alone.rows.tolist()))
        for kind, (low, high) in enumerate(pairwise([*FIRSTS, NUM_ROWS])):
            assert all(low <= row < high for row in alone.rows[alone.groups == kind])


@given(text=TEXTS)
@settings(deadline=None, max_examples=60)
def test_letters_by_definition(text: str) -> None:
    """As many rows of letters as there are runs of three to five that go into no second word, but for those that share
    one."""
    letters = seen(text, lexicon()).letters
    runs = {
        letters[at : at + size]
        for size in (3, 4, 5)
        for at in range(len(letters) - size + 1)
        if " " not in letters[at + 1 : at + size - 1]
    }
    found = features([seen(text, lexicon())])
    count = int((found.groups == 1).sum())
    assert 0.97 * len(runs) - 2 <= count <= len(runs)


@given(st.lists(st.lists(st.floats(-5, 5), min_size=4, max_size=4), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_networks_are_exact(inputs: list[list[float]], seed: int) -> None:
    """Every sum is the one that fractions have, so no order of adding can show."""
    dice = np.random.default_rng(seed)
    layers = [dice.normal(size=shape) for shape in ((4, 3), (3,), (3, 2), (2,))]
    network = Network.whole(np.zeros(4), np.ones(4), *layers)
    for row, said in zip(inputs, network.logits(np.array(inputs)), strict=True):
        given_ = [Fraction(round(min(max(value, -4), 4) * 256), 256) for value in row]
        hidden = _layer(given_, network.first)
        kept = [Fraction(round(min(max(value, Fraction(-1)), Fraction(1)) * 256), 256) for value in hidden]
        assert [float(value) for value in _layer(kept, network.second)] == said.tolist()


def _layer(values: list[Fraction], layer: tuple[np.ndarray, np.ndarray]) -> list[Fraction]:
    weights, added = layer
    columns = range(weights.shape[1])
    return [
        sum((value * Fraction(weights[at, to]) for at, value in enumerate(values)), Fraction(added[to]))
        for to in columns
    ]


def test_trained_is_whole() -> None:
    """The weights that ship are a table of bytes and a network of whole parts."""
    classifier = trained()
    assert classifier.table.dtype == np.int8
    assert classifier.table.shape[0] == NUM_ROWS
    for weights in (classifier.network.first[0], classifier.network.second[0]):
        assert np.array_equal(weights * 4096, np.round(weights * 4096))
