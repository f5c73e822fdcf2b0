"""Laws of what is bounded: masks by bytes, automata by generations, constraints by number."""

from __future__ import annotations

import gc
import weakref

import pytest
from random_languages import RecipeSource, constraint_in, small_space

from llmpost.constraints.gate import SPARE, Gate
from llmpost.constraints.mask import Mask
from llmpost.constraints.store import Cell, MaskStore
from llmpost.vocabulary import Vocabulary

VOCABULARY = Vocabulary.from_tokens([b"a", b"b", b"ab", b"</s>"], eos_ids=[3])
LANGUAGE = RecipeSource(("concat", [("repeat", ("octets", [0x61]), 0, 4), ("choice", [b"b"])]))
FIVE_LONG = RecipeSource(("repeat", ("octets", [0x61, 0x62]), 5, 0))


def filled(store: MaskStore, number: int) -> Cell:
    cell = Cell(can_end=False)
    store.keep(cell, Mask.of([number], 32))
    return cell


def test_masks_not_used_go_first() -> None:
    """Room for two masks of four bytes: the one that was used stays, the other goes, the new one is there."""
    store = MaskStore(max_bytes=8)
    used, unused = filled(store, 1), filled(store, 2)
    used.was_used = True
    newest = filled(store, 3)
    assert (used.mask is not None, unused.mask, newest.mask is not None) == (True, None, True)
    assert (store.num_bytes, store.num_evicted) == (8, 1)


def test_the_newest_mask_stays_in_the_smallest_store() -> None:
    """A store too small for one mask keeps one: else nothing would ever be shared."""
    store = MaskStore(max_bytes=0)
    cells = [filled(store, number) for number in range(3)]
    assert [cell.mask is not None for cell in cells] == [False, False, True]
    assert store.num_bytes == 4


def test_a_cell_is_filled_once() -> None:
    """Of two masks made at the same time for a cell, both makers get the first."""
    store, cell = MaskStore(max_bytes=100), Cell(can_end=True)
    first = store.keep(cell, Mask.of([1], 32))
    assert store.keep(cell, Mask.of([1], 32)) is first is cell.mask
    assert store.num_bytes == 4


def test_a_gate_is_that_of_all_terms() -> None:
    """What was found out for one term is no gate for another one of the same cell; a term more lifts it again."""
    gate = Gate()
    gate.add_term(0)
    assert gate.found_farthest(100) == 100 + SPARE
    assert gate.found_enough(1, 7) == 7
    assert gate.add_term(20) == 120 + SPARE
    assert gate.found_enough(2, 9) == 9
    assert gate.found_enough(2, 8) == gate.found_farthest(100) == 8


def test_an_evicted_mask_is_made_again() -> None:
    """The same bits, in a store that keeps one mask; and only one is kept."""
    space = small_space(VOCABULARY, mask_bytes=1)
    constraint = constraint_in(space, FIVE_LONG)
    assert constraint is not None
    first = constraint.start()
    before = first.mask()
    assert first.advance(2).mask() != before or first.advance(2).mask() is not before
    assert first.cell.mask is None
    assert first.mask() == before
    assert space.store.num_bytes == 4
    assert space.store.num_evicted >= 2


def test_a_full_generation_takes_no_new_texts() -> None:
    """States that began in it go on in it, new ones begin elsewhere with the same masks, and no core is shared."""
    space = small_space(VOCABULARY, algebra_bytes=1)
    constraint = constraint_in(space, LANGUAGE)
    assert constraint is not None
    old, new = constraint.start(), constraint.start()
    assert old.reach is not new.reach
    assert old != new
    assert old.mask() == new.mask()
    assert old.advance(0).advance(2).can_end
    roomy = constraint_in(small_space(VOCABULARY), LANGUAGE)
    assert roomy is not None
    assert roomy.start() == roomy.start()


def test_an_old_generation_goes_with_its_last_state() -> None:
    """Nothing of the space, the store or the constraint holds it, and no collector has to run."""
    space = small_space(VOCABULARY, algebra_bytes=1)
    constraint = constraint_in(space, LANGUAGE)
    assert constraint is not None
    gc.disable()
    try:
        state = constraint.start()
        state.mask()
        algebra = weakref.ref(state.reach)
        constraint.start()
        assert algebra() is not None
        del state
        assert algebra() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("limits", [{"num_constraints": 2}, {"num_characters": 25}])
def test_constraints_used_long_ago_are_forgotten(limits: dict[str, int]) -> None:
    """The shelf is bounded, by their number and by what they take, and what was used last stays."""
    space = small_space(VOCABULARY, **limits)
    made = []

    def get(name: str) -> object:
        def make() -> object:
            made.append(name)
            return constraint_in(space, LANGUAGE)

        return space.constraint(name, 10, make)  # type: ignore[arg-type]  # the recipe is never refused

    first = get("one")
    for name in ("two", "one", "three", "one", "two"):
        get(name)
    assert get("one") is first
    assert made == ["one", "two", "three", "two"]
