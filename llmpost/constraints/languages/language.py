"""Language: an expression over languages, as a value: what it is made of, how it is written, how it becomes a term.

Leaves are the sources that constraints are made from; operators combine them. A language is a set of texts, and what
two of them have in common `questions` finds out. It knows no tokens.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from llmpost.automata.algebra import MAX_SCALAR, Algebra, Term
from llmpost.constraints.choice import ChoiceSource
from llmpost.constraints.languages.among_texts import AmongTexts, exact, fit_for
from llmpost.constraints.source import Source
from llmpost.errors import ConstraintError
from llmpost.vocabulary.trie import TEXT_BYTES

MAX_DEPTH = 100
"""Levels of operators; one operator between many operands is one level."""
MAX_COUNT = 1_000_000


class Language(ABC):
    """A set of texts. Immutable and hashable; equal where the expressions are. A text stands for itself. Its `repr` is
    an expression that makes an equal one, its `str` the same with what is long in it cut short."""

    __slots__ = ()
    depth: int
    """Levels of operators."""
    binding: ClassVar[int]
    """How tightly its operator binds: what binds less tightly than what it is in stands in brackets."""

    @property
    @abstractmethod
    def octets(self) -> frozenset[int]:
        """All the bytes that its texts can contain, or more."""

    @abstractmethod
    def read(self, algebra: Algebra) -> Term:
        """Its texts."""

    @property
    def is_text(self) -> bool:
        """Whether nothing in it is given as bytes that are no UTF-8."""
        return all(leaf.is_text for leaf in self.leaves())

    @abstractmethod
    def leaves(self) -> Iterator[Leaf]:
        """What it is made of, from left to right."""

    @abstractmethod
    def written(self, leaf: Callable[[Leaf], str]) -> str:
        """As the expression that makes it, of leaves written in this way."""

    def __or__(self, other: Operand) -> Language:
        """The texts of either."""
        return _joined(Union, self, other)

    def __and__(self, other: Operand) -> Language:
        """The texts of both."""
        return _joined(Intersection, self, other)

    def __add__(self, other: Operand) -> Language:
        """A text of the one and behind it one of the other."""
        return _joined(Sequence, self, other)

    def __sub__(self, other: Operand) -> Language:
        """The texts that the other does not have."""
        if not isinstance(other, Language | str):
            return NotImplemented
        kept, removed = (self.parts[0], self.parts[1:]) if isinstance(self, Difference) else (self, ())
        return Difference((kept, *removed, _operand(other)))

    def __ror__(self, other: Operand) -> Language:
        return _joined(Union, other, self)

    def __rand__(self, other: Operand) -> Language:
        return _joined(Intersection, other, self)

    def __radd__(self, other: Operand) -> Language:
        return _joined(Sequence, other, self)

    def __rsub__(self, other: Operand) -> Language:
        return _operand(other) - self if isinstance(other, str) else NotImplemented

    def __invert__(self) -> Language:
        """All other texts: of whatever characters, also the empty one; what is no valid UTF-8 is no text."""
        return Complement((self,))

    def __repr__(self) -> str:
        return self.written(Leaf.in_full)

    def __str__(self) -> str:
        return self.written(Leaf.in_short)

    def repeat(self, low: int = 0, high: int | None = None) -> Language:
        """From `low` to `high` of its texts, one behind the other (None: without end)."""
        return Repeat((self,), low, high)


Operand: TypeAlias = Language | str


@dataclass(frozen=True, slots=True, repr=False)
class Leaf(Language):
    """A source of constraints, as a language."""

    source: Source
    content: str | tuple[str | bytes, ...] = field(compare=False)
    """What it was made from, and the options that are not as usual; the source has read both."""
    options: tuple[tuple[str, Any], ...] = field(default=(), compare=False)
    depth: int = field(default=0, init=False, compare=False)
    binding: ClassVar[int] = 6

    @property
    def num_characters(self) -> int:
        return len(self.content) if isinstance(self.content, str) else sum(map(len, self.content))

    @property
    def is_text(self) -> bool:
        return isinstance(self.content, str) or not any(isinstance(text, bytes) for text in self.content)

    def in_full(self) -> str:
        return self._call(repr(self.content if isinstance(self.content, str) else list(self.content)))

    def in_short(self) -> str:
        return self._call(str(self.source))

    def _call(self, content: str) -> str:
        options = (f"{name}={value!r}" for name, value in self.options)
        return f"{self.source.name}({', '.join([content, *options])})"

    @property
    def octets(self) -> frozenset[int]:
        return self.source.octets

    def read(self, algebra: Algebra) -> Term:
        return self.source.read(fit_for(self.source, algebra))

    def leaves(self) -> Iterator[Leaf]:
        yield self

    def written(self, leaf: Callable[[Leaf], str]) -> str:
        return leaf(self)


@dataclass(frozen=True, slots=True, repr=False)
class _Compound(Language):
    """An operator and its operands."""

    parts: tuple[Language, ...]
    depth: int = field(default=0, init=False, compare=False)
    operator: ClassVar[str] = ""

    def __post_init__(self) -> None:
        depth = 1 + max(part.depth for part in self.parts)
        if depth > MAX_DEPTH:
            given = f"an expression of more than {MAX_DEPTH} levels"
            raise ConstraintError("language", given, "one that can be followed", "Nest operators less.")
        object.__setattr__(self, "depth", depth)

    @property
    def octets(self) -> frozenset[int]:
        return frozenset.union(*(part.octets for part in self.parts))

    def leaves(self) -> Iterator[Leaf]:
        for part in self.parts:
            yield from part.leaves()

    def written(self, leaf: Callable[[Leaf], str]) -> str:
        return self.operator.join(self._written(part, leaf, self.binding + 1) for part in self.parts)

    @staticmethod
    def _written(part: Language, leaf: Callable[[Leaf], str], binding: int) -> str:
        """In brackets, unless it binds as tightly as this."""
        return part.written(leaf) if part.binding >= binding else f"({part.written(leaf)})"

    def _terms(self, algebra: Algebra) -> list[Term]:
        return [part.read(algebra) for part in self.parts]


class Union(_Compound):
    """The texts of any part."""

    __slots__ = ()
    binding, operator = 1, " | "

    def read(self, algebra: Algebra) -> Term:
        return algebra.alternate(self._terms(algebra))


class Intersection(_Compound):
    """The texts of all parts."""

    __slots__ = ()
    binding, operator = 2, " & "

    @property
    def octets(self) -> frozenset[int]:
        return frozenset.intersection(*(part.octets for part in self.parts))

    def read(self, algebra: Algebra) -> Term:
        return algebra.intersect(self._terms(algebra))


class Sequence(_Compound):
    """A text of each part, one behind the other."""

    __slots__ = ()
    binding, operator = 3, " + "

    def read(self, algebra: Algebra) -> Term:
        return algebra.concat(self._terms(algebra))


class Difference(_Compound):
    """The texts of the first part that no other part has."""

    __slots__ = ()
    binding, operator = 3, " - "

    @property
    def octets(self) -> frozenset[int]:
        return self.parts[0].octets

    def read(self, algebra: Algebra) -> Term:
        first, *others = self.parts
        algebra = exact(algebra)
        among = AmongTexts(algebra) if first.is_text else algebra
        removed = algebra.alternate([other.read(among) for other in others])
        return algebra.intersect([first.read(algebra), algebra.complement(removed)])


class Complement(_Compound):
    """The texts that its one part does not have."""

    __slots__ = ()
    binding = 4

    def written(self, leaf: Callable[[Leaf], str]) -> str:
        return "~" + self._written(self.parts[0], leaf, self.binding)

    @property
    def octets(self) -> frozenset[int]:
        return TEXT_BYTES

    def read(self, algebra: Algebra) -> Term:
        algebra = exact(algebra)
        removed = self.parts[0].read(AmongTexts(algebra))
        return algebra.intersect([all_texts(algebra), algebra.complement(removed)])


@dataclass(frozen=True, slots=True, repr=False)
class Repeat(_Compound):
    """Texts of its one part, one behind the other."""

    low: int
    high: int | None
    binding: ClassVar[int] = 5

    def __post_init__(self) -> None:
        _Compound.__post_init__(self)
        counts = [self.low] if self.high is None else [self.low, self.high]
        is_counted = all(isinstance(count, int) and not isinstance(count, bool) for count in counts)
        if not is_counted or not 0 <= counts[0] <= counts[-1] <= MAX_COUNT:
            given = f"repeat({self.low!r:.20}, {self.high!r:.20})"
            allowed = f"from one number to another, up to {MAX_COUNT:,}"
            raise ConstraintError("language", given, allowed, "Leave the second one out for no end.")

    def written(self, leaf: Callable[[Leaf], str]) -> str:
        counts = str(self.low) if self.high is None else f"{self.low}, {self.high}"
        return f"{self._written(self.parts[0], leaf, self.binding)}.repeat({counts})"

    def read(self, algebra: Algebra) -> Term:
        (part,) = self._terms(algebra)
        return algebra.repeat(part, self.low, self.high)


def all_texts(algebra: Algebra) -> Term:
    """All that is valid UTF-8."""
    return algebra.repeat(algebra.characters([(0, MAX_SCALAR)]), 0, None)


def as_language(given: object) -> Language:
    """A language, or a text as one; ConstraintError for anything else."""
    if isinstance(given, Language | str):
        return _operand(given)
    hint = "Make one: regex(…), choice([…]), quote(…) or json_schema(…), and combine them."
    raise ConstraintError("language", f"{given!r:.60}", "a language", hint)


def _operand(given: Operand) -> Language:
    if isinstance(given, Language):
        return given
    return Leaf(ChoiceSource.of([given]), (given,))


def _joined(kind: type[_Compound], left: Operand, right: Operand) -> Language:
    """One operator between all operands: what is of the kind already is no level of its own."""
    if not isinstance(left, Language | str) or not isinstance(right, Language | str):
        return NotImplemented
    first, second = (part.parts if type(part) is kind else (part,) for part in (_operand(left), _operand(right)))
    return kind((*first, *second))
