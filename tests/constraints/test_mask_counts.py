"""How many tokens a mask has, in vocabularies of many sizes: what a block of words leaves over is counted too."""

from __future__ import annotations

import pytest

from llmpost.constraints.compiling import compile_constraint
from llmpost.vocabulary.vocabulary import Vocabulary


@pytest.mark.parametrize("size", [31, 32, 1023, 1024, 1025, 2080, 3333])
@pytest.mark.parametrize("pattern", [r"[0-9]{4}", r"[02468]{4}", r"0000|00(01|37)|3332", r"(0[^5]|3.).*"])
def test_a_mask_counts_its_bits(size: int, pattern: str) -> None:
    """A mask's count is the number of its ids, which are those whose text may begin a match."""
    texts = [f"{i:04d}".encode() for i in range(size)]
    vocabulary = Vocabulary.from_tokens(
        [*texts, *(b"%d" % digit for digit in range(10)), b"<end>"], eos_ids=[size + 10]
    )
    constraint = compile_constraint(vocabulary, regex=pattern)
    mask = constraint.start().mask()
    assert mask.count == len(mask.ids()) == sum(mask.allows(token) for token in range(vocabulary.size))
    assert [i for i in mask.ids().tolist() if i < size] == [i for i in range(size) if constraint.accepts(texts[i])]
