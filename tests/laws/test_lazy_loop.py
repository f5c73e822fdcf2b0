"""Texts drawn token by token under regular expressions, with masks where they are needed and with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_chains import draw as draw_tokens
from random_chains import requests
from random_languages import constraint_in
from random_logits import STYLES, make_row, seeds
from random_regexes import LETTERS, patterns

from llmpost.constraints.regex import RegexSource
from llmpost.constraints.space import Limits, Space
from llmpost.constraints.state import State
from llmpost.constraints.tools import PLAIN, best_tools
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import ConstraintError, LlmpostError
from llmpost.logits import Chain
from llmpost.vocabulary import Vocabulary
from llmpost.vocabulary.trie import TEXT_BYTES

pytestmark = pytest.mark.slow  # `make test` runs it

WORDS = ["".join(letters).encode() for length in (1, 2, 3, 4) for letters in product(LETTERS, repeat=length)]
PIECES = [b"a", b"b", b"ab", b"aK", b" ", b"1", b" 1", b"\n", b"a b", b"\xc3", b"\xa9", b"\xa9a", b"b\xc3", b"a"]
BYTES = [bytes([octet]) for octet in sorted(TEXT_BYTES)]
VOCABULARIES = [
    Vocabulary.from_tokens([b"</s>", *PIECES], eos_ids=[0]),
    Vocabulary.from_tokens([b"</s>", *BYTES, *PIECES]),
    Vocabulary.from_tokens([b"</s>", b"</t>", *WORDS, *BYTES], eos_ids=[0, 1]),
    Vocabulary.from_tokens([*WORDS[:2000], b"</s>", *WORDS[2000:]], eos_ids=[2000]),
]
"""Heads that are the whole row and heads that are not; liveness over bytes and over tokens."""


@dataclass(frozen=True)
class Row:
    """A request under way, where its text stands, and where that is in a space that nobody drew lazily in."""

    chain: Chain
    step: Step
    twin: State | None

    def held(self) -> Step:
        return self.step

    def free(self) -> Step:
        return replace(self.step, constraint=None)

    def masked(self, logits: Logits) -> Logits:
        """The mask as its definition reads; ids beyond the vocabulary are forbidden."""
        if self.twin is None:
            return logits
        banned = np.ones(logits.shape[1], dtype=np.bool_)
        banned[self.twin.mask().ids()] = False
        return logits.masked_fill(torch.from_numpy(banned), -torch.inf)

    def after(self, token: int) -> Row:
        state = None if self.step.constraint is None else self.step.constraint.advance(token)
        step = replace(self.step, context=self.step.context.append(token), constraint=state)
        return Row(self.chain, step, None if self.twin is None else self.twin.advance(token))


@st.composite
def rows(draw: st.DrawFn, space: Space, twin: Space) -> Row:
    """A request without log-probabilities, for which every mask would be made beforehand."""
    request = draw(requests(space.tokens.size, with_foreign=False))
    step = replace(request.step, num_top_logprobs=None)
    if draw(st.integers(0, 7)) == 0:
        return Row(request.chain, step, None)
    source = source_of(draw(patterns()))
    constraint, other = constraint_in(space, source), constraint_in(twin, source)
    assume(constraint is not None and other is not None)
    assert constraint is not None and other is not None  # noqa: PT018  # for mypy
    return Row(request.chain, replace(step, constraint=constraint.start()), other.start())


def source_of(pattern: str) -> RegexSource:
    try:
        return RegexSource.of(pattern)
    except ConstraintError:  # a look-behind in a loop, say
        assume(False)
        raise


def token_or_error(outcome: Pick | LlmpostError) -> int | type[LlmpostError]:
    return outcome.token if isinstance(outcome, Pick) else type(outcome)


def drawn(batch: Sequence[Row], logits: Logits) -> list[int | type[LlmpostError]]:
    """One token for each row; lazily and under full masks it is the same."""
    chains = [row.chain for row in batch]
    full = torch.cat([row.masked(logits[place : place + 1]) for place, row in enumerate(batch)])
    lazy_outcomes = draw_tokens(chains, logits, [row.held() for row in batch])
    full_outcomes = draw_tokens(chains, full, [row.free() for row in batch])
    tokens = list(map(token_or_error, lazy_outcomes))
    assert tokens == list(map(token_or_error, full_outcomes))
    return tokens


@given(st.data())
@settings(max_examples=50)
def test_lazy_texts_are_full_texts(data: st.DataObject) -> None:
    """Any regular expressions, chains, seeds and candidates side by side, masks dear and cheap, kept and evicted, rows
    that end before their neighbours: every token is the one drawn under full masks."""
    vocabulary = data.draw(st.sampled_from(VOCABULARIES))
    limits = Limits(mask_bytes=data.draw(st.sampled_from([0, 1 << 20])))
    space = Space(vocabulary, limits, data.draw(st.sampled_from([PLAIN, best_tools()])))
    twin = Space(vocabulary, tools=PLAIN)
    batch = data.draw(st.lists(rows(space, twin), min_size=1, max_size=4))
    width = vocabulary.size + data.draw(st.sampled_from([0, 0, 9]))
    rng = np.random.default_rng(data.draw(seeds))
    for styles in data.draw(st.lists(st.lists(st.sampled_from(STYLES), min_size=4, max_size=4), max_size=6)):
        made = [make_row(rng, width, style) for _, style in zip(batch, styles, strict=False)]
        tokens = drawn(batch, torch.from_numpy(np.stack(made)).float())
        going = [(row, token) for row, token in zip(batch, tokens, strict=True) if isinstance(token, int)]
        batch = [row.after(token) for row, token in going if token not in vocabulary.end_ids]
        if not batch:
            return
