"""Lint looks at any policy that can be read, and says what it says at keys that the policy has."""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.engine.linting import lint
from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.policy.constraint import ConstraintEntry

_WORDS = st.sampled_from(
    ["a", "ACME-1", "x@y.com", "\x00", "\u202e", "é😀", "}", '"', "\\", "\n\n", "078-05-1120", "𝒳", "any"]
)
_TEXTS = st.one_of(_WORDS, st.text(max_size=5, alphabet=st.characters(exclude_categories=["Cs"])).filter(bool))
_PATTERNS = st.sampled_from(
    ["a*", "[a-z]+@b\\.c", "(a|b){2,5}", "\\d{3}-\\d{2}-\\d{4}", ".*", "(?i)acme-\\d+", "", "[^a]", "a(?=b)b"]
)
_LEAVES = st.one_of(
    st.sampled_from([True, False, {}, {"type": "string"}, {"type": "integer", "minimum": 3}, {"format": "email"}]),
    st.fixed_dictionaries({"enum": st.lists(st.one_of(_TEXTS, st.integers(-9, 9), st.floats(0, 1)), max_size=3)}),
    st.fixed_dictionaries({"const": st.one_of(_TEXTS, st.lists(_TEXTS, max_size=2), st.just({"a.b": 1.5}))}),
    st.fixed_dictionaries({"pattern": _PATTERNS}),
)  # fmt: skip
_SCHEMAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries(
            {"properties": st.dictionaries(_TEXTS, inner, max_size=3)},
            optional={"required": st.lists(_TEXTS, max_size=2, unique=True), "additionalProperties": inner},
        ),
        st.fixed_dictionaries({"items": inner}, optional={"minItems": st.integers(0, 2)}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)}),
    ),
    max_leaves=5,
)
_CONSTRAINTS = st.one_of(
    st.fixed_dictionaries({"json_schema": _SCHEMAS}, optional={"whitespace": st.sampled_from(["compact", "flexible"])}),
    st.fixed_dictionaries({"regex": _PATTERNS}),
    st.fixed_dictionaries({"choice": st.lists(_TEXTS, max_size=3)}),
    st.fixed_dictionaries({"quote": _TEXTS}),
)
_RULES = st.one_of(
    st.sampled_from(["US_SSN", "EMAIL_ADDRESS", "CREDIT_CARD", "NOBODY"]),
    st.fixed_dictionaries({"regex": _PATTERNS}),
    st.fixed_dictionaries({"phrase": _TEXTS}, optional={"ignore_case": st.booleans()}),
    st.fixed_dictionaries({"phrases": st.lists(_TEXTS, max_size=3)}),
)
_ACTIONS = st.sampled_from(["log", "redact", "mask", "block", "retry", "truncate"])
_TIERS = st.dictionaries(
    st.sampled_from(["log", "redact", "block"]), st.sampled_from([0, 0.4, 0.6, 0.95, 1]), min_size=1
)
_LABELS = st.sampled_from(["any", "EMAIL_ADDRESS", "US_SSN", "PHRASE", "PASSWORD", "a.b"])
_GUARDS = st.fixed_dictionaries(
    {"use": st.sampled_from(["pii", "secrets", "leakage", "urls"])},
    optional={
        "action": _ACTIONS,
        "actions": st.dictionaries(_LABELS, _ACTIONS, min_size=1, max_size=2),
        "thresholds": st.dictionaries(_LABELS, _TIERS, min_size=1, max_size=2),
        "timeout_ms": st.sampled_from([1, 5000]),
        "on_timeout": st.sampled_from(["skip", {"use": "pii", "on_failure": "skip"}]),
        "on_invalid": st.sampled_from(["skip", "block"]),
    },
)
_KEYS = st.fixed_dictionaries(
    {},
    optional={
        "constraint": _CONSTRAINTS,
        "forbid": st.lists(_RULES, max_size=3),
        "decode": st.fixed_dictionaries(
            {},
            optional={
                "stop": st.lists(_TEXTS, min_size=1, max_size=2), "temperature": st.sampled_from([0, 1]),
                "max_new_tokens": st.integers(1, 5), "order": st.sampled_from([["top_p"], ["temperature", "top_k"]]),
            },
        ),
        "guards": st.lists(_GUARDS, max_size=1),
        "release": st.sampled_from(["window", "at_end"]),
        "budget": st.just({"total_ms": 100}),
        "notice": _TEXTS,
    },
)  # fmt: skip


@settings(max_examples=60)
@given(_KEYS)
def test_lint_takes_any_policy(keys: dict[str, Any]) -> None:
    """Nothing is raised. Of a policy that cannot be taken one error is told, and of any other what is told stands at a
    key that the policy has, in words that can be written."""
    try:
        policy = Policy.from_dict({"version": 1, **keys})
    except PolicyError:
        return
    for remark in lint(policy, seconds=0.5):
        first, *inner = re.findall(r"\w+", remark.where)
        assert first == "policy" or first in (*keys, "release")
        assert remark.message.encode()
        assert not (first == "constraint" and inner) or inner[0] in (
            *ConstraintEntry.read(keys["constraint"], "").said,
        )
