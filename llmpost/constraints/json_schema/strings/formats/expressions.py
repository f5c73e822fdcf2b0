r"""Regular expressions of ECMA 262 with the flag u, as `format: regex` asks for them.

Groups nest without end, and everything accepted is valid. Left out, because what is valid hangs on more than can be
kept: back-references, a second group with a name, ``\0``, ranges in a class but between a plain ASCII character and a
plain one, ``\xHH`` and ``\xHH``, ``\uHHHH`` and ``\uHHHH`` where two digits tell the order, counts ``{m,n}`` with as
many digits from 100 up, and properties beyond categories.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from llmpost.automata.algebra import MAX_SCALAR, Algebra, Term
from llmpost.automata.regex.ranges import RangeSet, intersection, inverse, union
from llmpost.constraints.json_schema.strings.formats.format import Format, term_of

_HEX_DIGITS = "0123456789abcdef"
_HEX = "[0-9A-Fa-f]"
_CATEGORY = "L|Lu|Ll|Lt|LC|Lm|Lo|M|Mn|Mc|Me|N|Nd|Nl|No|P|Pc|Pd|Ps|Pe|Pi|Pf|Po|S|Sm|Sc|Sk|So|Z|Zs|Zl|Zp|C|Cc|Cf|Cs|Co|Cn"
_CLASS_ESCAPE = rf"\\(?:[dDsSwW]|[pP]\{{(?:(?:General_Category|gc)=)?(?:{_CATEGORY})\}})"
_SIGNS = r"[\^$\\.*+?()\[\]{}|/]"
_UNIT = f"(?:[0-9A-CE-Fa-ce-f]{_HEX}{{3}}|[dD][0-7]{_HEX}{{2}})"
"""Four digits that are no surrogate: two of those side by side would be one character."""
_NUMBER = rf"(?:x{_HEX}{{2}}|u(?:{_UNIT}|\{{0*(?:{_HEX}{{1,5}}|10{_HEX}{{4}})\}}))"
_ESCAPE = rf"\\(?:[fnrtv]|{_SIGNS}|c[A-Za-z]|{_NUMBER})"
_ATOM = rf"[^\^$\\.*+?()\[\]{{}}|]|\.|{_ESCAPE}|{_CLASS_ESCAPE}"
_EDGE = r"\^|\$|\\[bB]"
_NAME = r"\?<[A-Za-z_$][A-Za-z0-9_$]*>"
_NO_MEMBER: RangeSet = union((ord(one), ord(one)) for one in "\\]-^[")


def _at_least(number: int) -> str:
    """Decimals of at most two digits, from a number on."""
    tens, ones = divmod(number, 10)
    later = f"|[{tens + 1}-9][0-9]" if tens < 9 else ""
    return f"{tens or ''}[{ones}-9]{later}"


_FEW_COUNTS = "|".join(f"{low},(?:{_at_least(low)}|[1-9][0-9]{{2,}})" for low in range(100))
_QUANTIFIER = rf"(?:(?:[*+?]|\{{(?:[0-9]+,?|{_FEW_COUNTS}|[1-9][0-9]{{2}},[1-9][0-9]{{3,}})\}})\??)?"


def _either_case(digits: str) -> str:
    return f"[{''.join(sorted(set(digits + digits.upper())))}]"


def _ascending(mark: str, num_digits: int) -> str:
    r"""``\xHH-\xHH`` or ``\uHHHH-\uHHHH``, the second not below the first by its first two digits."""
    rest = f"{_HEX}{{{num_digits - 2}}}"
    starts = [f"{a}{b}" for a in _HEX_DIGITS for b in _HEX_DIGITS if num_digits == 2 or not (a == "d" and b > "7")]
    ranges = []
    for place, start in enumerate(starts):
        first = "".join(map(_either_case, start))
        later = starts[place if num_digits == 2 else place + 1 :]
        same = "".join(two[1] for two in later if two[0] == start[0])
        more = [f"{_either_case(start[0])}{_either_case(same)}"] if same else []
        above = "".join(digit for digit in _HEX_DIGITS if digit > start[0])
        if num_digits == 4 and "d" in above:
            above = above.replace("d", "")
            more.append("[dD][0-7]")
        more += [f"{_either_case(above)}{_HEX}"] if above else []
        if more:
            ranges.append(rf"{first}{rest}-\\{mark}(?:{'|'.join(more)}){rest}")
    return rf"\\{mark}(?:{'|'.join(ranges)})"


@cache
def _numbered_ranges() -> str:
    return f"{_ascending('x', 2)}|{_ascending('u', 4)}"


def _class(algebra: Algebra) -> Term:
    return algebra.concat([algebra.choice([b"["]), algebra.deferred(lambda: _in_brackets(algebra))])


def _in_brackets(algebra: Algebra) -> Term:
    """The members of a class, and its end; a hyphen that is no range stands at an edge."""
    hyphen = term_of("-?", algebra)
    members = [
        algebra.characters(inverse(_NO_MEMBER)),
        term_of(rf"{_ESCAPE}|\\[b\-]|{_CLASS_ESCAPE}", algebra),
        *map(algebra.concat, _plain_ranges(algebra)),
        algebra.deferred(lambda: term_of(_numbered_ranges(), algebra)),
    ]
    row = algebra.repeat(algebra.alternate(members), 0, None)
    return algebra.concat([term_of(r"\^?", algebra), hyphen, row, hyphen, algebra.choice([b"]"])])


def _plain_ranges(algebra: Algebra) -> list[list[Term]]:
    members = inverse(_NO_MEMBER)
    return [
        [algebra.choice([b"%c-" % code]), algebra.characters(intersection(members, ((code, MAX_SCALAR),)))]
        for low, high in intersection(members, ((0x20, 0x7E),))
        for code in range(low, high + 1)
    ]


def _expression(algebra: Algebra) -> Term:
    return _Grammar(algebra).whole()


class _Grammar:
    """An expression is any row of parts and bars; what is in a group is read when a text comes into one."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self._quantifier = term_of(_QUANTIFIER, algebra)
        self._atoms = algebra.alternate([term_of(_ATOM, algebra), _class(algebra)])
        self._nameless = self._inner(self._nameless_row)
        self._named = self._inner(self._named_row)

    def whole(self) -> Term:
        return self._algebra.alternate([self._nameless_row(), self._named_row()])

    def _inner(self, row: Callable[[], Term]) -> Term:
        return self._algebra.deferred(lambda: self._algebra.concat([row(), self._algebra.choice([b")"])]))

    def _nameless_row(self) -> Term:
        """No group has a name."""
        algebra = self._algebra
        parts = [term_of(rf"{_EDGE}|\|", algebra), self._quantified(self._atoms), *self._groups("", self._nameless)]
        return algebra.repeat(algebra.alternate(parts), 0, None)

    def _named_row(self) -> Term:
        """One group has."""
        row = self._nameless_row()
        named = [*self._groups("", self._named), *self._groups(_NAME, self._nameless)[:1]]
        return self._algebra.concat([row, self._algebra.alternate(named), row])

    def _groups(self, name: str, inner: Term) -> list[Term]:
        """A group, which may be repeated, and look-arounds, which may not."""
        opening = rf"\({name}" if name else r"\((?:\?:)?"
        group = self._quantified(self._algebra.concat([term_of(opening, self._algebra), inner]))
        return [group, self._algebra.concat([term_of(r"\(\?<?[=!]", self._algebra), inner])]

    def _quantified(self, term: Term) -> Term:
        return self._algebra.concat([term, self._quantifier])


REGEX = Format(_expression)
