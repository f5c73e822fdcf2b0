"""How sure a judge is: what its model's own probabilities say, by their definition."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.contracts.text_model import Form, Message, Question, SpokenToken
from llmpost.engine.local_text_model import LocalTextModel
from llmpost.guards.judge.asking import Case
from llmpost.guards.judge.judge import Judge
from llmpost.guards.judge.likelihood import likelihoods
from llmpost.guards.judge.rubric import read_rubric
from llmpost.testing import scripted_engine

VERDICTS = ("yes", "no", "may be")
TOKENS = [b"yes", b"no", b"may be", b"y", b"may", b"es", b" be", b"n", b"o", b"?", b"</s>"]
"""Ways to spell a verdict, and what is none; a prompt comes through as question marks."""


def by_definition(logits: list[float]) -> dict[str, float]:
    """Each verdict has the tokens that it begins with, or that begin with it."""
    weights = [math.exp(logit) for logit in logits[:-1]]
    masses = {
        verdict: math.fsum(
            weight
            for token, weight in zip(TOKENS, weights, strict=False)
            if verdict.startswith(token.decode()) or token.decode().startswith(verdict)
        )
        for verdict in VERDICTS
    }
    return {verdict: mass / math.fsum(masses.values()) for verdict, mass in masses.items()}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-6, 6), min_size=len(TOKENS), max_size=len(TOKENS)))
def test_probabilities_are_the_models_own(logits: list[float]) -> None:
    """For every model whose next token is known, each verdict has its share of all that begins one."""
    tokens = [bytes([octet]) for octet in range(256)] + TOKENS
    row = [-100.0] * 256 + logits
    model = LocalTextModel("scripted", scripted_engine(lambda _: row, tokens, [len(tokens) - 1]))
    given_rubric = {"version": 1, "rule": "polite", "verdicts": {"yes": "fine", "no": "RUDE", "may be": "RUDE"}}
    opinion = Judge("m", lambda name: model, read_rubric(given_rubric, "rubric")).opinion(Case("a"))
    reply = model.complete(Question((Message("user", "a"),), Form("choice", VERDICTS)))
    expected = by_definition(logits)
    said = reply.text
    first = max((token for token in TOKENS if said.startswith(token.decode())), key=lambda t: logits[TOKENS.index(t)])
    if first.decode() == said:  # said at once: nothing follows that would say how sure it was of the rest
        assert opinion.verdicts == {verdict: pytest.approx(share, abs=1e-4) for verdict, share in expected.items()}
    assert math.fsum(opinion.verdicts.values()) == pytest.approx(1.0)


@given(st.floats(0.001, 0.999), st.integers(0, 3))
def test_however_a_verdict_is_cut_into_tokens_it_is_as_likely(share: float, num_certain: int) -> None:
    """Tokens before and behind the place where the verdicts part make no difference where they are certain."""
    said, other = "no: a.", "no: b."
    tokens: list[Any] = [SpokenToken(character, 0.0) for character in "{: "[:num_certain]]
    start = len(tokens)
    tokens += [SpokenToken("no: ", 0.0, (("no: ", 0.0),))]
    tokens += [SpokenToken("a", math.log(share), (("b", math.log(1 - share)), ("a", math.log(share))))]
    tokens += [SpokenToken(".", 0.0)]
    assert likelihoods(tokens, [said, other], said, start)[said] == pytest.approx(share)
