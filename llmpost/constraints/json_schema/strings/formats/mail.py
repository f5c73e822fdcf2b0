"""Mailboxes: `Mailbox` of RFC 5321, 4.1.2, and with characters outside of ASCII as RFC 6531 adds them.

Quoted local parts and address literals belong to it; comments and folding of RFC 5322 do not. Labels of the domain have
up to 63 characters.
"""

from __future__ import annotations

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.strings.formats.addresses import IPV4_PATTERN, ipv6_pattern
from llmpost.constraints.json_schema.strings.formats.format import Format, term_of
from llmpost.constraints.json_schema.strings.formats.hostname import LDH_LABEL
from llmpost.constraints.json_schema.strings.formats.international import internet_labels
from llmpost.constraints.json_schema.strings.patterns import Lengths

_DOMAIN = rf"{LDH_LABEL}(?:\.{LDH_LABEL})*"
_ADDRESS = rf"(?:{IPV4_PATTERN}|[Ii][Pp][Vv]6:{ipv6_pattern(6)})\]"


def _local_part(others: str) -> str:
    """With these characters allowed wherever a letter is."""
    atom = f"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~{others}-]+"
    quoted = rf'"(?:[ !#-\[\]-~{others}]|\\[ -~])*"'
    return rf"(?:{atom}(?:\.{atom})*|{quoted})"


def _email(algebra: Algebra) -> Term:
    domain = term_of(_DOMAIN, algebra)
    return algebra.concat([term_of(f"{_local_part('')}@", algebra), algebra.alternate([domain, _literal(algebra)])])


def _idn_email(algebra: Algebra) -> Term:
    local_part = term_of(_local_part(r"\u0080-\U0010ffff") + "@", algebra)
    names = internet_labels(algebra, algebra.choice([b"."]))
    return algebra.concat([local_part, algebra.alternate([names, term_of(_DOMAIN, algebra), _literal(algebra)])])


def _literal(algebra: Algebra) -> Term:
    return algebra.concat([algebra.choice([b"["]), algebra.deferred(lambda: term_of(_ADDRESS, algebra))])


EMAIL = Format(_email, Lengths(3, None))
IDN_EMAIL = Format(_idn_email, Lengths(3, None))
