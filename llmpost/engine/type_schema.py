"""The JSON Schema of a Python type: pydantic's own, narrowed where pydantic then takes less than it printed.

So whatever is written under the schema can be read as the type. Years begin at 1, seconds end at 59, durations and
integers are bounded, Decimals and keys are texts of a certain form, URLs have a host, the tag of a union is there. And
an object of named fields has no others: they would be written for nobody. It knows no constraint and no model.

Not narrowed, so that reading may still fail: validators of somebody's own, dates in the past or future, bounds of
datetimes and durations, `Json`, `ByteSize`, `Pattern`, `FilePath`, e-mail addresses, URLs of several hosts, bytes that
are no text where a `str` is encoded, sets with a least size whose items are equal in Python alone, and values nested
more deeply than pydantic reads (about 200 levels).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pydantic
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from llmpost.engine import type_patterns as patterns

_LARGEST_INTEGER = 2**63 - 1024  # also written with an exponent, which pydantic reads as a float
_LARGEST_FLOAT = 1.7e308
_BOUNDS = ("ge", "gt", "le", "lt", "multiple_of", "max_digits", "decimal_places")
_OTHER_FORMATS: Mapping[str, JsonSchemaValue] = {
    "base64": {"pattern": patterns.BASE64},
    "base64url": {"pattern": patterns.BASE64_OF_URLS},
    "ipv4network": {"format": "ipv4"},
    "ipv4interface": {"format": "ipv4"},
    "ipv6network": {"format": "ipv6"},
    "ipv6interface": {"format": "ipv6"},
    "ipvanyaddress": {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
    **{f"uuid{version}": {"format": "uuid", "pattern": patterns.uuid(version)} for version in (1, 3, 4, 5, 6, 7, 8)},
}
"""What pydantic calls formats and JSON Schema does not; a network is written as one of a single address."""


def schema_of_type(adapter: pydantic.TypeAdapter[Any]) -> JsonSchemaValue:
    """The schema of what is read into the type."""
    return adapter.json_schema(mode="validation", schema_generator=_Narrow)


class _Narrow(GenerateJsonSchema):
    """One method for each kind of type that takes less."""

    def generate(self, schema: Any, mode: Any = "validation") -> JsonSchemaValue:
        printed = super().generate(schema, mode)
        _name_formats(printed)
        return printed

    def emit_warning(self, kind: Any, detail: str) -> None:
        """Of what has no schema (a default, a choice that no JSON makes) nothing is written, and nobody misses it."""

    def int_schema(self, schema: Any) -> JsonSchemaValue:
        most = 2**53 if "multiple_of" in schema else _LARGEST_INTEGER  # a float has all the digits that count
        return _between(super().int_schema(schema), -most, most)

    def float_schema(self, schema: Any) -> JsonSchemaValue:
        printed = super().float_schema(schema)
        is_finite = schema.get("allow_inf_nan") is False
        return _between(printed, -_LARGEST_FLOAT, _LARGEST_FLOAT) if is_finite else printed

    def decimal_schema(self, schema: Any) -> JsonSchemaValue:
        """A number, or a text without bounds: a text cannot say that it is less than another."""
        given = {name: schema[name] for name in _BOUNDS if schema.get(name) is not None}
        bounds = {name: float(given[name]) for name in ("ge", "gt", "le", "lt", "multiple_of") if name in given}
        number = self.float_schema({"type": "float", "allow_inf_nan": False, **bounds})
        places, digits = given.get("decimal_places"), given.get("max_digits")
        if places is not None or digits is not None:
            number = _of_digits(number, places, digits)
        return number if given else {"anyOf": [number, {"type": "string", "pattern": patterns.DECIMAL}]}

    def str_schema(self, schema: Any) -> JsonSchemaValue:
        printed = super().str_schema(schema)
        return {**printed, "allOf": [{"pattern": patterns.STRIPPED}]} if schema.get("strip_whitespace") else printed

    def date_schema(self, schema: Any) -> JsonSchemaValue:
        wanted = [patterns.DATE]
        wanted += [patterns.not_before(_next(schema, "gt", 1))] if "gt" in schema else []
        wanted += [patterns.not_before(schema["ge"])] if "ge" in schema else []
        wanted += [patterns.not_after(_next(schema, "lt", -1))] if "lt" in schema else []
        wanted += [patterns.not_after(schema["le"])] if "le" in schema else []
        return _with_patterns(super().date_schema(schema), wanted)

    def time_schema(self, schema: Any) -> JsonSchemaValue:
        if schema.get("tz_constraint") == "naive":
            return {"type": "string", "pattern": patterns.NAIVE_TIME}
        return _with_patterns(super().time_schema(schema), [patterns.TIME])

    def datetime_schema(self, schema: Any) -> JsonSchemaValue:
        if schema.get("tz_constraint") == "naive":
            return {"type": "string", "pattern": patterns.NAIVE_DATETIME}
        return _with_patterns(super().datetime_schema(schema), [patterns.DATETIME])

    def timedelta_schema(self, schema: Any) -> JsonSchemaValue:
        printed = super().timedelta_schema(schema)
        return _with_patterns(printed, [patterns.BOUNDED_DURATION]) if printed.get("format") == "duration" else printed

    def complex_schema(self, schema: Any) -> JsonSchemaValue:
        return {"type": "string", "pattern": patterns.COMPLEX}

    def url_schema(self, schema: Any) -> JsonSchemaValue:
        pattern = patterns.url(tuple(schema.get("allowed_schemes") or ()))
        return {**super().url_schema(schema), "pattern": pattern}

    def tagged_union_schema(self, schema: Any) -> JsonSchemaValue:
        """The tag has to be there, also where the field has a default."""
        printed = super().tagged_union_schema(schema)
        tag = printed.get("discriminator", {}).get("propertyName")
        if tag is None:
            return printed
        return {**printed, "oneOf": [{"allOf": [one], "required": [tag]} for one in printed["oneOf"]]}

    def dict_schema(self, schema: Any) -> JsonSchemaValue:
        printed = super().dict_schema(schema)
        kind = schema.get("keys_schema", {}).get("type")
        if kind in ("int", "float", "decimal"):
            form = patterns.INTEGER_KEY if kind == "int" else patterns.NUMBER_KEY
            return {**printed, "propertyNames": {"pattern": form}}
        return {**printed, "additionalProperties": False} if "patternProperties" in printed else printed

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        return _closed(super().model_schema(schema))

    def dataclass_schema(self, schema: Any) -> JsonSchemaValue:
        return _closed(super().dataclass_schema(schema))

    def typed_dict_schema(self, schema: Any) -> JsonSchemaValue:
        return _closed(super().typed_dict_schema(schema))


def _between(printed: JsonSchemaValue, least: float, most: float) -> JsonSchemaValue:
    """With bounds where it has none."""
    has_least, has_most = ("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")
    lower = {} if any(name in printed for name in has_least) else {"minimum": least}
    upper = {} if any(name in printed for name in has_most) else {"maximum": most}
    return {**printed, **lower, **upper}


def _of_digits(number: JsonSchemaValue, places: int | None, digits: int | None) -> JsonSchemaValue:
    """With so many decimal places, and digits in all; a float has fifteen of them that can be relied on."""
    digits = min(digits or 15, 15)
    places = min(digits if places is None else places, digits)
    most = 10 ** (digits - places)
    grid: JsonSchemaValue = {"exclusiveMinimum": -most, "exclusiveMaximum": most, "multipleOf": float(f"1e-{places}")}
    return {"type": "number", "allOf": [number, grid]}


def _with_patterns(printed: JsonSchemaValue, wanted: list[str]) -> JsonSchemaValue:
    return {**printed, "allOf": [{"pattern": pattern} for pattern in wanted]}


def _next(schema: Any, name: str, num_days: int) -> Any:
    """The first day beyond an exclusive bound."""
    return schema[name].fromordinal(schema[name].toordinal() + num_days)


def _closed(printed: JsonSchemaValue) -> JsonSchemaValue:
    """An object of named fields that says nothing of others."""
    is_open = "properties" in printed and "additionalProperties" not in printed
    return {**printed, "additionalProperties": False} if is_open else printed


def _name_formats(printed: Any) -> None:
    """Formats that only pydantic knows are said in words that JSON Schema has."""
    todo = [printed]
    for here in todo:
        if isinstance(here, dict):
            if here.get("type") == "string" and here.get("format") in _OTHER_FORMATS:
                here.update(_OTHER_FORMATS[here.pop("format")])
            todo += here.values()
        elif isinstance(here, list):
            todo += here
