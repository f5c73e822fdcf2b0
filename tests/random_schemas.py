"""Random JSON Schemas: all keywords, few names, small numbers, most of them satisfiable; recursion by references.

They are of draft 2020-12; `in_dialect` says one in the words of an older draft, as far as that has them. References in
place point forward only, so that each makes progress; those of a member or an item may point anywhere.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, TypeAlias

from hypothesis import strategies as st

Schema: TypeAlias = Any
"""A dict or a bool."""

NAMES = ["a", "b", "ab", "é"]
TEXTS = ["", "a", "b", "ab", "ba", "aab", "1", "12", "é", "\n", "a\n", '"', "\\", "😀", "a b"]
NUMBERS = [0, 1, 2, 3, 5, 10, 12, -1, -2, 0.5, 1.5, -0.5, 0.1, 0.3, 1.25, 100]
PATTERNS = [
    "^a", "b$", "a", "^[ab]+$", "a.b", r"^\d{1,2}$", "^(a|bb)*$", "^[^a]*$", r"\w", "^$", r"\s", "^(?!a)", "a{2,}",
    "^.$", r"^\S*$", "^[a-f]", "(?<=a)b", r"\bb", "^a?b?$", r"[^\x00-\x7f]", "^(ab)+|1", "",
]  # fmt: skip
DEFINITIONS = ["d0", "d1", "d2"]

_few_values = st.recursive(
    st.sampled_from([None, True, False, *NUMBERS[:8], *TEXTS[:6]]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=2),
    max_leaves=3,
)
_low, _high = st.integers(0, 2), st.integers(1, 4)


def _any_of(keywords: dict[str, st.SearchStrategy[Any]], **always: st.SearchStrategy[Any]) -> st.SearchStrategy[Schema]:
    """Some of the keywords, mostly few, in any order."""

    chosen = st.lists(st.sampled_from(list(keywords)), max_size=3, unique=True)

    @st.composite
    def drawn(draw: st.DrawFn) -> Schema:
        names = draw(chosen)
        return {name: draw(one) for name, one in [*always.items(), *((name, keywords[name]) for name in names)]}

    return drawn()


def _types(*names: str) -> st.SearchStrategy[Any]:
    """One of them, sometimes beside another type."""
    others = st.sampled_from(["null", "boolean", "object", "array", "string", "number", "integer"])
    return st.sampled_from(names) | st.tuples(st.sampled_from(names), others).map(
        lambda pair: list(dict.fromkeys(pair))
    )


scalars = st.one_of(
    _any_of({"minLength": _low, "maxLength": _high, "pattern": st.sampled_from(PATTERNS)}, type=_types("string")),
    _any_of(
        {
            "minimum": st.sampled_from([-2, 0, 0.5, 1]),
            "maximum": st.sampled_from([1, 2.5, 10, 100]),
            "exclusiveMinimum": st.sampled_from([-1.5, 0, 1]),
            "exclusiveMaximum": st.sampled_from([2, 3.5, 12]),
            "multipleOf": st.sampled_from([1, 2, 3, 5, 0.5, 0.1, 0.25, 2.5]),
        },
        type=_types("integer", "number"),
    ),
    st.fixed_dictionaries({"type": _types("boolean", "null")}),
    st.fixed_dictionaries({"enum": st.lists(_few_values, min_size=1, max_size=4, unique_by=repr)}),
    st.fixed_dictionaries({"const": _few_values}),
)
"""Schemas without schemas in them."""


@cache
def schemas(depth: int = 2, first: int = 0) -> st.SearchStrategy[Schema]:
    """`depth` levels of schemas in schemas; in place only the definitions from `first` on are named."""
    in_place = _references(first)
    if depth == 0:
        return st.one_of(scalars, scalars, scalars, in_place, st.booleans())
    objects, arrays, combined = _objects(depth), _arrays(depth), _combined(depth, first)
    return st.one_of(
        objects, objects, objects, arrays, arrays, combined, combined, _merged(depth, first), in_place, scalars
    )


@st.composite
def documents(draw: st.DrawFn, depth: int = 2) -> Schema:
    """A whole schema with its definitions, some of them named by anchors."""
    body = draw(schemas(depth))
    if isinstance(body, bool) or not _names_any(body):
        return body
    definitions: dict[str, Schema] = {}
    for number, name in enumerate(DEFINITIONS):
        one = draw(schemas(1, number + 1))
        anchors = {"$anchor": f"{name}-here", "$dynamicAnchor": f"{name}-there"}
        definitions[name] = {**anchors, **(one if isinstance(one, dict) else {} if one else {"not": {}})}
    return {**body, "$defs": definitions}


def _names_any(schema: Schema) -> bool:
    if isinstance(schema, dict):
        return "$ref" in schema or "$dynamicRef" in schema or any(map(_names_any, schema.values()))
    return isinstance(schema, list) and any(map(_names_any, schema))


def _references(first: int, to_root: bool = False) -> st.SearchStrategy[Schema]:
    named = [("$ref", f"#/$defs/{name}") for name in DEFINITIONS[first:]]
    named += [("$ref", f"#{name}-here") for name in DEFINITIONS[first:]]
    named += [("$dynamicRef", f"#{name}-there") for name in DEFINITIONS[first:]]
    named += [("$ref", "#")] * 3 if to_root else []
    return st.sampled_from(named).map(lambda pair: dict([pair])) if named else scalars


@cache
def _inner(depth: int) -> st.SearchStrategy[Schema]:
    """Of a member or an item: any reference makes progress there."""
    plain = schemas(depth - 1, len(DEFINITIONS))
    return st.one_of(plain, plain, plain, _references(0, to_root=True))


def _objects(depth: int) -> st.SearchStrategy[Schema]:
    inner = _inner(depth)
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
    rest = st.just(False) | inner
    in_place = schemas(depth - 1, len(DEFINITIONS))
    patterns = st.sampled_from(["^a", "b$", "^.$", r"\W", "^[^b]*$", ""])
    keywords = {
        "required": names,
        "additionalProperties": rest,
        "patternProperties": st.dictionaries(patterns, inner, min_size=1, max_size=2),
        "propertyNames": st.sampled_from(
            [{"maxLength": 1}, {"pattern": "^a"}, {"enum": ["a", "b"]}, {"not": {"const": "a"}}]
        ),
        "minProperties": _low,
        "maxProperties": _high,
        "dependentRequired": st.dictionaries(st.sampled_from(NAMES), names, min_size=1, max_size=2),
        "dependentSchemas": st.dictionaries(st.sampled_from(NAMES), in_place, min_size=1, max_size=1),
        "unevaluatedProperties": rest,
    }
    properties = st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    return _any_of(keywords, type=_types("object"), properties=properties)


def _arrays(depth: int) -> st.SearchStrategy[Schema]:
    inner = _inner(depth)
    keywords = {
        "items": inner,
        "prefixItems": st.lists(inner, min_size=1, max_size=2),
        "minItems": _low,
        "maxItems": _high,
        "uniqueItems": st.booleans(),
        "contains": inner,
        "minContains": _low,
        "maxContains": st.integers(1, 2),
        "unevaluatedItems": st.just(False) | inner,
    }
    return _any_of(keywords, type=_types("array")) | _any_of(keywords, type=st.just("array"), items=inner)


def _combined(depth: int, first: int) -> st.SearchStrategy[Schema]:
    part = schemas(depth - 1, first)
    several = st.lists(part, min_size=1, max_size=3)
    keywords = {"allOf": st.lists(part, min_size=1, max_size=2), "anyOf": several, "oneOf": several, "not": part}
    conditional = st.fixed_dictionaries({"if": part}, optional={"then": part, "else": part})
    return st.one_of(*(st.fixed_dictionaries({name: one}) for name, one in keywords.items()), conditional)


def _merged(depth: int, first: int) -> st.SearchStrategy[Schema]:
    """The keywords of two kinds side by side, often without a type."""

    def merged(one: Schema, other: Schema, has_type: bool) -> Schema:
        both = {**one, **other} if isinstance(one, dict) and isinstance(other, dict) else one
        return (
            both
            if has_type or isinstance(both, bool)
            else {name: given for name, given in both.items() if name != "type"}
        )

    kinds = st.one_of(_objects(depth), _arrays(depth), scalars)
    return st.builds(merged, kinds, st.one_of(_combined(depth, first), _references(first), kinds), st.booleans())


# Older dialects.

Dialect: TypeAlias = Literal["2019-09", "7", "6", "4"]
DIALECTS: dict[Dialect, str] = {
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "7": "http://json-schema.org/draft-07/schema#",
    "6": "http://json-schema.org/draft-06/schema#",
    "4": "http://json-schema.org/draft-04/schema#",
}
_LATER: dict[Dialect, tuple[str, ...]] = {
    "2019-09": ("$dynamicAnchor",),
    "7": ("minContains", "maxContains", "unevaluatedItems", "unevaluatedProperties", "$anchor", "$dynamicAnchor"),
}
_LATER["6"] = (*_LATER["7"], "if", "then", "else")
_LATER["4"] = (*_LATER["6"], "contains", "propertyNames", "const")
_VALUES = ("enum", "const", "required", "type", "dependentRequired", "pattern", "$ref")


def in_dialect(schema: Schema, dialect: Dialect) -> Schema:
    """A schema of this dialect with its `$schema`; it need not mean the same as the one given."""
    said = _said(schema, dialect)
    return {"$schema": DIALECTS[dialect], **said} if isinstance(said, dict) else said


def _said(schema: Schema, dialect: Dialect) -> Schema:
    if isinstance(schema, list):
        return [_said(one, dialect) for one in schema]
    if not isinstance(schema, dict):
        return ({} if schema else {"not": {}}) if dialect == "4" and isinstance(schema, bool) else schema
    said: dict[str, Any] = {}
    for keyword, given in schema.items():
        if keyword not in _LATER[dialect]:
            said |= _said_keyword(keyword, given, schema, dialect)
    return said


def _said_keyword(keyword: str, given: Any, beside: Schema, dialect: Dialect) -> dict[str, Any]:
    is_old = dialect != "2019-09"
    match keyword:
        case "$ref" | "$dynamicRef":
            name = next((name for name in DEFINITIONS if name in given), None)
            place = "definitions" if is_old else "$defs"
            return {"$ref": f"#/{place}/{name}" if name else "#"}
        case "$defs" if is_old:
            return {"definitions": _named(given, dialect)}
        case "prefixItems":
            return {"items": _said(given, dialect)}
        case "items" if "prefixItems" in beside:
            return {"additionalItems": _said(given, dialect)}
        case "exclusiveMinimum" | "exclusiveMaximum" if dialect == "4":
            bound = keyword.removeprefix("exclusive").lower()
            return {bound: beside.get(bound, given), keyword: True}
        case "dependentRequired" | "dependentSchemas" if is_old:
            return {"dependencies": given if keyword == "dependentRequired" else _named(given, dialect)}
        case "properties" | "patternProperties" | "$defs" | "dependentSchemas":
            return {keyword: _named(given, dialect)}
        case "uniqueItems":
            return {keyword: given}
    return {keyword: given if keyword in _VALUES else _said(given, dialect)}


def _named(given: dict[str, Schema], dialect: Dialect) -> dict[str, Schema]:
    return {name: _said(one, dialect) for name, one in given.items()}
