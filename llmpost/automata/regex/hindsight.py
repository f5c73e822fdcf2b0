"""What look-behinds will ask about the text before a place, as one small value that moves on with each character.

For every look-behind it keeps what is left of its body after some end of the text so far (Antimirov's partial
derivatives, over characters): it holds where one of the rests may be empty. So look-behinds of any width, in any loop,
are exact; a past that would be too large is refused. Knows no terms.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from llmpost.automata.regex.measures import Measures
from llmpost.automata.regex.ranges import RangeSet, contains, intersection, partition, union
from llmpost.automata.regex.scanner import refusal
from llmpost.automata.regex.syntax import (
    NOTHING,
    Alternation,
    Atomic,
    Characters,
    Expression,
    Literal,
    Look,
    Node,
    Repeat,
    Sequence,
    sequence,
)  # fmt: skip

MAX_RESTS = 10_000
"""How many rests the pasts of one expression may have in all."""


class Past(NamedTuple):
    """For each look-behind the numbers of its rests, none where nobody will ask; and whether a loop moved on."""

    rests: tuple[tuple[int, ...], ...]
    has_moved: bool


@dataclass(slots=True)
class Hindsight:
    """The pasts of one expression: where they start and how they move.

    What will be asked is a set of bits, one for each look-behind; `moved_bit` asks whether a character was read since
    the flag was last put down, which keeps a loop from going round on the spot.
    """

    expression: Expression
    measures: Measures = field(init=False)
    moved_bit: int = 1
    _bodies: list[Node] = field(default_factory=list)
    _bits: dict[Node, int] = field(default_factory=dict)
    _rests: list[Node] = field(default_factory=list)
    _numbers: dict[Node, int] = field(default_factory=dict)
    _alphabet: tuple[RangeSet, ...] = ()
    _steps: dict[tuple[Past, int], Past] = field(default_factory=dict)
    _splits: dict[RangeSet, list[tuple[int, RangeSet]]] = field(default_factory=dict)
    _unions: dict[tuple[RangeSet, tuple[int, ...]], RangeSet] = field(default_factory=dict)
    _num_rests: int = 0

    def __post_init__(self) -> None:
        self.measures = Measures(self._bit_of)
        self.measures.of(self.expression.root)  # meets every look-behind once
        sets: dict[RangeSet, None] = {}
        for body in self._bodies:
            _collect_sets(body, sets)
        self._alphabet = partition(tuple(sets))

    def _bit_of(self, look: Look) -> int:
        if look.body not in self._bits:
            self._bodies.append(look.body)
            self._bits[look.body] = 1 << len(self._bodies)
        return self._bits[look.body]

    @property
    def start(self) -> Past:
        """Before any text."""
        return Past(tuple((self._number(body),) for body in self._bodies), False)

    def rests_of(self, look: Look, past: Past) -> list[Node]:
        """What is left of a look-behind's body: it holds where one of these matches nothing, here."""
        numbers = past.rests[self._bits[look.body].bit_length() - 2]
        return [self._rests[number] for number in numbers]

    def forget(self, past: Past, needed: int) -> Past:
        """The past with what is needed alone, so that there are no more pasts than can be told apart."""
        kept = [rests if needed >> place & 1 else () for place, rests in enumerate(past.rests, 1)]
        return Past(tuple(kept), past.has_moved and bool(needed & self.moved_bit))

    def moves(self, ranges: RangeSet, past: Past, needed: int) -> list[tuple[RangeSet, Past]]:
        """Where one character of the ranges leads, the ranges split by it."""
        if not needed & ~self.moved_bit:
            return [(ranges, Past(((),) * len(past.rests), bool(needed)))] if ranges else []
        targets: dict[Past, list[int]] = {}
        for letter, _ in self._split(ranges):
            targets.setdefault(self.forget(self._step(past, letter), needed), []).append(letter)
        return [(self._joined(ranges, tuple(letters)), target) for target, letters in targets.items()]

    def _split(self, ranges: RangeSet) -> list[tuple[int, RangeSet]]:
        """The ranges by letters of the alphabet."""
        known = self._splits.get(ranges)
        if known is None:
            split = [(letter, intersection(ranges, members)) for letter, members in enumerate(self._alphabet)]
            known = self._splits[ranges] = [(letter, some) for letter, some in split if some]
        return known

    def _joined(self, ranges: RangeSet, letters: tuple[int, ...]) -> RangeSet:
        split = self._split(ranges)
        if len(letters) == len(split):
            return ranges
        known = self._unions.get((ranges, letters))
        if known is None:
            known = union([pair for letter, some in split if letter in letters for pair in some])
            self._unions[ranges, letters] = known
        return known

    def after_text(self, text: str, past: Past, needed: int) -> Past:
        """Where a text leads."""
        if needed & ~self.moved_bit:
            for character in text:
                past = self._step(past, self._letter(ord(character)))
        return self.forget(past._replace(has_moved=past.has_moved or bool(text)), needed)

    def _letter(self, code: int) -> int:
        return next(letter for letter, members in enumerate(self._alphabet) if contains(members, code))

    def _step(self, past: Past, letter: int) -> Past:
        known = self._steps.get((past, letter))
        if known is None:
            code = self._alphabet[letter][0][0]
            pairs = zip(self._bodies, past.rests, strict=True)
            rests = [numbers and self._next_rests(body, numbers, code, past) for body, numbers in pairs]
            known = self._steps[past, letter] = Past(tuple(rests), True)
            self._count(known)
        return known

    def _next_rests(self, body: Node, numbers: tuple[int, ...], code: int, past: Past) -> tuple[int, ...]:
        rests = {self._number(body)}
        for number in numbers:
            rests.update(map(self._number, self._rests_after(self._rests[number], code, past)))
        return tuple(sorted(rests))

    def _count(self, past: Past) -> None:
        self._num_rests += sum(map(len, past.rests))
        if self._num_rests > MAX_RESTS:
            raise refusal(
                self.expression.pattern, 0, "what the look-behinds of this pattern must remember",
                f"at most {MAX_RESTS} cases", "Make them shorter, or put what they ask into the pattern itself.",
            )  # fmt: skip

    def _number(self, node: Node) -> int:
        number = self._numbers.setdefault(node, len(self._rests))
        if number == len(self._rests):
            self._rests.append(node)
        return number

    def _rests_after(self, node: Node, code: int, past: Past) -> list[Node]:
        """What may be left of the node behind this character."""
        match node:
            case Literal(text):
                return [Literal(text[1:])] if text and ord(text[0]) == code else []
            case Characters(ranges):
                return [NOTHING] if contains(ranges, code) else []
            case Sequence(parts):
                rests = []
                for place, part in enumerate(parts, 1):
                    for rest in self._rests_after(part, code, past):
                        rests.append(sequence([rest, *parts[place:]]))  # noqa: PERF401  # one frame a level
                    if not self._passes(part, code, past):
                        break
                return rests
            case Alternation(branches):
                rests = []
                for branch in branches:
                    rests += self._rests_after(branch, code, past)
                return rests
            case Repeat(body, low, high):
                fewer = 0 if low == 0 or self._passes(body, code, past) else low - 1
                more = Repeat(body, fewer, None if high is None else high - 1)
                rests = []
                for rest in self._rests_after(body, code, past):
                    rests.append(rest if high == 1 else sequence([rest, more]))
                return rests
        return []

    def _passes(self, node: Node, code: int, past: Past) -> bool:
        """Whether the node can match nothing, here where this character follows."""
        match node:
            case Literal(text):
                return not text
            case Sequence(parts):
                for part in parts:  # noqa: SIM110  # one frame a level
                    if not self._passes(part, code, past):
                        return False
                return True
            case Alternation(branches):
                for branch in branches:  # noqa: SIM110
                    if self._passes(branch, code, past):
                        return True
                return False
            case Repeat(body, low):
                return low == 0 or self._passes(body, code, past)
            case Look(_, is_behind, is_negative):
                holds = self._held(node, code, past) if is_behind else self._will_hold(node, code, past)
                return holds is not is_negative
            case Characters() | Atomic():
                return False

    def _held(self, look: Look, code: int, past: Past) -> bool:
        return any(self._passes(rest, code, past) for rest in self.rests_of(look, past))

    def _will_hold(self, look: Look, code: int, past: Past) -> bool:
        """Only where the one character decides it: more is not known inside of a look-behind."""
        if self._passes(look.body, code, past):
            return True
        rests = self._rests_after(look.body, code, past)
        if rests and not any(self._is_done(rest) for rest in rests):
            raise refusal(
                self.expression.pattern, look.place, "a look at more than one character inside of a look-behind",
                "something that can be enforced", "Move it to the end of the look-behind, or out of it.",
            )  # fmt: skip
        return bool(rests)

    def _is_done(self, rest: Node) -> bool:
        measure = Measures(self._bit_of).of(rest)
        return measure.low == 0 and not measure.is_open


def _collect_sets(node: Node, sets: dict[RangeSet, None]) -> None:
    """Every set of characters that the node tells from others."""
    match node:
        case Literal(text):
            sets.update(dict.fromkeys(((ord(one), ord(one)),) for one in text))
        case Characters(ranges):
            sets[ranges] = None
        case Sequence(parts) | Alternation(parts):
            for part in parts:
                _collect_sets(part, sets)
        case Repeat(body) | Look(body) | Atomic(body):
            _collect_sets(body, sets)
