"""The survey: one pass over a schema that checks the form of every keyword and finds places, bases and anchors.

It takes about a microsecond a keyword, and depth costs no stack. What refers to what is found afterwards, by
`references`; what keywords mean is none of its business.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urldefrag, urljoin

from llmpost.constraints.json_schema.document.dialect import DRAFT_2020_12, Dialect, dialect_of
from llmpost.constraints.json_schema.document.forms import SCHEMA, Form, Steps
from llmpost.constraints.json_schema.document.place import Place, Resource
from llmpost.constraints.json_schema.document.pointers import fault_at
from llmpost.errors import ConstraintError

REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_NAMING = frozenset(("$anchor", "$dynamicAnchor", "$recursiveAnchor"))
_NOTED = frozenset((*REFERENCES, *_NAMING, "pattern", "patternProperties"))


class Survey:
    """What was found; more is added when a reference leads to where no schema was expected."""

    def __init__(self) -> None:
        self.places: dict[int, Place] = {}
        """By identity of the raw object. Parents stand before what is in them."""
        self.resources: dict[str, Resource] = {}
        self.references: dict[Place, list[tuple[Place, str]]] = {}
        """By home: the places that refer to others, and the keyword by which each does."""
        self.dynamic_anchors: dict[str, list[Place]] = {}
        """By name, wherever a dynamic reference to it may lead."""
        self.patterns: list[tuple[Place, str, str]] = []
        """Place, keyword and pattern."""
        self.notes: list[str] = []

    def begin(self, raw: Any, base: str = "", *, is_bundled: bool = False) -> Place:
        """A document: its root becomes a resource, whatever stands in it is visited."""
        if type(raw) is not dict and type(raw) is not bool:
            raise fault_at("", f"{raw!r:.60}", SCHEMA.allowed, "Pass a dict, a boolean, or the JSON text of one.")
        resource = Resource(base, self._dialect(raw, DRAFT_2020_12) if type(raw) is dict else DRAFT_2020_12, is_bundled)
        resource.root = place = Place(raw, None, (), resource)
        self.resources.setdefault(base, resource)
        if type(raw) is dict:
            self.visit(place)
        return place

    def visit(self, start: Place) -> None:
        """It and the places inside of it; its raw value is an object."""
        todo = [start]
        while todo:
            place = todo.pop()
            raw = place.raw
            if self.places.setdefault(id(raw), place) is not place:
                continue
            if "$id" in raw or "id" in raw:
                self._identify(place)
            words = place.resource.dialect.words
            for name, value in raw.items():
                form = words.get(name)
                if form is None:
                    continue
                if not form.holds(value):
                    raise _misshapen(place, name, form, value)
                if form.spread is not None:
                    todo.extend(_children(place, form.spread(name, value)))
                if name in _NOTED:
                    self._note(place, name, value)
            if place.resource.dialect.needs:
                _check_needs(place)

    def _note(self, place: Place, name: str, value: Any) -> None:
        if name in REFERENCES:
            self.references.setdefault(place.home, []).append((place, name))
        elif name in ("pattern", "patternProperties"):
            self.patterns.extend([(place, name, pattern) for pattern in ([value] if name == "pattern" else value)])
        elif name == "$recursiveAnchor":
            if value and place is place.resource.root:
                self._name_dynamically(place, "")
        else:
            self._name(place, value)
            if name == "$dynamicAnchor":
                self._name_dynamically(place, value)

    def _name_dynamically(self, place: Place, anchor: str) -> None:
        place.resource.dynamic_anchors.setdefault(anchor, place)
        self.dynamic_anchors.setdefault(anchor, []).append(place)

    def _name(self, place: Place, anchor: str) -> None:
        named = place.resource.anchors.setdefault(anchor, place)
        if named is not place:
            self.notes.append(
                f"the anchor {anchor!r:.60} is given twice: the one at {named.pointer or 'the root'} counts"
            )

    def _identify(self, place: Place) -> None:
        """Where it has an identifier a resource begins, in its own dialect; a document's root has one already."""
        raw, around = place.raw, place.resource
        dialect = around.dialect if place.parent is None else self._dialect(raw, around.dialect)
        given = raw.get(dialect.id_word)
        if type(given) is not str or (dialect.hides_siblings and "$ref" in raw and place.parent is not None):
            return
        address, fragment = joined(place, dialect.id_word)
        is_new = bool(given.partition("#")[0])
        if is_new and place.parent is None:
            around.base = address
            self._register(address, around)
        elif is_new:
            place.resource = Resource(address, dialect)
            place.resource.root = place
            self._register(address, place.resource)
        if fragment and dialect.has_plain_ids and not fragment.startswith("/"):
            self._name(place, fragment)

    def _register(self, address: str, resource: Resource) -> None:
        if self.resources.setdefault(address, resource) is not resource:
            named = self.resources[address].root.pointer or "the root"
            self.notes.append(f"the identifier {address!r:.80} is given twice: the one at {named} counts")

    def _dialect(self, raw: dict[str, Any], around: Dialect) -> Dialect:
        """By its `$schema`; where that is none of ours, by what stands around it."""
        given = raw.get("$schema")
        if type(given) is not str:
            return around
        found = dialect_of(given)
        if found is None:
            if "/draft-0" in given and "json-schema.org" in given:
                raise fault_at(
                    "/$schema", f"{given!r:.60}", "draft 4, 6, 7, 2019-09 or 2020-12", "Say it in a newer draft."
                )
            self.notes.append(f"the dialect {given!r:.80} is not known: read as {around.name}")
        return found or around


def joined(place: Place, word: str) -> tuple[str, str]:
    """Address and fragment of the reference that this keyword gives; ConstraintError where it is none."""
    base, reference = place.resource.base, place.raw[word]
    if reference[:1] == "#":
        return base, reference[1:]
    try:
        address, fragment = urldefrag(urljoin(base, reference))
    except ValueError as error:
        hint = f"Write it as RFC 3986 has it ({error})."
        raise fault_at(f"{place.pointer}/{word}", f"the address {reference!r:.60}", "a URI reference", hint) from None
    return address, fragment


def _children(place: Place, schemas: list[tuple[Steps, Any]]) -> list[Place]:
    """The places of those that are objects; ConstraintError for what is no schema."""
    for steps, schema in schemas:
        if type(schema) is not dict and type(schema) is not bool:
            raise _no_schema(place, steps, schema)
    resource = place.resource
    return [Place(schema, place, steps, resource) for steps, schema in schemas if type(schema) is dict]


def _check_needs(place: Place) -> None:
    for name, needed in place.resource.dialect.needs:
        if name in place.raw and needed not in place.raw:
            hint = f"Add {needed!r}, or leave it out."
            raise fault_at(place.pointer, f"{name!r} alone", f"allowed in {place.resource.dialect.name}", hint)


def _misshapen(place: Place, name: str, form: Form, value: Any) -> ConstraintError:
    pointer = f"{place.pointer}/{name}"
    dialect = place.resource.dialect.name
    return fault_at(
        pointer, f"{value!r:.60}", f"{form.allowed}, as {name!r} in {dialect}", "Correct it, or leave it out."
    )


def _no_schema(place: Place, steps: Steps, value: Any) -> ConstraintError:
    pointer = Place(True, place, steps, place.resource).pointer
    return fault_at(pointer, f"{value!r:.60}", SCHEMA.allowed, "Correct it, or leave it out.")
