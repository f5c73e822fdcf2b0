"""Numbers of the United Kingdom: of patients and of insured persons."""

from __future__ import annotations

from llmpost.automata.entities.bounds import RUN
from llmpost.automata.entities.checked import numbers
from llmpost.automata.entities.checksums import digit_sum
from llmpost.automata.entities.entity import Entity
from llmpost.automata.entities.written import written

UK_NHS = Entity(
    "UK_NHS",
    "the number of a patient of the National Health Service: ten digits, weights 10 to 1, mod 11",
    numbers(r"\d{10}", (r"\d{3}", r"\d{3}", r"\d{4}"), digit_sum(range(10, 0, -1), 11)),
    examples=("943 476 5919", "9434765919", "943-476-5870"),
    near_misses=("943 476 5918", "94 3476 5919", "943476591"),
)

_FIRST, _SECOND = "ABCEGHJKLMNOPRSTWXYZ", "ABCEGHJKLMNPRSTWXYZ"
_NEVER = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def _prefixes() -> str:
    seconds = {one: "".join(other for other in _SECOND if one + other not in _NEVER) for one in _FIRST}
    return "|".join(f"{one}[{others}]" for one, others in seconds.items())


UK_NINO = Entity(
    "UK_NINO",
    "a National Insurance number: a prefix that is given, six digits, A to D; with or without a space between pairs",
    (written(rf"(?:{_prefixes()})(?: ?\d\d){{3}} ?[A-D]", RUN),),
    examples=("AB 12 34 56 C", "AA000000A", "ab123456c"),
    near_misses=("QQ123456C", "GB123456A", "AB123456E", "AO123456A", "AB12345C"),
)
