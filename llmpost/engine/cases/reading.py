"""Cases from plain data: names, types and limits. Files are read elsewhere, and places in them known there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from llmpost.engine.cases.case import Case
from llmpost.engine.cases.demands import DEMANDS, NotOne
from llmpost.errors import PolicyError, suggestion
from llmpost.policy.plain import thawed

WHOLE = "cases"
"""Where errors are that concern no single case."""
_KEYS = ("id", "text", "chunks", "side", "prompt", "system", "schema", "expect")
_SIDES = ("output", "input")
_MOST_CASES = 10_000
_LONGEST_ID = 100
_MOST_CHARACTERS = 100_000
"""Of a text: each of them comes alone once."""
_HINT = "Write {id: an-address, text: ..., expect: {action: redact}}."


def read_cases(given: Any) -> tuple[Case, ...]:
    """Every case under an id of its own; PolicyError names the place, as ``[2].expect``.

    >>> [case.id for case in read_cases([{"id": "hello", "text": "Hello", "expect": {"action": "allow"}}])]
    ['hello']
    """
    if not isinstance(given, list | tuple) or not 0 < len(given) <= _MOST_CASES:
        raise PolicyError(WHOLE, _kind_of(given), f"a list of 1 to {_MOST_CASES:,} cases", _HINT)
    cases = tuple(_case(case, f"[{place}]") for place, case in enumerate(given))
    seen: set[str] = set()
    for place, case in enumerate(cases):
        if case.id in seen:
            raise PolicyError(f"[{place}].id", _shown(case.id), "an id of its own", "Give it another.")
        seen.add(case.id)
    return cases


def _case(given: Any, where: str) -> Case:
    if not isinstance(given, Mapping):
        raise PolicyError(where, _shown(given), "a case", _HINT)
    for key in given:
        if key not in _KEYS:
            raise PolicyError(where, _shown(key), "a key of a case", suggestion(str(key), _KEYS))
    said = {key: value for key, value in given.items() if value is not None}
    return Case(
        id=_id(said.get("id"), f"{where}.id"),
        chunks=_chunks(said, where),
        expect=_expect(said.get("expect"), f"{where}.expect"),
        side=_side(said.get("side", "output"), f"{where}.side"),
        prompt=_prompt(said.get("prompt"), f"{where}.prompt"),
        system=_text(said["system"], f"{where}.system") if "system" in said else "",
        schema=_schema(said.get("schema"), f"{where}.schema"),
    )


def _id(given: Any, where: str) -> str:
    """It stands in lines, and in files for other programs."""
    if not isinstance(given, str) or not 0 < len(given) <= _LONGEST_ID or not given.isprintable():
        allowed = f"a name of 1 to {_LONGEST_ID} characters that can be printed"
        raise PolicyError(where, _shown(given), allowed, "Write an-address-in-a-link, say.")
    return given


def _chunks(said: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """The text, as it is cut."""
    if ("text" in said) == ("chunks" in said):
        given = "both of them" if "text" in said else "a case without a text"
        raise PolicyError(where, given, "possible: text, or chunks", "Write one of text and chunks.")
    chunks = said["chunks"] if "chunks" in said else [said["text"]]
    key = "chunks" if "chunks" in said else "text"
    if not isinstance(chunks, list | tuple) or not all(isinstance(chunk, str) for chunk in chunks):
        hint = "Put quotes around what YAML reads as a number, a date or yes and no."
        allowed = "a text" if key == "text" else "a list of texts"
        raise PolicyError(f"{where}.{key}", _kind_of(said[key]), allowed, hint)
    length = sum(map(len, chunks))
    if length > _MOST_CHARACTERS:
        hint = "Cut it: what a policy does with it shows in less."
        raise PolicyError(f"{where}.{key}", f"{length} characters", f"at most {_MOST_CHARACTERS}", hint)
    return tuple(chunks)


def _expect(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping) or not given:
        hint = f"Write one or more of {', '.join(DEMANDS)}."
        raise PolicyError(where, "a case that expects nothing" if not given else _shown(given), "a test", hint)
    return MappingProxyType({key: _demand(key, value, where) for key, value in given.items()})


def _demand(name: Any, value: Any, where: str) -> Any:
    if name not in DEMANDS:
        raise PolicyError(where, _shown(name), "something to expect", suggestion(str(name), DEMANDS))
    try:
        return DEMANDS[name].read(value)
    except NotOne as error:
        raise PolicyError(f"{where}.{name}", _shown(value), DEMANDS[name].allowed, str(error)) from None


def _side(given: Any, where: str) -> Any:
    if given not in _SIDES:
        raise PolicyError(where, _shown(given), "output or input", suggestion(str(given), _SIDES))
    return given


def _text(given: Any, where: str) -> str:
    if not isinstance(given, str) or not given:
        raise PolicyError(where, _shown(given), "a text, not empty", "Write some words.")
    return given


def _prompt(given: Any, where: str) -> Any:
    """A text or a conversation."""
    if given is None or isinstance(given, str):
        return given
    if isinstance(given, list | tuple) and all(map(_is_message, given)):
        return thawed(given)
    raise PolicyError(where, _shown(given), "a text or a list of messages", "Write [{role: user, content: ...}].")


def _is_message(given: Any) -> bool:
    return isinstance(given, Mapping) and "role" in given


def _schema(given: Any, where: str) -> Any:
    if given is None or isinstance(given, bool | Mapping):
        return thawed(given)
    raise PolicyError(where, _shown(given), "a JSON Schema", "Write {type: object}, say.")


def _kind_of(given: Any) -> str:
    """What it is, where what is in it may be anybody's text."""
    if isinstance(given, list | tuple):
        return f"a list of {len(given)}"
    kinds = {type(None): "nothing", dict: "a mapping", str: "a text", bool: "true or false"}
    return kinds.get(type(given), "a number")


def _shown(value: Any) -> str:
    return f"{value!r:.60}"
