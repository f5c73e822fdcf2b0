"""The entities in plain Python, from their definitions: slow, obvious, and knowing nothing of automata.

Each twin says whether a whole text is the entity. What has no checksum and no definition but its pattern (telephones,
URLs) has none here. Numbers to ask them about are made of the examples (:func:`nearly`).
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from hypothesis import strategies as st

from llmpost.automata.entities.bounds import Bounds
from llmpost.automata.entities.entity import Entity
from llmpost.automata.entities.iban import STRUCTURES
from llmpost.automata.regex.ranges import RangeSet

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_bounded(text: str, start: int, end: int, bounds: Bounds) -> bool:
    """Whether a match from start to end is bounded, looking at its neighbours one by one."""

    def has(ranges: RangeSet, place: int) -> bool:
        return 0 <= place < len(text) and any(low <= ord(text[place]) <= high for low, high in ranges)

    if has(bounds.beside, start - 1) or has(bounds.beside, end):
        return False
    joined_before = has(bounds.joiners, start - 1) or has(bounds.leading, start - 1)
    is_joined = joined_before and has(bounds.beyond, start - 2)
    return not is_joined and not (has(bounds.joiners, end) and has(bounds.beyond, end + 1))


def digits_of(text: str) -> list[int]:
    return [int(one) for one in text if one in "0123456789"]


def luhn(digits: Sequence[int]) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = 2 * digit if place % 2 else digit
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def dot(weights: Sequence[int], digits: Sequence[int]) -> int:
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=True))


def groups_of(text: str) -> tuple[int, ...] | None:
    """The lengths of groups of digits with one kind of separator; None where it is something else."""
    for separator in " -":
        groups = text.split(separator)
        if all(re.fullmatch("[0-9]+", group) for group in groups):
            return tuple(map(len, groups))
    return None


def is_grouped(text: str, *allowed: tuple[int, ...]) -> bool:
    return groups_of(text) in allowed


ISSUERS = [
    (4000, 4999, {13, 16, 19}), (5100, 5599, {16}), (2221, 2720, {16}), (3400, 3499, {15}), (3700, 3799, {15}),
    (3000, 3059, {14, 16, 17, 18, 19}), (3090, 3099, {14, 16, 17, 18, 19}), (3600, 3699, {14, 16, 17, 18, 19}),
    (3800, 3999, {14, 16, 17, 18, 19}), (3500, 3599, {16, 17, 18, 19}), (6011, 6011, {16, 17, 18, 19}),
    (6440, 6599, {16, 17, 18, 19}), (6200, 6299, {16, 17, 18, 19}), (8100, 8199, {16, 17, 18, 19}),
    (2200, 2204, {16, 17, 18, 19}), (9792, 9792, {16, 17, 18, 19}), (2131, 2131, {15}), (1800, 1800, {15}),
    (5000, 5099, set(range(12, 20))), (5600, 5899, set(range(12, 20))), (6000, 6999, set(range(12, 20))),
    (1000, 1999, {15}),
]  # fmt: skip
PRINTED = [
    (4, 4, 4),
    (4, 3, 3, 3),
    (4, 6, 4),
    (4, 6, 5),
    (4, 4, 4, 4),
    (4, 4, 4, 4, 1),
    (4, 4, 4, 4, 2),
    (4, 4, 4, 4, 3),
    (6, 13),
]


def credit_card(text: str) -> bool:
    groups, digits = groups_of(text), digits_of(text)
    if groups is None or len(digits) < 4 or not (len(groups) == 1 or groups in PRINTED):
        return False
    first = int("".join(map(str, digits[:4])))
    return luhn(digits) and any(low <= first <= high and len(digits) in lengths for low, high, lengths in ISSUERS)


def iban(text: str) -> bool:
    plain = text.upper() if text.isascii() else ""
    if re.fullmatch("(?:[0-9A-Z]{4}[ -])*[0-9A-Z]{1,4}", plain) and not plain.isalnum():
        plain = re.sub("[ -]", "", plain)
    kinds = {"n": "[0-9]", "a": "[A-Z]", "c": "[0-9A-Z]"}
    structure = re.sub(r"(\d+)([nac])", lambda part: f"{kinds[part[2]]}{{{part[1]}}}", STRUCTURES.get(plain[:2], "!"))
    if not re.fullmatch(f"[A-Z]{{2}}[0-9]{{2}}{structure}", plain):
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def us_ssn(text: str) -> bool:
    parts = re.fullmatch(r"([0-9]{3})([-. ])([0-9]{2})\2([0-9]{4})", text)
    return (
        bool(parts) and parts[1] not in ("000", "666") and parts[1] < "900" and parts[3] != "00" and parts[4] != "0000"
    )


def us_itin(text: str) -> bool:
    parts = re.fullmatch(r"9[0-9]{2}([-. ])([0-9]{2})\1[0-9]{4}", text)
    return bool(parts) and int(parts[2]) in {*range(50, 66), *range(70, 89), 90, 91, 92, *range(94, 100)}


def us_mbi(text: str) -> bool:
    if "-" in text and [len(part) for part in text.split("-")] != [4, 3, 4]:
        return False
    plain = text.replace("-", "").upper()
    letters = [one for one in LETTERS if one not in "SLOIBZ"]
    allowed = {"C": [*"123456789"], "A": letters, "N": [*"0123456789"], "X": [*"0123456789", *letters]}
    return len(plain) == 11 and all(one in allowed[kind] for one, kind in zip(plain, "CAXNAXNAANN", strict=True))


def us_npi(text: str) -> bool:
    return is_grouped(text, (10,), (4, 3, 3)) and text[0] in "12" and luhn([8, 0, 8, 4, 0, *digits_of(text)])


def medical_license(text: str) -> bool:
    if not re.fullmatch("[ABCDEFGHJKLMPRSTUXabcdefghjklmprstux][A-Za-z9][0-9]{7}", text):
        return False
    one, two, three, four, five, six, check = digits_of(text[2:])
    return (one + three + five + 2 * (two + four + six)) % 10 == check


def aba_routing(text: str) -> bool:
    if not re.fullmatch("[0-9]{9}|[0-9]{4}-[0-9]{4}-[0-9]", text) or set(digits_of(text)) == {0}:
        return False
    district = int(text[:2])
    fits = district <= 12 or 21 <= district <= 32 or 61 <= district <= 72 or district == 80
    return fits and dot([3, 7, 1] * 3, digits_of(text)) % 10 == 0


def uk_nhs(text: str) -> bool:
    if not is_grouped(text, (10,), (3, 3, 4)):
        return False
    *digits, check = digits_of(text)
    return (11 - dot(range(10, 1, -1), digits) % 11) % 11 == check


def uk_nino(text: str) -> bool:
    plain = text.upper()
    if not re.fullmatch(r"[A-Z]{2}(?: ?[0-9]{2}){3} ?[A-D]", plain) or not text.isascii():
        return False
    fits = plain[0] not in "DFIQUV" and plain[1] not in "DFIQUVO"
    return fits and plain[:2] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def de_tax_id(text: str) -> bool:
    if not is_grouped(text, (11,), (2, 3, 3, 3)) or text[0] == "0":
        return False
    *digits, check = digits_of(text)
    more_than_once = [times for times in Counter(digits).values() if times > 1]
    product = 10
    for digit in digits:
        product = ((product + digit) % 10 or 10) * 2 % 11
    return len(more_than_once) == 1 and more_than_once[0] <= 3 and (11 - product) % 10 == check


NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def es_nif(text: str) -> bool:
    parts = re.fullmatch("([0-9]{7,8})[ -]?([A-Za-z])", text)
    return bool(parts) and NIF_LETTERS[int(parts[1]) % 23] == parts[2].upper()


def es_nie(text: str) -> bool:
    parts = re.fullmatch("([XYZxyz])[ -]?([0-9]{7})[ -]?([A-Za-z])", text)
    return bool(parts) and NIF_LETTERS[int(f"{'XYZ'.index(parts[1].upper())}{parts[2]}") % 23] == parts[3].upper()


def finnish(text: str) -> bool:
    parts = re.fullmatch(r"([0-9]{6})[-+A-FU-Ya-fu-y]([0-9]{3})([0-9A-Za-z])", text)
    if not parts or not 1 <= int(text[:2]) <= 31 or not 1 <= int(text[2:4]) <= 12 or int(parts[2]) < 2:
        return False
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(parts[1] + parts[2]) % 31] == parts[3].upper()


ODD_VALUES = "BAKPLCQDREVOSFTGUHMINJWZYX"
"""Letters in the order of what they add in odd places."""


def it_fiscal_code(text: str) -> bool:
    digit = "[0-9LMNPQRSTUV]"
    plain = text.upper() if text.isascii() else ""
    if not re.fullmatch(f"[A-Z]{{6}}{digit}{{2}}[ABCDEHLMPRST]{digit}{{2}}[A-Z]{digit}{{3}}[A-Z]", plain):
        return False
    if not all(re.fullmatch("[^AEIOU]*[AEIOU]*X*", name) for name in (plain[:3], plain[3:6])):
        return False
    day = int("".join(one if one.isdigit() else str("LMNPQRSTUV".index(one)) for one in plain[9:11]))
    total = 0
    for place, one in enumerate(plain[:15]):
        letter = LETTERS[int(one)] if one.isdigit() else one
        total += LETTERS.index(letter) if place % 2 else ODD_VALUES.index(letter)
    return (1 <= day <= 31 or 41 <= day <= 71) and LETTERS[total % 26] == plain[15]


def it_vat_code(text: str) -> bool:
    parts = re.fullmatch("(?:[Ii][Tt] ?)?([0-9]{11})", text)
    return bool(parts) and luhn(digits_of(parts[1])) and set(parts[1]) != {"0"}


def pl_pesel(text: str) -> bool:
    if not re.fullmatch("[0-9]{11}", text):
        return False
    *digits, check = digits_of(text)
    total = dot([1, 3, 7, 9, 1, 3, 7, 9, 1, 3], digits)
    return 1 <= int(text[2:4]) % 20 <= 12 and 1 <= int(text[4:6]) <= 31 and (10 - total % 10) % 10 == check


def se_personnummer(text: str) -> bool:
    parts = re.fullmatch("(18|19|20)?([0-9]{6})[-+]?([0-9]{4})", text)
    if not parts:
        return False
    month, day = int(parts[2][2:4]), int(parts[2][4:])
    return 1 <= month <= 12 and 1 <= (day - 60 if day > 60 else day) <= 31 and luhn(digits_of(parts[2] + parts[3]))


def au_abn(text: str) -> bool:
    first, *rest = digits_of(text) or [0]
    fits = is_grouped(text, (11,), (2, 3, 3, 3)) and first > 0
    return fits and dot([10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19], [first - 1, *rest]) % 89 == 0


def au_acn(text: str) -> bool:
    if not is_grouped(text, (9,), (3, 3, 3)):
        return False
    *digits, check = digits_of(text)
    return (10 - dot([8, 7, 6, 5, 4, 3, 2, 1], digits) % 10) % 10 == check


def au_tfn(text: str) -> bool:
    return is_grouped(text, (9,), (3, 3, 3)) and dot([1, 4, 3, 7, 5, 8, 6, 9, 10], digits_of(text)) % 11 == 0


def au_medicare(text: str) -> bool:
    if not re.fullmatch("[2-6](?:[0-9]{9}(?:[/-]?[0-9])?|[0-9]{3}( |-)[0-9]{5}\\1[0-9](?:[ /-]?[0-9])?)", text):
        return False
    digits = digits_of(text)
    return dot([1, 3, 7, 9, 1, 3, 7, 9], digits[:8]) % 10 == digits[8]


DIHEDRAL = [
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
]  # fmt: skip
PERMUTATIONS = [
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
]  # fmt: skip


def in_aadhaar(text: str) -> bool:
    if not is_grouped(text, (12,), (4, 4, 4)) or text[0] in "01":
        return False
    check = 0
    for place, digit in enumerate(reversed(digits_of(text))):
        check = int(DIHEDRAL[check][int(PERMUTATIONS[place % 8][digit])])
    return check == 0


def sg_nric_fin(text: str) -> bool:
    parts = re.fullmatch("([STFGM])([0-9]{7})([A-Z])", text.upper())
    if not parts or not text.isascii():
        return False
    offset = {"S": 0, "F": 0, "T": 4, "G": 4, "M": 3}[parts[1]]
    table = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}[
        parts[1]
    ]
    return table[(dot([2, 7, 6, 5, 4, 3, 2], digits_of(parts[2])) + offset) % 11] == parts[3]


def ip_address(text: str) -> bool:
    try:
        return text != "::" and "%" not in text and bool(ipaddress.ip_address(text).version)
    except ValueError:
        return False


def mac_address(text: str) -> bool:
    for separator, size, number in ((":", 2, 6), ("-", 2, 6), (".", 4, 3)):
        parts = text.split(separator)
        if len(parts) == number and all(re.fullmatch(f"[0-9A-Fa-f]{{{size}}}", part) for part in parts):
            return True
    return False


def email_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    labels = domain.split(".")
    atoms = all(re.fullmatch(r"[A-Za-z0-9!#$%'*+^_~-]+", atom) for atom in local.split("."))
    is_local = atoms and (local[0] == "_" or local[0].isalnum())
    names = all(
        label and "-" not in (label[0], label[-1]) and all(one == "-" or is_name(one) for one in label)
        for label in labels
    )
    top = labels[-1]
    is_top = 2 <= len(top) <= 63 and ((top.isascii() and top.isalpha()) or all(one >= "\u00df" for one in top))
    is_top = is_top or (top[:4].lower() == "xn--" and len(top) > 4)
    return bool(at) and is_local and names and len(labels) >= 2 and is_top


def is_name(one: str) -> bool:
    return one.isalnum()


TWINS: Mapping[str, Callable[[str], bool]] = {
    "CREDIT_CARD": credit_card, "EMAIL_ADDRESS": email_address, "IBAN_CODE": iban, "IP_ADDRESS": ip_address,
    "MAC_ADDRESS": mac_address, "US_SSN": us_ssn, "US_ITIN": us_itin, "US_MBI": us_mbi, "US_NPI": us_npi,
    "MEDICAL_LICENSE": medical_license, "ABA_ROUTING_NUMBER": aba_routing, "UK_NHS": uk_nhs, "UK_NINO": uk_nino,
    "DE_TAX_ID": de_tax_id, "ES_NIE": es_nie, "ES_NIF": es_nif, "FI_PERSONAL_IDENTITY_CODE": finnish,
    "IT_FISCAL_CODE": it_fiscal_code, "IT_VAT_CODE": it_vat_code, "PL_PESEL": pl_pesel,
    "SE_PERSONNUMMER": se_personnummer, "AU_ABN": au_abn, "AU_ACN": au_acn, "AU_MEDICARE": au_medicare,
    "AU_TFN": au_tfn, "IN_AADHAAR": in_aadhaar, "SG_NRIC_FIN": sg_nric_fin,
}  # fmt: skip


@st.composite
def nearly(draw: st.DrawFn, entity: Entity, is_right: Callable[[str], bool]) -> str:
    """A number like one of the examples: some characters changed, and mostly made right again by a change or two."""
    text = list(draw(st.sampled_from(entity.examples)))
    for place in draw(st.lists(st.integers(0, len(text) - 1), max_size=draw(st.sampled_from([3, len(text)])))):
        kind = DIGITS if text[place] in DIGITS else LETTERS if text[place].isalpha() else " -.:/"
        if kind != " -.:/" or draw(st.integers(0, 9)) == 0:
            text[place] = draw(st.sampled_from(kind))
    if draw(st.integers(0, 9)) == 0:
        del text[draw(st.integers(0, len(text) - 1))]
    number = "".join(text)
    return next(filter(is_right, repaired(number)), number) if draw(st.integers(0, 3)) else number


def repaired(number: str) -> Iterator[str]:
    """With another character at one place, the last first, or with two other digits at the start or behind it."""
    for place in reversed(range(len(number))):
        if number[place].isalnum():
            yield from (number[:place] + one + number[place + 1 :] for one in DIGITS + LETTERS)
    for two in map("".join, product(DIGITS, repeat=2)):
        yield from (two + number[2:], number[:2] + two + number[4:])
