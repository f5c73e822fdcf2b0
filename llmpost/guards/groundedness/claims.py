"""Claims: what a sentence says that can be looked up: its numbers, its names, the words that carry it, and its noes.

Words are compared by their stems, numbers by their value, in whatever way they are written. It weighs nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from llmpost.guards.words import Reading

_NUMBER = re.compile(r"(?<![\w.,])[-−]?\d{1,15}(?:[,.'\u00a0\u202f]\d{1,15}){0,6}")
_NAME = re.compile(r"(?<![.!?\n\"“(:•*#-]\s)(?<!^)(?<![\w'’])[A-ZÀ-ÖØ-Þ][\w'’]{1,40}")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|n't|nicht|kein\w{0,2}|nie|ohne|"
    r"pas|jamais|sans|nunca|sin|mai|senza)\b|n['’]t\b"
)
_COUNTED: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_WORD_NUMBERS: Final = {word: str(value) for value, word in enumerate(_COUNTED)}
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_STOP = frozenset(Path(__file__).with_name("stop_words.txt").read_text("utf-8").split())
_SUFFIXES = ("ations", "ation", "ingly", "edly", "ments", "ment", "ness", "ings", "ing", "ies", "ied", "ers", "er",
             "es", "ed", "ly", "s", "e", "y")  # fmt: skip


class Claim(NamedTuple):
    """One sentence."""

    words: frozenset[str]
    """Stems of those that carry it, without its numbers."""
    numbers: frozenset[str]
    names: frozenset[str]
    """Stems of capitalised words that do not begin a sentence, of days and of months."""
    is_negated: bool

    @property
    def says_something(self) -> bool:
        """Whether there is anything to look up: what greets, asks or leads over has hardly a word of its own."""
        return bool(self.numbers) or len(self.words) >= 2


def claim_of(sentence: str) -> Claim:
    """What a sentence says.

    >>> claim = claim_of("In 2021 the plant in Lisbon made 1,200 chairs.")
    >>> sorted(claim.numbers), sorted(claim.names), sorted(claim.words)
    (['1200', '2021'], ['lisbon'], ['chair', 'lisbon', 'made', 'plant'])
    """
    lowered = sentence.lower()
    said = [word.text for word in Reading().words(sentence, True)[0]]
    numbers = {_value(match[0]) for match in _NUMBER.finditer(sentence)}
    numbers |= {_WORD_NUMBERS[word] for word in said if word in _WORD_NUMBERS and word != "one"}
    names = {stem(match[0].lower()) for match in _NAME.finditer(sentence) if match[0].lower() not in _STOP}
    names |= {stem(word) for word in said if word in _MONTHS and word not in ("may", "march")}
    words = {
        stem(word)
        for word in said
        if word not in _STOP and word not in _WORD_NUMBERS and not any(map(str.isdigit, word)) and len(word) > 1
    }
    return Claim(frozenset(words), frozenset(numbers), frozenset(names), _NEGATION.search(lowered) is not None)


def stem(word: str) -> str:
    """Words of one family, mostly, have one; four letters are always left.

    >>> stem("opened") == stem("opening") == stem("opens")
    True
    """
    word = word.split("'")[0].split("’")[0]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def _value(number: str) -> str:
    """Groups of three digits are thousands; what follows the last sign otherwise is a fraction."""
    digits = number.lstrip("-−").replace("'", "").replace("\u00a0", "").replace("\u202f", "")
    at = max(digits.rfind("."), digits.rfind(","))
    whole, rest = (digits, "") if at < 0 else (digits[:at], digits[at + 1 :])
    whole = whole.replace(".", "").replace(",", "")
    if len(rest) == 3 and whole != "0":
        whole, rest = whole + rest, ""
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")
