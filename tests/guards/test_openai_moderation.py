"""The moderation endpoint as a guard: asked over real HTTP, read category by category, and never believed blindly."""

from __future__ import annotations

from typing import Any

import pytest
from speaking_server import SpeakingServer, gives

from llmpost.contracts.guard import GuardContext
from llmpost.engine import Checker
from llmpost.errors import ModelError, PolicyError
from llmpost.guards.guard_models.openai_moderation import CATEGORIES, LABELS, OpenAIModeration

CONTEXT = GuardContext()


def result(**scores: float) -> dict[str, Any]:
    told = dict.fromkeys(CATEGORIES, 0.01) | {name.replace("__", "/"): score for name, score in scores.items()}
    return {"flagged": False, "categories": {}, "category_scores": told}


def test_categories_are_read() -> None:
    """Every one is told, by our labels, and the server was asked what was asked."""
    with SpeakingServer([gives({"model": "m", "results": [result(hate__threatening=0.9)]})]) as server:
        entry = {"use": "openai-moderation", "model": server.model}
        checked = Checker({"version": 1, "guards": [entry]}).check("A \ud800 sheep.")
        (asked,) = server.asked
    scores = {finding.label: finding.score for finding in checked.verdict.findings}
    assert checked.verdict.action == "block"
    assert scores["hate_threatening"] == 0.9
    assert asked.path == "/v1/moderations"
    assert asked.body == {"model": "small", "input": ["A \ufffd sheep."]}


def test_every_category_has_a_label() -> None:
    """No two have the same, and none has a character that a policy's key would need quotes for."""
    assert len(set(LABELS.values())) == len(CATEGORIES)
    assert all(label.isidentifier() for label in LABELS.values())


def test_a_long_text_is_asked_about_in_pieces() -> None:
    """They overlap and cover it; a category's score is its highest, with the piece that has it."""
    asked: list[str] = []

    def moderate(texts: Any, deadline: float | None) -> Any:
        asked.extend(texts)
        return {"results": [result(sexual=0.8 if "ewe" in text else 0.1) for text in texts]}

    text = "sheep " * 60_000 + "ewe"
    findings = {finding.label: finding for finding in OpenAIModeration(moderate).inspect(text, CONTEXT)}
    found = findings["sexual"]
    assert (found.score, found.span.end) == (0.8, len(text))
    assert asked[0] + "".join(piece[500:] for piece in asked[1:]) == text
    assert [finding.span.start for finding in findings.values() if finding.label == "hate"] == [0]


@pytest.mark.parametrize(
    "told",
    [
        None, [], "no", {}, {"results": []}, {"results": [{}]}, {"results": [result(), result()]},
        {"results": [{"category_scores": {}}]}, {"results": [{"category_scores": {"new": 0.5}}]},
        {"results": [result(hate=1.5)]}, {"results": [result(hate=float("nan"))]},
        {"results": [{"category_scores": {"hate": "0.1"}}]}, {"results": [{"category_scores": {"hate": True}}]},
    ],
)  # fmt: skip
def test_garbage_is_an_error(told: Any) -> None:
    """What the server says is input from outside."""
    with pytest.raises(ModelError):
        OpenAIModeration(lambda texts, deadline: told).inspect("sheep", CONTEXT)


def test_a_server_that_is_down() -> None:
    """Ends as the rule says, and an address that is none is refused."""
    with SpeakingServer([gives({}, status=500)]) as server:
        entry = {"use": "openai-moderation", "model": server.model, "endpoint": {"retries": 0}}
        verdict = Checker({"version": 1, "guards": [entry]}).check("sheep").verdict
    assert [outcome.status for outcome in verdict.outcomes] == ["failed"]
    for wrong in ({"model": "openai:nowhere"}, {"endpoint": {"api_key": "secret"}}, {"endpoint": 1}):
        with pytest.raises(PolicyError):
            Checker({"version": 1, "guards": [{"use": "openai-moderation", **wrong}]})


def test_an_empty_text_is_not_asked_about() -> None:
    """Nobody is asked, and nothing is found."""
    assert OpenAIModeration(lambda texts, deadline: None).inspect("", CONTEXT) == ()
