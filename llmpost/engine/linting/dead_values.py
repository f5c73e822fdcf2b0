"""Which values can never be written, because something that the policy forbids is in each of their spellings.

Those that the language lists one by one, texts of a choice, values of `enum` and `const`, names of properties, and the
texts of a form. A rule that takes one of them away leaves the others, so nobody notices before that one is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from llmpost.automata.algebra import ANYTHING, Algebra, Term
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.json_schema.source import JsonSchemaSource
from llmpost.engine.linting.effort import example_of
from llmpost.engine.linting.remark import Remark, shown
from llmpost.engine.linting.schema_places import Place, places_of
from llmpost.engine.linting.subject import Subject

_MOST_ASKED = 500
"""Values that are looked at closely."""
_HINT = "Forbid less, or take it out."
_NOTHING = Forbidden(())
_OF_TEXTS = ("type", "pattern", "format", "minLength", "maxLength")
_ANY_VALUES: tuple[Any, ...] = (None, 0, "")


def dead_values(subject: Subject) -> Iterator[Remark]:
    """A remark for each."""
    if not subject.rules or subject.language is None:
        return
    asking = _Asking(subject, subject.effort.account())
    if subject.is_json:
        for place in places_of(subject.schema):
            yield from _of_place(place, asking)
    elif isinstance(subject.language.content, tuple) and subject.language.kind == "choice":
        for number, text in enumerate(subject.language.content):
            if asking.is_match(text):
                yield _dead(f"constraint.choice[{number}]", "warning", text)


def _of_place(place: Place, asking: _Asking) -> Iterator[Remark]:
    schema, where = place.schema, place.where
    if "const" in schema and asking.is_dead(schema["const"]):
        yield _dead(f"{where}.const", "error", schema["const"])
    listed = schema["enum"] if isinstance(schema.get("enum"), list) else []
    dead = [number for number, value in enumerate(listed) if asking.is_dead(value)]
    severity = "error" if len(dead) == len(listed) else "warning"
    for number in dead:
        yield _dead(f"{where}.enum[{number}]", severity, listed[number])
    if _is_form(schema) and asking.is_dead_form(schema):
        given = "a form of which every text has something forbidden in it"
        yield Remark(where, "warning", given, "one that can ever be written", _HINT, asking.example(schema))
    for name in schema.get("properties", ()):
        if asking.is_dead_name(name):
            is_required = name in schema.get("required", ())
            yield _dead(f"{where}.properties.{name}", "error" if is_required else "warning", name)


def _dead(where: str, severity: Any, value: Any) -> Remark:
    text = value if isinstance(value, str) else json.dumps(value, default=_number)
    given = f"{shown(text)}, which has something forbidden in it,"
    return Remark(where, severity, given, "a value that can ever be written", _HINT, text)


class _Asking:
    """Whether values are dead: at a glance, and where that says yes, by the language of the value alone."""

    def __init__(self, subject: Subject, algebra: Algebra) -> None:
        self._subject = subject
        self._algebra = algebra
        self._matches: Term = subject.forbidden.containing(algebra, ANYTHING)
        self._num_asked = 0

    def is_match(self, text: str) -> bool:
        """Whether something forbidden is in it."""
        return self._algebra.can_end(self._algebra.after(self._matches, text.encode(errors="replace")))

    def is_dead(self, value: Any) -> bool:
        """Strings are searched as they are read, too, so that a match there is in all spellings of the value."""
        if any(map(self.is_match, _strings(value))):
            return True
        return any(map(self.is_match, _written(value))) and self._is_unwritable(value)

    def is_dead_name(self, name: str) -> bool:
        if self.is_match(name):
            return True
        return any(map(self.is_match, _written(name))) and all(self._is_unwritable({name: one}) for one in _ANY_VALUES)

    def is_dead_form(self, schema: Mapping[str, Any]) -> bool:
        """Whether the text that a place asks for has something forbidden in it, whatever it is."""
        alone = _form(schema)
        return self._is_unwritable_text(alone) and self._algebra.is_live(self._texts(alone, _NOTHING))

    def example(self, schema: Mapping[str, Any]) -> str:
        """A text of a form, which cannot be written."""
        return str(json.loads(example_of(self._algebra, self._texts(_form(schema), _NOTHING))))

    def _is_unwritable(self, value: Any) -> bool:
        """Of every spelling of the value, with whatever spaces: nothing of it is left."""
        return self._is_unwritable_text({"const": value})

    def _is_unwritable_text(self, schema: Mapping[str, Any]) -> bool:
        self._num_asked += 1
        if self._num_asked > _MOST_ASKED:
            return False
        return not self._algebra.is_live(self._texts(schema, self._subject.forbidden))

    def _texts(self, schema: Mapping[str, Any], forbidden: Forbidden) -> Term:
        """Of a schema that stands alone, written as the policy has it."""
        source = self._subject.source
        assert isinstance(source, JsonSchemaSource)
        written = json.dumps(schema, default=_number)
        return JsonSchemaSource.of(written, source.settings, strict=False, forbidden=forbidden).read(self._algebra)


def _is_form(schema: Mapping[str, Any]) -> bool:
    """Whether a place asks for texts that are not listed, and for nothing but texts."""
    is_asked = any(key in schema for key in ("pattern", "format"))
    return is_asked and schema.get("type") == "string" and not any(key in schema for key in ("enum", "const"))


def _form(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: schema[key] for key in _OF_TEXTS if key in schema}


def _strings(value: Any) -> Iterator[str]:
    """All in it, keys too."""
    waiting = [value]
    for one in waiting:
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting += (*one, *one.values())
        elif isinstance(one, list):
            waiting += one


def _written(value: Any) -> Iterable[str]:
    """As it is most likely written."""
    return [json.dumps(value, default=_number), json.dumps(value, default=_number, ensure_ascii=False)]


def _number(value: Any) -> Any:
    """Of the exact numbers that a schema is read with."""
    return float(value)
