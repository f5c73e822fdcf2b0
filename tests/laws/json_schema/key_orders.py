"""The order of keys, slowly: whether the keys of each object keep the order in which a schema lists them.

All the lists that can bear on an object are gathered from every applicator. Where they leave two keys' order to how
lists are merged, or to a branch that need not hold, the verdict is `open`. Knows nothing of texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeAlias

from ecma_patterns import as_python
from spelling_oracle import Path, Reading, Verdict, worst

Place: TypeAlias = tuple[Any, bool]
"""A schema, and whether it holds whatever the value is."""

_ALWAYS = ("allOf", "$ref", "$dynamicRef")
_PERHAPS = ("anyOf", "oneOf", "if", "then", "else", "not", "dependentSchemas", "dependencies", "const", "enum")


def order_verdict(reading: Reading, schema: Any) -> Verdict:
    """Of every object in the text."""
    return worst(_of_keys(keys, list(_lists(schema, path))) for path, keys in reading.keys)


def _of_keys(keys: Sequence[str], lists: Sequence[tuple[list[str], bool]]) -> Verdict:
    listed = {name for names, _ in lists for name in names}
    return worst(_of_pair(pair, lists) for pair in combinations([key for key in keys if key in listed], 2))


def _of_pair(pair: tuple[str, str], lists: Sequence[tuple[list[str], bool]]) -> Verdict:
    """Two listed keys, as they come in the text."""
    first, second = pair
    both = [(names.index(first) < names.index(second), holds) for names, holds in lists if {*pair} <= {*names}]
    if not both or len({kept for kept, _ in both}) == 2:
        return "open"
    return "inside" if both[0][0] else "outside" if any(holds for _, holds in both) else "open"


def _lists(root: Any, path: Path) -> Iterator[tuple[list[str], bool]]:
    places = [(root, True)]
    for step in path:
        places = [below for schema, holds in _in_place(root, places) for below in _below(schema, step, holds)]
    for schema, holds in _in_place(root, places):
        if "properties" in schema:
            yield list(schema["properties"]), holds


def _in_place(root: Any, places: Sequence[Place]) -> list[tuple[Mapping[str, Any], bool]]:
    """These schemas and all that are applied to the same value, each once."""
    found: dict[tuple[int, bool], tuple[Mapping[str, Any], bool]] = {}
    todo = list(places)
    while todo:
        schema, holds = todo.pop()
        if isinstance(schema, Mapping) and (id(schema), holds) not in found:
            seen = {"$ref": schema["$ref"]} if "$ref" in schema and _hides_siblings(root) else schema
            found[id(schema), holds] = (seen, holds)
            for keyword in (*_ALWAYS, *_PERHAPS):
                todo += [(one, holds and keyword in _ALWAYS) for one in _applied(root, seen, keyword)]
    return list(found.values())


def _hides_siblings(root: Any) -> bool:
    """Whether the dialect is one in which a reference stands alone, whatever is written beside it."""
    return any(draft in root.get("$schema", "") for draft in ("draft-04", "draft-06", "draft-07"))


def _applied(root: Any, schema: Mapping[str, Any], keyword: str) -> list[Any]:
    given = schema.get(keyword)
    if given is None:
        return []
    if keyword in ("const", "enum"):
        return [_as_schema(value) for value in ([given] if keyword == "const" else given)]
    if keyword in ("$ref", "$dynamicRef"):
        return [target(root, given)]
    if isinstance(given, list):
        return given
    return list(given.values()) if keyword in ("dependentSchemas", "dependencies") else [given]


def _as_schema(value: Any) -> Any:
    """That lists the keys of a value as they stand: whether they keep that order is nowhere laid down."""
    if isinstance(value, Mapping):
        return {"properties": {name: _as_schema(member) for name, member in value.items()}}
    return {"prefixItems": [_as_schema(item) for item in value]} if isinstance(value, list) else {}


def _below(schema: Mapping[str, Any], step: str | int, holds: bool) -> Iterator[Place]:
    if isinstance(step, int):
        yield from _at_index(schema, step, holds)
        return
    named = [schema["properties"][step]] if step in schema.get("properties", {}) else []
    patterns = schema.get("patternProperties", {}).items()
    named += [one for pattern, one in patterns if re.search(as_python(pattern), step)]
    rest = () if named else ("additionalProperties", "unevaluatedProperties")
    yield from ((one, holds) for one in [*named, *(schema[keyword] for keyword in rest if keyword in schema)])


def _at_index(schema: Mapping[str, Any], index: int, holds: bool) -> Iterator[Place]:
    rest = schema.get("items")
    listed = rest if isinstance(rest, list) else schema.get("prefixItems", [])
    if index < len(listed):
        yield listed[index], holds
    else:
        yield from ((schema[keyword], holds) for keyword in ("items", "additionalItems") if keyword in schema)
    yield from ((schema[keyword], False) for keyword in ("contains", "unevaluatedItems") if keyword in schema)


def target(root: Any, reference: str) -> Any:
    """Within the document: `#`, a pointer without escapes, or an anchor of `$defs`."""
    if not reference.startswith("#/"):
        anchored = [one for one in root.get("$defs", {}).values() if isinstance(one, dict)]
        return next((one for one in anchored if reference[1:] in (one.get("$anchor"), one.get("$dynamicAnchor"))), root)
    here = root
    for name in reference[2:].split("/"):
        here = here[name]
    return here
