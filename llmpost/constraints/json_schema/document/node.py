"""Nodes: schemas as the rest of the compiler sees them, in the vocabulary of draft 2020-12.

A node is one schema at one place and, only where the document uses dynamic references, in one dynamic scope. Nodes are
made when they are asked for, and asking twice gives the same object. They read keywords and say nothing of instances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, KeysView, Mapping
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from llmpost.constraints.json_schema.document.dialect import DRAFT_2020_12, METADATA, Dialect
from llmpost.constraints.json_schema.document.forms import Steps
from llmpost.constraints.json_schema.document.place import IN_PLACE, Place, Resource
from llmpost.constraints.json_schema.document.pointers import pointer_of
from llmpost.constraints.json_schema.document.references import dynamic_name, no_progress
from llmpost.constraints.json_schema.document.survey import REFERENCES
from llmpost.constraints.json_schema.document.translation import NOWHERE, translated
from llmpost.errors import ConstraintError

Scope: TypeAlias = tuple[tuple[str, Place], ...]
"""By name, where a dynamic reference to that anchor leads: the outermost of those passed so far."""

Reader: TypeAlias = Callable[[Any], Any]

MAX_COUNT = 1 << 30
"""More characters, items or keys than any text has: what counts higher counts to here."""


def _types(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _count(value: Any) -> int:
    return min(int(value), MAX_COUNT)


def _tuples(value: Any) -> dict[str, tuple[str, ...]]:
    return {name: tuple(needed) for name, needed in value.items()}


_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNTS = (
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
)
_READERS: dict[str, Reader] = {
    "type": _types,
    "required": tuple,
    "dependentRequired": _tuples,
    **dict.fromkeys(_NUMBERS, Decimal),
    **dict.fromkeys(_COUNTS, _count),
}


_SAYING = (DRAFT_2020_12.words.keys() | {"$recursiveRef"}) - METADATA - {
    "$ref", "$schema", "$id", "$anchor", "$dynamicAnchor", "$defs",
}  # fmt: skip
"""Keywords that ask something of a value, but for `$ref`."""
_APPLIED = IN_PLACE & DRAFT_2020_12.words.keys()
"""`dependencies` is nobody's word here: the survey has not looked into it."""


class Nodes(Protocol):
    """Where nodes come from: the document."""

    is_strict: bool

    def node(self, place: Place, scope: Scope) -> Node:
        """The one of this place, entered from that scope."""

    def place_of(self, raw: dict[str, Any]) -> Place:
        """The place of an object that the survey has seen as a schema."""

    def target(self, place: Place, word: str) -> Place:
        """Where a reference leads by its address; ConstraintError where it cannot be followed."""


class Node:
    """Compared and hashed by identity.

    >>> node = read_document({"properties": {"a": {"type": "string"}}}, Settings()).root
    >>> node.named("properties")["a"].value("type"), node.named("properties")["a"].pointer
    (('string',), '/properties/a')
    """

    __slots__ = ("_kept", "_nodes", "_old_names", "_place", "_scope", "_words", "boolean")

    def __init__(self, nodes: Nodes, place: Place, scope: Scope) -> None:
        raw = place.raw
        self._nodes = nodes
        self._place = place
        self._scope = scope
        self._kept: dict[str, Any] = {}
        self.boolean: bool | None = raw if type(raw) is bool else None
        self._words: Mapping[str, Any]
        self._words, self._old_names = ({}, NOWHERE) if type(raw) is bool else translated(raw, self.dialect)

    @property
    def pointer(self) -> str:
        """Where it stands in the document."""
        return self._place.pointer

    @property
    def dialect(self) -> Dialect:
        """The one it was written in."""
        return self._place.resource.dialect

    def pointer_to(self, name: str) -> str:
        """Where a keyword stands, under the name that it was given by."""
        return self.pointer + pointer_of([self._old_names.get(name, name)])

    @property
    def names(self) -> KeysView[str]:
        """The keywords that are there; in draft 2020-12 also what nobody knows."""
        return self._words.keys()

    def has(self, name: str) -> bool:
        """Whether the keyword is there."""
        return name in self._words

    def value(self, name: str, default: Any = None) -> Any:
        """What a keyword that holds no schemas says: numbers as decimals, counts as integers, `type` as a tuple."""
        value = self._words.get(name, self)
        if value is self:
            return default
        reader = _READERS.get(name)
        return value if reader is None else reader(value)

    def schema(self, name: str) -> Node | None:
        """The one schema that a keyword holds."""
        raw = self._words.get(name)
        return None if raw is None else self._child(name, raw)

    def schemas(self, name: str) -> tuple[Node, ...]:
        """The schemas in a keyword's array."""
        raw = self._words.get(name, ())
        return tuple([self._child(name, schema, place) for place, schema in enumerate(raw)])

    def named(self, name: str) -> Mapping[str, Node]:
        """The schemas in a keyword's object; each becomes a node when it is looked up."""
        return Named(self, name, self._words.get(name, {}))

    def references(self) -> tuple[Node, ...]:
        """What it refers to; ConstraintError where a reference leads out of the document, nowhere, or back to here.

        In a document that is not strict such a reference says nothing.
        """
        found: tuple[Node, ...] | None = self._kept.get("references")
        if found is None:
            try:
                found = self._targets()
                self._check_progress(found)
            except ConstraintError:
                if self._nodes.is_strict:
                    raise
                found = ()
            self._kept["references"] = found
        return found

    @property
    def alias(self) -> Node | None:
        """Where it says nothing but that it is another: that one."""
        if "$ref" not in self._words or not _SAYING.isdisjoint(self._words):
            return None
        return next(iter(self.references()), None)

    def _child(self, name: str, raw: Any, *steps: str | int) -> Node:
        if type(raw) is dict:
            return self._nodes.node(self._nodes.place_of(raw), self._scope)
        path: Steps = (self._old_names.get(name, name), *steps)
        key = pointer_of(path)
        found: Node | None = self._kept.get(key)
        if found is None:
            place = Place(raw, self._place, path, self._place.resource)
            found = self._kept.setdefault(key, self._nodes.node(place, self._scope))
        return found

    def _targets(self) -> tuple[Node, ...]:
        words = [word for word in REFERENCES if word in self._words]
        return tuple([self._nodes.node(self._target(word), self._scope) for word in words])

    def _target(self, word: str) -> Place:
        place = self._nodes.target(self._place, word)
        if word == "$ref":
            return place
        name = dynamic_name(self._place.raw[word]) if word == "$dynamicRef" else ""
        if place.resource.dynamic_anchors.get(name) is not place:
            return place
        return next((outermost for known, outermost in self._scope if known == name), place)

    def _check_progress(self, references: tuple[Node, ...]) -> None:
        """Circles of `$ref` alone are known from the survey; where a dynamic one leads is known only here."""
        word = next((word for word in REFERENCES[1:] if word in self._words), None)
        if word is None:
            return
        todo, seen = list(references), set(references)
        while todo:
            node = todo.pop()
            if node is self:
                raise no_progress(self._place, word)
            followers = [one for one in node.beside() if one not in seen]
            seen.update(followers)
            todo.extend(followers)

    def beside(self) -> list[Node]:
        """The schemas that it has look at its own value; references that cannot be followed are none."""
        try:
            found = list(self._targets())
        except ConstraintError:
            found = []
        for name in [name for name in self._words if name in _APPLIED]:
            raw = self._words[name]
            if name == "dependentSchemas":
                found.extend(self.named(name).values())
            elif type(raw) is list:
                found.extend(self.schemas(name))
            else:
                found.append(self._child(name, raw))
        return found

    def __repr__(self) -> str:
        return f"Node({self.pointer!r})"


class Named(Mapping[str, Node]):
    """The schemas of `properties` and its like, in the order of the document."""

    __slots__ = ("_name", "_node", "_raw")

    def __init__(self, node: Node, name: str, raw: Mapping[str, Any]) -> None:
        self._node = node
        self._name = name
        self._raw = raw

    def __getitem__(self, key: str) -> Node:
        return self._node._child(self._name, self._raw[key], key)

    def __contains__(self, key: object) -> bool:
        return key in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def entered(scope: Scope, resource: Resource) -> Scope:
    """The scope after a resource was entered: what stood there before is further out, and stays."""
    known = dict(scope)
    new = {name: place for name, place in resource.dynamic_anchors.items() if name not in known}
    return tuple(sorted((known | new).items(), key=lambda entry: entry[0])) if new else scope
