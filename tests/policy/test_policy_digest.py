"""What makes two policies the same: what they say, and nothing of how it was written or read."""

from __future__ import annotations

import json
import operator
from contextlib import suppress
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from llmpost.errors import PolicyError
from llmpost.policy import Policy

FULL: dict[str, Any] = {
    "version": 1,
    "name": "full",
    "decode": {"temperature": 0.5, "top_k": 3, "stop": ["x", "y"], "logit_bias": {"7": 1.5}},
    "constraint": {"json_schema": {"properties": {"a": {"enum": ["x", 1, None, True]}}}, "strict": True},
    "forbid": ["US_SSN", {"regex": "a+"}, {"phrases": ["b", "c"], "ignore_case": True}],
    "guards": [
        {"use": "pii", "action": {"mask": {"keep": 4}}, "entities": {"US_SSN": 0.5}, "on": ["input", "output"]},
        {"use": "phrases", "name": "rivals", "phrases": ["a"], "on_failure": {"use": "secrets", "action": "block"}},
    ],
    "budget": {"total_ms": 9, "on_timeout": "skip"},
    "release": "at_end",
    "notice": "cut",
    "trace": {"store": "raw", "key": {"env": "A_KEY"}, "logits": 3},
}  # fmt: skip


def places(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all values that are no mapping and no list."""
    if isinstance(data, dict | list):
        inside = data.items() if isinstance(data, dict) else enumerate(data)
        return [place for key, value in inside for place in places(value, (*way, key))]
    return [way]


def shuffled(data: Any, draw: Any) -> Any:
    if isinstance(data, dict):
        return {key: shuffled(data[key], draw) for key in draw(st.permutations(list(data)))}
    return [shuffled(item, draw) for item in data] if isinstance(data, list) else data


@given(st.data())
def test_the_order_of_keys_makes_no_difference(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """In data, in YAML however it is written, and in JSON: one policy, one digest."""
    given = shuffled(FULL, data.draw)
    folder, expected = tmp_path_factory.mktemp("same"), Policy.from_dict(FULL)
    block = yaml.safe_dump(given, sort_keys=False, default_flow_style=data.draw(st.booleans()))
    for name, text in (("p.yaml", block), ("p.json", json.dumps(given, indent=data.draw(st.none() | st.just(2))))):
        (folder / name).write_text(text, "utf-8")
        read = Policy.read(folder / name)
        assert read.digest == expected.digest == Policy.from_dict(read.canonical).digest
        assert read.canonical == expected.canonical


OTHERS = {
    "at_end": "window", "skip": "block", "raw": "redacted", "pii": "secrets", "phrases": "profanity", "block": "redact",
    "input": "output", "US_SSN": "CRYPTO", True: False, None: "null",
}  # fmt: skip


@pytest.mark.parametrize("way", places(FULL)[1:], ids=str)
def test_every_word_makes_a_difference(way: tuple[Any, ...]) -> None:
    """A policy in which one value is another, or is left out, has another digest, or is none."""
    other, without = json.loads(json.dumps(FULL)), json.loads(json.dumps(FULL))
    value = above(FULL, way)[way[-1]]
    more = f"{value}?" if isinstance(value, str) else 0 if value is None else value + 1
    above(other, way)[way[-1]] = OTHERS[value] if value in OTHERS and value != 1 else more
    del above(without, way)[way[-1]]
    for changed in (other, without):
        with suppress(PolicyError):
            assert Policy.from_dict(changed).digest != Policy.from_dict(FULL).digest


def above(data: Any, way: tuple[Any, ...]) -> Any:
    """What a value stands in."""
    return reduce(operator.getitem, way[:-1], data)


def test_where_a_policy_lies_makes_no_difference(tmp_path: Path) -> None:
    """The same files in another folder, and the same policy without parents, are the same policy."""
    digests = set()
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "words.txt").write_text("Globex\n")
        (tmp_path / place / "p.yaml").write_text("version: 1\nname: p\nextends: q\nnotice: cut\n")
        (tmp_path / place / "q.yaml").write_text("version: 1\nguards: [{use: phrases, file: words.txt}]\n")
        digests.add(Policy.read(tmp_path / place / "p.yaml").digest)
    guards = [{"use": "phrases", "name": "phrases", "file": ["Globex"]}]
    assert digests == {Policy.from_dict({"version": 1, "name": "p", "notice": "cut", "guards": guards}).digest}
