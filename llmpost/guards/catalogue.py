"""The catalogue: by the names that policies use, how each detector is built, and what is done about it by default.

A detector reads its own options. What an entry says besides (action, thresholds, what if it breaks) is the same for all
and no business of theirs; neither is how a policy is spelled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Guard
from llmpost.guards import gibberish, leakage, length, refusal, repetition
from llmpost.guards.exfiltration import guard as exfiltration
from llmpost.guards.groundedness import guard as groundedness
from llmpost.guards.guard_models import classifier
from llmpost.guards.injection import guard as injection
from llmpost.guards.language import guard as language
from llmpost.guards.lists import guard as lists
from llmpost.guards.moderation import guard as moderation
from llmpost.guards.names import guard as names
from llmpost.guards.names import ner
from llmpost.guards.options import Options
from llmpost.guards.pii import detector as pii
from llmpost.guards.pii import presidio
from llmpost.guards.rule import ANY
from llmpost.guards.secrets import detect_secrets
from llmpost.guards.secrets import guard as secrets
from llmpost.guards.urls import guard as urls

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
    thresholds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """By label, from which score on something is done, where a policy gives no thresholds: who reports every score
    would else be acted on whatever he saw. Labels without one are logged."""


REDACT, MASK, TRUNCATE, BLOCK = Action("redact"), Action("mask"), Action("truncate"), Action("block")
LOG = Action("log")
EVEN = 0.5
"""From here on something is more likely than not."""

CATALOGUE: Mapping[str, Detector] = MappingProxyType(
    {
        "classifier": Detector(classifier.build, BLOCK, ("transformers",), {ANY: EVEN}),
        "competitors": Detector(lists.build_competitors, REDACT),
        "detect-secrets": Detector(detect_secrets.build, REDACT, ("detect-secrets",)),
        "exfiltration": Detector(exfiltration.build, REDACT),
        "gibberish": Detector(gibberish.build, LOG, thresholds=gibberish.THRESHOLDS),
        "groundedness": Detector(groundedness.build, LOG, thresholds=groundedness.THRESHOLDS),
        "injection": Detector(injection.build, LOG, thresholds=injection.THRESHOLDS),
        "language": Detector(language.build, BLOCK),
        "leakage": Detector(leakage.build, BLOCK),
        "length": Detector(length.build, BLOCK),
        "moderation": Detector(moderation.build, BLOCK, thresholds=moderation.THRESHOLDS),
        "names": Detector(names.build, REDACT),
        "ner": Detector(ner.build, REDACT, ("spacy",)),
        "phrases": Detector(lists.build, BLOCK),
        "pii": Detector(pii.build, REDACT),
        "presidio": Detector(presidio.build, REDACT, ("presidio-analyzer", "spacy")),
        "profanity": Detector(lists.build_profanity, MASK),
        "refusal": Detector(refusal.build, LOG, thresholds=refusal.THRESHOLDS),
        "repetition": Detector(repetition.build, TRUNCATE),
        "secrets": Detector(secrets.build, REDACT),
        "urls": Detector(urls.build, REDACT),
    }
)
"""Whoever needs more than its options (`schema`) is built by the engine."""
