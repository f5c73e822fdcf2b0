"""Classes of characters over all of Unicode: Python's own, case ignored, and the facts of the ECMA dialect."""

from __future__ import annotations

import re
import sys

import pytest

from llmpost.automata.reference import ReferenceAlgebra
from llmpost.automata.regex.casing import with_other_cases
from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.properties import shorthand_ranges
from llmpost.automata.regex.ranges import RangeSet, contains, intersection, inverse, partition, union
from llmpost.automata.regex.reader import read_regex
from llmpost.errors import ConstraintError

EVERY_CHARACTER = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
CASED = "".join(one for one in EVERY_CHARACTER if one.lower() != one or one.upper() != one)


def members(ranges: RangeSet) -> str:
    return "".join(chr(code) for low, high in ranges for code in range(low, high + 1) if not 0xD800 <= code < 0xE000)


@pytest.mark.parametrize("letter", "dwsDWS")
@pytest.mark.parametrize("ascii_only", [False, True])
def test_shorthands_are_those_of_re(letter: str, ascii_only: bool) -> None:
    r"""``\d \w \s`` and their opposites hold exactly the characters they hold in `re`, of all there are."""
    found = re.findall(f"\\{letter}", EVERY_CHARACTER, re.ASCII if ascii_only else 0)
    assert members(shorthand_ranges(letter, Dialect.PYTHON, ascii_only)) == "".join(found)


@pytest.mark.parametrize("ascii_only", [False, True])
def test_ignored_case_is_that_of_re(ascii_only: bool) -> None:
    """Every character with another case matches, with case ignored, exactly what it matches in `re`."""
    flags = re.IGNORECASE | (re.ASCII if ascii_only else 0)
    for one in CASED:
        found = re.findall(re.escape(one), CASED, flags)
        assert members(with_other_cases(((ord(one), ord(one)),), Dialect.PYTHON, ascii_only)) == "".join(found)


@pytest.mark.parametrize("pattern", ["[a-z]", "[^a-z]", "[À-Þ]", "[^ß]", r"[\W_]", "[Α-ω]", "[ſ-ɏ]", r"[^\dk]"])
def test_classes_with_case_ignored(pattern: str) -> None:
    """A class with case ignored holds what it holds in `re`; negation comes last."""
    root = read_regex(pattern, ignore_case=True).root
    assert members(root.ranges) == "".join(re.findall(pattern, EVERY_CHARACTER, re.IGNORECASE))


@pytest.mark.parametrize(
    ("pattern", "matched", "not_matched"),
    [
        (r"^\d+$", ["1"], ["٣", "1\n"]),
        (r"^\w+$", ["a_9"], ["é", ""]),
        (r"^\s$", ["\ufeff", "\u2029", "\xa0", " "], ["\x1c", "\x85"]),
        (r"^.$", ["a", "😀"], ["\n", "\r", "\u2028", "ab"]),
        (r"^\p{Letter}+$", ["é", "Ж"], ["1"]),
        (r"\p{Script=Greek}", ["aα"], ["a"]),
        (r"^\cC$", ["\x03"], ["C"]),
        (r"^[\b]$", ["\b"], ["b"]),
        (r"\bé", ["aé"], ["é"]),
        (r"^[^]$", ["\n", "a"], [""]),
        (r"a[]", [], ["a"]),
        (r"^\u{1F600}\ud83d\ude00$", ["😀😀"], ["😀"]),
        (r"^\/\-$", ["/-"], []),
        (r"^[\w-.]+$", ["a-.b"], ["a b"]),
        (r"^x{,3}$", ["x{,3}"], ["xx"]),
        (r"^(?<name>a)|b$", ["a", "b"], ["c"]),
        (r"(?<=a+)b", ["aab"], ["b"]),
        (r"^(?i:straße)$", ["STRAẞE"], ["STRASSE"]),
        (r"^(?m:^a$)", ["a\u2028b"], ["ab"]),
        (r"\0", ["\0"], ["0"]),
    ],
)
def test_ecma(pattern: str, matched: list[str], not_matched: list[str]) -> None:
    """The ECMA dialect where it differs from Python's, with a pattern searched for as JSON Schema does."""
    algebra = ReferenceAlgebra()
    term = language_of(read_regex(pattern, Dialect.ECMA), algebra, search=True)
    for text in matched + not_matched:
        assert algebra.can_end(algebra.after(term, text.encode())) is (text in matched), text


@pytest.mark.parametrize("pattern", [r"\Z", r"\A", r"\a", r"\U0001F600", "(?P<a>b)", "(?>a)", "a*+", r"\k<a>", "(?i)a"])
def test_python_alone(pattern: str) -> None:
    """What only Python has is refused in the ECMA dialect, not taken for something else."""
    with pytest.raises(ConstraintError):
        read_regex(pattern, Dialect.ECMA)


def test_sets_of_ranges() -> None:
    """Union, inverse and intersection are those of sets; a partition tells exactly the given sets' members apart."""
    some, others = union([(5, 9), (1, 2), (3, 3)]), ((2, 6),)
    assert some == ((1, 3), (5, 9))
    assert inverse(inverse(some)) == some
    assert intersection(some, others) == ((2, 3), (5, 6))
    assert [[contains(part, code) for code in range(11)].index(True) for part in partition((some, others))] == [
        0,
        1,
        2,
        4,
    ]
