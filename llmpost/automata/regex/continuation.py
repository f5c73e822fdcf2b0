"""Terms of trees that look around, built from the end: each node is told what may follow it, for every past.

A node's term is that of all texts from its place to the very end, so a look-ahead is an intersection, and a loop is a
rule that goes on in itself or in what follows. What came before is a :class:`~llmpost.automata.regex.hindsight.Past`;
a node is built once for all pasts in which it can begin. Work is bounded; what would be larger is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from llmpost.automata.algebra import ANYTHING, EMPTY, EPSILON, Algebra, Term
from llmpost.automata.regex.hindsight import Hindsight, Past
from llmpost.automata.regex.plain import PlainBuilder
from llmpost.automata.regex.ranges import ALL
from llmpost.automata.regex.scanner import refusal
from llmpost.automata.regex.syntax import Alternation, Characters, Expression, Literal, Look, Node, Repeat, Sequence

MAX_WORK = 25_000
"""How many nodes may be built, a node built for two pasts counting twice."""
_FEW = 4
"""Up to so many times a repeat whose end depends on the past is written out; above, it is intersected."""


@dataclass(frozen=True, slots=True)
class Tail:
    """All that may follow a place, and whether that may be nothing: a rule not yet defined cannot be asked."""

    term: Term
    can_end: bool


@dataclass(frozen=True, slots=True)
class Rest:
    """What may follow a node, for every past in which it can end; and the bits of what is asked of these pasts."""

    tails: Mapping[Past, Tail]
    needed: int


_ANY_TEXT = Repeat(Characters(ALL), 0, None)
_NO_TAIL = Tail(EMPTY, False)
_ANY_TAIL = Tail(ANYTHING, True)


class ContinuationBuilder:
    """Builds one expression without atomic groups in one algebra."""

    def __init__(self, expression: Expression, algebra: Algebra, plain: PlainBuilder) -> None:
        self._expression = expression
        self._algebra = algebra
        self._plain = plain
        self._hindsight = Hindsight(expression)
        self._measure = self._hindsight.measures.of
        self._ends: dict[tuple[int, Past, int], frozenset[Past]] = {}
        self._aheads: dict[tuple[int, Past], Tail] = {}
        self._work = 0

    def build_whole(self, end: Tail) -> Term:
        """The term of the expression, `end` behind it."""
        root = self._expression.root
        start = self._hindsight.forget(self._hindsight.start, self._measure(root).needs)
        rest = Rest(dict.fromkeys(self._ends_of(root, start, 0), end), 0)
        return self._build(root, frozenset([start]), rest)[start].term

    # Which pasts a node can end in: at least those, where a count is large.

    def _ends_of(self, node: Node, past: Past, needed: int) -> frozenset[Past]:
        key = id(node), past, needed
        known = self._ends.get(key)
        if known is None:
            self._spend(1)
            known = self._ends[key] = frozenset(self._find_ends(node, past, needed))
        return known

    def _find_ends(self, node: Node, past: Past, needed: int) -> Iterable[Past]:
        match node:
            case Literal(text):
                return (self._hindsight.after_text(text, past, needed),)
            case Characters(ranges):
                return [end for _, end in self._hindsight.moves(ranges, past, needed)]
            case Sequence(parts):
                return self._line_of_ends(parts, frozenset([past]), needed)[-1]
            case Alternation(branches):
                return self._union_of_ends(branches, [past], needed)
            case Repeat():
                return self._ends_of_repeat(node, past, needed)
        return (self._hindsight.forget(past, needed),)

    def _union_of_ends(self, nodes: Iterable[Node], pasts: Iterable[Past], needed: int) -> set[Past]:
        ends: set[Past] = set()
        for node in nodes:
            for past in pasts:
                ends |= self._ends_of(node, past, needed)
        return ends

    def _line_of_ends(self, parts: tuple[Node, ...], pasts: frozenset[Past], needed: int) -> list[frozenset[Past]]:
        """The pasts before each part, and behind the last."""
        line = [pasts]
        for part, needed_behind in zip(parts, self._needed_behind(parts, needed), strict=True):
            line.append(frozenset(self._union_of_ends([part], line[-1], needed_behind)))
        return line

    def _needed_behind(self, parts: tuple[Node, ...], needed: int) -> list[int]:
        behind = []
        for part in reversed(parts):
            behind.append(needed)
            needed |= self._measure(part).needs
        return behind[::-1]

    def _ends_of_repeat(self, node: Repeat, past: Past, needed: int) -> set[Past]:
        inside = needed | self._measure(node.body).needs
        here = {self._hindsight.forget(past, inside)}
        found = set(here) if node.low == 0 else set()
        while here:
            here = self._union_of_ends([node.body], here, inside) - found
            found |= here
        return {self._hindsight.forget(end, needed) for end in found}

    # What follows from the start of a node on.

    def _build(self, node: Node, pasts: frozenset[Past], rest: Rest) -> dict[Past, Tail]:
        self._spend(len(pasts))
        if not self._measure(node).is_open:
            ends = {past: self._ends_of(node, past, rest.needed) for past in pasts}
            if all(len(some) <= 1 for some in ends.values()):
                return {past: self._plainly(node, some, rest) for past, some in ends.items()}
        match node:
            case Characters():
                return {past: self._character(node, past, rest) for past in pasts}
            case Sequence(parts):
                return self._sequence(parts, pasts, rest)
            case Alternation(branches):
                return self._alternation(branches, pasts, rest)
            case Repeat():
                return self._repeat(node, pasts, rest)
            case Look():
                return {past: self._look(node, past, self._tail(rest, past)) for past in pasts}
        raise AssertionError(f"{type(node).__name__} should not be here")

    def _plainly(self, node: Node, ends: frozenset[Past], rest: Rest) -> Tail:
        for end in ends:
            return self._concat(self._plain.term(node), self._measure(node).low == 0, rest.tails[end])
        return _NO_TAIL

    def _character(self, node: Characters, past: Past, rest: Rest) -> Tail:
        moves = self._hindsight.moves(node.ranges, past, rest.needed)
        return self._join([self._concat(self._plain.characters(some), False, rest.tails[end]) for some, end in moves])

    def _sequence(self, parts: tuple[Node, ...], pasts: frozenset[Past], rest: Rest) -> dict[Past, Tail]:
        line = self._line_of_ends(parts, pasts, rest.needed)
        needed = self._needed_behind(parts, rest.needed)
        tails: Mapping[Past, Tail] = rest.tails
        for place in reversed(range(len(parts))):
            tails = self._build(parts[place], line[place], Rest(tails, needed[place]))
        return dict(tails)

    def _alternation(self, branches: tuple[Node, ...], pasts: frozenset[Past], rest: Rest) -> dict[Past, Tail]:
        found: dict[Past, list[Tail]] = {past: self._literals(branches, past, rest) for past in pasts}
        for branch in branches:
            if not isinstance(branch, Literal):
                for past, tail in self._build(branch, pasts, rest).items():
                    found[past].append(tail)
        return {past: self._join(tails) for past, tails in found.items()}

    def _literals(self, branches: tuple[Node, ...], past: Past, rest: Rest) -> list[Tail]:
        texts: dict[Past, list[bytes]] = {}
        for branch in branches:
            if isinstance(branch, Literal):
                end = self._hindsight.after_text(branch.text, past, rest.needed)
                texts.setdefault(end, []).append(branch.text.encode())
        return [self._concat(self._algebra.choice(some), b"" in some, rest.tails[end]) for end, some in texts.items()]

    # Repeats.

    def _repeat(self, node: Repeat, pasts: frozenset[Past], rest: Rest) -> dict[Past, Tail]:
        if not self._measure(node.body).is_open and (node.high or node.low) > _FEW:
            return {past: self._intersected(node, past, rest) for past in pasts}
        inside = rest.needed | self._measure(node.body).needs
        line = [frozenset(self._hindsight.forget(past, inside) for past in pasts)]
        for _ in range(node.low if node.high is None else node.high):
            self._spend(1)
            line.append(frozenset(self._union_of_ends([node.body], line[-1], inside)))
        last = line.pop()
        tails = self._loop(node, last, rest) if node.high is None else {one: self._tail(rest, one) for one in last}
        for place in reversed(range(len(line))):
            once = self._build(node.body, line[place], Rest(tails, inside))
            if place >= node.low and node.high is not None:
                once = {past: self._join([self._tail(rest, past), tail]) for past, tail in once.items()}
            tails = once
        return {past: tails[self._hindsight.forget(past, inside)] for past in pasts}

    def _intersected(self, node: Repeat, past: Past, rest: Rest) -> Tail:
        """A counter for each past it can end in, together with the texts that lead from here to there."""
        term = self._plain.term(node)
        tails = []
        for end in self._ends_of(node, past, rest.needed):
            way = self._way(past, end, rest.needed)
            both = self._meet(Tail(term, self._measure(node).low == 0), way)
            tails.append(self._concat(both.term, both.can_end, rest.tails[end]))
        return self._join(tails)

    def _way(self, start: Past, end: Past, needed: int) -> Tail:
        ends = self._ends_of(_ANY_TEXT, start, needed)
        rest = Rest({one: Tail(EPSILON, True) if one == end else _NO_TAIL for one in ends}, needed)
        return self._loop(_ANY_TEXT, frozenset([start]), rest)[start]

    def _loop(self, node: Repeat, pasts: frozenset[Past], rest: Rest) -> dict[Past, Tail]:
        """The body without end, a rule for each past in which a round can begin.

        A round that reads nothing leads nowhere new, so where the body can match nothing, its pasts tell whether a
        character was read, and a round without is dropped.
        """
        moved, body = self._hindsight.moved_bit, self._measure(node.body)
        before = rest.needed | body.needs
        behind = before & ~moved | (moved if body.low == 0 else 0)
        rounds = self._rounds(node.body, {self._hindsight.forget(past, before) for past in pasts}, (before, behind))
        exits = {start: self._tail(rest, start) for start in rounds}
        rules = {start: Tail(self._algebra.rule(), exits[start].can_end) for start in _live(rounds, exits)}
        ends = {end: rules.get(start, _NO_TAIL) for round_ in rounds.values() for end, start in round_.items()}
        begins = frozenset(start._replace(has_moved=False) for start in rules)
        again = self._build(node.body, begins, Rest(defaultdict(lambda: _NO_TAIL, ends), behind))
        for start, rule in rules.items():
            body_tail = again[start._replace(has_moved=False)]
            self._algebra.define(rule.term, self._join([exits[start], body_tail]).term)
        return {past: rules.get(self._hindsight.forget(past, before), _NO_TAIL) for past in pasts}

    def _rounds(self, body: Node, starts: set[Past], needed: tuple[int, int]) -> dict[Past, dict[Past, Past]]:
        """For each past in which a round can begin, the pasts in which it can end, and how the next one begins."""
        before, behind = needed
        rounds: dict[Past, dict[Past, Past]] = {}
        todo = sorted(starts)
        while todo:
            start = todo.pop()
            if start not in rounds:
                ends = self._ends_of(body, start._replace(has_moved=False), behind)
                going = [end for end in sorted(ends) if end.has_moved or not behind & self._hindsight.moved_bit]
                rounds[start] = {end: self._hindsight.forget(end._replace(has_moved=True), before) for end in going}
                todo += rounds[start].values()
        return rounds

    # Look-arounds.

    def _look(self, look: Look, past: Past, tail: Tail) -> Tail:
        """The tail, where the look-around holds."""
        if tail.term == EMPTY:
            return tail
        if not look.is_negative:
            return self._meet(tail, self._ahead(look, past)) if not look.is_behind else self._behind(look, past, tail)
        if not look.is_behind and look.body == Characters(ALL):
            return Tail(EPSILON, True) if tail.can_end else _NO_TAIL
        refused = self._behind(look, past, _ANY_TAIL) if look.is_behind else self._ahead(look, past)
        return self._meet(tail, Tail(self._algebra.complement(refused.term), not refused.can_end))

    def _ahead(self, look: Look, past: Past) -> Tail:
        """All that may follow where the body of a look-ahead matches."""
        start = self._hindsight.forget(past, self._measure(look.body).needs)
        if known := self._aheads.get((id(look.body), start)):
            return known
        rest = Rest(dict.fromkeys(self._ends_of(look.body, start, 0), _ANY_TAIL), 0)
        ahead = self._aheads[id(look.body), start] = self._build(look.body, frozenset([start]), rest)[start]
        return ahead

    def _behind(self, look: Look, past: Past, tail: Tail) -> Tail:
        return self._join([self._nothing(rest, past, tail) for rest in self._hindsight.rests_of(look, past)])

    def _nothing(self, node: Node, past: Past, tail: Tail) -> Tail:
        """The tail, where the node can match nothing here."""
        self._spend(1)
        match node:
            case Literal(text):
                return _NO_TAIL if text else tail
            case Sequence(parts):
                for part in parts:
                    tail = self._nothing(part, past, tail)
                return tail
            case Alternation(branches):
                return self._join([self._nothing(branch, past, tail) for branch in branches])
            case Repeat(body, low):
                return tail if low == 0 else self._nothing(body, past, tail)
            case Look():
                return self._look(node, past, tail)
        return _NO_TAIL

    # Tails.

    def _tail(self, rest: Rest, past: Past) -> Tail:
        return rest.tails[self._hindsight.forget(past, rest.needed)]

    def _concat(self, term: Term, can_be_nothing: bool, tail: Tail) -> Tail:
        joined = self._algebra.concat([term, tail.term])
        return Tail(joined, can_be_nothing and tail.can_end) if joined != EMPTY else _NO_TAIL

    def _join(self, tails: list[Tail]) -> Tail:
        some = [tail for tail in tails if tail.term != EMPTY]
        if len(some) < 2:
            return some[0] if some else _NO_TAIL
        return Tail(self._algebra.alternate([tail.term for tail in some]), any(tail.can_end for tail in some))

    def _meet(self, some: Tail, others: Tail) -> Tail:
        can_end = some.can_end and others.can_end
        if EPSILON in (some.term, others.term):
            return Tail(EPSILON, True) if can_end else _NO_TAIL
        both = self._algebra.intersect([some.term, others.term])
        return Tail(both, can_end) if both != EMPTY else _NO_TAIL

    def _spend(self, amount: int) -> None:
        self._work += amount
        if self._work > MAX_WORK:
            raise refusal(
                self._expression.pattern, 0, "a pattern whose look-arounds take so much work",
                f"built in {MAX_WORK} steps", "Move anchors and look-arounds out of counted repeats.",
            )  # fmt: skip


def _live(rounds: Mapping[Past, Mapping[Past, Past]], exits: Mapping[Past, Tail]) -> list[Past]:
    """The pasts from which some round leads out: the others need no rule."""
    before: dict[Past, list[Past]] = {}
    for start, ends in rounds.items():
        for following in ends.values():
            before.setdefault(following, []).append(start)
    live = {start for start in rounds if exits[start].term != EMPTY}
    todo = list(live)
    while todo:
        news = [start for start in before.get(todo.pop(), ()) if start not in live]
        live.update(news)
        todo += news
    return [start for start in rounds if start in live]
