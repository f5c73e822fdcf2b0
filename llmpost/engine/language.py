"""What a call holds its output to: a schema, a pattern, a choice, a document or an expression, as it was asked for.

Here the arguments of a call are checked, as far as that needs no tokens; those of a policy are read by
`policy_language`. `compiler` makes constraints of languages; how a text is read back is the output type's business.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from llmpost.constraints.json_schema.source import JsonSchemaSource
from llmpost.constraints.languages.language import Language as Expression
from llmpost.constraints.languages.language import as_language
from llmpost.engine.json_options import JSON_OPTIONS, JsonOptions
from llmpost.engine.output_type import OutputType, as_output_type
from llmpost.errors import RequestError

KINDS = ("schema", "regex", "choice", "quote", "language")
"""The keywords by which a call names a language."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language as it was asked for.

    >>> Language.of({"choice": ["yes", "no"]})
    Language(kind='choice', content=('yes', 'no'), options=None)
    """

    kind: str
    content: str | tuple[str, ...] | Expression
    """The text of a schema, a pattern, texts, documents, or what they were combined to."""
    options: JsonOptions | None = None
    """How the values of a schema are written."""
    is_policys: bool = field(default=False, repr=False)
    """Whether a policy named it, and not a call."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Language | None:
        """The one that a call names, if it names one; RequestError where it is none, not the only one, or has options
        that are not its own."""
        named = [kind for kind in KINDS if given.get(kind) is not None]
        if len(named) > 1:
            where, both = f"generate.{named[1]}", f"{named[1]} beside {named[0]}"
            raise RequestError(where, both, "possible: one constraint a call", "Drop one.")
        kind = named[0] if named else None
        _check_options(given, kind)
        if kind == "schema":
            return cls(kind, as_output_type(given[kind]).schema, JsonOptions.of(given))
        if kind == "regex":
            return cls(kind, _pattern(given[kind]))
        if kind == "language":
            return cls(kind, as_language(given[kind]))
        return None if kind is None else cls(kind, _texts(kind, given[kind]))

    @property
    def digest(self) -> str:
        """What a trace keeps of it."""
        return _digest(self.content)


def check_schema(output_type: OutputType, given: Mapping[str, Any]) -> None:
    """ConstraintError where it is no schema, or where it cannot be enforced in the way that a call says: what can be
    told without tokens."""
    options = JsonOptions.of(given)
    JsonSchemaSource.of(output_type.schema, options.settings, strict=options.strict)


@lru_cache(maxsize=16)
def _digest(content: str | tuple[str, ...] | Expression) -> str:
    """Kept: the same large choice comes with every request."""
    written = repr(content) if isinstance(content, Expression) else json.dumps(content)
    return hashlib.sha256(written.encode()).hexdigest()


def _check_options(given: Mapping[str, Any], kind: str | None) -> None:
    for name in JSON_OPTIONS:
        if given.get(name) is not None and kind != "schema":
            beside = f"{name} beside {kind}" if kind else f"{name} without schema"
            hint = "Add schema=, or leave it out."
            raise RequestError(f"generate.{name}", beside, "possible: it says how a schema is meant", hint)


def _pattern(given: Any) -> str:
    if isinstance(given, str):
        return given
    hint = "Pass its pattern: compiled.pattern." if hasattr(given, "pattern") else "Write the pattern as a string."
    raise RequestError("generate.regex", f"{given!r:.60}", "a regular expression", hint)


def _texts(kind: str, given: Any) -> tuple[str, ...]:
    if isinstance(given, str) and kind == "quote":
        return (given,)
    if isinstance(given, list | tuple) and given and all(isinstance(text, str) for text in given):
        return tuple(given)
    allowed = "a list of texts, at least one" if kind == "choice" else "a text, or a list of them"
    raise RequestError(f"generate.{kind}", f"{given!r:.60}", allowed, f"Write {kind}=['a', 'b'].")
