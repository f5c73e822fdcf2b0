"""Every random choice of the corpus is made by a `Draw`, which also keeps the held-out split.

It knows no grammar: it is handed alternatives and says which one. Two things are held out, each by a hash, so that
the split follows from the text alone: *forms* (alternatives of a production) and *values* (names, cities, numbers of
orders).
"""

from __future__ import annotations

import enum
import random
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

FORM_PERIOD = 8  # one alternative in eight is never used in training
VALUE_PERIOD = 6  # one value in six is never used in training
MAX_VALUE_TRIES = 200

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


def words(text: str) -> tuple[str, ...]:
    """A list of single words, as tables like to write it."""
    return tuple(text.split())


class Split(enum.Enum):
    """Which side of a split a choice is drawn from."""

    TRAIN = "train"
    HELD_OUT = "held-out"
    ANY = "any"  # of forms only: as the grammar has them, held-out ones among the others


def is_held_out_form(name: str) -> bool:
    """Whether the alternative of this text is kept away from training."""
    return zlib.crc32(b"form:" + name.encode()) % FORM_PERIOD == 0


def is_held_out_value(text: str) -> bool:
    """Whether this value is kept away from training (case and outer blanks do not make another value)."""
    return zlib.crc32(b"value:" + text.strip().lower().encode()) % VALUE_PERIOD == 0


def form_name(alternative: object) -> str:
    """The text that stands for an alternative in the split: itself, or the name of a function."""
    return alternative if isinstance(alternative, str) else str(getattr(alternative, "__name__", repr(alternative)))


@dataclass(slots=True)
class Draw:
    """A stream of choices from one seed.

    >>> Draw(random.Random(0)).template("[Hi|Hello] {name}", {"name": "Ana"}) in ("Hi Ana", "Hello Ana")
    True
    """

    rng: random.Random
    forms: Split = Split.TRAIN
    values: Split = Split.TRAIN
    typo_rate: float = 0.0
    held_out_forms_used: int = field(default=0)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self.rng.randint(low, high)

    def any(self, alternatives: Sequence[T]) -> T:
        """One alternative; no split applies."""
        return alternatives[int(self.rng.random() * len(alternatives))]

    def some(self, alternatives: Sequence[T], count: int) -> list[T]:
        """`count` different alternatives in random order; no split applies."""
        return self.rng.sample(list(alternatives), count)

    def form(self, alternatives: Sequence[T]) -> T:
        """One production: in training never a held-out one; with all forms held out always one, where there is any."""
        held_out = [one for one in alternatives if is_held_out_form(form_name(one))]
        if not held_out or len(held_out) == len(alternatives):
            return self.any(alternatives)
        if self.forms is Split.ANY:
            chosen = self.any(alternatives)
            self.held_out_forms_used += chosen in held_out
            return chosen
        if self.forms is Split.HELD_OUT:
            self.held_out_forms_used += 1
            return self.any(held_out)
        while is_held_out_form(form_name(chosen := self.any(alternatives))):
            pass
        return chosen

    def value(self, make: Callable[[Draw], str]) -> str:
        """A value from this draw's side of the value split, made by trying."""
        for _ in range(MAX_VALUE_TRIES):
            text = make(self)
            if is_held_out_value(text) is (self.values is Split.HELD_OUT):
                return text
        raise ValueError(
            f"{make.__name__}: no {self.values.value} value in {MAX_VALUE_TRIES} tries; it has too few values"
        )

    def template(self, template: str, slots: Mapping[str, str] | None = None) -> str:
        """Fills a template: `[a|b]` is a free choice (it may nest), `{slot}` a value, which is never misspelt."""
        while match := _CHOICE.search(template):
            chosen = self.any(match.group(1).split("|"))
            template = template[: match.start()] + chosen + template[match.end() :]
        if not self.typo_rate and not slots:
            return template
        parts = _SLOT.split(template)
        filled = slots or {}
        return "".join(filled[part] if i % 2 else self._misspell(part) for i, part in enumerate(parts))

    def sentence(self, alternatives: Sequence[str], slots: Mapping[str, str] | None = None) -> str:
        """One production, filled."""
        return self.template(self.form(alternatives), slots)

    def _misspell(self, text: str) -> str:
        if not self.typo_rate:
            return text
        return re.sub(r"[A-Za-z]{4,}", lambda match: self._misspell_word(match.group()), text)

    def _misspell_word(self, word: str) -> str:
        if not self.chance(self.typo_rate):
            return word
        i = self.between(1, len(word) - 2)
        if self.chance(0.4):
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        return word[:i] + word[i + 1 :] if self.chance(0.6) else word[: i + 1] + word[i:]
