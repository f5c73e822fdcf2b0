"""Numbers of payment cards (ISO/IEC 7812): issuers by their first digits and lengths, and Luhn's check.

Written in one run, or in the groups that are printed: fours, 4-6-5, 4-6-4 and 6-13, with single spaces or hyphens. A
run of digits with another grouping is a list of numbers, and not looked into.
"""

from __future__ import annotations

from llmpost.automata.entities.bounds import GROUPS
from llmpost.automata.entities.checked import checked
from llmpost.automata.entities.checksums import Luhn
from llmpost.automata.entities.entity import Entity

_PRINTED = {
    12: (4, 4), 13: (3, 3, 3), 14: (6, 4), 15: (6, 5), 16: (4, 4, 4), 17: (4, 4, 4, 1), 18: (4, 4, 4, 2),
    19: (4, 4, 4, 3),
}  # fmt: skip
"""Digits of a number, and the groups of it behind the first four."""

_ISSUERS = (
    (r"4\d{3}", (13, 16, 19)),  # Visa
    (r"5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720", (16,)),  # Mastercard
    (r"3[47]\d\d", (15,)),  # American Express
    (r"30[0-5]\d|309\d|36\d\d|3[89]\d\d", (14, 16, 17, 18, 19)),  # Diners Club
    (r"35\d\d|6011|64[4-9]\d|65\d\d|62\d\d|81\d\d|220[0-4]|9792", (16, 17, 18, 19)),
    # JCB, Discover, UnionPay, Mir, Troy
    (r"2131|1800", (15,)),  # JCB, before 2008
    (r"50\d\d|5[6-8]\d\d|6\d{3}", (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro, RuPay
    (r"1\d{3}", (15,)),  # UATP
)


def _written_with(separator: str) -> str:
    """Every issuer's numbers, in groups; in one run without a separator."""
    ways = {length: _groups(length, separator) for length in _PRINTED}
    return "|".join(f"(?:{first})(?:{'|'.join(ways[length] for length in lengths)})" for first, lengths in _ISSUERS)


def _groups(length: int, separator: str) -> str:
    """Behind the first four digits."""
    printed = "".join(rf"{separator}\d{{{group}}}" for group in _PRINTED[length])
    return rf"{printed}|\d\d{separator}\d{{13}}" if length == 19 and separator else printed


CREDIT_CARD = Entity(
    "CREDIT_CARD",
    "the number of a payment card of 12 to 19 digits, by issuer, with Luhn's check (ISO/IEC 7812)",
    (
        checked(f"{_written_with('')}|{_written_with('-')}", Luhn()),
        checked(_written_with(" "), Luhn(), GROUPS),
    ),
    examples=(
        "4111 1111 1111 1111", "4222222222222", "5555-5555-5555-4444", "378282246310005", "3782 822463 10005",
        "30569309025904", "6011000990139424", "3530111333300000", "2223003122003222", "6304000000000000",
    ),
    near_misses=("4111 1111 1111 1112", "41111111111111110", "4111 11111 111 1111", "1-4111-1111-1111-1111",
                 "DE03 5131 7820 1485 1541 26", "0000000000000000"),
)  # fmt: skip
