"""Lists: what is found of an entry, however it is written, and what is let pass."""

import codecs
import random

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.lists.guard import build, build_competitors, build_profanity
from llmpost.guards.lists.profanity import profanity
from llmpost.guards.options import Options


def found(text: str, **options: object) -> list[str]:
    guard = build(Options(options, "guards[0]"))
    return [text[one.span.start : one.span.end] for one in guard.inspect(text, GuardContext())]


ACME = {"phrases": ["Acme Corp", "C++", "café", "桜"]}


@pytest.mark.parametrize(
    ("text", "fold", "expected"),
    [
        ("An ACME\n corp. thing", None, ["ACME\n corp"]),
        ("An ACME corp", ["accents"], []),
        ("acme corpse, xacme corp, acme-corp, acmecorp", None, []),
        ("Café, CAFE, cafe\u0301!", None, ["Café", "CAFE", "cafe"]),
        ("Café, cafe", ["case"], ["Café"]),
        ("C++ and c++14, (C++)", None, ["C++", "C++"]),
        ("東京の桜です", None, ["桜"]),
        ("\\u0041cme&#32;Co\u200brp", None, ["\\u0041cme&#32;Co\u200brp"]),
        ("4cm3 c0rp", None, []),
        ("4cm3 c0rp", ["case", "leet"], ["4cm3 c0rp"]),
        ("A.C.M.E  c-o-r-p", ["case", "spacing"], ["A.C.M.E  c-o-r-p"]),
        ("acme corp a c m e  c o r p", ["spacing", "case"], ["acme corp", "a c m e  c o r p"]),
        ("", None, []),
    ],
)
def test_entries_are_found_as_they_are_compared(text: str, fold: list[str] | None, expected: list[str]) -> None:
    """Case and accents do not count where nothing else is said; escapes and blanks never do."""
    assert found(text, **ACME, **({} if fold is None else {"fold": fold})) == expected


def test_parts_of_words_are_found_on_demand() -> None:
    """Words are whole by default."""
    assert found("an umbrellastand", phrases=["umbrella"]) == []
    assert found("an umbrellastand", phrases=["umbrella"], whole_words=False) == ["umbrella"]


def test_what_lies_in_something_allowed_is_let_pass() -> None:
    """There and nowhere else."""
    options = {"phrases": ["apple", "pie chart"], "allow": ["Apple pie"]}
    assert found("apple, APPLE PIE, apple pie chart", **options) == ["apple", "pie chart"]


def test_numbers_spell_no_words() -> None:
    """Digits may stand for letters beside letters alone; an entry of digits is found as it is."""
    assert found("455 4ss", phrases=["ass"], fold=["leet"]) == ["4ss"]
    assert found("455 abc", phrases=["455"], fold=["leet"]) == ["455"]


def test_lines_of_a_file_are_entries_like_others() -> None:
    """Whoever read the policy has read them; they stand beside those that are written out."""
    assert found("globex and initech", phrases=["globex"], file=["initech"]) == ["globex", "initech"]


def test_a_hundred_thousand_entries_are_found_by_one_automaton() -> None:
    """All of them, and nothing else."""
    draw = random.Random(7)
    entries = [f"{draw.randrange(10**9):09d}x" for _ in range(100_000)]
    text = " ".join(entries[:50]) + " 1234567x"
    assert found(text, phrases=entries) == entries[:50]


def test_the_built_in_list_is_not_in_plain_sight() -> None:
    """It has words of letters alone, each found in any case, and none in the repository's text."""
    words = profanity()
    assert len(words) > 100
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    guard = build_profanity(Options({}, "guards[0]"))
    for word in words:
        assert [one.label for one in guard.inspect(f"so {word.upper()}, then", GuardContext())] == ["PROFANITY"]
    assert codecs.decode("shpx", "rot13") in words
    harmless = "A classic assessment of Scunthorpe's cocktail bass, in an assassin's grape class."
    assert guard.inspect(harmless, GuardContext()) == ()


def test_labels_are_chosen() -> None:
    """By the policy, or by the name under which the guard is used."""
    guard = build_competitors(Options({"phrases": ["Globex"]}, "guards[0]"))
    assert [(one.guard, one.label) for one in guard.inspect("Globex", GuardContext())] == [
        ("competitors", "COMPETITOR")
    ]
    guard = build(Options({"phrases": ["Globex"], "label": "RIVAL"}, "guards[0]"))
    assert [one.label for one in guard.inspect("Globex", GuardContext())] == ["RIVAL"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "no phrases is not a guard that can find anything"),
        ({"phrases": ["a", " "]}, "' ' is not a phrase of 1 to 1000 characters"),
        ({"phrases": ["a" * 1001]}, "is not a phrase of 1 to 1000 characters"),
        ({"phrases": ["a"], "fold": ["acents"]}, "Did you mean 'accents'"),
        ({"list": "profanities"}, "Did you mean 'profanity'"),
        ({"file": "/nowhere/names.txt"}, "is not a list of texts"),
        ({"phrase": ["a"], "phrases": ["b"]}, "Did you mean 'phrases'"),
    ],
)
def test_impossible_lists_are_refused(options: dict[str, object], message: str) -> None:
    """With the place and what to do."""
    with pytest.raises(PolicyError, match=message):
        build(Options(options, "guards[0]"))
