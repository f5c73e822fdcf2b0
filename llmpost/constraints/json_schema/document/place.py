"""Places and resources: where in a document a schema stands, and by which base and dialect it is read.

A place points up, so that a pointer is spelled only when somebody asks. It knows the raw JSON, not what it means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from llmpost.constraints.json_schema.document.dialect import Dialect
from llmpost.constraints.json_schema.document.forms import Steps
from llmpost.constraints.json_schema.document.pointers import pointer_of

DEFINITIONS = frozenset(("$defs", "definitions"))
IN_PLACE = frozenset(("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"))
"""Keywords whose schemas look at the same value as the schema they stand in."""


class Place:
    """One schema where it stands: an object of the document, or true or false. Compared by identity."""

    __slots__ = ("home", "parent", "raw", "resource", "steps")

    def __init__(self, raw: Any, parent: Place | None, steps: Steps, resource: Resource) -> None:
        self.raw = raw
        self.parent = parent
        self.steps = steps
        self.resource = resource
        alone = parent is None or steps[0] in DEFINITIONS or parent.is_hiding
        self.home: Place = self if alone or parent is None else parent.home
        """The definition it is part of: what reaches one place of a home is taken to reach all of them."""

    @property
    def is_hiding(self) -> bool:
        """Whether a `$ref` hides what stands beside it."""
        return self.resource.dialect.hides_siblings and "$ref" in self.raw

    @property
    def pointer(self) -> str:
        """From the root of its document; of a document that is bundled, its address before it."""
        steps: list[Steps] = []
        place = self
        while place.parent is not None:
            steps.append(place.steps)
            place = place.parent
        address = f"{place.resource.base}#" if place.resource.is_bundled else ""
        return address + "".join(map(pointer_of, reversed(steps)))


@dataclass(slots=True, eq=False)
class Resource:
    """What one identifier stands for: a tree of places with one base. Filled by the survey."""

    base: str
    dialect: Dialect
    is_bundled: bool = False
    """Whether it is one of the metaschemas and stands in no document of the caller's."""
    root: Place = field(init=False)
    anchors: dict[str, Place] = field(default_factory=dict)
    dynamic_anchors: dict[str, Place] = field(default_factory=dict)
    """Those that `$dynamicRef` looks for in the dynamic scope; the one without a name is `$recursiveAnchor`."""
