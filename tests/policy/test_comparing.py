"""Two policies compared: what is told of each kind of change, and what holds of all of them."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from random_policies import POLICIES

from llmpost.engine.comparison import compared
from llmpost.policy import Policy
from llmpost.policy.difference import Difference

PII: Mapping[str, Any] = {"use": "pii", "action": "redact"}
OTHER = "other findings"


def policy(**keys: Any) -> Policy:
    return Policy.from_dict({"version": 1, "name": "p", "release": "at_end", **keys})


def guarded(**more: Any) -> dict[str, Any]:
    return {"guards": [{**PII, **more}]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"name": "q"}, [(("name",), "p", "q", None)]),
        ({"decode": {"top_k": 5}}, {"decode": {"top_p": 0.5}},
         [(("decode", "top_k"), 5, None, None), (("decode", "top_p"), None, 0.5, None)]),
        ({"decode": {"stop": ["a", "b"]}}, {"decode": {"stop": ["b", "c"]}},
         [(("decode", "stop"), "a", None, None), (("decode", "stop"), None, "c", None)]),
        ({}, {"forbid": ["US_SSN"]}, [(("forbid",), None, "US_SSN", "stricter")]),
        ({"forbid": ["US_SSN"]}, {"forbid": [{"entity": "US_SSN"}]}, []),
        ({"forbid": ["US_SSN", "URL"]}, {"forbid": ["URL"]}, [(("forbid",), "US_SSN", None, "weaker")]),
        ({}, {"constraint": {"regex": "a"}}, [(("constraint",), None, {"regex": "a"}, "stricter")]),
        ({"constraint": {"choice": ["a"]}}, {"constraint": {"choice": ["a", "b"]}},
         [(("constraint", "choice"), None, "b", "weaker")]),
        ({"constraint": {"json_schema": {"type": "object"}}}, {"constraint": {"json_schema": {"type": "array"}}},
         [(("constraint", "json_schema", "type"), "object", "array", None)]),
        ({}, {"guards": [PII]}, [(("guards", "pii"), None, dict(PII), "stricter")]),
        ({"guards": [PII]}, {}, [(("guards", "pii"), dict(PII), None, "weaker")]),
        ({}, {"guards": [{"use": "pii", "action": "log"}]},
         [(("guards", "pii"), None, {"use": "pii", "action": "log"}, None)]),
        (guarded(), {"guards": [{"use": "pii"}]}, []),
        (guarded(), guarded(action="log"), [(("guards", "pii", OTHER), "redact", "log", "weaker")]),
        (guarded(), guarded(action="block"), [(("guards", "pii", OTHER), "redact", "block", "stricter")]),
        (guarded(), guarded(actions={"URL": "block"}), [(("guards", "pii", "URL"), "redact", "block", "stricter")]),
        (guarded(action={"mask": {"keep": 2}}), guarded(action={"mask": {"keep": 4}}),
         [(("guards", "pii", OTHER), {"mask": {"keep": 2}}, {"mask": {"keep": 4}}, None)]),
        ({"guards": [{"use": "own", "thresholds": {"hate": {"block": 0.8}}}]},
         {"guards": [{"use": "own", "thresholds": {"hate": {"block": 0.9}}}]},
         [(("guards", "own", "hate"), {"block": 0.8}, {"block": 0.9}, "weaker")]),
        ({"guards": [{"use": "own", "thresholds": {"hate": {"review": 0.5, "block": 0.8}}}]},
         {"guards": [{"use": "own", "thresholds": {"hate": {"review": 0.6, "block": 0.7}}}]},
         [(("guards", "own", "hate"), {"review": 0.5, "block": 0.8}, {"review": 0.6, "block": 0.7}, None)]),
        (guarded(), guarded(on_failure="skip"), [(("guards", "pii", "on_failure"), "block", "skip", "weaker")]),
        (guarded(on_failure="skip"), guarded(on_failure={"use": "secrets"}),
         [(("guards", "pii", "on_failure"), "skip", {"use": "secrets"}, "stricter")]),
        (guarded(), guarded(on=["input", "output"]), [(("guards", "pii", "on"), None, "input", "stricter")]),
        (guarded(), guarded(timeout_ms=5), [(("guards", "pii", "timeout_ms"), None, 5.0, None)]),
        (guarded(entities={"URL": 0.5}), guarded(entities={"URL": 0.6, "US_SSN": 0.5}),
         [(("guards", "pii", "entities", "URL"), 0.5, 0.6, "weaker"),
          (("guards", "pii", "entities", "US_SSN"), None, 0.5, "stricter")]),
        (guarded(), guarded(encoded=True), []),
        (guarded(entities=["URL"]), guarded(entities={"URL": 0.5}), []),
        (guarded(entities=["URL"]), guarded(entities={"URL": 0.4}),
         [(("guards", "pii", "entities", "URL"), 0.5, 0.4, "stricter")]),
        (guarded(), guarded(encoded=False), [(("guards", "pii", "encoded"), True, False, "weaker")]),
        (guarded(), guarded(allow=["a@example.com"]),
         [(("guards", "pii", "allow"), None, "a@example.com", "weaker")]),
        ({"guards": [{"use": "urls"}]}, {"guards": [{"use": "urls", "allow": ["example.com"]}]},
         [(("guards", "urls", "allow"), None, ["example.com"], "stricter")]),
        ({"guards": [PII, {"use": "secrets"}]}, {"guards": [{"use": "secrets"}, PII]},
         [(("guards", "order"), ["pii", "secrets"], ["secrets", "pii"], None)]),
        ({"budget": {"total_ms": 5}}, {"budget": {"total_ms": 5, "on_timeout": "skip"}},
         [(("budget", "on_timeout"), "block", "skip", "weaker")]),
        ({}, {"release": "window"}, [(("release",), "at_end", "window", "weaker")]),
        ({"release": None}, {"release": "window"}, []),
        ({}, {"notice": "[cut]"}, [(("notice",), None, "[cut]", None)]),
        ({}, {"trace": {"store": "raw", "seal": {"env": "K"}}},
         [(("trace", "store"), "digest", "raw", "weaker"), (("trace", "seal"), None, {"env": "K"}, "stricter")]),
    ],
)  # fmt: skip
def test_what_is_told(before: dict[str, Any], after: dict[str, Any], expected: list[tuple[Any, ...]]) -> None:
    """Each change is told once, at its key, with the way it goes where that can be known."""
    found = compared(policy(**before), policy(**after))
    assert [(one.where, one.before, one.after, one.direction) for one in found] == expected


@given(POLICIES, POLICIES)
@settings(max_examples=60, deadline=None)
def test_the_way_back_is_the_mirror_image(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The same differences, each the other way round: what is stricter one way is weaker the other."""
    there, back = (compared(*map(Policy.from_dict, pair)) for pair in ((one, other), (other, one)))
    mirrored = [Difference(each.where, each.after, each.before, _MIRROR[each.direction]) for each in back]
    assert sorted(there, key=str) == sorted(mirrored, key=str)


_MIRROR = {"stricter": "weaker", "weaker": "stricter", None: None}


@given(POLICIES)
@settings(max_examples=40, deadline=None)
def test_a_policy_differs_in_nothing_from_itself(given: dict[str, Any]) -> None:
    """And not from one that is read from its canonical form."""
    read = Policy.from_dict(given)
    assert compared(read, read) == ()
    assert compared(read, Policy.from_dict(read.canonical)) == ()
