"""llmpost explain: the answer on standard output, and an exit code that tells inside from outside from wrong use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

SCHEMA = {"type": "object", "properties": {"age": {"type": "integer", "maximum": 120}}, "required": ["age"]}


def test_a_text_outside_has_a_caret_and_a_pointer(run_here: Callable, tmp_path: Path) -> None:
    """Exit code 3, nothing on standard error."""
    file = tmp_path / "schema.json"
    file.write_text(json.dumps(SCHEMA), "utf-8")
    outcome = run_here("explain", "--schema", file, "--text", '{"age": "3"}')
    assert (outcome.code, outcome.err) == (3, "")
    assert outcome.out.splitlines() == [
        'The text is not allowed: found `"`, expected a number.',
        '    {"age": "3"}',
        "            ^",
        'At /age, by /properties/age/type ("integer").',
    ]


@pytest.mark.parametrize(
    ("words", "stdin", "code"),
    [
        (["--schema", json.dumps(SCHEMA), "--text", '{"age": 3}'], b"", 0),
        (["--schema", json.dumps(SCHEMA), "--text", "-"], b'{"age": 3}\n', 0),
        (["--schema", json.dumps(SCHEMA), "--text", "-", "--whitespace", "compact"], b'{"age": 3}\n', 3),
        (["--schema", json.dumps(SCHEMA), "--text", '{"age": 3}', "--whitespace", '{"indent": 2}'], b"", 3),
        (["--schema", "-", "--text", '{"age": 3}'], json.dumps(SCHEMA).encode(), 0),
        (["--regex", "[0-9]{4}", "--text", "2024"], b"", 0),
        (["--regex", "[0-9]{4}", "--text", "24"], b"", 3),
        (["--choice", "yes,no", "--text", "no"], b"", 0),
        (["--choice", '["yes, sir", "no"]', "--text", "yes"], b"", 3),
    ],
)
def test_the_exit_code_says_whether_it_is_inside(words: list[str], stdin: bytes, code: int, run_here: Callable) -> None:
    """0 inside, 3 outside or not complete; the same with --json, whose one object says so too."""
    outcome = run_here("explain", *words, stdin=stdin)
    assert (outcome.code, outcome.err) == (code, "")
    assert (outcome.out == "The text is inside the constraint.\n") == (code == 0)
    told = run_here("explain", *words, "--json", stdin=stdin)
    assert (told.code, json.loads(told.out)["is_inside"]) == (code, code == 0)


def test_json_has_the_parts(run_here: Callable) -> None:
    """Place, line and column, octet, rules and the completion, as plain data."""
    outcome = run_here("explain", "--regex", "[0-9]{2}é", "--text", "2x", "--json")
    refusal = json.loads(outcome.out)["refusal"]
    assert refusal | {"rules": [], "expected": ""} == {
        "given": "The text", "prefix": "2", "place": 1, "line": 1, "column": 2, "octet": 0x78, "found": "`x`",
        "expected": "", "rules": [], "certainty": "each", "path": None, "nearest": [], "completion": "",
    }  # fmt: skip
    assert refusal["expected"] == "a digit"
    assert refusal["rules"] == [{"kind": "regex", "where": "[0-9]{2}é", "says": "", "span": [0, 8]}]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "llmpost explain: no constraint is not one of --schema, --regex, --choice, --quote and --forbid."),
        (["--regex", "a"], "llmpost explain: no text is not a text to look at. Add --text TEXT"),
        (["--regex", "a", "--choice", "b", "--text", "a"], "--choice: --choice beside --regex is not possible"),
        (["--regex", "a", "--formats", "assert", "--text", "a"], "--formats: --formats without --schema"),
        (["--regex", "(", "--text", "a"], "a group without an end"),
        (["--schema", "-", "--text", "-"], "--text: standard input for --schema and --text is not read twice."),
        (["--schema", "no.json", "--text", "a"], "no.json: a path that cannot be read"),
        (["--schema", '{"type": 1}', "--text", "a"], "json_schema at /type"),
        (["--regex", "a", "--text", "a", "--model", "m"], "'--model' is not an option."),
    ],
)
def test_wrong_use_of_explain(words: list[str], message: str, run_here: Callable) -> None:
    """Exit code 2, a message of four parts on standard error."""
    outcome = run_here("explain", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_a_terminal_sees_no_escape_sequences(run_here: Callable) -> None:
    """Whatever a text or a pattern contains is written visibly."""
    outcome = run_here("explain", "--regex", "a\x1b\\[31m", "--text", "a\x1b[32m", terminal=("stdout",))
    assert outcome.code == 3
    assert "\x1b" not in outcome.out
