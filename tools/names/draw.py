"""Draw: choices of one random stream, from the lists beside it and from syllables."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LISTS = Path(__file__).with_name("lists")


@cache
def lines(name: str) -> tuple[str, ...]:
    return tuple(line for line in (LISTS / f"{name}.txt").read_text("utf-8").split("\n") if line)


@cache
def entries(name: str, separator: str | None = ", ") -> tuple[str, ...]:
    """Of a list all that stands between commas, or between spaces where `separator` is None."""
    return tuple(entry for line in lines(name) for entry in line.split(separator))


class Draw:
    """`known` is what labelled sets hold, by label: it is drawn as well."""

    def __init__(self, dice: random.Random, known: Mapping[str, Sequence[str]] | None = None) -> None:
        self.dice = dice
        self._known = known or {}

    def pick(self, options: Sequence[str]) -> str:
        return options[self.dice.randrange(len(options))]

    def chance(self, probability: float) -> bool:
        return self.dice.random() < probability

    def number(self, low: int, high: int) -> int:
        return self.dice.randint(low, high)

    def known(self, label: str, probability: float) -> str | None:
        options = self._known.get(label)
        return self.pick(options) if options and self.chance(probability) else None

    def word(self, name: str) -> str:
        """From a list of words."""
        return self.pick(entries(name, None))

    def entry(self, name: str) -> str:
        """From a list with commas."""
        return self.pick(entries(name))

    def made_up(self, num_syllables: int, ending: str = "") -> str:
        onsets, vowels, codas = (line.split() for line in lines("syllables"))
        made = "".join(
            self.pick(onsets) + self.pick(vowels) + self.pick(codas).strip("-") for _ in range(num_syllables)
        )
        return (made + ending).capitalize()
