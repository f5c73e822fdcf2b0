"""Which of the rules about what is forbidden say nothing new: whatever breaks one of them breaks another one, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llmpost.automata.algebra import ANYTHING, Algebra, Term
from llmpost.automata.entities.table import entity_named
from llmpost.constraints.forbid.entities import Entities
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.forbid.free import FreeText
from llmpost.constraints.forbid.phrases import Phrases
from llmpost.engine.linting.effort import example_of
from llmpost.engine.linting.remark import Remark, shown
from llmpost.engine.linting.subject import Subject

_MOST_COMPARED = 20
"""Rules with each other: twenty are four hundred pairs."""
_MOST_PHRASES = 2_000
_MOST_TOLD = 10
_HINT = "Leave it out."


def covered_rules(subject: Subject) -> Iterator[Remark]:
    """A warning for each rule that another one covers, and for each phrase in the list of another."""
    for place, rule in enumerate(subject.rules):
        yield from _phrases(f"forbid[{place}]", rule)
    if len(subject.rules) > 1:
        algebra = subject.effort.account()
        any_text = FreeText().read(algebra)
        rules = [_Rule.of(rule, algebra, any_text) for rule in subject.rules[:_MOST_COMPARED]]
        yield from _covered(rules, algebra)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule, the texts that break it, and some of them."""

    rule: Forbidden
    breaking: Term
    examples: tuple[str, ...]

    @classmethod
    def of(cls, rule: Forbidden, algebra: Algebra, any_text: Term) -> _Rule:
        breaking = algebra.intersect([any_text, rule.containing(algebra, ANYTHING)])
        names = [name for one in rule.rules if isinstance(one, Entities) for name in one.names]
        known = tuple(example for name in names for example in entity_named(name).examples)
        return cls(rule, breaking, known or (example_of(algebra, breaking),))

    @property
    def may_cover(self) -> bool:
        """Nobody writes a pattern for a part of an entity, and to find that out takes long."""
        return not any(isinstance(one, Entities) for one in self.rule.rules)

    def covers(self, other: _Rule, algebra: Algebra) -> bool:
        """Most are told apart by an example."""
        if not all(algebra.can_end(algebra.after(self.breaking, text.encode())) for text in other.examples):
            return False
        return not algebra.is_live(algebra.intersect([other.breaking, algebra.complement(self.breaking)]))


def _covered(rules: Sequence[_Rule], algebra: Algebra) -> Iterator[Remark]:
    """Of rules that cover each other the last one stays."""
    covered: set[int] = set()
    for place, one in enumerate(rules):
        others = (other for at, other in enumerate(rules) if at != place and at not in covered and other.may_cover)
        covering = next((other for other in others if other.covers(one, algebra)), None)
        if covering is not None:
            covered.add(place)
            given, allowed = f"{one.rule} beside {covering.rule}", "of use: what has the one has the other"
            yield Remark(f"forbid[{place}]", "warning", given, allowed, _HINT, one.examples[0])


def _phrases(where: str, rule: Forbidden) -> Iterator[Remark]:
    """Of a list of phrases those that have another one in them."""
    for phrases in (one for one in rule.rules if isinstance(one, Phrases)):
        texts = [text.casefold() if phrases.ignore_case else text for text in phrases.texts[:_MOST_PHRASES]]
        swallowed = ((text, next((one for one in texts if one != text and one in text), None)) for text in texts)
        told = [(text, shorter) for text, shorter in swallowed if shorter is not None]
        for text, shorter in told[:_MOST_TOLD]:
            yield Remark(
                where, "warning", f"{shown(text)} beside {shown(shorter)}", "of use: it has that in it", _HINT, text
            )
