"""Numbers of persons and firms in Europe, each with the check of its country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from llmpost.automata.entities.checked import checked, numbers
from llmpost.automata.entities.checksums import DIGITS, Column, Luhn, Sum, check_letters, digit_sum, weighted
from llmpost.automata.entities.entity import Entity, Form
from llmpost.automata.entities.machine import State

_DAY, _MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _decimal(num_digits: int) -> list[Column]:
    """The digits of a number as a number."""
    return [weighted(10**place) for place in reversed(range(num_digits))]


_NIF = check_letters("TRWAGMYFPDXBNJZSQVHLCKE")


def _nif(num_digits: int) -> Form:
    return checked(rf"\d{{{num_digits}}}[ -]?[A-Z]", Sum([*_decimal(num_digits), _NIF], 23))


ES_NIF = Entity(
    "ES_NIF",
    "the number of a Spanish identity card: seven or eight digits and the letter of their remainder by 23",
    (_nif(7), _nif(8)),
    examples=("12345678Z", "12345678-z", "1234567L"),
    near_misses=("12345678A", "123456Z", "X12345678Z"),
)

ES_NIE = Entity(
    "ES_NIE",
    "the number of a foreigner in Spain: X, Y or Z for a digit 0 to 2, seven digits, and the letter as in a NIF",
    (checked(r"[XYZ][ -]?\d{7}[ -]?[A-Z]", Sum([{"X": 0, "Y": 10**7, "Z": 2 * 10**7}, *_decimal(7), _NIF], 23)),),
    examples=("X1234567L", "Y-1234567-X", "z1234567r"),
    near_misses=("X1234567T", "W1234567L", "X123456L"),
)

_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
"""What A to Z add in odd places of a fiscal code, the first ten of them standing for digits too."""
_ODD_PLACE = dict(zip(_LETTERS, _ODD, strict=True)) | dict(zip(DIGITS, _ODD, strict=False))
_EVEN_PLACE = {one: place for place, one in enumerate(_LETTERS)} | dict(weighted(1))
_D = "[0-9LMNP-V]"
"""A digit, or the letter that takes its place where two persons would have one code."""
_C, _V = "[B-DF-HJ-NP-TV-Z]", "[AEIOU]"
_NAME = f"(?:{_C}{{3}}|{_C}{{2}}{_V}|{_C}{_V}[AEIOUX]|{_V}{{2}}[AEIOUX]|{_V}XX)"
"""Consonants, then vowels, then X for what a short name lacks."""

IT_FISCAL_CODE = Entity(
    "IT_FISCAL_CODE",
    "an Italian fiscal code: names, date of birth, place and a check letter; also with letters for digits",
    (checked(rf"{_NAME}{{2}}{_D}{{2}}[A-EHLMPRST](?:[04LQ][1-9MNP-V]|[1256MNRS]{_D}|[37PT][01LM])[A-Z]{_D}{{3}}[A-Z]",
             Sum([*[_ODD_PLACE, _EVEN_PLACE] * 7, _ODD_PLACE, check_letters(_LETTERS)], 26)),),
    examples=("RSSMRA85T10A562S", "RCCMNL83S18D969H"),
    near_misses=("RSSMRA85T10A562T", "RSSMRA85T32A562S", "OSSMRA88T10A562Y", "RSSMRA85F10A562S"),
)  # fmt: skip

IT_VAT_CODE = Entity(
    "IT_VAT_CODE",
    "the VAT number of an Italian firm: eleven digits with Luhn's check, with or without IT before them",
    (checked(r"(?:IT ?)?(?!0{11})\d{11}", Luhn()),),
    examples=("00743110157", "IT00743110157"),
    near_misses=("00743110158", "00000000000", "FR00743110157"),
)

PL_PESEL = Entity(
    "PL_PESEL",
    "the number of a person in Poland: date of birth, serial, weights 1, 3, 7, 9, mod 10",
    (checked(rf"\d\d(?:[02468][1-9]|[13579][0-2]){_DAY}\d{{5}}", digit_sum([1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10)),),
    examples=("44051401359", "02070803628"),
    near_misses=("44051401358", "44131401359", "4405140135"),
)

_FI_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FI_SIGN = dict.fromkeys("+-ABCDEFUVWXY", 0)

FI_PERSONAL_IDENTITY_CODE = Entity(
    "FI_PERSONAL_IDENTITY_CODE",
    "a Finnish personal identity code: date of birth, sign of the century, number, and the remainder by 31",
    (checked(rf"{_DAY}{_MONTH}\d\d[-+A-FU-Y](?!00[01])\d{{3}}[0-9A-FHJ-NPR-Y]",
             Sum([*_decimal(9)[:6], _FI_SIGN, *_decimal(3), check_letters(_FI_CHECK)], 31)),),
    examples=("131052-308T", "131052A308T", "131052+308t"),
    near_misses=("131052-308U", "131052-001T", "321052-308T", "131052 308T"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _TaxDigits:
    """ISO/IEC 7064, mod 11,10; and of the ten digits before the check, one stands twice or three times and the others
    once at most.

    The state: digits read, the product, which were seen, how often one was seen again. One that breaks the rule is
    no state of a right number, whatever follows.
    """

    start: ClassVar[State] = (0, 10, 0, 10, 0)
    _BROKEN: ClassVar[State] = (-1, 0, 0, 0, 0)

    def after(self, state: State, character: str) -> State:
        if character not in DIGITS or state == self._BROKEN:
            return state
        place, product, seen, repeated, times = state
        digit = int(character)
        if place < 10:
            if seen >> digit & 1:
                if repeated not in (10, digit) or times == 2:
                    return self._BROKEN
                repeated, times = digit, times + 1
            seen |= 1 << digit
        sum_ = (product + digit) % 10
        if place == 10:
            return (11, sum_, 0, 0, 0) if times else self._BROKEN
        return place + 1, (sum_ or 10) * 2 % 11, seen, repeated, times

    def is_right(self, state: State) -> bool:
        return state[0] == 11 and state[1] == 1


DE_TAX_ID = Entity(
    "DE_TAX_ID",
    "a German tax identification number: eleven digits, of the first ten one more than once, mod 11,10",
    numbers(r"[1-9]\d{10}", (r"[1-9]\d", r"\d{3}", r"\d{3}", r"\d{3}"), _TaxDigits()),
    examples=("36574261809", "86 095 742 719", "65929970489"),
    near_misses=("36574261808", "36554266806", "01234567890"),
)

_DOUBLED: Column = {digit: sum(divmod(2 * int(digit), 10)) for digit in DIGITS}
_PERSONNUMMER = [*[_DOUBLED, weighted(1)] * 5]
_CENTURY = [weighted(0)] * 2
_BIRTH = rf"\d\d{_MONTH}(?:[06][1-9]|[1278]\d|[39][01])"
"""With a day that is 60 more, for people who are no residents."""

SE_PERSONNUMMER = Entity(
    "SE_PERSONNUMMER",
    "a Swedish personal number: date of birth, serial and Luhn's check, which leaves the century out",
    (
        checked(rf"{_BIRTH}[-+]?\d{{4}}", Sum(_PERSONNUMMER, 10)),
        checked(rf"(?:1[89]|20){_BIRTH}[-+]?\d{{4}}", Sum([*_CENTURY, *_PERSONNUMMER], 10)),
    ),
    examples=("811228-9874", "19670919-9530", "670919-9530"),
    near_misses=("811228-9873", "811328-9874", "21670919-9530"),
)
