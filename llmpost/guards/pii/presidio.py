"""Presidio's recognisers as a guard, where they are installed (`llmpost[pii]`): without any language model or network.

They are asked by the names of entities. A blank pipeline takes the text apart into words for them; one with a model
can be handed to :func:`make_analyzer`, and then finds names, too. It knows neither our own entities nor actions.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import isclass
from types import ModuleType
from typing import Any, Final

from llmpost.contracts.guard import Finding, Guard, GuardContext, Span
from llmpost.guards.entities import THRESHOLD, thresholds
from llmpost.guards.options import Options
from llmpost.vocabulary.optional import optional_module

NAME: Final = "presidio"
PHONE_THRESHOLD: Final = 0.4
"""Presidio scores every number of a telephone so."""
PHONE_REGIONS: Final = ("US",)
"""Each takes as much time again, and a telephone's recogniser nine tenths of all."""

_LONGEST: Final = 1 << 30
"""Characters: spaCy refuses long texts for what its models need, and a blank pipeline has none."""
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""Lone ones are no text to spaCy; one character for one, so that places stay."""


@dataclass(frozen=True, slots=True)
class PresidioGuard:
    """What an analyzer finds, each entity from its threshold up."""

    analyzer: Any
    language: str
    thresholds: Mapping[str, float]
    seconds_allowed: float
    """A recogniser that takes longer is given up by Presidio, and nobody is told: that is a failure here."""
    reach: int | None = None
    """Declared by whoever knows the recognisers that were asked for; None: they are given the whole text."""
    name: str = NAME

    @property
    def context(self) -> int:
        """As much as behind a finding, for the words that raise a score."""
        return self.reach or 0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        begun = time.monotonic()
        found = self.analyzer.analyze(
            text.translate(_SURROGATES), language=self.language, entities=list(self.thresholds), score_threshold=0.0
        )
        if time.monotonic() - begun >= self.seconds_allowed:
            raise TimeoutError("Presidio may have given up one of its recognisers")
        findings = {self._finding(one) for one in found if one.score >= self.thresholds.get(one.entity_type, 2.0)}
        return sorted(findings, key=lambda finding: (finding.span, finding.label, finding.score, finding.reason))

    def _finding(self, found: Any) -> Finding:
        by = (found.recognition_metadata or {}).get("recognizer_name", "a recogniser")
        return Finding(
            self.name, found.entity_type, Span(found.start, found.end), float(found.score), f"{by} of Presidio's"
        )


def make_analyzer(
    entities: Iterable[str], where: str, language: str = "en", regions: Sequence[str] = PHONE_REGIONS, nlp: Any = None
) -> Any:
    """An AnalyzerEngine with the recognisers of these entities alone; what the model of `nlp` finds, an engine of
    Presidio's that is loaded, is left to that. MissingExtra without Presidio, KeyError of an entity nobody finds."""
    library = _library(where)
    engine = nlp or _blank_engine(library, where, language)
    makers = _makers(library, where, regions)
    known = set(engine.get_supported_entities()) if nlp else set()
    recognisers = [makers[name](supported_language=language) for name in entities if name not in known]
    registry = library.RecognizerRegistry(recognizers=recognisers, supported_languages=[language])
    if nlp:
        registry.add_nlp_recognizer(nlp)
    return library.AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[language])


def known_entities(where: str) -> tuple[str, ...]:
    """All that its recognisers find without a model."""
    return tuple(sorted(_makers(_library(where), where, ())))


def _library(where: str) -> ModuleType:
    """What it imports warns of itself; that is nothing that a user of ours could mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return optional_module("presidio_analyzer", where, "pii")


def _blank_engine(library: ModuleType, where: str, language: str) -> Any:
    nlp = optional_module("spacy", where, "pii").blank(language)
    nlp.max_length = _LONGEST
    engine = optional_module("presidio_analyzer.nlp_engine", where, "pii").SpacyNlpEngine()
    engine.nlp = {language: nlp}
    return engine


def _makers(library: ModuleType, where: str, regions: Sequence[str]) -> Mapping[str, Callable[..., Any]]:
    """What makes the recogniser of each entity that is found by patterns, and by telephones' rules."""
    predefined = optional_module("presidio_analyzer.predefined_recognizers", where, "pii")
    made: dict[str, Callable[..., Any]] = {}
    for name in sorted(vars(predefined)):
        recogniser: Any = getattr(predefined, name)
        is_by_pattern = isclass(recogniser) and issubclass(recogniser, library.PatternRecognizer)
        if is_by_pattern:
            made.setdefault(recogniser().supported_entities[0], recogniser)
    made["PHONE_NUMBER"] = partial(predefined.PhoneRecognizer, supported_regions=tuple(regions))
    made["EMAIL_ADDRESS"] = _mail_recogniser(predefined, where)
    return made


def _mail_recogniser(predefined: ModuleType, where: str) -> type[Any]:
    """Presidio's own asks a function that fetches a list of domains; this one has the list that came with it."""
    extract = optional_module("tldextract", where, "pii").TLDExtract(suffix_list_urls=(), cache_dir=None)

    class EmailRecognizer(predefined.EmailRecognizer):  # type: ignore[name-defined,misc]  # known when it is installed
        def validate_result(self, pattern_text: str) -> bool:
            return bool(extract(pattern_text).fqdn)

    return EmailRecognizer


def build(options: Options) -> Guard:
    """``use: presidio``: entities that are named one by one."""
    known = known_entities(options.where)
    limits = thresholds(options, known, (), lambda name: PHONE_THRESHOLD if name == "PHONE_NUMBER" else THRESHOLD)
    language = options.text("language", "en")
    regions = _regions(options)
    window = options.whole("window", None, low=1)
    options.finish()
    analyzer = make_analyzer(limits, options.where, language, regions)
    seconds = optional_module("presidio_analyzer.pattern_recognizer", options.where, "pii").REGEX_TIMEOUT_SECONDS
    return PresidioGuard(analyzer, language, limits, seconds, window)


def _regions(options: Options) -> Sequence[str]:
    regions = options.texts("phone_regions") or PHONE_REGIONS
    known = optional_module("phonenumbers", options.where, "pii").SUPPORTED_REGIONS
    if not known.issuperset(regions):
        raise options.error(
            "phone_regions", "regions of two letters (ISO 3166) that have telephones", "Write [US, GB]."
        )
    return regions
