"""The oracles of JSON Schema are themselves held to what is known: tables, the library, `json`, and real instances."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_schema_oracle import DIFFERENCES, Oracle, identity
from jsonschema import validators
from key_orders import order_verdict
from random_instances import any_value
from spelled_json import Freedom, printed, spelled, with_a_key_twice
from spelling_oracle import Writing, read, verdict

pytestmark = pytest.mark.slow  # `make test` runs it

REAL = Path(__file__).resolve().parents[4] / "shared" / "schemas" / "dev"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real schemas of ../shared are not here")
randoms = st.integers(0, 2**32).map(Random)


def by_library(schema: Any, value: Any) -> bool | None:
    """What `jsonschema` says of the value as `json` reads it; None where it breaks."""
    plain = json.loads(json.dumps(value, default=float))
    try:
        kind: Any = validators.validator_for(schema, default=validators.Draft202012Validator)
        return bool(kind(schema).is_valid(plain))
    except Exception:
        return None


@pytest.mark.parametrize(("schema", "value", "why", "wanted"), DIFFERENCES)
def test_what_was_mended(schema: Any, value: Any, why: str, wanted: bool) -> None:
    """Where a difference to the library is listed there is one, and the oracle says what the standard says."""
    assert why
    assert Oracle(schema).is_valid(value) is wanted
    assert by_library(schema, value) is not wanted


def real_rows(*subsets: str) -> Iterator[dict[str, Any]]:
    for path in sorted(REAL.glob("*.jsonl.gz")):
        if not subsets or path.name.partition(".")[0] in subsets:
            with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
                yield from map(json.loads, lines)


@needs_real
def test_the_official_suite() -> None:
    """Every test of the suite is judged as the suite says, remote documents and custom vocabularies apart."""
    left_out = ("refRemote", "dynamicRef#14", "dynamicRef#16", "vocabulary", "pattern#2")  # the last: \p{..}
    rows = [row for row in real_rows("suite") if not row["id"].startswith(left_out)]
    wrong = [
        (row["id"], test["description"])
        for row in rows
        for test in row["tests"]
        if Oracle(row["schema"]).is_valid(test["data"]) != test["valid"]
    ]
    assert (wrong, len(rows)) == ([], 190)


@needs_real
def test_real_instances() -> None:
    """Real instances are judged as they were by their makers, but for those that only a format tells apart."""
    wrong = [
        row["id"]
        for row in real_rows("Github_easy", "Kubernetes", "Snowplow")
        for test in row["tests"]
        if Oracle(row["schema"]).is_valid(test["data"]) != test["valid"]
        and (test["valid"] or '"format"' not in json.dumps(row["schema"]))
    ]
    assert wrong == []


@given(randoms)
def test_every_spelling_is_read_back(random: Random) -> None:
    """However a value is written, the reader finds the same value, and `json` does."""
    value = any_value(random, 3)
    text = spelled(value, random)
    reading = read(text)
    assert reading is not None
    assert identity(reading.value) == identity(value) == identity(json.loads(text, parse_float=Decimal))


@given(randoms, st.integers(0, 100), st.sampled_from([*'{}[]:,"01-.eEnulx\\ \n\x00\ud800']))
def test_what_json_reads_is_read(random: Random, place: int, sign: str) -> None:
    """A text with one sign put in, left out or changed is read exactly where `json` reads it; lone surrogates never."""
    text = spelled(any_value(random), random)
    place %= len(text) + 1
    for changed in (text[:place] + sign + text[place:], text[:place] + sign + text[place + 1 :], text[:place]):
        assert (read(changed) is not None) == is_json(changed)


def is_json(text: str) -> bool:
    try:
        value = json.loads(text, parse_constant=lambda name: int(name))  # NaN and Infinity are none: a ValueError
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True


@settings(max_examples=200)
@given(randoms)
def test_what_json_prints_is_inside(random: Random) -> None:
    """Any style of `json.dumps` is inside of flexible whitespace; compact and indented ones of their settings."""
    value = any_value(random, 3)
    texts = {
        "flexible": printed(value, random),
        "compact": json.dumps(value, default=float, separators=(",", ":")),
        "indented": json.dumps(value, default=float, indent=3, ensure_ascii=False),
    }
    found = {name: read(text) for name, text in texts.items()}
    spaces: dict[str, Any] = {"flexible": "flexible", "compact": "compact", "indented": {"indent": 3}}
    for name, reading in found.items():
        assert reading is not None
        assert verdict(reading, Writing(spaces[name])) == "inside"
    is_flat = not isinstance(value, dict | list) or not value
    assert found["indented"] is not None
    assert verdict(found["indented"], Writing("compact")) == ("inside" if is_flat else "outside")


@given(randoms)
def test_a_key_twice_is_outside(random: Random) -> None:
    """An object with a key written twice, however it is spelled, is outside of every setting."""
    text = with_a_key_twice({"a": any_value(random), "b": [1]}, random)
    assert text is not None
    reading = read(text)
    assert reading is not None
    assert verdict(reading, Writing(escapes="any")) == "outside"


STRICT, ANY = Writing(), Writing(escapes="any")


@pytest.mark.parametrize(
    ("text", "writing", "wanted"),
    [
        (r'"\u0041"', STRICT, "outside"),
        (r'"\u0041"', ANY, "inside"),
        (r'"\u00E9"', STRICT, "outside"),
        (r'"\u00e9é"', STRICT, "inside"),
        (r'"\ud83d\ude00"', STRICT, "inside"),
        (r'"\/"', STRICT, "outside"),
        (r'"\u000a"', STRICT, "outside"),
        ('"\x7f"', STRICT, "inside"),
        ("1e400", STRICT, "open"),
        ("1.20", STRICT, "inside"),
        ("[1,\t\t\t\t\t 2]", STRICT, "open"),
        (" 1", STRICT, "open"),
        (" 1", Writing("compact"), "outside"),
        ("[\n  1\n]", Writing({"indent": 2}), "inside"),
        ("[\n 1\n]", Writing({"indent": 2}), "outside"),
        ("[]", Writing({"indent": 2}), "inside"),
        ("[\n]", Writing({"indent": 2}), "outside"),
    ],
)
def test_spellings(text: str, writing: Writing, wanted: str) -> None:
    """Signs and the settings that allow them."""
    reading = read(text)
    assert reading is not None
    assert verdict(reading, writing) == wanted


@pytest.mark.parametrize(
    "text", ["", "01", "1.", ".5", "+1", "[1,]", '{"a"}', '"\\ud800"', '"\x01"', "NaN", "[1 2]", "1 2"]
)
def test_no_json(text: str) -> None:
    """What RFC 8259 does not allow is not read."""
    assert read(text) is None


LISTED = {
    "properties": {"a": {"properties": {"x": {}, "y": {}}}, "b": {}},
    "anyOf": [{"properties": {"d": {}, "c": {}}}],
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"a":1,"b":2}', "inside"),
        ('{"b":1,"a":2}', "outside"),
        ('{"z":0,"a":1,"zz":0,"b":2,"zzz":0}', "inside"),
        ('{"a":{"y":1,"x":2}}', "outside"),
        ('{"d":1,"c":2}', "inside"),
        ('{"c":1,"d":2}', "open"),
        ('{"a":1,"c":2}', "open"),
    ],
)
def test_orders(text: str, wanted: str) -> None:
    """Keys of one list keep its order, unlisted ones stand anywhere; what depends on merging or a branch is open."""
    reading = read(text)
    assert reading is not None
    assert order_verdict(reading, LISTED) == wanted


def test_a_freedom_is_one_sign() -> None:
    """Without any freedom a value is written in one way only."""
    texts = {spelled({"a": [1, True, "x"]}, Random(seed), Freedom(False, False, False, False)) for seed in range(20)}
    assert texts == {'{"a":[1,true,"x"]}'}
