"""The law of whole outputs, written out: every sequence of tokens a scripted model may write, and how likely it is.

Slow and obvious: each row goes through the request's chain by itself, as a whole, and becomes a softmax in float64.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from scipy import stats

from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context
from llmpost.engine import Engine
from llmpost.engine.assemble import Recipe, assemble
from llmpost.policy import Settings
from llmpost.testing import Script, scripted_engine

TOKENS = [b"a", b"b", b"c", b"ab", b"<end>"]
END = len(TOKENS) - 1
PROMPT = (2,)

Law = Mapping[tuple[int, ...], float]


def engine_of(script: Script) -> Engine:
    return scripted_engine(script, TOKENS, [END])


def free_law(script: Script, settings: Mapping[str, Any]) -> Law:
    """Of all outputs under these settings, cut off where `max_new_tokens` cuts them off."""
    recipe = assemble(Settings(**settings), engine_of(script).loaded)
    return dict(_outputs(script, recipe, ()))


def given(law: Law, pattern: str) -> Law:
    """The law, given that the text matches."""
    whole = {tokens: p for tokens, p in law.items() if re.fullmatch(pattern, text_of(tokens))}
    return {tokens: p / sum(whole.values()) for tokens, p in whole.items()}


def mass(law: Law, pattern: str) -> float:
    return sum(p for tokens, p in law.items() if re.fullmatch(pattern, text_of(tokens)))


def text_of(tokens: Sequence[int]) -> str:
    return b"".join(TOKENS[token] for token in tokens if token != END).decode()


def fit(counts: Counter[tuple[int, ...]], law: Law) -> float:
    """The p-value of a chi-square test; outputs of which fewer than five are expected count as one."""
    assert counts.keys() <= law.keys()
    total = counts.total()
    usual = [tokens for tokens, p in law.items() if p * total >= 5]
    rare = [tokens for tokens in law if tokens not in usual]
    observed = [counts[tokens] for tokens in usual] + [sum(counts[tokens] for tokens in rare)]
    expected = [law[tokens] * total for tokens in usual] + [sum(law[tokens] for tokens in rare) * total]
    if expected[-1] < 5:
        observed[-2:], expected[-2:] = [sum(observed[-2:])], [sum(expected[-2:])]
    return float(stats.chisquare(observed, expected).pvalue)


def _outputs(script: Script, recipe: Recipe, tokens: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], float]]:
    if len(tokens) == recipe.settings.max_new_tokens or tokens[-1:] == (END,):
        yield tokens, 1.0
        return
    for token, probability in enumerate(_row(script, recipe, tokens)):
        if probability:
            for output, rest in _outputs(script, recipe, (*tokens, token)):
                yield output, probability * rest


def _row(script: Script, recipe: Recipe, tokens: tuple[int, ...]) -> list[float]:
    row = torch.tensor(np.array([script((*PROMPT, *tokens))], dtype=np.float32))
    staged = recipe.chain.apply(row, [Step(Context.of(PROMPT, tokens))])
    return staged.double().softmax(1)[0].tolist()
