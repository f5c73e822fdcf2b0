"""``llmpost generate --log-mass`` and ``--conditional``: what JSON tells, and what is wrong use."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def generate(run_here: Callable, random_model_folder: Path) -> Callable:
    return lambda *words: run_here("generate", "hello", "--model", random_model_folder, "--seed", "3", *words)


def test_json_tells_weights_and_tries(generate: Callable) -> None:
    """One number for each token and their sum; how many tries there were, and whether the last was exact."""
    weighed = json.loads(generate("--choice", "yes,no", "--log-mass", "--top-k", "0", "--json").out)
    assert len(weighed["log_mass"]) == len(weighed["token_ids"])
    assert weighed["log_weight"] == pytest.approx(sum(weighed["log_mass"]))
    drawn = json.loads(generate("--choice", "yes,no", "--conditional", "--conditional-tries", "3", "--json").out)
    assert drawn["text"] in ("yes", "no")
    assert 1 <= drawn["tries"]["count"] <= 4


def test_without_a_constraint_it_is_wrong_use(generate: Callable) -> None:
    """Exit code 2, and the message says what to add."""
    outcome = generate("--conditional")
    assert (outcome.code, outcome.out) == (2, "")
    assert "conditional without a constraint is not possible" in outcome.err
