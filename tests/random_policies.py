"""Random policies as plain data: valid ones, and ones that are broken in one place."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

TEXTS = st.text("abcdeXYZ 19-_é☃", min_size=1, max_size=6)
SCORES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, 1])
LABELS = st.sampled_from(["EMAIL_ADDRESS", "US_SSN", "hate", "any", "Z"])
MILLISECONDS = st.sampled_from([1, 50, 400.5, 3000])
ENTITIES = st.sampled_from(["EMAIL_ADDRESS", "US_SSN", "CREDIT_CARD", "PHONE_NUMBER"])
NUMBERS = st.integers(0, 50)

DECODE = st.fixed_dictionaries(
    {},
    optional={
        "preset": st.sampled_from(["precise", "creative"]),
        "do_sample": st.booleans(),
        "temperature": st.sampled_from([0, 0.5, 1, 2.5]),
        "top_k": NUMBERS,
        "top_p": st.sampled_from([0.1, 1, 0.95]),
        "min_p": st.sampled_from([0, 0.5, 1]),
        "penalty_window": st.sampled_from(["all", "output", 1, 64]),
        "logit_bias": st.dictionaries(st.integers(0, 99).map(str), st.sampled_from([-1.5, 2, 100]), max_size=2),
        "sequence_bias": st.lists(st.tuples(st.lists(NUMBERS, min_size=1, max_size=2), SCORES).map(list), max_size=2),
        "bad_words_ids": st.lists(st.lists(NUMBERS, min_size=1, max_size=2), max_size=2),
        "suppress_tokens": st.lists(NUMBERS, max_size=2),
        "eos_token_id": st.one_of(NUMBERS, st.lists(NUMBERS, max_size=2)),
        "max_new_tokens": st.integers(1, 99),
        "finish_after": st.sampled_from([0.5, 1]),
        "stop": st.one_of(TEXTS, st.lists(TEXTS, max_size=2)),
        "seed": st.integers(-9, 9),
        "n": st.integers(1, 4),
        "logprobs": st.booleans(),
        "trace_masked": st.integers(0, 16),
    },
)

ACTIONS = st.one_of(
    st.sampled_from(["allow", "log", "mask", "hash", "redact", "truncate", "block", "refuse", "review"]),
    st.sampled_from([{"mask": {"keep": 4}}, {"refuse": "No."}, {"redact": None}, {"mask": None}]),
    TEXTS.map(lambda text: {"replace": f"({text})"}),
    st.integers(1, 10).map(lambda times: {"retry": {"times": times}}),
    st.just({"pseudonymise": {"style": "numbered"}}),
)


def _tiers(scores: list[float]) -> dict[str, float]:
    """In an order in which each of them happens."""
    return dict(zip(("log", "redact", "review", "block"), sorted(scores), strict=False))


TIERS = st.lists(SCORES, min_size=1, max_size=3, unique_by=float).map(_tiers)
COMMON = {
    "action": ACTIONS,
    "actions": st.dictionaries(LABELS, ACTIONS, min_size=1, max_size=2),
    "thresholds": st.dictionaries(LABELS, TIERS, min_size=1, max_size=2),
    "on": st.sampled_from(["output", ["output"], ["input", "output"]]),
    "timeout_ms": MILLISECONDS,
    "on_timeout": st.sampled_from(["block", "skip", {"use": "secrets"}, {"use": "length", "most": {"words": 9}}]),
    "on_failure": st.sampled_from(["block", "skip", None]),
    "on_invalid": st.sampled_from(["block", "skip"]),
}
DETECTORS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "tickets": {},
    "pii": {
        "entities": st.one_of(st.lists(ENTITIES, min_size=1, max_size=2), st.just({"US_SSN": 0.5})),
        "encoded": st.booleans(),
        "allow": st.lists(st.one_of(TEXTS, st.just({"regex": "a+"})), max_size=2),
    },
    "secrets": {"guess": st.booleans(), "kinds": st.just(["JWT"])},
    "urls": {"allow": st.just(["example.com"]), "bare": st.booleans(), "ports": st.just([443])},
    "leakage": {"words": st.integers(2, 9), "characters": st.integers(8, 99)},
    "repetition": {"times": st.integers(2, 9), "run": st.integers(8, 99)},
    "length": {"least": st.just({"bytes": 3})},
    "phrases": {"whole_words": st.booleans(), "fold": st.just(["case"]), "label": st.just("RIVAL")},
}
NEEDED: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "length": {"most": st.one_of(st.integers(5, 99), st.just({"words": 7, "bytes": 40}))},
    "phrases": {"phrases": st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3)},
}


def _guard(use: str) -> st.SearchStrategy[dict[str, Any]]:
    needed = {"use": st.just(use), **NEEDED.get(use, {})}
    return st.fixed_dictionaries(needed, optional={**COMMON, **DETECTORS[use]})


def _named(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**entry, "name": f"guard {number}"} for number, entry in enumerate(entries)]


GUARDS = st.lists(st.sampled_from(sorted(DETECTORS)).flatmap(_guard), max_size=3).map(_named)
SCHEMA = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 9}}, "required": ["a"]}
CONSTRAINTS = st.one_of(
    st.fixed_dictionaries(
        {"json_schema": st.sampled_from([SCHEMA, True, {}])},
        optional={
            "strict": st.booleans(),
            "whitespace": st.sampled_from(["flexible", "compact", {"indent": 2}]),
            "key_order": st.sampled_from(["schema", "any"]),
            "regex": st.none(),
        },
    ),
    st.fixed_dictionaries({"regex": st.sampled_from(["a+", "[0-9]{4}"])}),
    st.fixed_dictionaries({"choice": st.lists(TEXTS, min_size=1, max_size=3, unique=True)}),
    st.fixed_dictionaries({"quote": st.one_of(TEXTS, st.lists(TEXTS, min_size=1, max_size=2))}),
)
RULES = st.one_of(
    ENTITIES,
    ENTITIES.map(lambda name: {"entity": name}),
    st.just({"regex": "ACME-[0-9]+", "ignore_case": True}),
    TEXTS.map(lambda text: {"phrase": text}),
    st.lists(TEXTS, min_size=1, max_size=2).map(lambda texts: {"phrases": texts}),
)
BUDGETS = st.fixed_dictionaries(
    {"total_ms": st.sampled_from([3000, 4000.5])},
    optional={"guards_ms": MILLISECONDS, "on_timeout": st.sampled_from(["block", "skip", {"use": "pii"}])},
)
TRACES = st.one_of(
    st.fixed_dictionaries(
        {}, optional={"store": st.sampled_from(["digest", "redacted"]), "key": st.just({"env": "K"})}
    ),
    st.fixed_dictionaries(
        {"store": st.just("raw")}, optional={"seal": st.just({"env": "S"}), "logits": st.integers(0, 9)}
    ),
)
POLICIES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"version": st.just(1)},
    optional={
        "name": TEXTS,
        "decode": DECODE,
        "constraint": CONSTRAINTS,
        "forbid": st.lists(RULES, max_size=3),
        "guards": GUARDS,
        "budget": BUDGETS,
        "release": st.sampled_from(["window", "at_end", None]),
        "notice": st.one_of(st.just(""), TEXTS),
        "trace": TRACES,
    },
)

_NONSENSE = st.sampled_from(
    [None, True, -1, 0, 7, 0.5, -2.5, "", "nonsense", [], ["a"], [3], {}, {"a": 1}, [[]], [None]]
)
_KEYS = st.sampled_from(["nonsense", "use", "action", "store", "top_k", "strict", "entities", "regex", "keep", "times"])


@st.composite
def broken_policies(draw: st.DrawFn) -> dict[str, Any]:
    """A valid one with something else in one place, something less, or something more."""
    policy = draw(POLICIES)
    ways = list(_ways(policy))
    inner, key = draw(st.sampled_from(ways))
    how = draw(st.sampled_from(["instead", "less", "more"]))
    if how == "instead":
        inner[key] = draw(_NONSENSE)
    elif how == "less":
        del inner[key]
    elif isinstance(inner, dict):
        inner[draw(_KEYS)] = draw(_NONSENSE)
    else:
        inner.append(draw(_NONSENSE))
    return policy


def _ways(value: Any) -> Any:
    """Every place in it, as what it is in and the key there. What was drawn for several places is copied for each."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if isinstance(inner, dict | list):
            value[key] = inner = inner.copy()
            yield from _ways(inner)
        yield value, key
