"""What the keywords of a dialect are called in draft 2020-12.

A schema's keywords as a mapping in the newest vocabulary, whatever dialect they were written in; what a dialect does
not know is left out. Values stay raw: nodes read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from llmpost.constraints.json_schema.document.dialect import (
    DRAFT_4,
    DRAFT_2019_09,
    DRAFT_2020_12,
    Dialect,
)

NOWHERE: Mapping[str, str] = MappingProxyType({})


def translated(raw: Mapping[str, Any], dialect: Dialect) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """The keywords, and what those were called that had another name."""
    if dialect is DRAFT_2020_12:
        return raw, NOWHERE
    if dialect.hides_siblings and "$ref" in raw:
        return {"$ref": raw["$ref"]}, NOWHERE
    words = {name: value for name, value in raw.items() if name in dialect.words}
    old_names: dict[str, str] = {}
    _translate_items(words, old_names)
    if dialect is not DRAFT_2019_09:
        _translate_dependencies(words, old_names)
    if dialect is DRAFT_4:
        _translate_bound(words, "minimum", "exclusiveMinimum")
        _translate_bound(words, "maximum", "exclusiveMaximum")
    return words, old_names


def _translate_items(words: dict[str, Any], old_names: dict[str, str]) -> None:
    """An array of schemas is `prefixItems`, and then `additionalItems` are the rest; else these mean nothing."""
    rest = words.pop("additionalItems", None)
    if type(words.get("items")) is list:
        words["prefixItems"] = words.pop("items")
        old_names["prefixItems"] = "items"
        if rest is not None:
            words["items"] = rest
            old_names["items"] = "additionalItems"


def _translate_dependencies(words: dict[str, Any], old_names: dict[str, str]) -> None:
    given = words.pop("dependencies", None)
    if given:
        required = {name: needed for name, needed in given.items() if type(needed) is list}
        schemas = {name: needed for name, needed in given.items() if type(needed) is not list}
        for name, part in (("dependentRequired", required), ("dependentSchemas", schemas)):
            if part:
                words[name] = part
                old_names[name] = "dependencies"


def _translate_bound(words: dict[str, Any], bound: str, exclusive: str) -> None:
    if words.pop(exclusive, False):
        words[exclusive] = words.pop(bound)
