"""Law: what an engine shows of an output is what its guards leave of the text, however tokens cut it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from speaking_engine import cut, speaking

from llmpost.contracts.result import Finished, TextDelta

VALUES = {
    "maria.chen@example.com": "EMAIL_ADDRESS",
    "4111 1111 1111 1111": "CREDIT_CARD",
    "GB82 WEST 1234 5698 7654 32": "IBAN_CODE",
    "swordfish": "PHRASE",
}
"""What is found, each by one label; nobody's."""
PROSE = [
    "Call me",
    ", and then ",
    " is what it says. ",
    "\n",
    "(",
    ") ",
    " é ",
    "\u200b",
    "1",
    " @ ",
    "sword",
    "4111 1111",
]
ACTIONS: list[Any] = ["redact", {"mask": {"keep": 0}}, "truncate", "block", {"replace": "(gone)"}, "pseudonymise"]


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    pii, phrases = (draw(st.sampled_from(ACTIONS)) for _ in range(2))
    guards = [
        {"use": "pii", "entities": ["EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE"], "action": pii},
        {"use": "phrases", "phrases": ["swordfish"], "action": phrases},
    ]
    release = draw(st.sampled_from([{}, {"release": "at_end"}]))
    return {"version": 1, "name": "drawn", "notice": "[cut]", "guards": guards, **release}


texts = st.lists(st.sampled_from([*VALUES, *PROSE]), max_size=7).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(texts, st.lists(st.integers(0, 150), max_size=12), policies())
def test_an_engine_shows_what_check_leaves(text: str, places: list[int], policy: dict[str, Any]) -> None:
    """`generate` gives `check(text)`, a stream `check(text, streaming=True)`; what was found is spelled by no field of
    the results, and by no piece."""
    engine = speaking(cut(text, *places))
    checked, streamed = engine.check(text, policy=policy), engine.check(text, policy=policy, streaming=True)
    result = engine.generate("a>", policy=policy, logprobs=True)
    *pieces, last = engine.stream("a>", policy=policy, logprobs=True)
    assert isinstance(last, Finished)
    assert result.text == checked.text
    assert "".join(piece.text for piece in pieces if isinstance(piece, TextDelta)) == last.result.text == streamed.text
    for value in VALUES:
        if any(text[f.span.start : f.span.end] == value for f in engine.check(text, policy=policy).verdict.findings):
            told = json.dumps([result.to_dict(), last.result.to_dict()], ensure_ascii=False)
            assert value not in told
