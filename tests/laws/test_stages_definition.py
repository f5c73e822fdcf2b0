"""Each stage against its definition (`stage_definitions.py`), with settings that differ from row to row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import stage_definitions as define
import torch
from hypothesis import given
from hypothesis import strategies as st
from random_logits import History, histories, logits_rows

from llmpost.contracts.stage import LogitsStage
from llmpost.contracts.tokens import Logits
from llmpost.logits import (
    Biases,
    Forced,
    ForcedTokens,
    FrequencyPenalty,
    MinLength,
    MinP,
    NoRepeatNgram,
    PresencePenalty,
    RepetitionPenalty,
    SequenceBias,
    Temperature,
    TopK,
    TopP,
    Window,
)

EDGE = 4e-6
"""How near the border of a nucleus, in mass, float32 may put an id on either side of it."""


def doubles(logits: Logits) -> list[define.Row]:
    return list(logits.double().numpy())


def in_rows(values: Sequence[Any]) -> Any:
    """A per-row parameter: one value where there is one row."""
    return tuple(values) if len(values) > 1 else values[0]


def for_each_row(data: st.DataObject, logits: Logits, of: st.SearchStrategy[Any]) -> list[Any]:
    return [data.draw(of) for _ in range(len(logits))]


def check_edit(stage: LogitsStage, logits: Logits, steps: Sequence[Any], expected: Sequence[define.Row]) -> None:
    edited = stage.apply(logits.clone(), steps)
    assert edited.dtype == torch.float32
    for ours, twin in zip(doubles(edited), expected, strict=True):
        np.testing.assert_allclose(ours, twin, rtol=1e-6, atol=1e-6)


def check_cut(
    stage: LogitsStage, logits: Logits, twin: Callable[[int, define.Row], tuple[define.Kept, define.Kept]]
) -> None:
    """`twin` gives the survivors of a row and where the answer is too close to call."""
    steps = [History((0,), ()).step()] * len(logits)
    for number, (ours, row) in enumerate(
        zip(doubles(stage.apply(logits.clone(), steps)), doubles(logits), strict=True)
    ):
        kept, close = twin(number, row)
        survives = ours > -np.inf
        assert (survives == (kept & (row > -np.inf)))[~close].all()
        assert (ours[survives] == row[survives]).all()
        assert survives.any()


@given(logits_rows(), st.data())
def test_temperature(logits: Logits, data: st.DataObject) -> None:
    """Temperature divides."""
    values = for_each_row(data, logits, st.floats(0.05, 20.0))
    expected = [define.temperature(row, value) for row, value in zip(doubles(logits), values, strict=True)]
    check_edit(Temperature(in_rows(values)), logits, [None] * len(logits), expected)


@given(logits_rows(), st.data())
def test_top_k(logits: Logits, data: st.DataObject) -> None:
    """Top-k keeps what is no worse than the k-th best, whatever the number of ties; 0 keeps all."""
    ks = for_each_row(data, logits, st.integers(0, 80) | st.sampled_from([2040, 3000, 5000]))
    nowhere = np.zeros(logits.shape[1], dtype=bool)
    check_cut(TopK(in_rows(ks)), logits, lambda number, row: (define.top_k(row, ks[number]), nowhere))


@given(logits_rows(), st.data())
def test_top_p(logits: Logits, data: st.DataObject) -> None:
    """Top-p keeps an id when the ids before it, the higher of equals first, have less than p of the mass."""
    ps = for_each_row(data, logits, st.floats(0.001, 0.9999) | st.sampled_from([0.25, 0.5, 0.9, 1.0]))

    def twin(number: int, row: define.Row) -> tuple[define.Kept, define.Kept]:
        p = ps[number]
        return define.top_p(row, p), (np.abs(define.masses_before(row) - p) < EDGE) & (p < 1.0)

    check_cut(TopP(in_rows(ps)), logits, twin)


@given(logits_rows(), st.data())
def test_min_p(logits: Logits, data: st.DataObject) -> None:
    """Min-p keeps an id when it is at least p times as likely as the best; 0 keeps all."""
    ps = for_each_row(data, logits, st.floats(1e-20, 1.0) | st.sampled_from([0.0, 1e-14, 1e-12, 0.05, 0.5, 1.0]))

    def twin(number: int, row: define.Row) -> tuple[define.Kept, define.Kept]:
        if (p := ps[number]) == 0.0:
            return np.ones(len(row), dtype=bool), np.zeros(len(row), dtype=bool)
        gaps = row - row.max() - np.log(p)  # >= 0: keep; the same comparison in logarithms
        return gaps >= 0, np.abs(gaps) < 1e-6 * (1.0 + np.abs(row.max()))

    check_cut(MinP(in_rows(ps)), logits, twin)


@given(logits_rows(), st.data())
def test_penalties_of_seen_ids(logits: Logits, data: st.DataObject) -> None:
    """Repetition, presence and frequency penalty fall on the ids in the window: prompt in or out, last n or all."""
    histories_ = for_each_row(data, logits, histories(logits.shape[1]))
    windows = for_each_row(data, logits, st.builds(Window, st.booleans(), st.none() | st.integers(0, 9)))
    factors = for_each_row(data, logits, st.floats(0.5, 2.0) | st.just(1.0))
    amounts = for_each_row(data, logits, st.floats(-2.0, 2.0) | st.just(0.0))
    seen = [define.window(h.prompt, h.output, w.with_prompt, w.last) for h, w in zip(histories_, windows, strict=True)]
    steps = [history.step() for history in histories_]
    for kind, values, twin in (
        (RepetitionPenalty, factors, define.repetition_penalty),
        (PresencePenalty, amounts, define.presence_penalty),
        (FrequencyPenalty, amounts, define.frequency_penalty),
    ):
        expected = [twin(*each) for each in zip(doubles(logits), seen, values, strict=True)]
        check_edit(kind(in_rows(values), in_rows(windows)), logits, steps, expected)


@given(logits_rows(), st.data())
def test_no_repeat_ngram(logits: Logits, data: st.DataObject) -> None:
    """An id is masked exactly when it would complete an n-gram that prompt and output already hold."""
    histories_ = for_each_row(data, logits, histories(logits.shape[1]))
    sizes = for_each_row(data, logits, st.integers(0, 5))
    expected = [
        define.no_repeat_ngram(row, history.ids, size)
        for row, history, size in zip(doubles(logits), histories_, sizes, strict=True)
    ]
    check_edit(NoRepeatNgram(in_rows(sizes)), logits, [history.step() for history in histories_], expected)


@given(logits_rows(), st.data())
def test_sequence_bias(logits: Logits, data: st.DataObject) -> None:
    """A bias falls on the last id of its sequence when the context ends with the others; ``at_start`` bans at first."""
    token = st.integers(0, min(6, logits.shape[1]) - 1)
    mapping = st.dictionaries(
        st.lists(token, min_size=1, max_size=4).map(tuple), st.floats(-5.0, 5.0) | st.just(-np.inf), max_size=8
    )
    histories_ = for_each_row(data, logits, histories(logits.shape[1]))
    each = for_each_row(data, logits, st.tuples(mapping, st.lists(token, max_size=2)))
    expected = []
    for row, history, (biases, at_start) in zip(doubles(logits), histories_, each, strict=True):
        twin = define.sequence_bias(row, history.ids, biases)
        expected.append(define.min_length(twin, len(history.output), 1, at_start))
    stage = SequenceBias(in_rows([Biases(biases, at_start) for biases, at_start in each]))
    check_edit(stage, logits, [history.step() for history in histories_], expected)


@given(logits_rows(), st.data())
def test_min_length_and_forced_tokens(logits: Logits, data: st.DataObject) -> None:
    """End ids are masked until the output is long enough; where a token is forced, all others are masked."""
    token = st.integers(0, logits.shape[1] - 1)
    histories_ = for_each_row(data, logits, histories(logits.shape[1]))
    steps, lengths = [history.step() for history in histories_], [len(history.output) for history in histories_]
    limits = for_each_row(data, logits, st.integers(0, 9))
    ends = for_each_row(data, logits, st.frozensets(token, max_size=3))
    rows = doubles(logits)
    expected = [define.min_length(*each) for each in zip(rows, lengths, limits, map(list, ends), strict=True)]
    check_edit(MinLength(in_rows(limits), in_rows(ends)), logits, steps, expected)
    forced = for_each_row(data, logits, st.dictionaries(st.integers(0, 9), token))
    expected = [define.forced(*each) for each in zip(rows, lengths, forced, strict=True)]
    check_edit(ForcedTokens(in_rows([Forced(each) for each in forced])), logits, steps, expected)
