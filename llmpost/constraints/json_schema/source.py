"""JsonSchemaSource: a JSON Schema as the source of a constraint.

It is read into any algebra: a meaning for the schema's demands and a writer for their texts, which live as long as the
term they made. What was checked and reported when the document was read is the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.explaining.standing import Reason, Standing
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.forbid.reasons import forbidden_reason
from llmpost.constraints.forbid.source import without_matches
from llmpost.constraints.json_schema.clean import Clean, across_scalars
from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.document.document import Document, read_document
from llmpost.constraints.json_schema.document.pointers import pointer_of
from llmpost.constraints.json_schema.document.text import schema_text, tree_of
from llmpost.constraints.json_schema.explaining.blame import Blame, Subject, num_readings
from llmpost.constraints.json_schema.explaining.expected import expected_in_json
from llmpost.constraints.json_schema.explaining.in_force import keywords_in_force, level_of, path_in_question
from llmpost.constraints.json_schema.numbers.numbers import Numbers
from llmpost.constraints.json_schema.planned_state import PlannedJsonState
from llmpost.constraints.json_schema.settings import Settings
from llmpost.constraints.json_schema.shapes.claim import claimed
from llmpost.constraints.json_schema.shapes.meaning import Meaning
from llmpost.constraints.json_schema.shapes.scalars import Scalars
from llmpost.constraints.json_schema.state import JsonState
from llmpost.constraints.json_schema.strings.strings import Strings
from llmpost.constraints.json_schema.writing.repeats import Repeats
from llmpost.constraints.json_schema.writing.values import Writer
from llmpost.constraints.reach import Reach
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport
from llmpost.vocabulary.trie import TEXT_BYTES

_NARROW = frozenset(("uniqueItems", "patternProperties", "propertyNames"))
"""Keywords that can leave little to go on with: few items, or few keys."""
_RUNNING_OUT = (
    (frozenset(("uniqueItems",)), frozenset(("minItems", "contains"))),
    (frozenset(("minProperties",)),),
)
"""Keywords that, together, can want several items that differ, or members whatever their keys."""


@dataclass(frozen=True, slots=True)
class JsonSchemaSource:
    """A schema that was read and checked, and how its values may be written."""

    text: str
    settings: Settings
    document: Document = field(compare=False, repr=False)
    forbidden: Forbidden | None = None
    """What the text must not contain, nor any of its strings."""
    name: str = "json_schema"

    @classmethod
    def of(
        cls,
        schema: Mapping[str, Any] | bool | str,
        settings: Settings,
        *,
        strict: bool = True,
        forbidden: Forbidden | None = None,
    ) -> JsonSchemaSource:
        """ConstraintError, with a JSON pointer, where it is no schema, or cannot be enforced as a whole."""
        text = schema_text(schema)
        document = read_document(text, settings, is_strict=strict)
        if strict and document.refused:
            raise document.refused[0][1]
        return cls(text, settings, document, forbidden)

    @property
    def octets(self) -> frozenset[int]:
        return TEXT_BYTES

    @property
    def report(self) -> ConstraintReport:
        parts = self.document.report if self.forbidden is None else {**self.document.report, "forbid": "exact"}
        return ConstraintReport(parts, tuple(self.document.notes))

    def read(self, algebra: Algebra) -> Term:
        return self.read_through(algebra, algebra)

    def read_through(self, containers: Algebra, algebra: Algebra) -> Term:
        """Its language, of which arrays and objects are asked for from the one algebra, and all else from the other;
        both give out the same terms."""
        meaning = self._writer(algebra, self.settings, self.forbidden).meaning
        term = Writer(containers, meaning, self.settings).root(claimed(self.document.root))
        across = None if self.forbidden is None else across_scalars(self.forbidden, algebra)
        return term if across is None else without_matches(algebra, term, across)

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> JsonState:
        settings = replace(self.settings, key_order="any")
        spelling = Repeats(lambda: self._writer(reach.algebra, settings, None))
        kind = PlannedJsonState if self._may_run_out else JsonState
        is_held = len(reach.algebra.intersected(term)) > 1  # no schema's values are an intersection by themselves
        has_narrow = self.document.mentions(_NARROW)
        return kind.first(reach, term, cell, spelling, has_narrow=has_narrow or is_held, is_held=is_held)

    @property
    def _may_run_out(self) -> bool:
        """Where dead ends are possible all the same, no plan keeps out of them."""
        is_asked = any(all(self.document.mentions(words) for words in both) for both in _RUNNING_OUT)
        return is_asked and self.report.is_exact

    def reason(self, standing: Standing) -> Reason:
        """What JSON and the schema let stand there, and the keywords, or what is forbidden besides, that refuse it."""
        cursor = standing.state.cursor if isinstance(standing.state, JsonState) else Cursor.start()
        subject, reach = Subject.of(standing, cursor), standing.state.reach
        if self.forbidden is not None and replace(self, forbidden=None)._goes_on(subject, reach):
            return forbidden_reason(
                self.forbidden, standing, lambda some: not replace(self, forbidden=some)._goes_on(subject, reach)
            )
        here = cursor.after(standing.text[: standing.start])
        expected = expected_in_json(standing, here)
        path = path_in_question(here, standing.octet)
        levels = keywords_in_force(self.document.root, path)
        rules, certainty = self._blame(subject, standing).rules(levels)
        level = level_of(rules[0].where, levels)
        where = here.path[: None if level is None else len(path) - level]
        return Reason(expected, rules, certainty, pointer_of(where))

    def _goes_on(self, subject: Subject, reach: Reach) -> bool:
        start = self.first_state(reach, self.read(reach.algebra), reach.finished)
        return subject.reach_from(start) > subject.place

    def _blame(self, subject: Subject, standing: Standing) -> Blame:
        reach = standing.state.reach

        def begin(tree: Any, settings: Settings) -> State:
            document = Document(tree, settings, [], is_strict=self.document.is_strict)
            other = replace(self, settings=settings, document=document, forbidden=None)
            return other.first_state(reach, other.read(reach.algebra), reach.finished)

        tree, _ = tree_of(self.text)
        return Blame(subject, begin, tree, self.settings, num_readings(len(self.text) + len(subject.octets)))

    def _writer(self, algebra: Algebra, settings: Settings, forbidden: Forbidden | None) -> Writer:
        scalars = Scalars(algebra, Strings(algebra, settings.escapes), Numbers(algebra))
        clean = None if forbidden is None else Clean(forbidden, algebra, scalars)
        asserts_formats = settings.formats == "assert"
        meaning = Meaning(algebra, scalars, self.document, asserts_formats=asserts_formats, clean=clean)
        return Writer(algebra, meaning, settings)

    def __str__(self) -> str:
        return f"{self.text:.80}"
