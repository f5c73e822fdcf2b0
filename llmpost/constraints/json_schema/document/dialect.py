"""The dialects of JSON Schema: which keywords each has, and what form their values have.

A dialect is a table, made from its predecessor by what changed; `$schema` chooses it. How the words of an older one are
said in 2020-12 is `translation`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from llmpost.constraints.json_schema.document import forms
from llmpost.constraints.json_schema.document.forms import Form


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """The keywords of a draft. Compared by identity: there is one object a draft."""

    name: str
    words: Mapping[str, Form]
    id_word: str = "$id"
    hides_siblings: bool = False
    """Whether a `$ref` hides what stands beside it."""
    has_plain_ids: bool = False
    """Whether `#name` as an identifier names a place, as `$anchor` does later."""
    needs: tuple[tuple[str, str], ...] = ()
    """Keywords, and another that must stand beside each."""


METADATA = frozenset(
    (
        *("title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"),
        *("$comment", "$vocabulary", "contentMediaType", "contentEncoding", "contentSchema"),
    )
)
"""Keywords that say something about a value and forbid none."""

DRAFT_4 = Dialect(
    "draft 4",
    {
        "$schema": forms.STRING, "id": forms.STRING, "$ref": forms.STRING,
        "title": forms.STRING, "description": forms.STRING, "default": forms.ANY,
        "type": forms.TYPE, "enum": forms.FULL_LIST, "format": forms.STRING,
        "multipleOf": forms.POSITIVE, "maximum": forms.NUMBER, "minimum": forms.NUMBER,
        "exclusiveMaximum": forms.BOOLEAN, "exclusiveMinimum": forms.BOOLEAN,
        "maxLength": forms.COUNT, "minLength": forms.COUNT, "pattern": forms.STRING,
        "maxItems": forms.COUNT, "minItems": forms.COUNT, "uniqueItems": forms.BOOLEAN,
        "items": forms.SCHEMA_OR_SCHEMAS, "additionalItems": forms.SCHEMA,
        "maxProperties": forms.COUNT, "minProperties": forms.COUNT, "required": forms.SOME_NAMES,
        "properties": forms.SCHEMAS_BY_NAME, "patternProperties": forms.SCHEMAS_BY_NAME,
        "additionalProperties": forms.SCHEMA, "dependencies": forms.DEPENDENCIES, "definitions": forms.SCHEMAS_BY_NAME,
        "allOf": forms.SCHEMAS, "anyOf": forms.SCHEMAS, "oneOf": forms.SCHEMAS, "not": forms.SCHEMA,
    },
    id_word="id", hides_siblings=True, has_plain_ids=True,
    needs=(("exclusiveMaximum", "maximum"), ("exclusiveMinimum", "minimum")),
)  # fmt: skip

DRAFT_6 = replace(
    DRAFT_4,
    name="draft 6",
    words={name: form for name, form in DRAFT_4.words.items() if name != "id"}
    | {
        "$id": forms.STRING, "const": forms.ANY, "enum": forms.LIST, "examples": forms.LIST, "required": forms.NAMES,
        "contains": forms.SCHEMA, "propertyNames": forms.SCHEMA,
        "exclusiveMaximum": forms.NUMBER, "exclusiveMinimum": forms.NUMBER,
    },
    id_word="$id", needs=(),
)  # fmt: skip

DRAFT_7 = replace(
    DRAFT_6,
    name="draft 7",
    words={
        **DRAFT_6.words,
        "$comment": forms.STRING, "readOnly": forms.BOOLEAN, "writeOnly": forms.BOOLEAN,
        "contentMediaType": forms.STRING, "contentEncoding": forms.STRING,
        "if": forms.SCHEMA, "then": forms.SCHEMA, "else": forms.SCHEMA,
    },
)  # fmt: skip

DRAFT_2019_09 = Dialect(
    "draft 2019-09",
    {name: form for name, form in DRAFT_7.words.items() if name != "dependencies"}
    | {
        "$id": forms.BASE, "$anchor": forms.ANCHOR, "$defs": forms.SCHEMAS_BY_NAME, "$vocabulary": forms.OBJECT,
        "$recursiveRef": forms.STRING, "$recursiveAnchor": forms.BOOLEAN, "deprecated": forms.BOOLEAN,
        "maxContains": forms.COUNT, "minContains": forms.COUNT, "contentSchema": forms.SCHEMA,
        "dependentRequired": forms.NAMES_BY_NAME, "dependentSchemas": forms.SCHEMAS_BY_NAME,
        "unevaluatedItems": forms.SCHEMA, "unevaluatedProperties": forms.SCHEMA,
    },
)  # fmt: skip

DRAFT_2020_12 = replace(
    DRAFT_2019_09,
    name="draft 2020-12",
    words={
        name: form
        for name, form in DRAFT_2019_09.words.items()
        if name not in ("additionalItems", "$recursiveRef", "$recursiveAnchor")
    }
    | {
        "$dynamicRef": forms.STRING, "$dynamicAnchor": forms.ANCHOR,
        "items": forms.SCHEMA, "prefixItems": forms.SCHEMAS,
    },
)  # fmt: skip

_BY_VERSION = {
    "-04": DRAFT_4, "-06": DRAFT_6, "-07": DRAFT_7, "/2019-09": DRAFT_2019_09, "/2020-12": DRAFT_2020_12,
}  # fmt: skip
_OFFICIAL = re.compile(r"https?://json-schema\.org/draft(-0\d|/20\d\d-\d\d)/(?:hyper-)?schema#?")


def dialect_of(uri: str) -> Dialect | None:
    """The one that a `$schema` names; None where it is none of these.

    >>> dialect_of("http://json-schema.org/draft-07/schema#").name
    'draft 7'
    """
    official = _OFFICIAL.fullmatch(uri)
    return _BY_VERSION.get(official[1]) if official else None
