"""Schemas that are refused: when they are compiled, or when a text gets there; and what is left usable."""

from __future__ import annotations

from random import Random
from threading import Thread
from typing import Any

import pytest

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints import Constraint
from llmpost.errors import ConstraintError
from llmpost.vocabulary.trie import TEXT_BYTES

BYTES = Vocabulary.from_tokens([b"</s>", *(bytes([octet]) for octet in sorted(TEXT_BYTES))], eos_ids=[0])
TWINS = {"type": "array", "not": {"uniqueItems": True}}
OVERLAPPING = [{"required": [f"k{i}"], "properties": {f"a{i}": {"type": "integer"}}} for i in range(40)]


def chain(length: int, link: Any) -> Any:
    """Definitions of which each needs the next."""
    links = {f"d{i}": link({"$ref": f"#/$defs/d{i + 1}"}) for i in range(length)}
    return {"$ref": "#/$defs/d0", "$defs": {**links, f"d{length}": {}}}


REFUSED: dict[str, tuple[Any, str]] = {
    "equal items": (TWINS, "two items to be equal"),
    "many objects given": ({"enum": [{"a": i} for i in range(5_000)]}, "at /enum: a list of so many"),
    "many cases": ({"allOf": [{"anyOf": OVERLAPPING}, {"anyOf": OVERLAPPING}]}, "too many cases"),
    "cases of a part": (
        {"allOf": [{"properties": {"a": {"anyOf": OVERLAPPING}}}] * 2 + [{"required": ["a"]}], "type": "object"},
        "too many cases",
    ),
    "a long chain": (
        chain(5_000, lambda inner: {"type": "array", "contains": inner}),
        "nested so deeply",
    ),
    "many containments": ({"type": "array", "allOf": [{"contains": {"const": i}} for i in range(20)]}, "too many"),
    "a riddle": (
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {f"x{i}": {} for i in range(14)},
            "minProperties": 2,
            "allOf": [{"not": {"required": [f"x{i}", f"x{j}"]}} for i in range(14) for j in range(i)],
        },
        "too many cases",
    ),
    "many patterns": (
        {"type": "object", "patternProperties": {f"a{{1,{i + 1}}}b?c{i % 7}": {"minimum": i} for i in range(60)}},
        "64 classes",
    ),
}
BOUNDED: dict[str, Any] = {
    "counts beyond all texts": '{"minItems": 1e400, "maxItems": 1e4000, "minProperties": 1e999, "maxLength": 1e400}',
    "many needs": {"dependentRequired": {f"k{i}": [f"k{i + 1}"] for i in range(40)}},
    "many tags": {
        "oneOf": [{"type": "object", "properties": {"k": {"const": f"v{i}"}}, "required": ["k"]} for i in range(200)]
    },
    "a constant anyOf beside what is unevaluated": {
        "anyOf": [{"const": i} for i in range(100)],
        "unevaluatedProperties": False,
    },
}


def walked(constraint: Constraint, seed: int, num_tokens: int = 40) -> bytes:
    """A text drawn from the masks."""
    random, state, text = Random(seed), constraint.start(), b""
    for _ in range(num_tokens):
        ids = state.mask().ids().tolist()
        assert ids or state.is_finished, text
        if not ids:
            break
        token = random.choice(ids)
        text, state = text + BYTES.tokens[token], state.advance(token)
    return text


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_followed_is_refused(name: str) -> None:
    """What falls into too many cases, or cannot be enforced, is an error in four parts, by the first masks."""
    schema, message = REFUSED[name]
    with pytest.raises(ConstraintError, match=message) as caught:
        walked(compile_constraint(BYTES, json_schema=schema, max_seconds=20), 0, 3)
    assert all([caught.value.where, caught.value.given, caught.value.allowed, caught.value.hint])
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("name", BOUNDED)
def test_what_is_large_is_followed(name: str) -> None:
    """Counts, needs and branches that are many have masks."""
    constraint = compile_constraint(BYTES, json_schema=BOUNDED[name])
    assert all(len(walked(constraint, seed)) for seed in range(3))


def test_an_error_that_comes_late_spoils_nothing() -> None:
    """Where a part is refused when a text gets there, the state before it is as good as it was, and so are others."""
    constraint = compile_constraint(BYTES, json_schema={"properties": {"a": TWINS, "b": {"type": "integer"}}})
    state = constraint.start()
    for octet in b'{"a"':
        state = state.advance(BYTES.tokens.index(bytes([octet])))
    before = state.mask().ids().tolist()
    for _ in range(2):
        with pytest.raises(ConstraintError, match="at /properties/a"):
            state.advance(BYTES.tokens.index(b":")).mask()
        with pytest.raises(ConstraintError, match="at /properties/a"):
            constraint.accepts(b'{"a":[1]}')
    assert state.mask().ids().tolist() == before
    assert constraint.accepts(b'{"b":1}')


def test_threads_read_one_schema_together() -> None:
    """Eight threads that come to unread parts at the same time all go on, and write what is accepted."""
    parts = {
        f"n{i}": {
            "type": "object",
            "properties": {
                f"k{j}": {"anyOf": [{"$ref": f"#/$defs/n{(3 * i + j) % 9}"}, {"type": "integer", "minimum": i}]}
                for j in range(5)
            },
            "additionalProperties": False,
            "minProperties": 1,
            "not": {"required": ["k1", "k2"]},
        }
        for i in range(9)
    }
    constraint = compile_constraint(BYTES, json_schema={"$ref": "#/$defs/n0", "$defs": parts}, whitespace="compact")
    texts: list[bytes] = []
    threads = [Thread(target=lambda seed=seed: texts.append(walked(constraint, seed))) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == len(threads)
    assert all(walked(constraint, seed) in texts for seed in range(8))
