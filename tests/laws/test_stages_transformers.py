"""Each stage against transformers' processor of the same name, with equal settings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import stage_definitions as define
import torch
from hypothesis import given
from hypothesis import strategies as st
from random_logits import History, histories, logits_rows
from transformers import (
    ForcedEOSTokenLogitsProcessor,
    MinNewTokensLengthLogitsProcessor,
    MinPLogitsWarper,
    NoBadWordsLogitsProcessor,
    NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    SequenceBiasLogitsProcessor,
    SuppressTokensAtBeginLogitsProcessor,
    SuppressTokensLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from llmpost.contracts.stage import LogitsStage
from llmpost.contracts.tokens import Logits
from llmpost.logits import (
    Biases,
    Forced,
    ForcedTokens,
    MinLength,
    MinP,
    NoRepeatNgram,
    RepetitionPenalty,
    SequenceBias,
    Temperature,
    TopK,
    TopP,
    Window,
)
from llmpost.logits.foreign import Processor

EDGE = 1e-5
"""How near the border of a nucleus transformers' float32 sums may put an id on either side of it."""

histories_of_rows = st.lists(histories(6), min_size=4, max_size=4)


def ours(stage: LogitsStage, logits: Logits, each: Sequence[History]) -> Logits:
    return stage.apply(logits.clone(), [history.step() for history in each[: len(logits)]])


def theirs(processor: Processor, logits: Logits, each: Sequence[History]) -> Logits:
    """Row by row, because their batches need contexts of one length."""
    rows = zip(logits.split(1), each, strict=False)
    return torch.cat([processor(torch.tensor([history.ids], dtype=torch.long), row.clone()) for row, history in rows])


def same(logits: Logits, stage: LogitsStage, processor: Processor, each: Sequence[History]) -> None:
    torch.testing.assert_close(ours(stage, logits, each), theirs(processor, logits, each), rtol=0, atol=0)


A_HISTORY = [History((0,), ())] * 4


@given(logits_rows(), st.floats(0.05, 20.0))
def test_temperature(logits: Logits, value: float) -> None:
    """Bit for bit."""
    same(logits, Temperature(value), TemperatureLogitsWarper(value), A_HISTORY)


@given(logits_rows(), st.integers(1, 80) | st.sampled_from([2040, 5000]))
def test_top_k(logits: Logits, k: int) -> None:
    """Bit for bit, ties and all."""
    same(logits, TopK(k), TopKLogitsWarper(k), A_HISTORY)


@given(logits_rows(), st.floats(0.001, 0.9999))
def test_top_p(logits: Logits, p: float) -> None:
    """As many survive, and the same values, but where the border is so near an id that float32 sums cannot tell.

    Which of several equal ids at the border survives is not compared: transformers' sort is not stable.
    """
    for row, kept, kept_there in zip(
        logits.double().numpy(),
        (ours(TopP(p), logits, A_HISTORY) > -np.inf).numpy(),
        (theirs(TopPLogitsWarper(p), logits, A_HISTORY) > -np.inf).numpy(),
        strict=True,
    ):
        descending = np.sort(row)[::-1]
        for survivors in (kept, kept_there):
            assert (np.sort(row[survivors])[::-1] == descending[: survivors.sum()]).all()
        fewer, more = sorted((kept.sum(), kept_there.sum()))
        assert (np.abs(np.sort(define.masses_before(row))[fewer:more] - p) < EDGE).all()


@given(logits_rows(), st.floats(1e-4, 1.0))
def test_min_p(logits: Logits, p: float) -> None:
    """The same ids survive, but for ids whose likelihood is p times the best's to within rounding."""
    differs = (ours(MinP(p), logits, A_HISTORY) > -np.inf) != (theirs(MinPLogitsWarper(p), logits, A_HISTORY) > -np.inf)
    gaps = logits.double() - logits.double().amax(1, keepdim=True) - np.log(p)
    scale = 1.0 + logits.double().amax(1, keepdim=True).abs()
    assert ((gaps / scale)[differs].abs() < 1e-6).all()


@given(logits_rows(), histories_of_rows, st.floats(0.5, 2.0), st.booleans())
def test_repetition_penalty(logits: Logits, each: list[History], factor: float, with_prompt: bool) -> None:
    """Bit for bit, with the prompt in the window and without (``prompt_ignore_length``)."""
    each = [History((0, *history.prompt), history.output) for history in each]
    each = [
        History(tuple(t % logits.shape[1] for t in h.prompt), tuple(t % logits.shape[1] for t in h.output))
        for h in each
    ]
    stage = RepetitionPenalty(factor, Window(with_prompt=with_prompt))
    for row, history in zip(logits.split(1), each, strict=False):
        ignored = None if with_prompt else len(history.prompt)
        same(row, stage, RepetitionPenaltyLogitsProcessor(factor, prompt_ignore_length=ignored), [history])


@given(logits_rows(), histories_of_rows, st.integers(1, 5))
def test_no_repeat_ngram(logits: Logits, each: list[History], size: int) -> None:
    """Bit for bit."""
    each = [History((0, *(t % logits.shape[1] for t in h.ids)), ()) for h in each]
    same(logits, NoRepeatNgram(size), NoRepeatNGramLogitsProcessor(size), each)


sequences = st.lists(st.integers(0, 4), min_size=1, max_size=4).map(tuple)


@given(
    logits_rows(), histories_of_rows, st.dictionaries(sequences, st.integers(-5, 5).map(float), min_size=1, max_size=8)
)
def test_sequence_bias(logits: Logits, each: list[History], biases: dict[tuple[int, ...], float]) -> None:
    """The same to within one rounding, the sum of several biases on one id included."""
    if logits.shape[1] < 6:
        return
    torch.testing.assert_close(
        ours(SequenceBias(Biases(biases)), logits, each),
        theirs(SequenceBiasLogitsProcessor(biases), logits, each),
        rtol=1e-6,
        atol=1e-6,
    )


@given(logits_rows(), histories_of_rows, st.sets(sequences, min_size=1, max_size=8))
def test_banned_sequences(logits: Logits, each: list[History], banned: set[tuple[int, ...]]) -> None:
    """Bit for bit."""
    if logits.shape[1] < 6:
        return
    words = [list(sequence) for sequence in sorted(banned)]
    same(logits, SequenceBias(Biases.banning(banned)), NoBadWordsLogitsProcessor(words, eos_token_id=None), each)


@given(logits_rows(), histories_of_rows, st.sets(st.integers(0, 5), min_size=1))
def test_suppressed_tokens(logits: Logits, each: list[History], banned: set[int]) -> None:
    """Bit for bit, always and at the start alone."""
    if logits.shape[1] < 6:
        return
    same(
        logits, SequenceBias(Biases.banning((t,) for t in banned)), SuppressTokensLogitsProcessor(sorted(banned)), each
    )
    for row, history in zip(logits.split(1), each, strict=False):
        processor = SuppressTokensAtBeginLogitsProcessor(sorted(banned), begin_index=len(history.prompt))
        same(row, SequenceBias(Biases(at_start=sorted(banned))), processor, [history])


@given(logits_rows(), histories_of_rows, st.integers(0, 9), st.sets(st.integers(0, 5), min_size=1, max_size=3))
def test_min_length(logits: Logits, each: list[History], tokens: int, ends: set[int]) -> None:
    """Bit for bit."""
    if logits.shape[1] < 6:
        return
    for row, history in zip(logits.split(1), each, strict=False):
        processor = MinNewTokensLengthLogitsProcessor(len(history.prompt), tokens, sorted(ends))
        same(row, MinLength(tokens, frozenset(ends)), processor, [history])


@pytest.mark.parametrize("length", [0, 1, 2, 3])
def test_forced_end(length: int) -> None:
    """The same distribution: all the mass on the end id before the cap, and nothing changed elsewhere."""
    logits, history = torch.tensor([[0.5, -1.0, 2.0]]), History((0, 1), (2,) * length)
    processor = ForcedEOSTokenLogitsProcessor(max_length=2 + 3, eos_token_id=1)
    forced = ours(ForcedTokens(Forced({2: 1})), logits, [history])
    torch.testing.assert_close(forced.softmax(1), theirs(processor, logits, [history]).softmax(1), rtol=0, atol=0)
