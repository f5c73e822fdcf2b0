"""From what a caller gave to a tree of JSON that is nobody else's: dicts, lists, strings, exact numbers.

A mapping is printed and read again, so that no later change of it reaches a compiled constraint, and whatever is no
JSON is found. Fractions are decimals, as they were written. It knows nothing of schemas.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from llmpost.constraints.json_schema.document.pointers import fault_at, pointer_of
from llmpost.errors import ConstraintError

MAX_VALUES = 1_000_000  # a few kilobytes of Python objects that share each other can print as terabytes
MAX_DIGITS = 4_000  # in one number, before or after the point; Python itself reads no integer of more than 4,300
MAX_NOTES = 20

_STRING = frozenset((str,))
_CONTAINERS = (dict, list, tuple)
_LEVELS = "one of fewer levels (about nine hundred can be read)"


def schema_text(schema: object) -> str:
    """The JSON text of a schema; text is what it is. Equal texts are equal schemas: a key for a cache.

    >>> schema_text({"minimum": 0.10})
    '{"minimum": 0.1}'
    """
    if isinstance(schema, str):
        return schema
    if not isinstance(schema, bool | Mapping):
        raise fault_at("", f"{schema!r:.60}", "a schema", "Pass a dict, a boolean, or the JSON text of one.")
    if isinstance(schema, bool):
        return "true" if schema else "false"
    plain = dict(schema)
    _check_size(plain)
    try:
        return json.dumps(plain, allow_nan=False)
    except RecursionError:
        raise fault_at("", "a schema nested this deeply", _LEVELS, "Use $ref to say the same flatly.") from None
    except (TypeError, ValueError):
        raise _no_json(plain) from None


def tree_of(text: str) -> tuple[Any, list[str]]:
    """The JSON in a text, and what is to be noted about it: keys that stand twice in one object."""
    notes: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs) and len(notes) < MAX_NOTES:
            notes.append(f"the key {_first_twice(pairs)!r:.60} stands twice in one object: the last one counts")
        return found

    try:
        tree = json.loads(text, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        raise _broken(text, error) from None
    except RecursionError:
        raise fault_at("", "text nested this deeply", _LEVELS, "Use $ref to say the same flatly.") from None
    except ConstraintError:
        raise
    except ValueError:  # Python reads no integer that is longer
        raise _too_long("an integer") from None
    return tree, notes


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _too_long(text) from None
    if len(text) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        raise _too_long(text)
    return number


def _too_long(given: str) -> ConstraintError:
    allowed = f"a number of at most {MAX_DIGITS:,} digits, the zeros that its exponent stands for counted"
    return fault_at("", f"{given:.40}", allowed, "Round it, or leave the keyword out.")


def _no_number(text: str) -> NoReturn:
    raise fault_at("", text, "JSON: it has no such number", "Leave the keyword out.")


def _broken(text: str, error: json.JSONDecodeError) -> ConstraintError:
    where = f"json_schema:{error.lineno}:{error.colno}"
    given = repr(text[error.pos : error.pos + 20]) if error.pos < len(text) else "the end of the text"
    return ConstraintError(
        where, given, f"what JSON has here ({error.msg})", "A path to a file is not text: read it first."
    )


def _first_twice(pairs: list[tuple[str, Any]]) -> str:
    names = [name for name, _ in pairs]
    return next(name for name in names if names.count(name) > 1)


def _check_size(schema: dict[Any, Any]) -> None:
    """Looks into containers as often as they would be printed, and gives up early."""
    todo: list[Any] = [schema]
    num_values = 0
    while todo:
        members = todo.pop()
        num_values += len(members)
        if isinstance(members, dict):
            if not _STRING.issuperset(map(type, members)) and not all(isinstance(name, str) for name in members):
                raise _no_json(schema)
            members = members.values()
        if num_values > MAX_VALUES:
            given = f"a schema of more than {MAX_VALUES:,} values, or one that contains itself,"
            raise fault_at("", given, "one that can be written down", "Use $ref for what recurs.")
        todo += [value for value in members if isinstance(value, _CONTAINERS)]


def _no_json(schema: dict[Any, Any]) -> ConstraintError:
    """The error for the first value that JSON does not have."""
    for steps, value in _values(schema):
        if steps is None:
            return fault_at(value, "a container that contains itself", "JSON", "Use $ref for what recurs.")
        if isinstance(value, dict):
            name = next((name for name in value if not isinstance(name, str)), None)
            if name is not None:
                return fault_at(
                    pointer_of(steps), f"the key {name!r:.40}", "a string", "Keys of JSON objects are strings."
                )
        elif not isinstance(value, str | int | list | tuple | None) and not (
            isinstance(value, float) and _is_finite(value)
        ):
            hint = "Convert it to what json.dumps can print."
            return fault_at(pointer_of(steps), f"{value!r:.60} ({type(value).__name__})", "JSON", hint)
    return fault_at("", "this schema", "JSON", "Convert it to what json.dumps can print.")


def _is_finite(number: float) -> bool:
    return number - number == 0


def _values(schema: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """Every value with the steps to it; (None, pointer) where a container contains itself."""
    todo: list[tuple[tuple[Any, ...], object, frozenset[int]]] = [((), schema, frozenset())]
    while todo:
        steps, value, around = todo.pop()
        if id(value) in around:
            yield None, pointer_of(steps)
            continue
        yield steps, value
        if isinstance(value, _CONTAINERS):
            members = value.items() if isinstance(value, dict) else enumerate(value)
            inside = around | {id(value)}
            todo.extend([((*steps, name), member, inside) for name, member in reversed(list(members))])
