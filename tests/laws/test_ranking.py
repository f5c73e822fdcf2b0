"""The head of a row against a sort of all of it, and mass that adds up the same in every order."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_logits import logits_rows

from llmpost.contracts.tokens import Logits
from llmpost.logits.mass import UNITS, masses, whole_mass
from llmpost.logits.ranking import BLOCK, NOBODY, Blocks, rank


def descending(row: np.ndarray) -> list[int]:
    """By value, then by id, both from above."""
    return sorted(range(len(row)), key=lambda token: (row[token] + 0.0, token), reverse=True)


@given(logits_rows(max_rows=6), st.integers(1, 2048) | st.sampled_from([1, 64]), st.data())
def test_a_head_is_the_best(logits: Logits, width: int, data: st.DataObject) -> None:
    """The candidates, ranked, begin with the `width` best values and ids that have them; so for some rows alone."""
    blocks = Blocks(logits)
    rows = data.draw(st.lists(st.integers(0, len(logits) - 1), min_size=1, unique=True))
    for some, of in ((blocks, range(len(logits))), (blocks.of_rows(torch.tensor(rows)), rows)):
        values, ids = rank(*some.candidates(width), width)
        assert torch.equal(some.rows(), logits[list(of)])
        assert torch.equal(some.top, logits[list(of)].amax(1))
        for number, head, places in zip(of, values.numpy(), ids.numpy(), strict=True):
            row = logits[number].numpy()
            np.testing.assert_array_equal(head, np.sort(row)[::-1][:width])
            finite = head > -np.inf
            np.testing.assert_array_equal(row[places[finite]], head[finite])
            assert len(set(places[finite].tolist())) == finite.sum()
            order = list(zip(head[finite], places[finite], strict=True))
            assert order == sorted(order, reverse=True)


@given(logits_rows())
def test_the_best_is_the_lowest_of_the_best(logits: Logits) -> None:
    """``best`` is the arg-max, the lowest id among equals; ``top`` is its value."""
    blocks = Blocks(logits)
    assert blocks.best().tolist() == [int(np.argmax(row)) for row in logits.numpy()]
    assert blocks.top.tolist() == logits.amax(1).tolist()


@given(logits_rows(max_rows=6), st.integers(1, 12), st.data())
def test_leaders_come_in_order_as_far_as_they_are_certain(logits: Logits, count: int, data: st.DataObject) -> None:
    """By value, the lowest id first among equals; then nobody. Where values differ, as many as were asked for."""
    blocks = Blocks(logits)
    rows = data.draw(st.lists(st.integers(0, len(logits) - 1), min_size=1, unique=True))
    for number, leaders in zip(rows, blocks.of_rows(torch.tensor(rows)).leaders(count).tolist(), strict=True):
        row = logits[number].numpy()
        best = [i for i in sorted(range(len(row)), key=lambda token: (-row[token], token)) if row[i] > -np.inf][:count]
        certain = [token for token in leaders if token != NOBODY]
        assert certain == best[: len(certain)]
        assert set(leaders[len(certain) :]) <= {NOBODY}
        if len(row) <= 4096:
            assert certain == best
        elif count > 1 and len(set(row[best])) == len(best):
            assert len(certain) >= min(len(best), count - 1)


@given(logits_rows(), st.data())
def test_rank_is_one_total_order(logits: Logits, data: st.DataObject) -> None:
    """Any selection of a row in any order is ranked by value, then by id, and keeps its values."""
    width = logits.shape[1]
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    ids = torch.from_numpy(np.stack([rng.permutation(width)[: max(1, width // 2)] for _ in range(len(logits))]))
    logits[logits == 0.0] = -0.0
    values, ranked = rank(logits.gather(1, ids), ids)
    for row, some, ours, best in zip(logits.numpy(), ids.numpy(), ranked.numpy(), values.numpy(), strict=True):
        assert ours.tolist() == [some[place] for place in np.lexsort((some, row[some] + 0.0))[::-1]]
        np.testing.assert_array_equal(row[ours], best)


@given(logits_rows(), st.floats(0.1, 3.0), st.data())
def test_mass_does_not_depend_on_company(logits: Logits, temperature: float, data: st.DataObject) -> None:
    """An id's mass is the same in any slice and any order, and a row's mass the same in any batch."""
    scale = torch.tensor([[temperature]])
    top = (logits / scale).amax(1, keepdim=True)
    each = masses(logits / scale, top)
    order = torch.from_numpy(np.random.default_rng(data.draw(st.integers(0, 99))).permutation(logits.shape[1]))
    start = data.draw(st.integers(0, logits.shape[1]))
    assert torch.equal(masses((logits / scale)[:, order], top), each[:, order])
    assert torch.equal(masses((logits / scale)[:, start:], top), each[:, start:])
    blocks = Blocks(logits)
    assert whole_mass(blocks, scale, top).flatten().tolist() == each.sum(1).tolist()
    for row in range(len(logits)):
        alone = blocks.of_rows(torch.tensor([row]))
        assert whole_mass(alone, scale, top[row : row + 1]).item() == each[row].sum().item()


WIDER = [16320, 16385, 20001]
"""Of these each row is weighed by itself, and only where something weighs."""


@given(logits_rows(max_rows=3, width=st.sampled_from(WIDER)), st.none() | st.floats(0.1, 3.0), st.data())
@settings(max_examples=60)
def test_mass_is_the_definition(logits: Logits, temperature: float | None, data: st.DataObject) -> None:
    """Units of the exponential, rounded down, of every id; also where most blocks are empty or far below the top."""
    first = data.draw(st.integers(0, logits.shape[1] - 1))
    logits[0, : first + 1], logits[0, first] = data.draw(st.sampled_from([-torch.inf, -90.0, logits[0, 0].item()])), 3.0
    scale = None if temperature is None else torch.tensor([[temperature]])
    scaled = logits if scale is None else logits / scale
    top = scaled.amax(1, keepdim=True)
    expected = ((scaled - top).exp() * UNITS).long().sum(1)
    rows = data.draw(st.lists(st.integers(0, len(logits) - 1), min_size=1, unique=True))
    some = Blocks(logits).of_rows(torch.tensor(rows))
    assert whole_mass(some, scale, top[rows]).flatten().tolist() == expected[rows].tolist()


@given(logits_rows(max_rows=3), st.data())
def test_parts_have_all_that_is_wanted(logits: Logits, data: st.DataObject) -> None:
    """Every id of a block that is wanted, each once, ascending, with its value; nothing else where few are wanted."""
    blocks = Blocks(logits)
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    share = data.draw(st.sampled_from([0.0, 0.02, 0.3, 0.6, 1.0]))
    is_wanted = torch.from_numpy(rng.random(blocks.maxima.shape) < share)
    for row, wanted, (values, ids) in zip(logits, is_wanted, blocks.parts(is_wanted), strict=True):
        listed = ids[0].tolist()
        assert listed == sorted(set(listed))
        assert values[0].tolist() == row[ids[0]].tolist()
        assert {id_ for id_ in range(len(row)) if wanted[id_ // BLOCK]} <= set(listed)
        if 0 < 2 * wanted.sum() <= len(wanted):
            assert len(listed) <= BLOCK * wanted.sum()
