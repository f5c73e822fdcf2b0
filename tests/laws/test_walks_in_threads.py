"""The compiled walk under load: many threads in one space that forgets and begins anew all the time."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from llmpost import Vocabulary
from llmpost.constraints.budget import Budget
from llmpost.constraints.compiling import compile_in
from llmpost.constraints.space import Limits, Space
from llmpost.constraints.state import State
from llmpost.constraints.tools import PLAIN, best_tools

PIECES = ["a", "b", "ab", "z", "0", "17", " ", ", ", '"', "\\", "é", "ñ", "€"]
VOCABULARY = Vocabulary.from_tokens(
    [b"</s>", *("".join(parts).encode() for size in (1, 2, 3) for parts in product(PIECES, repeat=size)),
     *(bytes([octet]) for octet in range(0x80, 0xF5))],
    eos_ids=[0],
)  # fmt: skip
PATTERNS = [
    r"[a-z]{1,12}(?:, [a-z]{1,12})*", r".{0,40}", r'"(?:[^"\\]|\\["\\])*"', r"\w+(?: \w+)*", r"(?=.*17)(?!.*zz).*",
    r"(?:ab|ba){3,9}[é-€]*", r"\d{2,5}|z*0z*",
]  # fmt: skip
NUM_THREADS, NUM_TEXTS, NUM_TOKENS = 8, 64, 12


def written(space: Space, number: int) -> list[list[int]]:
    """The masks along one text, singly and in batches, with a step back now and then."""
    draw = random.Random(number)
    state = compile_in(space, Budget(), regex=PATTERNS[number % len(PATTERNS)]).start()
    kept, masks = [state], []
    for _ in range(NUM_TOKENS):
        batch = State.masks_of([state, kept[0], kept[-1]], num_threads=draw.randint(1, 3))
        ids = batch[0].ids().tolist()
        masks += [ids, batch[1].ids().tolist()]
        texts = [token for token in ids if token]
        if not texts:
            break
        kept.append(state)
        state = state.advance(draw.choice(texts)) if draw.random() < 0.9 else draw.choice(kept)
    return masks


def test_many_threads_write_what_one_writes() -> None:
    """Masks evicted at once, a new generation every few texts: each text has the masks that it has alone."""
    if best_tools() is PLAIN:
        pytest.skip("the compiled extension is not built")
    tight = Space(VOCABULARY, Limits(mask_bytes=4_096, algebra_bytes=60_000, num_constraints=3))
    alone = Space(VOCABULARY)
    begun = tight.generation()
    with ThreadPoolExecutor(NUM_THREADS) as pool:
        together = list(pool.map(lambda number: written(tight, number), range(NUM_TEXTS)))
    assert together == [written(alone, number) for number in range(NUM_TEXTS)]
    assert tight.generation() is not begun
    assert tight.store.num_evicted > NUM_TEXTS
