"""A record as a line of JSON, and read back the same. It knows neither what a line is wrapped in nor where it goes."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from llmpost.contracts.record import KeptTokens, Record
from llmpost.errors import TraceError

_RECORD = TypeAdapter(Record)
_TOKENS = TypeAdapter(KeptTokens)
_WRITER = TypeAdapter(tuple[Record], config=ConfigDict(ser_json_inf_nan="strings"))  # a dataclass takes no settings
_SURROGATE = b"\\ud"


def to_line(record: Record) -> bytes:
    """Without a line end. 14 µs for a record of 2 KB: pydantic's writer, as `plain` and `json` together take 140."""
    try:
        return _WRITER.dump_json((record,), fallback=dict, warnings=False)[1:-1]  # read-only mappings become dicts
    except ValueError:  # as pydantic says that there is no UTF-8 for it
        return _escaped(record)


def from_line(line: bytes, where: str) -> Record:
    """TraceError names the place; never a word of what stands there."""
    try:
        return _RECORD.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    if first["type"] == "json_invalid" and _SURROGATE in line:
        return _unescaped(line, where)
    raise _no_record(where, ".".join(map(str, first["loc"])), first["type"])


def tokens_line(tokens: KeptTokens) -> str:
    """As JSON, to be sealed like a text."""
    return _TOKENS.dump_json(tokens).decode()


def tokens_in(line: str, where: str) -> KeptTokens:
    """TraceError names the place, as of a record."""
    try:
        return _TOKENS.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    raise _no_record(where, ".".join(map(str, first["loc"])), first["type"])


def _escaped(record: Record) -> bytes:
    """A half of a character's code has no UTF-8: it stands in a text as an escape, which pydantic does not write."""
    (plain,) = _WRITER.dump_python((record,), mode="json", fallback=dict, warnings=False)
    return json.dumps(plain, separators=(",", ":")).encode()


def _unescaped(line: bytes, where: str) -> Record:
    try:
        plain: Any = json.loads(line)
        return _RECORD.validate_python(plain)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise _no_record(where, ".".join(map(str, first["loc"])), first["type"]) from None
    except (ValueError, RecursionError):
        raise _no_record(where, "", "json_invalid") from None


def _no_record(where: str, place: str, why: str) -> TraceError:
    given = f"a line that is no record ({place or 'the line'}: {why})"
    return TraceError(where, given, "readable", "It was cut or edited: see `llmpost trace verify`.")
