"""Reasons: whether what stands at a place is forbidden, and by which rules, for whoever explains a refusal.

The language without any rule is asked first: what that does not let through is its own affair. Then each rule is asked
alone, about all of the text that is known. Nothing here is on the way of a mask.
"""

from __future__ import annotations

from collections.abc import Callable

from llmpost.automata.algebra import ANYTHING, EMPTY, Algebra, Term
from llmpost.constraints.explaining.standing import Reason, Standing, expected_at
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.contracts.refusal import Certainty, Rule

MAX_ASKED = 32
"""Rules that are asked one by one."""
MAX_NAMED = 5
_NO_TEXT = b"\xff"


def forbidden_reason(forbidden: Forbidden, standing: Standing, breaks: Callable[[Forbidden], bool]) -> Reason:
    """Of a place that only rules keep from going on; `breaks`: whether some of them do."""
    alone = [rule for rule in forbidden.rules[:MAX_ASKED] if breaks(forbidden.only([rule]))]
    certainty: Certainty = "each" if alone or len(forbidden.rules) == 1 else "one of"
    named = tuple(Rule("forbid", str(rule)) for rule in (alone or forbidden.rules)[:MAX_NAMED])
    return Reason(expected_at(standing), named, certainty)


def is_match_within(forbidden: Forbidden, algebra: Algebra, text: bytes) -> bool:
    """Whether a match is decided in the text alone, whatever comes."""
    rest = algebra.complement(algebra.after(forbidden.containing(algebra, ANYTHING), text))
    return rest == EMPTY or not algebra.is_live(rest)


def language_itself(algebra: Algebra, term: Term) -> Term:
    """What is left of a language in a term that holds it against rules: languages are texts, and what no rule forbids
    is more than that."""
    parts = algebra.intersected(term)
    return algebra.intersect([part for part in parts if not _is_live(algebra, part, _NO_TEXT)])


def _is_live(algebra: Algebra, term: Term, text: bytes) -> bool:
    return algebra.is_live(algebra.after(term, text))
