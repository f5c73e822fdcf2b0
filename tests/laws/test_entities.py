"""Entities against their twins in plain Python, and texts that contain one against a search of all their parts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import pytest
from entity_twins import TWINS, is_bounded, nearly
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.automata.algebra import ANYTHING, EMPTY, Algebra, Term
from llmpost.automata.entities.bounds import Bounds, characters
from llmpost.automata.entities.containing import containing
from llmpost.automata.entities.entity import Entity
from llmpost.automata.entities.table import ENTITIES, entity_named
from llmpost.automata.entities.written import term_of, written
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.constraints.json_schema.strings.spelling import SpelledAlgebra
from llmpost.constraints.shared_algebra import SharedAlgebra

pytestmark = pytest.mark.slow


def shared() -> Algebra:
    return SharedAlgebra(1 << 28)


try:
    from llmpost.automata._native import Algebra as Compiled
except ImportError:
    ALGEBRAS: list[Callable[[], Algebra]] = [ReferenceAlgebra]
    SHARED: list[Callable[[], Algebra]] = [shared]
else:
    ALGEBRAS = [ReferenceAlgebra, Compiled]
    SHARED = [shared, Compiled]


@lru_cache(maxsize=256)
def languages(name: str) -> list[tuple[Algebra, Term]]:
    """The entity in each algebra, shared by all examples: what one text reads the next one finds."""
    return [(algebra := make(), entity_named(name).language(algebra)) for make in ALGEBRAS]


def has(algebra: Algebra, term: Term, text: str) -> bool:
    return algebra.can_end(algebra.after(term, text.encode()))


@pytest.mark.parametrize("name", TWINS)
@settings(max_examples=40)
@given(data=st.data())
def test_an_entity_is_what_its_twin_says(name: str, data: st.DataObject) -> None:
    """A text is in the language exactly when the definition, written out in plain Python, says so; in either case."""
    text = data.draw(nearly(entity_named(name), TWINS[name]))
    expected = TWINS[name](text)
    for algebra, term in languages(name):
        assert has(algebra, term, text) == expected
        assert has(algebra, term, text.lower()) == TWINS[name](text.lower())


def brute(algebra: Algebra, entity: Entity, text: str) -> bool:
    """Whether any part of the text is a match within its bounds."""
    for form in entity.forms:
        term = form.read(algebra)
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                if has(algebra, term, text[start:end]) and is_bounded(text, start, end, form.bounds):
                    return True
    return False


BORDERS = st.text(st.sampled_from("0 1-.:+aé字_(/"), max_size=4)
"""What bounds, what does not, and what joins."""


@pytest.mark.parametrize("name", [entity.name for entity in ENTITIES])
@settings(max_examples=8)
@given(data=st.data())
def test_a_text_contains_what_some_part_of_it_is(name: str, data: st.DataObject) -> None:
    """Around right and nearly right numbers, a text contains the entity exactly when some part is one in its bounds."""
    entity = entity_named(name)
    number = nearly(entity, TWINS.get(name, bool))
    text = data.draw(BORDERS) + data.draw(number) + data.draw(BORDERS)
    for algebra, _ in languages(name):
        term = found(name, algebra)
        assert has(algebra, term, text) == brute(algebra, entity, text), text


@lru_cache(maxsize=256)
def found(name: str, algebra: Algebra) -> Term:
    return containing(algebra, [entity_named(name)])


SETS = st.sets(st.sampled_from("a1-. é"), max_size=3).map(lambda some: characters("".join(sorted(some))))
PATTERNS = st.sampled_from(["1", "1+", "a1", "é", "1-1", "a(?: 1)*"])
TOYS = st.builds(
    lambda patterns: Entity("TOY", "", tuple(written(text, bounds) for text, bounds in patterns), (), ()),
    st.lists(st.tuples(PATTERNS, st.builds(Bounds, SETS, SETS, SETS, SETS)), min_size=1, max_size=3),
)  # fmt: skip
"""Entities of one to three short forms with any bounds."""


@settings(max_examples=200)
@given(toys=st.lists(TOYS, max_size=2), text=st.text(st.sampled_from("a1-. é"), max_size=7))
def test_any_bounds_are_kept_by_all_of_a_list(toys: list[Entity], text: str) -> None:
    """Whatever the languages and bounds of a list, a text contains one exactly when some part is one of them."""
    for make in ALGEBRAS:
        algebra = make()
        term = containing(algebra, toys)
        assert has(algebra, term, text) == any(brute(algebra, toy, text) for toy in toys)


@settings(max_examples=50)
@given(data=st.data())
def test_a_list_contains_what_its_entities_contain(data: st.DataObject) -> None:
    """A list of all entities finds something exactly when one of them does alone."""
    entity = data.draw(st.sampled_from(ENTITIES))
    text = data.draw(BORDERS) + data.draw(nearly(entity, TWINS.get(entity.name, bool))) + data.draw(BORDERS)
    for index, (algebra, term) in enumerate(everything()):
        alone = any(
            has(languages(one.name)[index][0], found(one.name, languages(one.name)[index][0]), text) for one in ENTITIES
        )
        assert has(algebra, term, text) == alone


@lru_cache(maxsize=1)
def everything() -> list[tuple[Algebra, Term]]:
    return [(algebra := make(), containing(algebra, ENTITIES)) for make in ALGEBRAS]


@pytest.mark.parametrize("make", ALGEBRAS)
def test_a_match_decides_a_text(make: Callable[[], Algebra]) -> None:
    """Behind a match whose end is seen everything contains one, so that the complement has nothing left."""
    algebra = make()
    term = containing(algebra, ENTITIES)
    assert algebra.after(term, b"4111 1111 1111 1111 ") == ANYTHING
    assert algebra.after(algebra.complement(term), b"4111 1111 1111 1111,") == EMPTY
    assert algebra.is_live(algebra.after(algebra.complement(term), b"4111 1111 1111 1111"))


@pytest.mark.parametrize("make", ALGEBRAS)
def test_the_rest_of_a_text_is_what_was_said(make: Callable[[], Algebra]) -> None:
    """Where a language of texts is given, one of them stands behind what bounds a match; no entity is in no text."""
    algebra = make()
    term = containing(algebra, [entity_named("US_SSN")], term_of("[a-z]*", algebra))
    texts = ["078-05-1120", "X 078-05-1120 ", "078-05-1120 abc", "078-05-1120 A", "078-05-1120.a", "078-05-1120.7"]
    assert [has(algebra, term, text) for text in texts] == [True, True, True, False, True, False]
    assert containing(algebra, []) == EMPTY


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_every_language_has_texts_and_none_is_empty(entity: Entity) -> None:
    """No form has the empty text, and each can be completed from every prefix of an example."""
    algebra = ReferenceAlgebra()
    for form in entity.forms:
        assert not algebra.can_end(form.read(algebra))
    term = entity.language(algebra)
    for example in entity.examples:
        for end in range(len(example)):
            assert algebra.is_live(algebra.after(term, example.encode()[:end]))


def test_terms_of_two_readings_are_apart() -> None:
    """What one algebra has read of a machine is nothing to another: both read it anew and agree."""
    texts = ["4111111111111111", "4111111111111112", "4222222222222"]
    first, second = ReferenceAlgebra(), ReferenceAlgebra()
    terms = [(algebra, entity_named("CREDIT_CARD").language(algebra)) for algebra in (first, second)]
    assert [[has(algebra, term, text) for text in texts] for algebra, term in terms] == [[True, False, True]] * 2


@pytest.mark.parametrize("make", ALGEBRAS)
@pytest.mark.parametrize("name", ["CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS"])
def test_an_algebra_with_spellings_of_its_own_reads_all_of_them(name: str, make: Callable[[], Algebra]) -> None:
    """In the strings of JSON an entity is found whichever of its characters are escaped, and so are its neighbours."""
    algebra = SpelledAlgebra(make(), "any")
    term = containing(algebra, [entity_named(name)])
    number = entity_named(name).examples[0]
    spelled = "".join(f"\\u{ord(one):04x}" if place % 2 else one for place, one in enumerate(number))
    assert has(algebra, term, f"no. {spelled}\\n")
    assert not has(algebra, term, f"no. {spelled}\\u0061")
    assert not has(algebra, term, f"no. \\u0061{spelled}")


@pytest.mark.parametrize("make", SHARED)
def test_threads_read_one_algebra_together(make: Callable[[], Algebra]) -> None:
    """What several threads read of all entities at once, in one algebra, is what each of them reads alone."""
    texts = [f"({text})" for entity in ENTITIES for text in (*entity.examples[:2], entity.near_misses[0])]
    together, alone = make(), ReferenceAlgebra()
    term = containing(together, ENTITIES)
    with ThreadPoolExecutor(8) as pool:
        found_together = list(pool.map(lambda text: has(together, term, text), texts))
    expected = containing(alone, ENTITIES)
    assert found_together == [has(alone, expected, text) for text in texts]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_what_is_an_entity_looks_like_one(entity: Entity) -> None:
    """The shape has every example."""
    algebra = ReferenceAlgebra()
    shape = entity.shape(algebra)
    for example in entity.examples:
        assert algebra.can_end(algebra.after(shape, example.encode())), example
