"""References and patterns that cannot be followed or read are kept as errors, and only where the root reaches them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.reader import read_regex
from llmpost.constraints.json_schema.document import patterns
from llmpost.constraints.json_schema.document.document import Document, read_document
from llmpost.constraints.json_schema.document.report import MAX_UNKNOWN
from llmpost.constraints.json_schema.settings import Settings
from llmpost.errors import ConstraintError


def read(schema: Any, formats: str = "assert") -> Document:
    return read_document(schema, Settings.of(formats=formats))


@pytest.mark.parametrize(
    "reference",
    ["http://x.test/other.json", "file:///etc/passwd", "other.json", "#missing", "#/$defs/none", "#/anyOf/7", "#/type"],
)
def test_references_that_lead_nowhere_are_refused(reference: str) -> None:
    """In the report, in the list of refusals, and when they are asked for; nothing is opened."""
    document = read({"type": "object", "anyOf": [{"$ref": reference}]})
    pointer = "/anyOf/0/$ref"
    assert [where for where, _ in document.refused] == [pointer]
    assert document.report[pointer] == "refused"
    with pytest.raises(ConstraintError, match=r"^json_schema at /anyOf/0/\$ref: "):
        document.root.schemas("anyOf")[0].references()


def test_what_nothing_refers_to_is_no_fault() -> None:
    """A definition nobody uses may be beyond us, and is not in the report."""
    definitions = {"a": {"$ref": "http://x.test/"}, "b": {"pattern": "("}, "c": {"$ref": "#/$defs/c"}}
    document = read({"$defs": definitions})
    assert document.refused == []
    assert document.report == {"/$defs": "exact"}
    assert len(read({"$defs": definitions, "allOf": [{"$ref": f"#/$defs/{name}"} for name in "abc"]}).refused) == 3


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"$ref": "#"}, "/$ref"),
        ({"allOf": [{"$ref": "#"}]}, "/allOf/0/$ref"),
        ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, "/$defs/b/$ref"),
        ({"dependentSchemas": {"a": {"not": {"$ref": "#"}}}}, "/dependentSchemas/a/not/$ref"),
    ],
)
def test_circles_without_progress_are_refused(schema: Any, pointer: str) -> None:
    """A reference that comes back to itself at the same value means nothing."""
    assert [where for where, _ in read(schema).refused] == [pointer]


def test_a_dynamic_circle_is_refused_when_reached() -> None:
    """Where a dynamic reference leads is known only in its scope."""
    inner = {"$id": "inner", "$dynamicRef": "#a", "$defs": {"a": {"$dynamicAnchor": "a"}}}
    document = read({"$id": "http://x.test/", "$dynamicAnchor": "a", "$ref": "inner", "$defs": {"inner": inner}})
    with pytest.raises(ConstraintError, match=r"it comes back to itself"):
        document.root.references()[0].references()


@pytest.mark.parametrize("place", ["items", "additionalProperties", "contains", "propertyNames"])
def test_recursion_with_progress_is_none(place: str) -> None:
    """One step into the value is enough."""
    document = read({place: {"allOf": [{"$ref": "#"}]}})
    assert document.refused == []
    inner = document.root.schema(place)
    assert inner is not None
    assert inner.schemas("allOf")[0].references() == (document.root,)


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"pattern": "a(b"}, "/pattern"),
        ({"pattern": "(a)\\1"}, "/pattern"),
        ({"properties": {"p": {"patternProperties": {"/[z-a]": True}}}}, "/properties/p/patternProperties/~1[z-a]"),
    ],
)
def test_patterns_that_cannot_be_read_are_refused(schema: Any, pointer: str) -> None:
    """With the pointer of the keyword, or of the key that is one."""
    document = read(schema)
    assert [(where, error.where) for where, error in document.refused] == [(pointer, f"json_schema at {pointer}")]


PIECES = st.sampled_from([*"abz019_-^$.*+?()[]{}|\\/,: ", "a-z", "[^", "\\d", "{2}", "{2,}", "(?:", "]+", "\\-", "0-9"])


@settings(deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_looks_well_formed_is(pattern: str) -> None:
    """No pattern passes at a glance that the reader of patterns would refuse."""
    if patterns._WELL_FORMED.fullmatch(pattern):
        read_regex(pattern, Dialect.ECMA)


def test_the_report_tells_what_is_enforced() -> None:
    """By pointer: keywords, metadata, formats known and unknown; others may lower it and never raise it."""
    schema = {"type": "string", "title": "t", "x-y": 1, "allOf": [{"format": "date"}, {"format": "int32"}]}
    annotations = {"/title": "annotation", "/x-y": "annotation", "/allOf/1/format": "annotation"}
    exact = {"/type": "exact", "/allOf": "exact", "/allOf/0/format": "exact"}
    document = read(schema)
    assert document.report == exact | annotations
    assert read(schema, "annotate").report["/allOf/0/format"] == "annotation"
    document.lower("/type", "sound")
    document.lower("/title", "sound")
    assert (document.report["/type"], document.report["/title"]) == ("sound", "annotation")


def test_the_report_is_bounded() -> None:
    """Of very many unknown keywords some are named, the rest counted."""
    document = read({f"x-{number}": 1 for number in range(MAX_UNKNOWN + 5)})
    assert len(document.report) == MAX_UNKNOWN
    assert document.notes == ["5 more keywords have no entry; most are unknown or stand very deep"]


def test_unknown_dialects_are_noted() -> None:
    """They are read as what stands around them."""
    assert read({"$schema": "http://x.test/mine"}).notes == [
        "the dialect 'http://x.test/mine' is not known: read as draft 2020-12"
    ]


KEYS = st.sampled_from(
    [
        "type",
        "items",
        "properties",
        "$ref",
        "$id",
        "id",
        "$defs",
        "allOf",
        "not",
        "a",
        "$anchor",
        "$schema",
        "pattern",
        "x",
    ]
)
SOME_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.floats()
    | st.sampled_from(["string", "#", "#/x", "a", "(", "$"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(KEYS, SOME_JSON, max_size=6))
def test_nothing_but_constraint_errors(schema: dict[str, Any]) -> None:
    """Whatever is given, it is read or refused."""
    try:
        document = read(schema)
    except ConstraintError:
        return
    assert set(document.report.values()) <= {"exact", "annotation", "refused"}
    assert document.is_plain(document.root) in (True, False)
