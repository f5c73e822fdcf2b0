"""Every detector of the catalogue is built by its name from what a policy says, and is a guard."""

from __future__ import annotations

from typing import Any

import pytest

from llmpost.engine import Checker
from llmpost.engine.guarding import detectors_of
from llmpost.errors import PolicyError
from llmpost.guards.catalogue import CATALOGUE

LEAST: dict[str, dict[str, Any]] = {
    "competitors": {"phrases": ["Acme"]},
    "detect-secrets": {},
    "exfiltration": {},
    "gibberish": {},
    "groundedness": {"sources": ["There is nothing to see here, says the text."]},
    "injection": {},
    "language": {"allow": ["en"]},
    "leakage": {},
    "length": {"most": {"words": 200}},
    "moderation": {},
    "names": {},
    "ner": {"engine": "spacy", "model": "no-such-model"},
    "phrases": {"phrases": ["one"]},
    "pii": {},
    "presidio": {"entities": ["US_PASSPORT"]},
    "profanity": {},
    "refusal": {},
    "repetition": {},
    "schema": {"schema": {"type": "object"}},
    "secrets": {},
    "urls": {"allow": ["example.com"]},
}
"""What each must be told at least."""


def test_each_is_named_here() -> None:
    """The table has all that there is."""
    assert LEAST.keys() == detectors_of({}).keys()
    assert LEAST.keys() - {"schema"} == CATALOGUE.keys()


@pytest.mark.parametrize("use", [use for use in LEAST if use != "ner"])
def test_each_is_built_and_asked(use: str) -> None:
    """Under a name of its own it looks at a text and at the same text in a stream, and passes what is harmless."""
    entry = {"use": use, "name": "mine", **LEAST[use]}
    checker = Checker({"version": 1, "name": "one", "guards": [entry]})
    text = '{"text": "Nothing to see here."}'
    for result in (checker.check(text), checker.check(text, streaming=True)):
        assert result.text == text
        assert [(outcome.guard, outcome.status) for outcome in result.verdict.outcomes] == [("mine", "passed")]


@pytest.mark.parametrize("use", LEAST)
def test_none_drops_what_it_does_not_know(use: str) -> None:
    """An option that a detector does not read is an error that names it."""
    with pytest.raises(PolicyError) as caught:
        Checker({"version": 1, "guards": [{"use": use, **LEAST[use], "no_such_option": 1}]})
    assert "'no_such_option'" in str(caught.value)
