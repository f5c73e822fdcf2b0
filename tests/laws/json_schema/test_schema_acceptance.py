"""A text is accepted exactly where its value is valid and the settings allow its spelling."""

from __future__ import annotations

import json
from itertools import islice, permutations
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_instances import any_value, related_value
from random_schemas import DIALECTS, Dialect, Schema, documents, in_dialect
from schemas_compiled import Judge, compiled, described, where_followed, writings
from spelled_json import Freedom, printed, spelled, with_a_key_twice
from spelling_oracle import Writing

pytestmark = pytest.mark.slow
seeds = st.integers(0, 2**32)
NUM_VALUES = 6
COMPACT = Freedom(spaces=False, escapes=False, forms=False, order=False)


def texts_for(schema: Schema, random: Random) -> list[str]:
    """Related values, each in some spellings; with a key twice; and spoilt."""
    texts = []
    for _ in range(NUM_VALUES):
        value = related_value(schema, random)
        texts += [spelled(value, random), spelled(value, random, COMPACT), printed(value, random)]
        texts.append(json.dumps(value, default=float, indent=2))
        texts.append(with_a_key_twice(value, random) or spelled(any_value(random), random))
        place = random.randint(0, len(texts[-1]))
        texts.append(texts[-1][:place] + random.choice(["", " ", '"', ",", "}", "1"]) + texts[-1][place + 1 :])
    return texts


def check(schema: Schema, writing: Writing, texts: list[str]) -> None:
    constraint = compiled(schema, writing)
    found = Judge.of(schema, writing).disagreements(constraint, texts)
    assert not found, f"{described(schema, writing)}: compiled {constraint is not None}, these texts are: {found[:4]}"


@settings(max_examples=150)
@given(documents(), writings, seeds)
@example(True, Writing(), 0)
@example(False, Writing(), 0)
@where_followed
def test_accepted_is_valid(schema: Schema, writing: Writing, seed: int) -> None:
    """Accepted is valid, in every spelling within the settings; a schema is refused only where nothing fits it."""
    check(schema, writing, texts_for(schema, Random(seed)))


@settings(max_examples=60)
@given(documents(), st.sampled_from(list(DIALECTS)), writings, seeds)
@where_followed
def test_older_dialects(schema: Schema, dialect: Dialect, writing: Writing, seed: int) -> None:
    """The same for the dialect that `$schema` names."""
    said = in_dialect(schema, dialect)
    check(said, writing, texts_for(said, Random(seed)))


@settings(max_examples=60)
@given(documents(), seeds)
@where_followed
def test_every_permutation(schema: Schema, seed: int) -> None:
    """With `key_order="any"` the keys of a valid object may come in every order."""
    random, writing = Random(seed), Writing(key_order="any")
    values = [value for value in (related_value(schema, random) for _ in range(12)) if isinstance(value, dict)]
    texts = [
        spelled(dict(members), random, COMPACT)
        for value in values[:3]
        for members in islice(permutations(value.items()), 24)
    ]
    check(schema, writing, texts)


@settings(max_examples=60)
@given(st.permutations(["a", "b", "ab", "é"]), st.permutations(["a", "b", "ab", "é", "z", "zz"]), st.integers(1, 6))
def test_listed_keys_keep_their_order(listed: list[str], written: list[str], number: int) -> None:
    """With `key_order="schema"` a text is refused as soon as two listed keys change places; unlisted ones may."""
    text = json.dumps(dict.fromkeys(written[:number], 0))
    check({"properties": {name: {"type": "integer"} for name in listed}}, Writing(), [text])
