"""Numbers of persons in Singapore and India."""

from __future__ import annotations

from collections.abc import Mapping

from llmpost.automata.entities.bounds import RUN
from llmpost.automata.entities.checked import checked, numbers
from llmpost.automata.entities.checksums import Sum, Verhoeff, check_letters, weighted
from llmpost.automata.entities.entity import Entity, Form
from llmpost.automata.entities.written import written

_NRIC_WEIGHTS = [weighted(weight) for weight in (2, 7, 6, 5, 4, 3, 2)]


def _nric(series: Mapping[str, int], letters: str) -> Form:
    """Series that share a table, and what each adds."""
    return checked(rf"[{''.join(series)}]\d{{7}}[A-Z]", Sum([series, *_NRIC_WEIGHTS, check_letters(letters)], 11))


SG_NRIC_FIN = Entity(
    "SG_NRIC_FIN",
    "the number of a resident (S, T) or a foreigner (F, G, M) in Singapore, with its check letter",
    (_nric({"S": 0, "T": 4}, "JZIHGFEDCBA"), _nric({"F": 0, "G": 4}, "XWUTRQPNMLK"), _nric({"M": 3}, "XWUTRQPNJLK")),
    examples=("S1234567D", "t1234567j", "F1234567N", "G1234567X", "M1234567K"),
    near_misses=("S1234567E", "F1234567D", "A1234567D"),
)

IN_AADHAAR = Entity(
    "IN_AADHAAR",
    "an Aadhaar number: twelve digits, from 2 on, with Verhoeff's check; in fours or in one run",
    numbers(r"[2-9]\d{11}", (r"[2-9]\d{3}", r"\d{4}", r"\d{4}"), Verhoeff(12)),
    examples=("2341 2341 2346", "234123412346", "2341-2341-2346"),
    near_misses=("2341 2341 2345", "123412341234", "234 123 412 346"),
)

IN_PAN = Entity(
    "IN_PAN",
    "a permanent account number: three letters, the kind of its holder, an initial, four digits and a letter",
    (written(r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", RUN),),
    examples=("ABCPE1234F", "aaapa1234a"),
    near_misses=("ABCDE1234F", "ABCPE12345", "ABCPE1234FG"),
)
