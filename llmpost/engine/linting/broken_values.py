"""Fields that a guard leaves without a value: what it puts in the place of a finding is none that the schema takes.

Then the answer is blocked, or the guard does nothing there, as its `on_invalid` says. Each place that asks for certain
texts is shown to the policy's own guards with a value of its own, one they are likely to find something in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from llmpost.automata.algebra import BudgetExceeded
from llmpost.automata.entities.table import entity_named
from llmpost.constraints.forbid.entities import Entities
from llmpost.constraints.json_schema.source import JsonSchemaSource
from llmpost.contracts.action import CHANGES_SPAN
from llmpost.contracts.guard import GuardContext
from llmpost.engine.json_document import JsonDocument
from llmpost.engine.linting.effort import example_of
from llmpost.engine.linting.remark import Remark, shown
from llmpost.engine.linting.schema_places import Place, places_of
from llmpost.engine.linting.subject import Subject
from llmpost.guards.fields.checking import check_fields
from llmpost.guards.fixed_texts import actions_of
from llmpost.guards.possible_scores import possible_scores
from llmpost.guards.rule import Guarding, Rule
from llmpost.guards.tools import Tools

_MOST_PLACES = 100
_MOST_VALUES = 10
"""Of one place."""
_SAYING = ("const", "enum", "format", "pattern")
"""What asks for certain texts: any other text can be replaced."""
_KEPT = (*_SAYING, "minLength", "maxLength")
_SHARE = 0.02
"""Of the time, for one example."""
_PII = "pii"


def broken_values(subject: Subject) -> Iterator[Remark]:
    """A warning for each place."""
    rules = tuple(rule for rule in subject.guarding.rules if _may_change(rule))
    if not subject.is_json or not rules:
        return
    asked = (place for place in places_of(subject.schema) if any(key in place.schema for key in _SAYING))
    for place in islice(asked, _MOST_PLACES):
        field = _Field(subject, replace(subject.guarding, rules=rules), place)
        yield from field.remarks()


def _may_change(rule: Rule) -> bool:
    """Who has a time of his own may be a model: lint asks none."""
    is_output = "output" in rule.sides and rule.timeout_seconds is None
    return is_output and any(action.kind in CHANGES_SPAN for action in actions_of(rule))


class _Field:
    """The texts that one place asks for, without what is around it."""

    def __init__(self, subject: Subject, guarding: Guarding, place: Place) -> None:
        self._subject = subject
        self._guarding = guarding
        self._where = place.where
        self._schema: Mapping[str, Any] = {
            "type": "string",
            **{key: place.schema[key] for key in _KEPT if key in place.schema},
        }
        self._document = JsonDocument.of_schema(self._schema)

    def remarks(self) -> Iterator[Remark]:
        """One for each value that is listed, or one for the form."""
        listed = self._listed()
        if listed is not None:
            for where, value in islice(listed, _MOST_VALUES):
                yield from self._of(value, where)
            return
        found = (remark for value in self._likely() for remark in self._of(value, self._where))
        yield from islice(found, 1)

    def _listed(self) -> Iterator[tuple[str, str]] | None:
        """Texts that stand in the schema one by one, and where."""
        schema, given = self._schema, self._schema.get("enum")
        if "const" in schema:
            return iter([(f"{self._where}.const", schema["const"])] if isinstance(schema["const"], str) else ())
        if not isinstance(given, list):
            return None
        return ((f"{self._where}.enum[{at}]", value) for at, value in enumerate(given) if isinstance(value, str))

    def _likely(self) -> Iterator[str]:
        """Texts of the form, those first that look like what guards look for."""
        for name in self._entities():
            yield from entity_named(name).examples
        for entity in (*self._entities(), None):
            try:
                yield from self._shortest(entity)
            except BudgetExceeded:
                continue  # another entity may be easier to find

    def _shortest(self, entity: str | None) -> Iterator[str]:
        """The shortest text of the form, in which this entity stands."""
        source = self._subject.source
        assert isinstance(source, JsonSchemaSource)
        algebra = self._subject.effort.account(_SHARE)
        schema = json.dumps(self._schema, default=float)
        texts = JsonSchemaSource.of(schema, source.settings, strict=False).read(algebra)
        if entity is not None:
            texts = algebra.intersect([texts, Entities((entity,)).containing(algebra)])
        if algebra.is_live(texts):
            yield json.loads(example_of(algebra, texts))

    def _entities(self) -> tuple[str, ...]:
        """Of all guards of personal data, those that can be told by their characters."""
        own = {id(asked.rule) for asked in self._subject.guards if asked.entry.use == _PII}
        rules = [rule for rule in self._guarding.rules if id(rule) in own]
        return tuple(dict.fromkeys(name for rule in rules for name in possible_scores(rule.guard) or ()))

    def _of(self, value: str, where: str) -> Iterator[Remark]:
        """What the guards make of this value."""
        text, accepts = json.dumps(value), self._document.accepts
        if not accepts(text):
            return
        checked = check_fields(text, self._guarding, GuardContext(), Tools(), accepts)
        found = checked.verdict.findings
        left = [outcome for outcome in checked.verdict.outcomes if outcome.status == "skipped"]
        if not found or not (left or (checked.verdict.action == "block" and checked.notes)):
            return
        guard, label = (left[0].guard if left else found[0].guard), found[0].label
        becomes = "is left as it is" if left else "blocks the answer"
        given = f"{shown(value)}, in which {guard} finds {label},"
        allowed = f"a value that can be changed and stay one: it {becomes}"
        hint = "Let the field be any text, or leave this label to another action."
        yield Remark(where, "warning", given, allowed, hint, value)
