"""Documents: a schema that was read and checked, from which its nodes, its report and its faults are had.

This is where text, survey, references and nodes come together. Whether anything satisfies the schema, and how it is
written, is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmpost.constraints.json_schema.document.node import Node, Scope, entered
from llmpost.constraints.json_schema.document.patterns import pattern_fault
from llmpost.constraints.json_schema.document.place import Place
from llmpost.constraints.json_schema.document.plain import Plainness
from llmpost.constraints.json_schema.document.pointers import fault_at, pointer_of
from llmpost.constraints.json_schema.document.references import References
from llmpost.constraints.json_schema.document.report import parts_of
from llmpost.constraints.json_schema.document.sizes import Sizes
from llmpost.constraints.json_schema.document.survey import Survey
from llmpost.constraints.json_schema.document.text import schema_text, tree_of
from llmpost.constraints.json_schema.settings import Settings
from llmpost.contracts.constraint import Guarantee
from llmpost.errors import ConstraintError

_IN_ORDER = ("exact", "sound", "annotation", "refused")


class Document:
    """
    >>> document = read_document('{"type": "array", "items": {"$ref": "#"}, "example": []}', Settings())
    >>> document.root.schema("items").references() == (document.root,)
    True
    >>> document.report
    {'/type': 'exact', '/items': 'exact', '/example': 'annotation', '/items/$ref': 'exact'}
    """

    def __init__(self, tree: Any, settings: Settings, notes: list[str], *, is_strict: bool = True) -> None:
        self._settings = settings
        self.is_strict = is_strict
        """Whether what cannot be enforced is an error where it is reached; else it is left out."""
        self._survey = Survey()
        self._nodes: dict[tuple[Place, Scope], Node] = {}
        self._plainness = Plainness()
        self._sizes = Sizes(self._plainness.is_plain)
        root = self._survey.begin(tree)
        self._references = References(self._survey, root)
        self.refused = [*self._references.refused(), *self._pattern_faults()]
        """What cannot be enforced though the root may reach it: a pointer, and the error it is."""
        self.root = self.node(root, ())
        self._notes = [*notes, *self._survey.notes]
        self._report: dict[str, Guarantee] | None = None

    @property
    def report(self) -> dict[str, Guarantee]:
        """What is guaranteed of each keyword that is reached, by its pointer."""
        if self._report is None:
            places = [place for place in self._survey.places.values() if self._references.is_reached(place)]
            self._report, more = parts_of(places, self._settings, [pointer for pointer, _ in self.refused])
            self._notes.extend(more)
        return self._report

    @property
    def notes(self) -> list[str]:
        """What a reader of the report should know besides."""
        return self._notes if self.report is not None else []

    def mentions(self, words: frozenset[str]) -> bool:
        """Whether any schema has one of these keywords."""
        return any(not words.isdisjoint(place.raw) for place in self._survey.places.values())

    def lower(self, pointer: str, guarantee: Guarantee) -> None:
        """The keyword there is guaranteed no more than this."""
        self.report[pointer] = max(self.report.get(pointer, "exact"), guarantee, key=_IN_ORDER.index)

    def is_plain(self, node: Node) -> bool:
        """Whether a short look shows that some value satisfies it; True is certain, False is not."""
        return self._plainness.is_plain(node)

    def size_of(self, node: Node) -> int | None:
        """Bytes that are enough for one of its values; None where a short look does not tell."""
        return self._sizes.of(node)

    def node(self, place: Place, scope: Scope) -> Node:
        """The node of a place; the same one for the same scope."""
        if place.resource.dynamic_anchors:
            scope = entered(scope, place.resource)
        found = self._nodes.get((place, scope))
        return self._nodes.setdefault((place, scope), Node(self, place, scope)) if found is None else found

    def place_of(self, raw: dict[str, Any]) -> Place:
        """Where an object that is a schema stands."""
        return self._survey.places[id(raw)]

    def target(self, place: Place, word: str) -> Place:
        """Where a reference leads by its address alone."""
        return self._references.target(place, word)

    def _pattern_faults(self) -> list[tuple[str, ConstraintError]]:
        """Of the patterns that are reached, those that cannot be read."""
        faults, known = [], {}
        for place, word, pattern in self._survey.patterns:
            if place.is_hiding or not self._references.is_reached(place):
                continue
            if pattern not in known:
                known[pattern] = pattern_fault(pattern)
            fault = known[pattern]
            if fault is not None:
                pointer = place.pointer + pointer_of((word,) if word == "pattern" else (word, pattern))
                faults.append((pointer, fault_at(pointer, fault.given, fault.allowed, fault.hint)))
        return faults


def read_document(schema: Mapping[str, Any] | bool | str, settings: Settings, *, is_strict: bool = True) -> Document:
    """ConstraintError, with the pointer or the line, for what is no JSON or no schema. Nothing is ever fetched."""
    tree, notes = tree_of(schema_text(schema))
    return Document(tree, settings, notes, is_strict=is_strict)
