"""Presidio as a guard: what it finds, where and from which score on; without network; what a policy may say."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from llmpost.contracts.guard import Guard, GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.options import Options
from llmpost.guards.pii import presidio
from llmpost.guards.pii.presidio import PresidioGuard

pytest.importorskip("spacy", reason="Presidio is not installed here")
CONTEXT = GuardContext()


def made(entities: Any, **options: Any) -> Guard:
    return presidio.build(Options({"entities": entities, **options}, "guards[0]"))


def found(guard: Guard, text: str) -> list[tuple[str, str]]:
    return [(one.label, text[one.span.start : one.span.end]) for one in guard.inspect(text, CONTEXT)]


@pytest.mark.parametrize(
    ("entity", "text", "part"),
    [
        ("EMAIL_ADDRESS", "mail user@example.com.", "user@example.com"),
        ("PHONE_NUMBER", "call 212-555-5555", "212-555-5555"),
        ("DATE_TIME", "on 2024-01-02.", "2024-01-02"),
        ("KR_RRN", "rrn 960121-1234567", "960121-1234567"),
        ("UUID", "id 123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b-42d3-a456-426614174000"),
    ],
)
def test_an_entity_is_found(entity: str, text: str, part: str) -> None:
    """Where it stands, with a score and a reason that does not quote it; also behind what is no text to spaCy."""
    guard = made({entity: 0.1})
    assert (entity, part) in found(guard, text)
    assert (entity, part) in found(guard, f"\ud800\0\u200b {text}")
    assert all(part not in one.reason and 0 < one.score <= 1 for one in guard.inspect(text, CONTEXT))


def test_thresholds_are_kept() -> None:
    """Each entity has its own, a telephone's is lower where nobody says otherwise; what is not named is not found."""
    text = "212-555-5555 and user@example.com"
    assert found(made({"PHONE_NUMBER": 0.9}), text) == []
    assert found(made(["PHONE_NUMBER"]), text) == [("PHONE_NUMBER", "212-555-5555")]
    assert found(made(["EMAIL_ADDRESS"]), text) == [("EMAIL_ADDRESS", "user@example.com")]


def test_regions_of_telephones_are_the_policys() -> None:
    """A number that only one region has is found where that region is named."""
    text = "020 7946 0958"
    assert found(made(["PHONE_NUMBER"], phone_regions=["GB"]), text) == [("PHONE_NUMBER", text)]
    assert found(made(["PHONE_NUMBER"], phone_regions=["US"]), text) == []


def test_a_reach_is_declared_or_there_is_none() -> None:
    """Without a window it needs the whole text."""
    assert made(["UUID"]).reach is None
    guard = made(["UUID"], window=200)
    assert (guard.reach, guard.context) == (200, 200)


def test_a_recogniser_that_was_given_up_is_a_failure() -> None:
    """Where Presidio may have stopped one, nothing is passed."""
    guard = made(["UUID"])
    assert isinstance(guard, PresidioGuard)
    with pytest.raises(TimeoutError):
        replace(guard, seconds_allowed=0.0).inspect("text", CONTEXT)


@pytest.mark.parametrize(
    ("entities", "options", "message"),
    [
        (["PERSON"], {}, "entities that are known; 'PERSON' is not"),
        ([], {}, "a list of entities"),
        (None, {}, "a list of entities"),
        (["UUID"], {"window": 0}, "a whole number from 1 up"),
        (["UUID"], {"regions": ["US"]}, "'regions'"),
        (["PHONE_NUMBER"], {"phone_regions": ["USA"]}, "two letters"),
    ],
)
def test_wrong_options_are_refused(entities: Any, options: dict[str, Any], message: str) -> None:
    """Each with the place and what is allowed: names need a model, and are not found here."""
    with pytest.raises(PolicyError, match=message):
        made(entities, **options)


def test_threads_share_a_guard() -> None:
    """Eight at once find what each finds alone."""
    guard = made(["EMAIL_ADDRESS", "UUID"])
    texts = [f"user{number}@example.com" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: found(guard, text), texts)) == [[("EMAIL_ADDRESS", one)] for one in texts]


WITHOUT_NETWORK = """
import sys

def deny(event, arguments):
    if event.startswith("socket."):
        raise PermissionError(event)

sys.addaudithook(deny)
from llmpost.contracts.guard import GuardContext
from llmpost.guards.options import Options
from llmpost.guards.pii import {module}

guard = {module}.build(Options({{"entities": ["EMAIL_ADDRESS", "PHONE_NUMBER", "URL"]}}, "guards[0]"))
text = "Mail user@example.com, call 212-555-5555, see https://example.com"
print(*sorted({{one.label for one in guard.inspect(text, GuardContext())}}))
"""


@pytest.mark.parametrize("module", ["detector", pytest.param("presidio", marks=pytest.mark.slow)])
def test_nothing_asks_the_network(module: str) -> None:
    """With every socket denied from the first import on, a guard is built and finds all."""
    program = [sys.executable, "-c", WITHOUT_NETWORK.format(module=module)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("EMAIL_ADDRESS PHONE_NUMBER URL\n", "")


def test_an_engine_with_a_model_can_be_handed_in() -> None:
    """What its model says is found beside what recognisers say: here, a pipeline with rules instead of a network."""
    import spacy
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Maria Chen"}])
    engine = SpacyNlpEngine()
    engine.nlp = {"en": pipeline}
    analyzer = presidio.make_analyzer(["PERSON", "EMAIL_ADDRESS"], "here", nlp=engine)
    guard = PresidioGuard(analyzer, "en", {"PERSON": 0.5, "EMAIL_ADDRESS": 0.5}, 60.0)
    assert found(guard, "Maria Chen, m@example.com") == [("PERSON", "Maria Chen"), ("EMAIL_ADDRESS", "m@example.com")]
