"""URIs (RFC 3986), IRIs (RFC 3987), references to them, and templates of them (RFC 6570), by their grammars.

Any host that is no address in brackets is a registered name, as the grammar has it. What a scheme asks for beyond
is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.strings.formats.addresses import IPV6_PATTERN
from llmpost.constraints.json_schema.strings.formats.format import Format, term_of, written
from llmpost.constraints.json_schema.strings.patterns import Lengths

_ENCODED = "%[0-9A-Fa-f]{2}"
_UNRESERVED = r"A-Za-z0-9._~\-"
_DELIMITERS = "!$&'()*+,;="
_PLANES = "".join(rf"\U000{plane:X}0000-\U000{plane:X}FFFD" for plane in range(1, 14))
_UCSCHAR = r"\u00A0-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF" + _PLANES + r"\U000E1000-\U000EFFFD"
_PRIVATE = r"\uE000-\uF8FF\U000F0000-\U000FFFFD\U00100000-\U0010FFFD"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*"


def _of(characters: str) -> str:
    """One of these, or an encoded byte."""
    return f"(?:[{characters}]|{_ENCODED})"


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The grammar with these other characters among the unreserved ones, and these in a query alone."""

    others: str = ""
    private: str = ""

    def identifier(self, algebra: Algebra) -> Term:
        return self._with_rest(algebra, f"{_SCHEME}:", self._first_of_path(":@"))

    def reference(self, algebra: Algebra) -> Term:
        """An identifier, or what is left of one without its scheme: no colon before the first slash then."""
        return algebra.alternate([self.identifier(algebra), self._with_rest(algebra, "", self._first_of_path("@"))])

    def _with_rest(self, algebra: Algebra, before: str, path: str) -> Term:
        """An authority or a path, and what may come behind either."""
        middle = algebra.alternate([self._authority(algebra), term_of(f"(?:{path})?", algebra)])
        query, fragment = (_of(self._names + ":@/?" + more) for more in (self.private, ""))
        behind = rf"(?:\?{query}*)?(?:#{fragment}*)?"
        return algebra.concat([term_of(before, algebra), middle, term_of(behind, algebra)])

    def _first_of_path(self, more: str) -> str:
        rest = _of(self._names + ":@/")
        return f"/(?:{_of(self._names + ':@')}{rest}*)?|{_of(self._names + more)}+(?:/{rest}*)?"

    def _authority(self, algebra: Algebra) -> Term:
        address = algebra.concat([algebra.choice([b"["]), algebra.deferred(lambda: term_of(_ADDRESS, algebra))])
        host = algebra.alternate([address, term_of(f"{_of(self._names)}*", algebra)])
        before = term_of(f"//(?:{_of(self._names + ':')}*@)?", algebra)
        behind = term_of(f"(?::[0-9]*)?(?:/{_of(self._names + ':@/')}*)?", algebra)
        return algebra.concat([before, host, behind])

    @property
    def _names(self) -> str:
        return _UNRESERVED + self.others + _DELIMITERS


_ADDRESS = rf"(?:{IPV6_PATTERN}|[vV][0-9A-Fa-f]+\.[{_UNRESERVED}{_DELIMITERS}:]+)\]"
_VARIABLE = rf"{_of('A-Za-z0-9_')}(?:\.?{_of('A-Za-z0-9_')})*(?::[1-9][0-9]{{0,3}}|\*)?"
_LITERAL = _of(r"!#$&(-;=?-\[\]_a-z~" + _UCSCHAR + _PRIVATE)
_TEMPLATE = rf"(?:{_LITERAL}|\{{[+#./;?&=,!@|]?{_VARIABLE}(?:,{_VARIABLE})*\}})*"

_URI, _IRI = _Grammar(), _Grammar(_UCSCHAR, _PRIVATE)

URI = Format(_URI.identifier, Lengths(2, None))
URI_REFERENCE = Format(_URI.reference)
IRI = Format(_IRI.identifier, Lengths(2, None))
IRI_REFERENCE = Format(_IRI.reference)
URI_TEMPLATE = written(_TEMPLATE)
