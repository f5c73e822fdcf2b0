"""forbid= in calls and in policies: what is written contains no match, and the result says what forbade it."""

from __future__ import annotations

import json

import pytest

from llmpost import Engine, Policy
from llmpost.contracts.result import Finished, TextDelta
from llmpost.errors import ConstraintError, PolicyError, RequestError

PROMPT = "Extract the person: Maria Chen, 34, lives in Lisbon."
PERSON = {
    "type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"], "additionalProperties": False,
}  # fmt: skip


def test_no_text_contains_a_match(tiny: Engine) -> None:
    """In free text, under a schema, greedy and sampled, for every candidate; without it the model says it."""
    assert "Maria" in tiny.generate(PROMPT, temperature=0).text
    for schema in (None, PERSON):
        sampled = tiny.generate(PROMPT, forbid=["Maria"], schema=schema, n=4, seed=3, temperature=1, max_new_tokens=60)
        greedy = tiny.generate(PROMPT, forbid=["Maria"], schema=schema, temperature=0)
        texts = [one.text for one in (greedy, *sampled.candidates)]
        assert all(texts)
        assert not any("Maria" in text for text in texts)


def test_case_is_ignored_where_asked(tiny: Engine) -> None:
    """And nowhere else."""
    rule = {"phrase": "maria"}
    assert "Maria" in tiny.generate(PROMPT, forbid=[rule], temperature=0).text
    assert "Maria" not in tiny.generate(PROMPT, forbid=[{**rule, "ignore_case": True}], temperature=0).text


def test_a_policy_forbids_and_a_call_adds_to_it(tiny: Engine) -> None:
    """A call takes nothing away from what its policy forbids."""
    policy = {"version": 1, "name": "quiet", "forbid": ["US_SSN", {"phrase": "Maria"}]}
    result = tiny.generate(PROMPT, policy=policy, forbid=["Lisbon"], temperature=0)
    assert "Maria" not in result.text
    assert "Lisbon" not in result.text
    assert "Maria" not in tiny.generate(PROMPT, policy=policy, forbid=[], temperature=0).text
    assert Policy.from_dict(policy).digest != Policy.from_dict({"version": 1, "name": "quiet"}).digest
    assert result.trace.settings["forbid"].startswith("sha256:")


def test_a_reply_that_could_only_end_is_blocked(tiny: Engine) -> None:
    """It says by which rule; a text that a schema ends is not blocked."""
    result = tiny.generate(PROMPT, forbid=[r"[\s\S]{4}"], temperature=0)
    assert result.finish_reason == "blocked"
    assert len(result.text) == 3
    assert "every way on was forbidden: the pattern '[\\\\s\\\\S]{4}'" in result.trace.notes
    assert tiny.generate(PROMPT, forbid=["Maria"], schema=PERSON, temperature=0).finish_reason == "stop"


def test_a_stream_never_shows_a_match(tiny: Engine) -> None:
    """Piece by piece it is the text of the result."""
    events = list(tiny.stream(PROMPT, forbid=["Maria"], seed=5))
    shown = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert isinstance(events[-1], Finished)
    assert shown == events[-1].result.text
    assert "Maria" not in shown


def test_each_request_of_a_batch_may_have_its_own_rules(tiny: Engine) -> None:
    """A list of lists has one for each, a list of rules is for all."""
    own = tiny.generate([PROMPT, PROMPT, PROMPT], forbid=[["Maria"], None, ["Lisbon"]], temperature=0)
    assert ["Maria" in result.text for result in own] == [False, True, True]
    assert ["Lisbon" in result.text for result in own] == [True, True, False]
    assert all(
        "Maria" not in result.text for result in tiny.generate([PROMPT, PROMPT], forbid=["Maria"], temperature=0)
    )


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"forbid": "x"}, ConstraintError, r"forbid: 'x' is not a list of rules"),
        ({"forbid": ["x*"]}, ConstraintError, r"forbid\[0\]: the pattern 'x\*' is not one that matches no empty text"),
        ({"forbid": [{"entity": "US_SSM"}]}, ConstraintError, r"forbid\[0\].*Did you mean 'US_SSN'"),
        ({"forbid": ["yes"], "choice": ["yes"]}, ConstraintError, r"forbid: the pattern 'yes', which every text of"),
        ({"policy": {"version": 1, "forbid": ["US_SSM"]}}, PolicyError, r"forbid\[0\].*Did you mean 'US_SSN'"),
        (
            {"policy": {"version": 1, "forbid": "US_SSN"}},
            PolicyError,
            r"policy\.forbid: 'US_SSN' is not a list of rules",
        ),
        ({"policy": {"version": 1, "forbid": [3]}}, PolicyError, r"policy\.forbid\[0\]: 3 is not a rule"),
        ({"forbid": ["x"], "strict": True}, RequestError, r"strict without schema"),
    ],
)
def test_broken_rules_are_refused(
    tiny: Engine, arguments: dict[str, object], error: type[Exception], message: str
) -> None:
    """In four parts, before anything runs."""
    with pytest.raises(error, match=message):
        tiny.generate(PROMPT, **arguments)


def test_json_stays_json(tiny: Engine) -> None:
    """Under a schema what is forbidden is in no string, however it is escaped."""
    result = tiny.generate(PROMPT, schema=PERSON, forbid=["Chen"], seed=1, temperature=1.5, escapes="any")
    assert "Chen" not in result.text
    assert "Chen" not in json.loads(result.text)["name"]
