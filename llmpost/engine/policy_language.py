"""What a policy holds every output to: the language of its `constraint`, where a call names none of its own.

Shape was checked where the policy was read. Here it is found out what the language means, as far as that can be told
without tokens, and every error is put down to the policy's key. Masks are the compiler's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from llmpost.constraints.choice import ChoiceSource
from llmpost.constraints.json_schema.document.text import schema_text
from llmpost.constraints.quote import QuoteSource
from llmpost.constraints.regex import RegexSource
from llmpost.engine.language import Language, check_schema
from llmpost.engine.output_type import OutputType, json_value
from llmpost.engine.request import Asked
from llmpost.errors import LlmpostError, PolicyError
from llmpost.policy import Policy
from llmpost.policy.constraint import OPTIONS, ConstraintEntry
from llmpost.policy.plain import thawed

_MOST_KEPT = 64
_IN_SCHEMA = re.compile(r"json_schema at /(.*)", re.DOTALL)
_IN_PATTERN = re.compile(r"regex, (character \d+)")


@dataclass(frozen=True, slots=True)
class PolicyLanguage:
    """A language, and how its texts become values."""

    language: Language
    output_type: OutputType | None = None
    """Of a schema."""


def language_of(policy: Policy) -> PolicyLanguage | None:
    """None where a policy holds its outputs to nothing; PolicyError, under the policy's key, where it is no language,
    or one that cannot be enforced."""
    return None if policy.constraint is None else _read(_Kept(policy.digest, policy.constraint))


def under(policy: Policy, own: Asked) -> Asked:
    """What a call asks for, and what its policy holds every output to where it names no language."""
    if own.language is not None:
        return own
    held = language_of(policy)
    return own if held is None else replace(own, language=held.language, output_type=held.output_type)


def in_policy(error: LlmpostError, kind: str) -> PolicyError:
    """The error of a policy's language of this kind, told by the key that it is about."""
    where, given = error.where.removeprefix("generate."), error.given
    kind = "json_schema" if kind == "schema" else kind
    if pointed := _IN_SCHEMA.fullmatch(where):
        where = f"json_schema{_path(pointed[1])}"
    elif placed := _IN_PATTERN.fullmatch(where):
        where, given = "regex", f"{given} ({placed[1]})"
    elif where == "forbid":
        return PolicyError("policy.forbid", given, error.allowed, error.hint)
    elif re.split(r"\W", where, maxsplit=1)[0] not in (kind, *OPTIONS):
        where = kind
    return PolicyError(f"policy.constraint.{where}", given, error.allowed, error.hint)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An entry, told by the digest of its policy: the same comes with every request."""

    digest: str
    entry: ConstraintEntry = field(compare=False)


@lru_cache(maxsize=_MOST_KEPT)
def _read(kept: _Kept) -> PolicyLanguage:
    entry = kept.entry
    content, options = thawed(entry.content), thawed(entry.options)
    try:
        if entry.kind == "json_schema":
            return _schema(content, options)
        language = Language.of({entry.kind: content})
        _CHECKS[entry.kind](content)
    except LlmpostError as error:
        raise in_policy(error, entry.kind) from error
    assert language is not None, "an entry names a language"
    return PolicyLanguage(replace(language, is_policys=True))


def _schema(content: Any, options: Mapping[str, Any]) -> PolicyLanguage:
    """It stands in the policy: no file is looked for."""
    output_type = OutputType(schema_text(content), json_value)
    language = Language.of({"schema": output_type, **options})
    assert language is not None, "a schema was given"
    check_schema(output_type, options)
    return PolicyLanguage(replace(language, is_policys=True), output_type)


_CHECKS: Mapping[str, Any] = {"regex": RegexSource.of, "choice": ChoiceSource.of, "quote": QuoteSource.of}
"""What tells by kind that a content cannot be read. The shape that a call may give it is `Language`'s to check."""


def _path(pointer: str) -> str:
    """A JSON pointer, without its first slash, as keys of a policy.

    >>> _path("properties/a/anyOf/0")
    '.properties.a.anyOf[0]'
    """
    return "".join(f"[{key}]" if key.isdecimal() else f".{key}" for key in pointer.split("/") if key)
