"""Names of hosts in ASCII (RFC 1123, 2.1): labels of up to 63 letters, digits and hyphens, 253 characters in all.

A label that begins with ``xn--`` says another one in Punycode, and whether it says one that is allowed is not regular:
such labels are refused, so that nothing wrong is accepted.
"""

from __future__ import annotations

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.strings.formats.format import Format, term_of
from llmpost.constraints.json_schema.strings.patterns import Lengths

MOST = 63
_ANY, _LETTER = "[0-9A-Za-z-]", "[0-9A-Za-z]"
_NO_X, _NO_N = "[0-9A-WYZa-wyz]", "[0-9A-MO-Za-mo-z]"


def _more(most: int) -> str:
    """Nothing, or up to so many more characters, no hyphen at the end."""
    return f"(?:{_ANY}{{0,{most - 1}}}{_LETTER})?"


LDH_LABEL = f"{_LETTER}{_more(MOST - 1)}"
"""Letters, digits, hyphens."""
PLAIN_LABEL = (
    f"(?:{_NO_X}{_more(MOST - 1)}"
    f"|[Xx](?:{_NO_N}{_more(MOST - 2)}|-{_ANY}{{0,{MOST - 3}}}{_LETTER}"
    f"|[Nn](?:{_LETTER}{_more(MOST - 3)}|-{_LETTER}{_more(MOST - 4)})?)?)"
)
"""The same, without ``xn--`` at its start."""


def _hostname(algebra: Algebra) -> Term:
    names = term_of(rf"{PLAIN_LABEL}(?:\.{PLAIN_LABEL})*", algebra)
    return algebra.intersect([names, term_of("[0-9A-Za-z.-]{1,253}", algebra)])


HOSTNAME = Format(_hostname, Lengths(1, 253))
