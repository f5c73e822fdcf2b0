"""Numbers of the United States: of persons, of taxpayers, of passports, of health care, and of banks.

Nine digits in a row are anything; where a number has no checksum, it is one with its separators alone. Driver's
licences and numbers of bank accounts are any digits at all, and no entities here (`table.py`).
"""

from __future__ import annotations

from llmpost.automata.entities.bounds import GROUPS, RUN
from llmpost.automata.entities.checked import checked, numbers
from llmpost.automata.entities.checksums import DIGITS, Luhn, Sum, digit_sum, weighted
from llmpost.automata.entities.entity import Entity, Form
from llmpost.automata.entities.written import written


def _separated(*groups: str) -> tuple[Form, Form]:
    """The groups with hyphens, dots or spaces between them, the same everywhere."""
    hyphened, dotted, spaced = (mark.join(f"(?:{group})" for group in groups) for mark in ("-", r"\.", " "))
    return written(f"{hyphened}|{dotted}", RUN), written(spaced, GROUPS)


_SSN_AREA = r"00[1-9]|0[1-9]\d|[1-578]\d\d|6[0-57-9]\d|66[0-57-9]"

US_SSN = Entity(
    "US_SSN",
    "a Social Security number: area, group and serial, none of which is zero; no area 666 or from 900 on",
    _separated(_SSN_AREA, r"0[1-9]|[1-9]\d", r"000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{3}"),
    examples=("078-05-1120", "219 09 9999", "078.05.1120"),
    near_misses=("000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "078051120", "078-05 1120",
                 "1078-05-1120", "078-05-11203", "078-05-1120-1"),
)  # fmt: skip

US_ITIN = Entity(
    "US_ITIN",
    "an individual taxpayer's number: 9, and a group of 50-65, 70-88, 90-92 or 94-99",
    _separated(r"9\d\d", r"5\d|6[0-5]|7\d|8[0-8]|9[0-24-9]", r"\d{4}"),
    examples=("900-70-0000", "999 94 9999"),
    near_misses=("900-69-0000", "900-93-0000", "800-70-0000", "900700000"),
)

US_PASSPORT = Entity(
    "US_PASSPORT",
    "the number of a passport of the United States, a letter and eight digits; the older nine digits are anything",
    (written(r"[A-Z]\d{8}", RUN),),
    examples=("C00000001", "a12345678"),
    near_misses=("123456789", "A1234567", "AB12345678"),
)

_LETTER, _EITHER = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
_MBI_PARTS = (rf"[1-9]{_LETTER}{_EITHER}\d", rf"{_LETTER}{_EITHER}\d", rf"{_LETTER}{{2}}\d\d")

US_MBI = Entity(
    "US_MBI",
    "a Medicare beneficiary's identifier: which of its eleven places are digits, and letters but S, L, O, I, B, Z",
    (written("|".join(mark.join(_MBI_PARTS) for mark in ("", "-")), RUN),),
    examples=("1EG4-TE5-MK73", "1EG4TE5MK72"),
    near_misses=("0EG4-TE5-MK73", "1SG4-TE5-MK73", "1EG4-TE5-M173", "1EG4-TE5MK73"),
)

_DEA_COLUMNS = [dict.fromkeys(f"{DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0)] * 2 + [*map(weighted, (1, 2, 1, 2, 1, 2, -1))]

MEDICAL_LICENSE = Entity(
    "MEDICAL_LICENSE",
    "a registration number of the Drug Enforcement Administration: kind, initial or 9, six digits and their check",
    (checked(r"[A-HJ-MPRSTUX][A-Z9]\d{7}", Sum(_DEA_COLUMNS, 10)),),
    examples=("AB1234563", "f91234563"),
    near_misses=("AB1234564", "IB1234563", "AB12345630"),
)

US_NPI = Entity(
    "US_NPI",
    "a National Provider Identifier: ten digits, from 1 or 2 on, that Luhn's check takes behind 80840",
    numbers(r"[12]\d{9}", (r"[12]\d{3}", r"\d{3}", r"\d{3}"), Luhn("80840")),
    examples=("1234567893", "1234-567-893"),
    near_misses=("1234567890", "3234567893"),
)

ABA_ROUTING_NUMBER = Entity(
    "ABA_ROUTING_NUMBER",
    "a routing number of the American Bankers Association: nine digits, a district first, weights 3, 7, 1, mod 10",
    (checked(r"(?!0{9})(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)(?:\d{7}|\d\d-\d{4}-\d)",
             digit_sum([3, 7, 1] * 3, 10)),),
    examples=("021000021", "1221-0515-5"),
    near_misses=("021000022", "131000021", "000000000"),
)  # fmt: skip
