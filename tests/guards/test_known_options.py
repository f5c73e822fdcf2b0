"""What people are told of detectors' options against what detectors read."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from llmpost.engine.guarding import detectors_of
from llmpost.errors import LlmpostError, PolicyError
from llmpost.guards.catalogue import CATALOGUE
from llmpost.guards.known_options import KNOWN_OPTIONS, SOUGHT
from llmpost.guards.options import Options

DETECTORS = detectors_of({})
NEEDED: dict[str, dict[str, Any]] = {
    "competitors": {"phrases": ["Acme"]},
    "length": {"most": {"words": 9}},
    "phrases": {"phrases": ["Acme"]},
    "schema": {"schema": {"type": "object"}},
}
"""Without which a detector could find nothing."""
LIGHT = sorted(set(KNOWN_OPTIONS) - {"detect-secrets", "names", "ner", "presidio"})
VALUES = st.sampled_from(
    [
        0, 1, 7, 64, 443, -1, 2.5, True, False, "", "case", "a", "find", "profanity", [], ["case"], ["a"], ["US_SSN"],
        ["JWT"], [443], [0], ["*.example.com"], [""], [3], {}, {"US_SSN": 0.5}, {"US_SSN": 2}, {"words": 3},
        {"wrds": 3}, {"bytes": None}, {"US_SSN": ["employee"]}, [{"regex": "a+"}], [{"rgx": "a"}], ["CSS_URL"],
    ]
)  # fmt: skip


def test_every_detector_is_told_of() -> None:
    """Those of the catalogue and the engine's own, each with what it looks for."""
    assert set(KNOWN_OPTIONS) == set(SOUGHT) == set(DETECTORS) >= set(CATALOGUE)


@pytest.mark.parametrize("name", KNOWN_OPTIONS)
def test_what_is_read_is_told_of(name: str) -> None:
    """A detector reads the options of the table and no others, whatever package it then misses."""
    options = Options(NEEDED.get(name, {}), "guards[0]")
    try:
        DETECTORS[name].build(options)
    except LlmpostError:
        assert name in ("ner", "presidio", "detect-secrets")
    assert set(options._known) <= set(KNOWN_OPTIONS[name])
    if name in LIGHT:
        assert set(options._known) == set(KNOWN_OPTIONS[name])


@pytest.mark.parametrize("name", LIGHT)
def test_defaults_are_what_holds_where_nothing_is_said(name: str) -> None:
    """Each is a value that the detector takes, and the schema too."""
    for option, known in KNOWN_OPTIONS[name].items():
        default = known.meaning.default
        if default is not None and option not in NEEDED.get(name, {}):
            Draft202012Validator(known.shape).validate(default)
            DETECTORS[name].build(Options({**NEEDED.get(name, {}), option: default}, "guards[0]"))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_shapes_are_what_detectors_take(data: st.DataObject) -> None:
    """What a detector builds with is of the shape; what is not of the shape is refused."""
    name = data.draw(st.sampled_from(LIGHT))
    option = data.draw(st.sampled_from(sorted(KNOWN_OPTIONS[name])))
    value = data.draw(VALUES)
    try:
        DETECTORS[name].build(Options({**NEEDED.get(name, {}), option: value}, "guards[0]"))
    except PolicyError:
        return
    assert Draft202012Validator(dict(KNOWN_OPTIONS[name][option].shape)).is_valid(value)
