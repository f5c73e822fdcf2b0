"""Laws of a mask: bits, bools and ids say the same, and nobody can write to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.constraints import Mask


@given(size=st.integers(1, 200), drawn=st.sets(st.integers(0, 199)))
def test_all_forms_say_the_same(size: int, drawn: set[int]) -> None:
    """Bit i of word i // 32, bool i, id i and allows(i) agree; ids out of range are not allowed."""
    ids = sorted(token for token in drawn if token < size)
    mask = Mask.of(ids, size)
    assert mask.ids().tolist() == ids
    assert np.flatnonzero(mask.to_bool()).tolist() == ids
    assert len(mask.to_bool()) == size
    assert [token for token in range(-40, size + 40) if mask.allows(token)] == ids
    assert [i for i in range(32 * len(mask.packed)) if mask.packed[i // 32] >> (i % 32) & 1] == ids
    assert (mask.count, mask.packed.dtype, len(mask.packed)) == (len(ids), np.uint32, -(-size // 32))


def test_a_mask_is_shared() -> None:
    """Its bits cannot be written, and masks of the same tokens are equal."""
    mask = Mask.of([1], 4)
    with pytest.raises(ValueError, match="read-only"):
        mask.packed[0] = 0
    assert mask == Mask.of([1], 4) != Mask.of([2], 4)
    assert hash(mask) == hash(Mask.of([1], 4))
    assert repr(mask) == "Mask(1 of 4 tokens)"
