"""NerGuard: names as a language model of spaCy's or of transformers' finds them, ``use: ner``.

The user names the model, by a folder or by the name of a package; nothing is looked for anywhere else. Such a model may
look at all of a text, so this guard needs all of it; what its labels mean here is an option.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.guards.entities import thresholds
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import from_thresholds
from llmpost.vocabulary.optional import optional_module

LABELS: Mapping[str, str] = {
    **dict.fromkeys(("PER", "PERSON"), "PERSON"),
    **dict.fromkeys(("LOC", "GPE", "FAC", "LOCATION"), "LOCATION"),
    **dict.fromkeys(("ORG", "ORGANIZATION"), "ORGANIZATION"),
    **dict.fromkeys(("DATE", "TIME"), "DATE_TIME"),
    "NORP": "NRP",
}
"""What the labels of most published models mean here."""
_PIECE = 50_000
"""Characters that a model is given at once: what it needs of memory grows with them."""
_WORD = 64
"""Characters that are looked at for the end of a word."""
_OVERLAP = 64
"""Tokens that two windows of a transformer share."""
_PLACES = 512
"""Tokens that a model has room for which does not say."""
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "�")
"""Lone ones are no text to these libraries; one character for one, so that places stay."""

Seen: TypeAlias = tuple[int, int, str, float]
"""Start, end, the model's own label, score."""


@dataclass(frozen=True, slots=True)
class NerModel:
    """A loaded model. Neither library promises that threads may share one, so they take turns."""

    read: Callable[[str], Iterator[Seen]]
    turn: threading.Lock

    def seen(self, text: str) -> list[Seen]:
        with self.turn:
            return [
                (start + at, end + at, label, score)
                for at, piece in _pieces(text.translate(_SURROGATES))
                for start, end, label, score in self.read(piece)
            ]


class NerGuard:
    """What a model finds, by our labels, from their thresholds up."""

    reach = None
    context = 0

    def __init__(
        self, model: NerModel, thresholds: Mapping[str, float], labels: Mapping[str, str] = LABELS, name: str = "ner"
    ) -> None:
        self.name = name
        self.scores = from_thresholds(thresholds)
        self._model, self._labels, self._thresholds = model, dict(labels), dict(thresholds)

    def inspect(self, text: str, context: GuardContext) -> tuple[Finding, ...]:
        named = ((start, end, self._labels.get(label), score) for start, end, label, score in self._model.seen(text))
        return tuple(
            Finding(self.name, label, Span(start, end), score, "a language model takes it for one")
            for start, end, label, score in named
            if label in self._thresholds and score >= self._thresholds[label]
        )


def spacy_model(model: str, where: str) -> NerModel:
    """Of a folder or an installed package. spaCy says no scores: all of them are 1."""
    pipeline = optional_module("spacy", where, "ner").load(model)
    # What it learns of a text's words it would else keep for ever.
    zone: Callable[[], AbstractContextManager[Any]] = getattr(pipeline, "memory_zone", nullcontext)

    def read(text: str) -> Iterator[Seen]:
        with zone():
            yield from [(entity.start_char, entity.end_char, entity.label_, 1.0) for entity in pipeline(text).ents]

    return NerModel(read, threading.Lock())


def transformers_model(model: str, where: str) -> NerModel:
    """Of a folder or a hub name, a token classifier; a word of which it finds a part is found whole."""
    transformers = optional_module("transformers", where, "ner")  # for its time to import
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    classifier = transformers.AutoModelForTokenClassification.from_pretrained(model)
    places = getattr(classifier.config, "max_position_embeddings", _PLACES)
    tokenizer.model_max_length = min(tokenizer.model_max_length, places - 2)  # some models count from two
    pipeline = transformers.pipeline(
        "token-classification", model=classifier, tokenizer=tokenizer, aggregation_strategy="simple", stride=_OVERLAP
    )

    def read(text: str) -> Iterator[Seen]:
        for group in pipeline(text) if text.strip() else ():
            start, end = _whole_words(text, group["start"], group["end"])
            yield start, end, group["entity_group"], float(group["score"])

    return NerModel(read, threading.Lock())


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """To the ends of the words it begins and ends in, as far as words go."""
    before, behind = text[max(0, start - _WORD) : start], text[end : end + _WORD]
    start -= next((i for i, char in enumerate(reversed(before)) if not char.isalnum()), len(before))
    return start, end + next((i for i, char in enumerate(behind) if not char.isalnum()), len(behind))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut at a space where there is one."""
    at = 0
    while at < len(text):
        end = at + _PIECE
        if end < len(text):
            end = max(text.rfind(" ", at + _PIECE // 2, end), at + _PIECE // 2) + 1
        yield at, text[at:end]
        at = end


ENGINES = {"spacy": spacy_model, "transformers": transformers_model}


def build(options: Options) -> NerGuard:
    """`engine`, `model`, `entities`; `labels`: what the model's own labels mean here."""
    engine = options.one_of("engine", tuple(ENGINES), "spacy")
    model = options.text("model", "")
    labels = _labels(options)
    allowed = tuple(dict.fromkeys(labels.values()))
    limits = thresholds(options, allowed, allowed)
    options.finish()
    try:
        loaded = ENGINES[engine](model, options.where)
    except (OSError, ValueError):
        is_there = "a folder without such a model" if Path(model).exists() else "neither a folder nor installed"
        raise options.error("model", f"a model of {engine}'s: {is_there}", "Name a folder or a package.") from None
    return NerGuard(loaded, limits, labels)


def _labels(options: Options) -> Mapping[str, str]:
    given = options.value("labels", LABELS)
    if not isinstance(given, Mapping) or not given or not all(isinstance(v, str) and v for v in given.values()):
        raise options.error("labels", "labels by the model's own labels", "Write {PER: PERSON}.")
    return given
