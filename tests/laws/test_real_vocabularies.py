"""Masks of real vocabularies equal brute force: every token, asked one by one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from llmpost.constraints.budget import Budget
from llmpost.constraints.compiling import compile_in
from llmpost.constraints.space import Space
from llmpost.errors import TokenRejected
from llmpost.vocabulary import Vocabulary

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "vocab"
PATTERNS = {
    r"\d{4}-\d{2}-\d{2}": "2024-",
    r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]){0,30}"': '"so ',
    r"\w+(?: \w+){0,3}[.!?]": "The e",
    r"(?:(?!foo).)*bar": "a fo",
    r"[^\W\d_]+@(?:[a-z]+\.)+[a-z]{2,6}": "ann@",
}


@cache
def space_of(name: str) -> Space:
    with np.load(FOLDER / f"{name}.npz") as file:
        data, ends = file["data"].tobytes(), np.cumsum(file["lengths"].astype(np.int64)).tolist()
        eos = np.atleast_1d(file["eos"]).tolist()
    tokens = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return Space(Vocabulary.from_tokens(tokens, eos_ids=eos))


@pytest.mark.parametrize("name", ["o200k_200k", "tekken_131k"])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_mask_is_what_can_be_advanced_by(name: str, pattern: str) -> None:
    """A token is in the mask exactly when a step with it is allowed, and each step is refused that is not."""
    if not (FOLDER / f"{name}.npz").exists():
        pytest.skip("the real vocabularies are not beside this checkout")
    space = space_of(name)
    state = compile_in(space, Budget(), regex=pattern).start()
    by_octet = {text: token for token, text in reversed(list(enumerate(space.tokens.texts))) if len(text) == 1}
    for octet in PATTERNS[pattern].encode():
        state = state.advance(by_octet[bytes([octet])])
    ids = state.mask().ids().tolist()
    assert ids == list(filter(state.allows, range(space.tokens.size)))
    for token in ids[::100]:
        assert state.advance(token).reach is state.reach
    for token in sorted(set(range(0, space.tokens.size, 997)) - set(ids)):
        with pytest.raises(TokenRejected):
            state.advance(token)
