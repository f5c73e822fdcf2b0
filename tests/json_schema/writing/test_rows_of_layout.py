"""How values may be written under each setting, row by row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llmpost import Vocabulary, compile_constraint
from llmpost.vocabulary.trie import TEXT_BYTES

BYTES = Vocabulary.from_tokens([b"</s>", *(bytes([octet]) for octet in sorted(TEXT_BYTES))], eos_ids=[0])

NESTED = {"a": [], "b": {}, "c": [[], [1, {"d": []}]], "e": {"f": {"g": [None, True]}}, "h": ["é", "\u2028", '"\\']}
EVERYTHING: list[Any] = [NESTED, [], {}, [[]], [{}], {"": {}}, "", 0, -1.5, None, [[[[[]]]]]]

SETTINGS: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({"whitespace": "compact"}, ['{"a":[1,2]}', "[]", "{}"], ['{"a": [1]}', "[ ]", "[1, 2]", " 1", "1 ", '{"a" :1}']),
    ({"whitespace": {"indent": 0}}, ["[]", "{}", "[\n1,\n2\n]", '{\n"a": 1\n}'], ["[1]", "[\n]", "[\n1, 2\n]"]),
    (
        {"whitespace": {"indent": 3}},
        ["[\n   1,\n   []\n]", '{\n   "a": {\n      "b": []\n   }\n}'],
        ["[\n  1\n]", "[\n   1\n ]", '{\n   "a":1\n}', "[\n   [\n   1\n]\n]"],
    ),
    ({"whitespace": "flexible"}, ["[ ]", "[\t1 ,\r\n2]", '{ "a" : 1 }', "{ }"], ["[1,]", "[,1]", "\x0b1", "[1 2]"]),
    ({"escapes": "minimal"}, ['"é"', '"\\u00e9"', '"\\n"', '"/"'], ['"\\/"', '"\\u0061"', '"\\ud800"', '"\n"']),
    ({"escapes": "any"}, ['"\\/"', '"\\u0061"', '"\\u000A"', '"\\ud83d\\ude00"'], ['"\\ud800"', '"\\x61"', '"\\u12"']),
]
KEYS = {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["b"], "type": "object"}


@pytest.mark.parametrize(("settings", "accepted", "refused"), SETTINGS, ids=str)
def test_settings(settings: dict[str, Any], accepted: list[str], refused: list[str]) -> None:
    """Whitespace and escapes are as the setting says, in containers of every size and depth."""
    constraint = compile_constraint(BYTES, json_schema=True, **settings)
    wrong = [text for text in accepted if not constraint.accepts(text.encode())]
    assert not wrong + [text for text in refused if constraint.accepts(text.encode())]


@pytest.mark.parametrize("value", EVERYTHING, ids=str)
@pytest.mark.parametrize("indent", [0, 1, 2, 16])
@pytest.mark.parametrize("is_ascii", [True, False])
def test_indented_text_is_that_of_json(value: Any, indent: int, is_ascii: bool) -> None:
    """What `json.dumps` prints with an indent is accepted, under an open schema and under that one constant."""
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii).encode()
    for schema in ({}, {"const": value}):
        assert compile_constraint(BYTES, json_schema=schema, whitespace={"indent": indent}).accepts(text)


def test_order_of_keys() -> None:
    """Listed keys keep their order unless it is free; a key comes once, however it is spelled."""
    of_schema, of_any = (compile_constraint(BYTES, json_schema=KEYS, key_order=order) for order in ("schema", "any"))
    for text, wanted in [
        ('{"a":1,"b":2}', (True, True)),
        ('{"b":2,"a":1}', (False, True)),
        ('{"z":0,"b":2,"y":0}', (True, True)),
        ('{"b":2,"b":2}', (False, False)),
        ('{"b":2,"z":1,"z":1}', (False, False)),
        ('{"\u00e9":1,"b":2,"\\u00e9":1}', (False, False)),
        ('{"a":1}', (False, False)),
    ]:
        assert (of_schema.accepts(text.encode()), of_any.accepts(text.encode())) == wanted, text
