"""Meaning: the shape of every demand of one document, over one algebra, each found when it is first asked for.

The keywords of one schema are read by `keywords`; here claims are looked up, denied and put together, and what was
found is remembered. A schema that asks for more cases than are kept apart is refused with its place.
"""

from __future__ import annotations

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.clean import Clean
from llmpost.constraints.json_schema.document.document import Document
from llmpost.constraints.json_schema.document.node import Node
from llmpost.constraints.json_schema.numbers.numbers import Numbers
from llmpost.constraints.json_schema.shapes.ahead import ArrayAhead, ObjectAhead
from llmpost.constraints.json_schema.shapes.boolean import Boolean
from llmpost.constraints.json_schema.shapes.claim import Claim, Constant, Demand, Either, Whole
from llmpost.constraints.json_schema.shapes.constants import shape_of_constant
from llmpost.constraints.json_schema.shapes.inhabited import Inhabited
from llmpost.constraints.json_schema.shapes.keys import KeyPattern
from llmpost.constraints.json_schema.shapes.keywords import Keywords
from llmpost.constraints.json_schema.shapes.members import FEW_KEYS, Members, TooManyClasses
from llmpost.constraints.json_schema.shapes.scalar_set import ScalarSet
from llmpost.constraints.json_schema.shapes.scalars import Scalars, spelled_string
from llmpost.constraints.json_schema.shapes.shape import ArrayCase, ObjectCase, Shape
from llmpost.constraints.json_schema.strings.strings import Strings
from llmpost.errors import ConstraintError

_UNEVALUATED = frozenset(("unevaluatedProperties", "unevaluatedItems"))


class Meaning:
    """What demands mean. Not safe to use from several threads at once."""

    def __init__(
        self,
        algebra: Algebra,
        scalars: Scalars,
        document: Document,
        *,
        asserts_formats: bool,
        clean: Clean | None = None,
    ) -> None:
        """`clean`: the scalars that may be written, where some of them are forbidden whatever the schema says."""
        self.algebra = algebra
        self._document = document
        self.scalars = scalars
        self._clean = clean
        self.boolean = Boolean(scalars, self.may_have_arrays, self.may_have_objects)
        tracks_evaluated = document.mentions(_UNEVALUATED)
        self._keywords = Keywords(
            self,
            is_strict=document.is_strict,
            tracks_evaluated=tracks_evaluated,
            asserts_formats=asserts_formats,
        )
        self._shapes: dict[Demand, Shape] = {(): self.boolean.any}
        self._clean_shapes: dict[Demand, Shape] = {}
        self._inhabited = Inhabited(self.clean_shape, self.has_objects, self.has_arrays)

    @property
    def strings(self) -> Strings:
        return self.scalars.spelled_strings

    @property
    def numbers(self) -> Numbers:
        return self.scalars.spelled_numbers

    @property
    def string_set(self) -> ScalarSet:
        return self.scalars.strings

    def shape(self, demand: Demand) -> Shape:
        """All claims at once."""
        known = self._shapes.get(demand)
        if known is None:
            known = self.boolean.any
            for claim in demand:
                one = self._of_claim(claim) if len(demand) == 1 else self.shape((claim,))
                known = self.boolean.both(known, one)
            self._shapes[demand] = known
        return known

    def clean_shape(self, demand: Demand) -> Shape:
        """The same, less what is forbidden."""
        if self._clean is None:
            return self.shape(demand)
        known = self._clean_shapes.get(demand)
        if known is None:
            known = self._clean_shapes[demand] = self._clean.shape(self.shape(demand))
        return known

    def key(self, name: str) -> Term:
        """The ways to write a key, between its quotation marks; EMPTY where it is forbidden."""
        return self.strings.texts([name]) if self._clean is None else self._clean.key(name)

    def any_key(self) -> Term:
        """All keys that may be written."""
        return self.string_set.whole if self._clean is None else self._clean.any_string

    def is_inhabited(self, demand: Demand) -> bool:
        """Whether any value meets it."""
        return self._is_plain(demand) or self._inhabited(demand)

    def size_of(self, demand: Demand) -> int | None:
        """Bytes that are enough for one of its values, without any space; None where a short look does not tell."""
        if self._clean is not None:
            return None  # the shortest may be forbidden
        if len(demand) != 1:
            return None if demand else 1
        claim = demand[0]
        return self._document.size_of(claim.of) if claim.holds and isinstance(claim.of, Node) else None

    def has_objects(self, case: ObjectCase) -> bool:
        """Whether there are any objects of the case."""
        members = self.members(case)  # not kept: what is empty so far may turn out not to be
        return members is not None and self.ahead_of_object(members).is_open(members.entries, 0, case.breaches)

    def has_arrays(self, case: ArrayCase) -> bool:
        """Whether there are any arrays of the case."""
        return self.ahead_of_array(case).is_open(0, (0,) * len(case.containments))

    def may_be_met(self, demand: Demand) -> bool:
        """False only where it is certain that nothing meets it, also while that is being found out of others."""
        return not self._inhabited.surely_not(lambda: self.is_inhabited(demand))

    def may_have_arrays(self, case: ArrayCase) -> bool:
        """The same of a case."""
        return not self._inhabited.surely_not(lambda: self.has_arrays(case))

    def may_have_objects(self, case: ObjectCase) -> bool:
        """The same of a case."""
        return not self._inhabited.surely_not(lambda: self.has_objects(case))

    def members(self, case: ObjectCase) -> Members | None:
        """What a case asks of single keys; None where it has no objects."""
        try:
            return Members.of(case, self)
        except TooManyClasses:
            raise ConstraintError(
                "json_schema", "an object with so many patterns for keys", "one whose patterns fall into 64 classes",
                "Join patterns that overlap, or have fewer of them.",
            ) from None  # fmt: skip

    def ahead_of_object(self, members: Members) -> ObjectAhead:
        return ObjectAhead(members, self.is_inhabited, self.matches)

    def ahead_of_array(self, case: ArrayCase) -> ArrayAhead:
        num_items = self._num_values(case.rest) if case.is_unique and not case.prefix else None
        return ArrayAhead(case, self.is_inhabited, num_items)

    def keys(self, pattern: KeyPattern) -> Term:
        """The keys that match a pattern: what stands between their quotation marks."""
        return self.strings.matching(pattern) if isinstance(pattern, str) else self.shape(pattern).strings

    def matches(self, pattern: KeyPattern, name: str) -> bool:
        """Whether a key is one of them."""
        text = spelled_string(name)
        return text is not None and self.string_set.has(self.keys(pattern), text)

    def _num_values(self, demand: Demand) -> int | None:
        """How many values meet a demand, if they are few scalars."""
        shape = self.clean_shape(demand)
        if shape.arrays or shape.objects:
            return None
        numbers = self.numbers.few(shape.numbers, FEW_KEYS) if shape.numbers else []
        strings = self.strings.few(shape.strings, FEW_KEYS)
        return None if numbers is None or strings is None else len(shape.literals) + len(numbers) + len(strings)

    def _of_claim(self, claim: Claim) -> Shape:
        if not claim.holds:
            return self.boolean.other(self.shape((Claim(claim.of),)))
        if isinstance(claim.of, Node):
            return self._keywords.shape_of(claim.of)
        if isinstance(claim.of, Constant):
            return shape_of_constant(claim.of.value, self.scalars)
        if isinstance(claim.of, Whole):
            return self.shape(claim.of.demand)
        assert isinstance(claim.of, Either)
        return self.boolean.either(map(self.shape, claim.of.demands))

    def _is_plain(self, demand: Demand) -> bool:
        """Whether it can be seen without looking closer that a value meets it."""
        if len(demand) != 1 or self._clean is not None:
            return not demand
        claim = demand[0]
        return claim.holds and isinstance(claim.of, Node) and self._document.is_plain(claim.of)
