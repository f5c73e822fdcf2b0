"""The table of entities: examples with and without neighbours, what is none, and names that are unknown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llmpost.automata.entities.containing import containing
from llmpost.automata.entities.entity import Entity
from llmpost.automata.entities.iban import STRUCTURES
from llmpost.automata.entities.table import ENTITIES, entity_named
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.errors import ConstraintError

IDS = [entity.name for entity in ENTITIES]


def contains(entity: Entity, text: str) -> bool:
    algebra = ReferenceAlgebra()
    return algebra.can_end(algebra.after(containing(algebra, [entity]), text.encode()))


@pytest.mark.parametrize("entity", ENTITIES, ids=IDS)
def test_examples_are_entities(entity: Entity) -> None:
    """Each example is one as it stands."""
    algebra = ReferenceAlgebra()
    term = entity.language(algebra)
    assert entity.examples
    for example in entity.examples:
        assert algebra.can_end(algebra.after(term, example.encode())), example


@pytest.mark.parametrize("entity", ENTITIES, ids=IDS)
def test_examples_are_found_between_neighbours(entity: Entity) -> None:
    """Each example is found alone, in a sentence, in brackets, in quotes, in a list, in a line, and among letters of a
    script without spaces."""
    for example in entity.examples:
        for before, after in (
            ("", ""),
            ("It is ", "."),
            ("(", ")"),
            ('{"a": "', '"}'),
            ("x,", ",y"),
            ("\n", "\n"),
            ("是", "。"),
        ):
            assert contains(entity, before + example + after), (before, example, after)


@pytest.mark.parametrize("entity", ENTITIES, ids=IDS)
def test_near_misses_contain_none(entity: Entity) -> None:
    """What is nearly one contains none, at the ends of a text or in a sentence."""
    assert entity.near_misses
    for text in entity.near_misses:
        assert not contains(entity, text), text
        assert not contains(entity, f"see {text} there"), text


@pytest.mark.parametrize("name", ["CREDIT_CARD", "US_SSN", "IBAN_CODE", "PL_PESEL", "ES_NIF"])
def test_a_part_of_a_longer_run_is_none(name: str) -> None:
    """With a letter, a digit, or digits joined by a point or a hyphen beside it, an example is no match."""
    for example in entity_named(name).examples:
        for text in (f"{example}00000000", f"a{example}", f"1.{example}", f"1-{example}", f"{example}-1"):
            assert not contains(entity_named(name), text), text


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("CREDIT_CARD", "4111 1111 1111 1111 12/27 123", True),
        ("CREDIT_CARD", "no. 7: 4111 1111 1111 1111", True),
        ("CREDIT_CARD", "1234 4111 1111 1111 1111", False),
        ("CREDIT_CARD", "1234 4111111111111111", True),
        ("CREDIT_CARD", "4111-1111-1111-1111-1", False),
        ("CREDIT_CARD", "card_4111111111111111", True),
        ("CREDIT_CARD", "4111  1111 1111 1111", False),
        ("US_SSN", "078-05-1120.", True),
        ("US_SSN", "078-05-1120.5", False),
        ("IP_ADDRESS", "at 192.0.2.1.", True),
        ("IP_ADDRESS", "192.0.2.1:8080", True),
        ("IP_ADDRESS", "[2001:db8::1]:443", True),
        ("IP_ADDRESS", "a :: b", False),
        ("EMAIL_ADDRESS", "<user@example.com>,", True),
        ("EMAIL_ADDRESS", "user@example.com-", True),
        ("EMAIL_ADDRESS", "user@example.c0m", False),
        ("URL", "seehttps://example.com", True),
        ("PHONE_NUMBER", "tel:+12025550123", True),
        ("PHONE_NUMBER", "fax 202-555-0123x99", True),
        ("PHONE_NUMBER", "FR29 0734 4521 8713 0945 9432 491", False),
    ],
)  # fmt: skip
def test_what_bounds_and_what_does_not(name: str, text: str, expected: bool) -> None:
    """Sentences, ports, brackets, dates behind a card and groups before one."""
    assert contains(entity_named(name), text) == expected


def test_names_are_distinct_and_in_order() -> None:
    """Each name is given once, and leads to its entity."""
    assert len(set(IDS)) == len(IDS)
    assert [entity_named(name) for name in IDS] == list(ENTITIES)


def test_unknown_names_are_refused() -> None:
    """A name that is misspelt gets a suggestion, and one that is too wide the reason."""
    with pytest.raises(ConstraintError, match="Did you mean 'US_SSN'"):
        entity_named("US_SNN")
    with pytest.raises(ConstraintError, match="Any 8 to 17 digits"):
        entity_named("US_BANK_NUMBER")
    with pytest.raises(ConstraintError, match="write a regex"):
        entity_named("US_DRIVER_LICENSE")


def test_each_country_has_its_length() -> None:
    """The registry's lengths of some countries, the four characters in front counted."""
    known = {"NO": 15, "BE": 16, "DE": 22, "GB": 22, "ES": 24, "FR": 27, "HU": 28, "MT": 31, "LC": 32, "RU": 33}
    for country, length in known.items():
        assert 4 + sum(map(int, re.findall(r"\d+", STRUCTURES[country]))) == length


def test_the_guide_lists_them_all() -> None:
    """The guide's table has every entity in its order, in the words of its summary."""
    guide = (Path(__file__).parents[2] / "docs" / "entities.md").read_text()
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*) \| `", guide, re.MULTILINE)
    assert rows == [(entity.name, entity.summary) for entity in ENTITIES]
