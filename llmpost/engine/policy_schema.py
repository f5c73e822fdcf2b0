"""The published schema: what editors are told about policy files, with the detectors and entities that there are."""

from __future__ import annotations

from typing import Any

from llmpost.automata.entities.table import ENTITIES
from llmpost.guards.known_options import KNOWN_OPTIONS, SOUGHT
from llmpost.policy.schema import Described, policy_schema


def published_schema() -> dict[str, Any]:
    """A JSON Schema of draft 2020-12, the same at every call.

    >>> published_schema()["properties"]["decode"]["properties"]["top_k"]["minimum"]
    0
    """
    detectors = {
        name: Described(SOUGHT[name], {option: known.shape for option, known in options.items()})
        for name, options in KNOWN_OPTIONS.items()
    }
    return policy_schema(detectors, [entity.name for entity in ENTITIES])
