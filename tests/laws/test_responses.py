"""What is said of an entry against what its rule does: `guards.weighed` is the oracle."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from random_policies import ACTIONS, LABELS, SCORES, TIERS

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Finding, Span
from llmpost.engine.guarding import build_guarding, detectors_of
from llmpost.engine.stand_ins import StandIn
from llmpost.guards.weighed import weigh
from llmpost.policy import Policy
from llmpost.policy.guards import GuardEntry
from llmpost.policy.response import Response

ENTRIES = st.fixed_dictionaries(
    {"use": st.just("toy")},
    optional={
        "action": ACTIONS,
        "actions": st.dictionaries(LABELS, ACTIONS, min_size=1, max_size=3),
        "thresholds": st.dictionaries(LABELS, TIERS, min_size=1, max_size=3),
    },
).filter(lambda entry: "retry" not in str(entry))
DETECTORS = detectors_of({"toy": StandIn("toy")})
HABIT = DETECTORS["toy"].action
SOME_SCORES = [0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0]


def entry_of(said: dict[str, Any]) -> GuardEntry:
    return GuardEntry.read(said, "guards[0]")


@given(ENTRIES, LABELS, st.one_of(SCORES, st.sampled_from(SOME_SCORES)))
@settings(max_examples=200)
def test_a_response_is_what_the_rule_does(said: dict[str, Any], label: str, score: float) -> None:
    """For every label, named or not, and every score."""
    policy = Policy.from_dict({"version": 1, "guards": [said]})
    (rule,) = build_guarding(policy, DETECTORS).rules
    does = weigh(Finding("toy", label, Span(0, 1), score), rule).action
    response = Response.of(policy.guards[0], label, HABIT)
    assert response.at(score) == does


@given(ENTRIES, ENTRIES, LABELS)
@settings(max_examples=200)
def test_stricter_is_stronger_somewhere_and_weaker_nowhere(
    one: dict[str, Any], other: dict[str, Any], label: str
) -> None:
    """Brute force over scores, between all of which something may change."""
    before, after = (Response.of(entry_of(said), label, HABIT) for said in (one, other))
    pairs = [(before.at(score).strength, after.at(score).strength) for score in SOME_SCORES]
    expected = {
        (True, False): "stricter",
        (False, True): "weaker",
    }.get((any(new > old for old, new in pairs), any(new < old for old, new in pairs)))
    assert before.towards(after) == expected


def test_what_is_said_of_a_response_is_a_policys_own_spelling() -> None:
    """An action, or the scores that actions begin at; what is let pass is not named."""
    entry = entry_of({"use": "toy", "thresholds": {"hate": {"review": 0.4, "block": 0.8}, "any": {"log": 0.1}}})
    assert Response.of(entry, "hate", Action("redact")).said == {"log": 0.1, "review": 0.4, "block": 0.8}
    assert Response.of(entry, None, Action("redact")).said == {"log": 0.1}
    assert Response.of(entry_of({"use": "toy"}), None, Action("mask", {"keep": 4})).said == {"mask": {"keep": 4}}
