"""The catalogue: by the names that policies use, how each detector is built, and what is done about it by default.

A detector reads its own options. What an entry says besides (action, thresholds, what if it breaks) is the same for all
and no business of theirs; neither is how a policy is spelled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Guard
from llmpost.guards.options import Options

Build: TypeAlias = Callable[[Options], Guard]


@dataclass(frozen=True, slots=True)
class Detector:
    """An entry of the catalogue."""

    build: Build
    """Raises PolicyError for what it cannot do."""
    action: Action
    """What is done about its findings where a policy says nothing."""
    packages: tuple[str, ...] = ()
    """Whose versions decide with ours what it finds."""


REDACT, BLOCK, LOG = Action("redact"), Action("block"), Action("log")

CATALOGUE: Mapping[str, Detector] = MappingProxyType({})
