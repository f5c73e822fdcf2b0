"""The guard of personal data: entities that can be told by their characters, written plainly or in disguise.

One finder looks for all kinds at once, in the text as it stands and in views of it; what its matches are worth where
they stand is weighed afterwards (`weighing`). It reads a text once, piece by piece, and knows no names and no places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from llmpost.automata.finding.finder import Finder
from llmpost.automata.finding.match import Sought
from llmpost.contracts.guard import Finding, Guard, GuardContext, PossibleScores, Progress
from llmpost.guards.allowed import allowed_by
from llmpost.guards.entities import thresholds
from llmpost.guards.options import Options
from llmpost.guards.pii.added_words import with_words
from llmpost.guards.pii.context_words import BEFORE, BEHIND
from llmpost.guards.pii.kind import Kind
from llmpost.guards.pii.kinds import DEFAULT, KINDS
from llmpost.guards.pii.matched import Covering, Matched
from llmpost.guards.pii.weighing import Weighing
from llmpost.guards.reading import Reading
from llmpost.guards.regular import UNDECIDED, Label, RegularGuard
from llmpost.guards.tail import Tail
from llmpost.guards.views.composed import Composed
from llmpost.guards.views.decoded import DECODED
from llmpost.guards.views.squeezed import SQUEEZED

NAME = "pii"


class _Memory(NamedTuple):
    matches: Any = None
    text: Tail = Tail()
    waiting: tuple[Matched, ...] = ()
    covering: tuple[Matched, ...] = ()
    """In which matches to come may lie."""


@dataclass(frozen=True, slots=True)
class PiiGuard:
    """A `FollowingGuard`.

    >>> guard = build(Options({"entities": ["EMAIL_ADDRESS"]}, "guards[0]"))
    >>> [(found.label, found.span.start) for found in guard.inspect("To: user%40example.com", GuardContext())]
    [('EMAIL_ADDRESS', 4)]
    """

    kinds: Sequence[Kind]
    matching: RegularGuard
    """Its labels are numbers of kinds."""
    weighing: Weighing
    is_separable: ClassVar = True

    @property
    def name(self) -> str:
        return self.matching.name

    @property
    def scores(self) -> PossibleScores:
        """Of each entity those of its kinds that are not below its threshold."""
        said: dict[str, tuple[float, float]] = {}
        for kind in self.kinds:
            limit = self.weighing.thresholds[kind.entity]
            counted = [one for one in (kind.score, kind.highest) if one >= limit]
            low, high = said.get(kind.entity, (1.0, 0.0))
            said[kind.entity] = min(low, *counted), max(high, *counted)
        return said

    @property
    def reach(self) -> int:
        return self.matching.reach + BEHIND

    @property
    def context(self) -> int:
        return self.matching.context + BEFORE + 1

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before: _Memory = memory or _Memory()
        progress = self.matching.follow(before.matches, piece, context, is_end)
        text = before.text.with_piece(piece)
        if not (progress.findings or before.waiting or before.covering):
            after = _Memory(progress.memory, text.since(progress.settled - BEFORE - 1))
            return Progress(after, (), progress.settled)
        new = tuple(map(self._matched, progress.findings))
        covering, waiting = (*before.covering, *new), (*before.waiting, *new)

        def is_settled(match: Matched) -> bool:
            return is_end or match.is_settled(progress.settled, text.end)

        left = tuple(match for match in waiting if not is_settled(match))
        settled = min((progress.settled, *(match.span.start for match in left)))
        still_covering = tuple(match for match in covering if match.span.end > settled)
        after = _Memory(progress.memory, text.since(settled - BEFORE - 1), left, still_covering)
        findings = self._findings(filter(is_settled, waiting), covering, text) if waiting else ()
        return Progress(after, findings, settled)

    def _findings(self, matches: Iterable[Matched], covering: Iterable[Matched], text: Tail) -> tuple[Finding, ...]:
        covered = Covering(covering)
        findings = (self.weighing.finding(match, text) for match in matches if not covered.covers(match))
        return tuple(finding for finding in findings if finding is not None)

    def _matched(self, finding: Finding) -> Matched:
        kind = self.kinds[int(finding.label)]
        return Matched(kind, finding.span, finding.reason, finding.reason != UNDECIDED)


def build(options: Options) -> Guard:
    """``use: pii``: the built-in entities."""
    limits = thresholds(options, tuple(KINDS), DEFAULT)
    kinds = [kind for entity, limit in limits.items() for kind in _kinds_that_count(options, entity, limit)]
    kinds = with_words(kinds, options)
    is_encoded, allowed = options.flag("encoded", True), allowed_by(options)
    on_undecided = options.one_of("on_undecided", ("find", "allow"), "find")
    options.finish()
    sought = [Sought(form, number) for number, kind in enumerate(kinds) for form in kind.forms]
    finder = Finder(sought, max(kind.longest for kind in kinds))
    views = (None, DECODED, Composed(DECODED, SQUEEZED)) if is_encoded else (None,)
    labels = {number: Label(str(number), kind.score, kind.why) for number, kind in enumerate(kinds)}
    readings = tuple(Reading(finder, view) for view in views)
    matching = RegularGuard(NAME, labels, readings, "allow" if on_undecided == "allow" else "find")
    return PiiGuard(kinds, matching, Weighing(NAME, limits, allowed))


def _kinds_that_count(options: Options, entity: str, limit: float) -> list[Kind]:
    """A threshold that nothing reaches would be a rule that never holds."""
    highest = max(kind.highest for kind in KINDS[entity])
    if limit > highest:
        raise options.error("entities", f"at most {highest:g} for {entity}", "No match of it scores higher.")
    return [kind for kind in KINDS[entity] if kind.highest >= limit]
