"""What a caller wants back instead of text: a JSON Schema, and how to read a text into it.

A schema may be a dict, JSON text, a path, a pydantic model, a dataclass, or any type that pydantic knows. Nothing is
constrained here: this module takes the first JSON value of an output and checks it. It knows no model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
import pydantic
import referencing
import regex
from jsonschema.protocols import Validator

from llmpost.errors import ConstraintError, RequestError

_MAX_STARTS = 1000  # so many places of a text are tried as the start of JSON: reading stays fast on any text
_PATTERN_SECONDS = 1.0
_OPENERS = '{["-0123456789tfn'
_HINT = "Give a dict, JSON text, a path to a schema, a pydantic model, a dataclass or another type."
_LOCAL_ONLY: referencing.Registry[Any] = referencing.Registry()  # a `$ref` out of the document is never fetched


class NotOfType(ValueError):
    """A text that is no instance of the type asked for; the message says why and quotes nothing of the text."""


@dataclass(frozen=True, slots=True)
class OutputType:
    """A JSON Schema, and how an instance of it becomes a value.

    >>> as_output_type({"type": "object", "required": ["age"]}).parse('Here you are: {"age": 34}.')
    {'age': 34}
    """

    schema: Mapping[str, Any] | bool
    _read: Callable[[str], Any]

    @property
    def digest(self) -> str:
        """What a trace keeps of the schema."""
        return hashlib.sha256(json.dumps(self.schema, sort_keys=True).encode()).hexdigest()

    def parse(self, text: str) -> Any:
        """The first JSON value in `text` (the first object, where the schema wants one) as the type asked for."""
        try:
            return self._read(self._first_json(text))
        except RecursionError:
            raise NotOfType("nested too deeply to be checked") from None

    def _first_json(self, text: str) -> str:
        wants_object = isinstance(self.schema, Mapping) and self.schema.get("type") == "object"
        starts = [start for start, character in enumerate(text) if character in ("{" if wants_object else _OPENERS)]
        for start in starts[:_MAX_STARTS]:
            try:
                _, end = _DECODER.raw_decode(text, start)
            except (ValueError, RecursionError):
                continue
            return text[start:end]
        raise NotOfType("no JSON object in the text" if wants_object else "no JSON value in the text")


def as_output_type(given: Any) -> OutputType:
    """The type meant. RequestError where it is no schema and no type, ConstraintError where the schema is broken."""
    if isinstance(given, OutputType):
        return given
    if isinstance(given, str):
        return _of_schema(_json(given if given.lstrip()[:1] == "{" or given in ("true", "false") else _file(given)))
    if isinstance(given, Path):
        return _of_schema(_json(_file(given)))
    if isinstance(given, Mapping | bool):
        return _of_schema(given)
    try:
        adapter = pydantic.TypeAdapter(given)
        schema = adapter.json_schema()
    except (pydantic.PydanticUserError, TypeError) as cause:
        raise RequestError("schema", f"{given!r:.100}", "a schema, or a type that has one", _HINT) from cause
    return OutputType(schema, lambda text: _of_model(adapter, text))


def _of_schema(schema: Any) -> OutputType:
    dialect = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        dialect.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ConstraintError(
            f"schema at {_pointer(error.absolute_path)}", f"what stands there ({error.message[:200]})",
            "JSON Schema", "Mend the schema.",
        ) from None  # fmt: skip
    except RecursionError:
        raise ConstraintError("schema", "one nested this deeply", "possible to check", "Nest it less.") from None
    bounded = jsonschema.validators.extend(dialect, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    validator = bounded(schema, registry=_LOCAL_ONLY)
    return OutputType(schema, lambda text: _checked(validator, text))


def _of_model(adapter: pydantic.TypeAdapter[Any], text: str) -> Any:
    try:
        return adapter.validate_json(text)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise NotOfType(f"{_pointer(first['loc'])}: breaks '{first['type']}'") from None


def _checked(validator: Validator, text: str) -> Any:
    value = _DECODER.decode(text)
    try:
        error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    except (referencing.exceptions.Unresolvable, regex.error, TimeoutError) as cause:
        raise NotOfType(f"a check that did not come to an end ({type(cause).__name__})") from None
    if error is not None:
        raise NotOfType(f"{_pointer(error.absolute_path)}: breaks '{error.validator}'")
    return value


def _pattern(_validator: Validator, pattern: str, instance: Any, _schema: Any) -> Any:
    """The keyword `pattern`, as a search that gives up in time."""
    if isinstance(instance, str) and not regex.search(pattern, instance, timeout=_PATTERN_SECONDS):
        yield jsonschema.ValidationError("no match")


def _pointer(path: Any) -> str:
    """
    >>> _pointer(["address", 0])
    '/address/0'
    """
    return "/" + "/".join(map(str, path))


def _file(path: str | Path) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, ValueError) as cause:
        given = f"'{str(path)[:200]}' ({type(cause).__name__})"
        raise RequestError("schema", given, "a file that can be read", _HINT) from cause


def _json(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as cause:
        given = f"text that cannot be read ({str(cause)[:200]})"
        raise ConstraintError("schema", given, "JSON", "Check it with a JSON tool.") from cause


def _no_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_json)  # Python alone would read NaN and Infinity
