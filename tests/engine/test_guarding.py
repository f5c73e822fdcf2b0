"""The guards of a policy are built by name, and what they cannot mean together is refused when the policy is loaded."""

from __future__ import annotations

from typing import Any

import pytest
from hostile_guards import Pattern, Raising
from speaking_engine import speaking

from llmpost.engine import Checker
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import PolicyError, RequestError

GUARDS: dict[str, Any] = {
    "toy": Pattern("x", "X"), "slow": Pattern("y", "Y", name="slow", reach=None), "raising": Raising(),
}  # fmt: skip


def checker(*guards: Any, around: dict[str, Any] | None = None, **keys: Any) -> Checker:
    policy = {"version": 1, "name": "p", "notice": "[cut]", "guards": list(guards), **keys}
    return Checker(policy, Surroundings(guards=GUARDS, **(around or {})))


@pytest.mark.parametrize(
    ("guards", "keys", "release"),
    [
        ([{"use": "toy", "action": "redact"}], {}, "window"),
        ([{"use": "toy", "action": "redact"}], {"release": "at_end"}, "at_end"),
        ([{"use": "slow", "action": "redact"}], {}, "at_end"),
        ([{"use": "slow", "action": "redact", "on": "input"}], {"release": "window"}, "window"),
        ([{"use": "toy", "action": {"refuse": "No."}}], {}, "at_end"),
        ([{"use": "toy", "actions": {"X": "review"}}], {}, "at_end"),
        ([{"use": "toy", "thresholds": {"any": {"retry": 0.5}}}], {}, "at_end"),
        ([{"use": "toy", "on_failure": {"use": "slow"}}], {}, "at_end"),
        ([], {}, "window"),
    ],
)
def test_release_is_a_window_where_it_can_be(guards: list[Any], keys: dict[str, Any], release: str) -> None:
    """Not given, a text is released piece by piece unless a guard, or who stands in for one, speaks against it."""
    made = checker(*guards, **keys)
    assert made.guarding(made.policy).release == release


@pytest.mark.parametrize(
    ("guards", "keys", "message"),
    [
        ([{"use": "toi"}], {}, "policy.guards[0].use: 'toi' is not a guard that there is. Did you mean 'toy'?"),
        ([{"use": "toy", "shape": 3}], {}, "policy.guards[0]: 'shape' is not an option of this guard."),
        (
            [{"use": "slow"}], {"release": "window"},
            "policy.release: 'window' beside slow, which needs the whole text is not possible. Write release: at_end",
        ),
        (
            [{"use": "toy", "action": {"refuse": "No."}}], {"release": "window"},
            "policy.release: 'window' beside refuse by toy, which replaces the whole answer is not possible.",
        ),
        ([{"use": "toy", "on": "input", "action": "retry"}], {}, "policy.guards[0].on: retry beside input is not"),
        (
            [{"use": "toy", "on_failure": {"use": "b"}}, {"use": "slow", "name": "b", "on_timeout": {"use": "toy"}}],
            {},
            "policy.guards[1]: a circle of guards that stand in for each other is not one that ends.",
        ),
        ([{"use": "toy", "on_failure": {"use": "other"}}], {}, "policy.guards[0].on_failure.use: 'other' is not"),
        ([{"use": "toy", "action": {"replace": "ax"}}], {}, "policy.guards[0].replace: "),
        ([{"use": "toy", "action": {"mask": {"character": "x"}}}], {}, "policy.guards[0].mask.character: 'x' is not"),
        ([{"use": "toy", "action": "hash"}], {}, "policy.guards[0].hash: a hash without a key is not possible."),
        ([{"use": "toy"}], {"notice": "cut x here"}, "policy.notice: "),
        ([{"use": "schema", "schema": {"type": 3}}], {}, "policy.guards[0].schema: "),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(guards: list[Any], keys: dict[str, Any], message: str) -> None:
    """The error names the place, what was given, what is allowed, and what to do."""
    with pytest.raises(PolicyError) as caught:
        checker(*guards, **keys)
    assert str(caught.value).startswith(message)
    assert caught.value.hint


def test_two_of_one_kind_have_names_of_their_own() -> None:
    """Findings, outcomes and fallbacks go by the names that a policy gives."""
    made = checker(
        {"use": "phrases", "phrases": ["one"], "action": "redact"},
        {"use": "phrases", "name": "others", "phrases": ["two"], "action": "log"},
    )
    verdict = made.check("one and two").verdict
    assert [finding.guard for finding in verdict.findings] == ["phrases", "others"]
    assert [outcome.guard for outcome in verdict.outcomes] == ["phrases", "others"]
    assert made.guarding(made.policy).release == "window"


@pytest.mark.parametrize(
    ("otherwise", "text", "statuses"),
    [
        ("block", "[cut]", ["failed"]),
        ("skip", "a x b", ["skipped"]),
        ({"use": "toy"}, "a [X] b", ["skipped", "changed"]),
        ({"use": "phrases", "phrases": ["a"], "action": {"replace": "it"}}, "it x b", ["skipped", "changed"]),
    ],
)
def test_a_guard_that_breaks_ends_as_its_entry_says(otherwise: Any, text: str, statuses: list[str]) -> None:
    """Block, skip, or another guard asked in its place: never passed."""
    toy = {"use": "toy", "action": "redact", "on": "input"}
    made = checker({"use": "raising", "on_failure": otherwise}, toy)
    result = made.check("a x b")
    assert result.text == text
    assert [outcome.status for outcome in result.verdict.outcomes] == statuses


def test_an_action_beside_tiers_replaces_what_they_would_do() -> None:
    """Tiers say from which score up something is done; `action` says what, instead of each of them."""
    tiers = {"any": {"redact": 0.5, "block": 0.9}}
    assert checker({"use": "toy", "thresholds": tiers}).check("a x").text == "[cut]"
    assert checker({"use": "toy", "thresholds": tiers, "action": "log"}).check("a x").text == "a x"


def test_a_budget_holds_for_all() -> None:
    """Times are written in milliseconds and kept in seconds."""
    made = checker({"use": "toy", "timeout_ms": 250}, budget={"total_ms": 1500, "on_timeout": "skip"})
    guarding = made.guarding(made.policy)
    assert (guarding.total_seconds, guarding.on_timeout.kind) == (1.5, "skip")
    assert guarding.rules[0].timeout_seconds == 0.25


def test_guards_are_built_once_for_a_policy() -> None:
    """Policies of equal content share their guards."""
    made = checker({"use": "phrases", "phrases": ["one"]})
    same = made.policy_of(made.policy.canonical)
    assert made.guarding(same) is made.guarding(made.policy)


def test_a_broken_policy_is_no_matter_of_one_request() -> None:
    """In a batch, too, what is wrong with a policy is raised, and no model is asked."""
    engine = speaking(["fine"])
    with pytest.raises(PolicyError, match="'toi' is not a guard that there is"):
        engine.generate(["a>", "b>"], policy=["bare", {"version": 1, "guards": [{"use": "toi"}]}])
    assert engine.loaded.model.num_forwards == 0


@pytest.mark.parametrize(
    ("around", "message"),
    [
        ({"guards": {"mine": object()}}, "guards.mine: an object without name is not a guard."),
        ({"guards": {"mine": Pattern("x", reach=-1)}}, "guards.mine.reach: -1 is not a number of characters, or None."),
        ({"guards": {"mine": Pattern("x", context=None)}}, "guards.mine.context: None is not a number"),  # type: ignore[arg-type]
        ({"key": "secret"}, "key: a str is not bytes."),
        ({"on_review": 3}, "on_review: a int is not a function of a text and a verdict, or a path."),
    ],
)
def test_surroundings_are_checked(around: dict[str, Any], message: str) -> None:
    """What a program hands in besides is checked when it is handed in."""
    with pytest.raises((PolicyError, RequestError)) as caught:
        Surroundings(**around)
    assert str(caught.value).startswith(message)
