"""What a caller wants back instead of text: a JSON Schema, and how a text that is held to it becomes a value.

A schema may be a dict, JSON text, a path, a pydantic model, a dataclass, or any type that pydantic knows. Whether it is
a schema at all is found out where it is compiled; this module knows no model and checks no value that the constraint
has checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydantic

from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.document.text import schema_text
from llmpost.engine.type_schema import schema_of_type
from llmpost.errors import RequestError

_HINT = "Give a dict, JSON text, a path to a schema, a pydantic model, a dataclass or another type."


class NotOfType(ValueError):
    """A text that the type does not take; the message says why and quotes nothing of the text."""


@dataclass(frozen=True, slots=True)
class OutputType:
    """The text of a JSON Schema, and how an instance of it becomes a value.

    >>> as_output_type({"required": ["age"]}).parse('{"age": 34}')
    {'age': 34}
    """

    schema: str
    parse: Callable[[str], Any] = field(repr=False, compare=False)
    """From a whole text of the schema's language to the value; NotOfType where a type takes less than its schema."""


def as_output_type(given: Any) -> OutputType:
    """The type meant. RequestError where it is nothing that could be a schema, ConstraintError where it is no JSON."""
    if isinstance(given, OutputType):
        return given
    if isinstance(given, str):
        return OutputType(given if _is_json(given) else _file(given), json_value)
    if isinstance(given, Path):
        return OutputType(_file(given), json_value)
    if isinstance(given, Mapping | bool):
        return OutputType(schema_text(given), json_value)
    try:
        adapter = pydantic.TypeAdapter(given)
        schema = schema_of_type(adapter)
    except (pydantic.PydanticUserError, TypeError) as cause:
        why = str(cause).partition("\n")[0]
        raise RequestError(
            "schema", f"{given!r:.100} ({why:.200})", "a schema, or a type that has one", _HINT
        ) from cause
    return OutputType(schema_text(schema), lambda text: _of_type(adapter, text))


def json_value(text: str) -> Any:
    """What Python's own reader makes of it; and of what is too deep or too long for that, the same by our own."""
    try:
        return json.loads(text)
    except (RecursionError, ValueError):
        last = Cursor.start().after(text.encode()).ended().last
        return None if last is None else last.value


def _of_type(adapter: pydantic.TypeAdapter[Any], text: str) -> Any:
    try:
        return adapter.validate_json(text)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise NotOfType(f"{_pointer(first['loc'])}: breaks '{first['type']}'") from None
    except RecursionError:
        raise NotOfType("nested too deeply for this type") from None


def _pointer(path: Any) -> str:
    """
    >>> _pointer(["address", 0])
    '/address/0'
    """
    return "/" + "/".join(map(str, path))


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] == "{" or text.strip() in ("true", "false")


def _file(path: str | Path) -> str:
    try:
        return Path(path).read_text("utf-8-sig")
    except (OSError, ValueError) as cause:
        given = f"'{str(path)[:200]}' ({type(cause).__name__})"
        raise RequestError("schema", given, "a file that can be read", _HINT) from cause
