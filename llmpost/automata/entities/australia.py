"""Numbers of Australia: of firms, of taxpayers, and of the insured."""

from __future__ import annotations

from llmpost.automata.entities.checked import numbers
from llmpost.automata.entities.checksums import digit_sum
from llmpost.automata.entities.entity import Entity

_IN_THREES = (r"\d{3}",) * 3

AU_ABN = Entity(
    "AU_ABN",
    "a business number: eleven digits, the first less one, weights 10, 1, 3 to 19, mod 89",
    numbers(r"[1-9]\d{10}", (r"[1-9]\d", *_IN_THREES), digit_sum([10, *range(1, 20, 2)], 89, 10)),
    examples=("51 824 753 556", "51824753556", "51-824-753-556"),
    near_misses=("51 824 753 557", "5182 475 3556"),
)

AU_ACN = Entity(
    "AU_ACN",
    "a company number: nine digits, weights 8 to 1, mod 10",
    numbers(r"\d{9}", _IN_THREES, digit_sum([*range(8, 0, -1), 1], 10)),
    examples=("004 085 616", "010499966"),
    near_misses=("004 085 617", "00 408 5616"),
)

AU_TFN = Entity(
    "AU_TFN",
    "a tax file number: nine digits, weighted, mod 11; the older ones of eight are left out",
    numbers(r"\d{9}", _IN_THREES, digit_sum([1, 4, 3, 7, 5, 8, 6, 9, 10], 11)),
    examples=("876 543 210", "123456782"),
    near_misses=("876 543 211", "8765 43210"),
)

AU_MEDICARE = Entity(
    "AU_MEDICARE",
    "the number of a Medicare card: eight digits, from 2 to 6 on, their check, issue, and perhaps the person's line",
    numbers(
        r"[2-6]\d{9}(?:[/-]?\d)?",
        (r"[2-6]\d{3}", r"\d{5}", r"\d(?:[ /-]?\d)?"),
        digit_sum([1, 3, 7, 9, 1, 3, 7, 9, -1, 0], 10),
    ),
    examples=("2123 45670 1", "2123456701", "2123-45670-1/2"),
    near_misses=("2123 45671 1", "7123 45670 1"),
)
