"""Scoring: how much of what is labelled was found, and how much of what was found is labelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from llmpost.guards.names.finder import Finder, Memory, Name

from .example import Entity, Example

Spans = Sequence[Entity | Name]


@dataclass(slots=True)
class Score:
    """Counts of one label. A span is hit exactly where label and both ends agree, roughly where one of its label
    overlaps it, and at all where one of any label does."""

    num_labelled: int = 0
    num_found: int = 0
    labelled_hits: list[int] = field(default_factory=lambda: [0, 0, 0])
    found_hits: list[int] = field(default_factory=lambda: [0, 0, 0])

    def add(self, other: Score) -> None:
        self.num_labelled += other.num_labelled
        self.num_found += other.num_found
        self.labelled_hits = [a + b for a, b in zip(self.labelled_hits, other.labelled_hits, strict=True)]
        self.found_hits = [a + b for a, b in zip(self.found_hits, other.found_hits, strict=True)]

    @property
    def recalls(self) -> list[float]:
        return [hits / self.num_labelled if self.num_labelled else float("nan") for hits in self.labelled_hits]

    @property
    def precisions(self) -> list[float]:
        return [hits / self.num_found if self.num_found else float("nan") for hits in self.found_hits]


def names(finder: Finder, text: str) -> tuple[Name, ...]:
    return finder.follow(Memory(), text, is_end=True)[1]


def scores(finder: Finder, examples: Iterable[Example]) -> dict[str, Score]:
    """By label, in the order of the tagger's labels."""
    counted = {label: Score() for label in finder.tagger.labels[1:]}
    for example in examples:
        labelled, found = [_bare(entity, example.text) for entity in example.entities], names(finder, example.text)
        for entity in labelled:
            counted[entity.label].num_labelled += 1
            _count(counted[entity.label].labelled_hits, entity, found)
        for name in found:
            counted[name.label].num_found += 1
            _count(counted[name.label].found_hits, name, labelled)
    return counted


def added(parts: Sequence[dict[str, Score]]) -> dict[str, Score]:
    """The counts of several trainings, each on what was held out of it."""
    total: dict[str, Score] = {}
    for counted in parts:
        for label, score in counted.items():
            total.setdefault(label, Score()).add(score)
    return total


def found_at(finder: Finder, examples: Iterable[Example]) -> Iterator[tuple[float, bool]]:
    """The score of each span found, and whether it overlaps one of its label."""
    for example in examples:
        for name in names(finder, example.text):
            overlapping = (e for e in example.entities if e.start < name.end and name.start < e.end)
            yield name.score, any(entity.label == name.label for entity in overlapping)


def _bare(entity: Entity, text: str) -> Entity:
    """Without what no word begins or ends with: `Inc.` is found as `Inc`."""
    piece = text[entity.start : entity.end]
    start = entity.start + len(piece) - len(piece.lstrip(" .,;:\"'(>\n"))
    return Entity(start, entity.start + len(piece.rstrip(" .,;:\"')\n")), entity.label)


def _count(hits: list[int], span: Entity | Name, others: Spans) -> None:
    overlapping = [other for other in others if other.start < span.end and span.start < other.end]
    hits[0] += any((o.start, o.end, o.label) == (span.start, span.end, span.label) for o in overlapping)
    hits[1] += any(o.label == span.label for o in overlapping)
    hits[2] += bool(overlapping)
