"""What a refusal says: typical mistakes, the place, what was expected, and the rule by its name or pointer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints.explaining.standing import Reason, Standing, expected_at
from llmpost.constraints.regex import RegexSource
from llmpost.constraints.space import Space
from llmpost.contracts.refusal import Refusal, Rule

OCTETS = Vocabulary.from_tokens([bytes([octet]) for octet in range(256)])
TOKENS = [b"</s>", b"<pad>", b"", b"20", b"2024", b"20x", b"-", b"a", b"\xc3", b"\xa9", b"\xc3\xa8"]
VOCABULARY = Vocabulary.from_tokens(TOKENS + [b"%d" % digit for digit in range(10)], special_ids=[1], eos_ids=[0])
END, PAD, NOTHING, TWENTY, _, TWENTY_X = range(6)

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 5},
        "age": {"type": "integer", "maximum": 120},
        "colour": {"enum": ["red", "green"]},
        "born": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": True},
        "ok": {"type": "boolean"},
        "home": {"$ref": "#/$defs/place"},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
    "$defs": {"place": {"type": "object", "properties": {"zip": {"pattern": "^[0-9]{2}$", "type": "string"}}}},
}
ANN = '{"name": "Ann", "age": 3'


def refused(text: str, schema: Any, **settings: Any) -> Refusal:
    refusal = compile_constraint(OCTETS, json_schema=schema, **settings).explain_text(text)
    assert refusal is not None
    assert f"{refusal.expected}." in str(refusal)
    assert all(str(rule) in str(refusal) for rule in refusal.rules)
    return refusal


@pytest.mark.parametrize(
    ("read", "rest", "expected", "path", "rule"),
    [
        ('{"name": "Ann" ', '"age": 3}', "`,`", "", "how JSON is written (commas stand between members"),
        (f"{ANN},", "}", 'one of the keys "born", "colour", "home", "ok", "tags"', "", "no comma stands before a clos"),
        ("{", "'name': 1}", 'the key "name"', "", "how JSON is written (texts stand in double quotes)"),
        (f'{ANN}, "colour": "', 'blue"}', 'one of the texts "green", "red"', "/colour", "/properties/colour/enum"),
        ('{"name": "Ann", "age": 13', "1}", "`,`, `.`, `0`, `E`, `e` or `}`", "/age", "/properties/age/maximum (120)"),
        ('{"name": "Ann", "age": ', '"3"}', "a number", "/age", '/properties/age/type ("integer")'),
        ('{"name": "Ann", "age": 3.5', "}", "`0`, `E` or `e`", "/age", '/properties/age/type ("integer")'),
        (f'{ANN}, "', 'extra": 1}', 'one of the keys "born"', "", "/additionalProperties (false)"),
        ('{"', 'age": 3, "name": "Ann"}', 'the key "name"', "", "the setting key_order (listed keys keep the order"),
        ('{"name": "Ann"', "}", "`,`", "", '/required (missing: "age")'),
        ('{"name": "Ann", "', 'name": "x"}', 'the key "age"', "", "(a key comes once in an object)"),
        (f'{ANN}, "born": "2024-02-', '30"}', "`0`, `1` or `2`", "/born", '/properties/born/format ("date")'),
        ('{"name": "Annab', 'ella", "age": 3}', "a closing quote", "/name", "/properties/name/maxLength (5)"),
        ('{"name": ', 'None, "age": 3}', "a string", "/name", "how JSON is written (it is written `null`"),
        (f'{ANN}, "ok": ', "True}", "`true` or `false`", "/ok", "how JSON is written (it is written `true`)"),
        (f'{ANN}, "tags": ["a", "a', '"]}', "any character but", "/tags", "/properties/tags/uniqueItems (true)"),
        (f'{ANN}, "tags": ["a", "b"', ', "c"]}', "`]`", "/tags", "/properties/tags/maxItems (2)"),
        (f'{ANN}, "home": {{"zip": "1', 'a"}}', "a digit", "/home/zip", '/$defs/place/properties/zip/pattern ("^[0-9'),
        ("", " {}", "an object", "", "how JSON is written (no whitespace stands before or after"),
        ("", "[]", "an object", "", '/type ("object")'),
        ('{"name": "A', '\nB"}', "an escape or a closing quote", "/name", "line breaks and other control characters"),
        ('{"name": "Ann", "age": 0', "3}", "`,`, `.`, `E`, `e` or `}`", "/age", "does not begin with another digit"),
        ("{", "// comment", 'the key "name"', "", "how JSON is written (there are no comments)"),
        (f"{ANN}}}", " and so on", "the end of the text", "", "no whitespace stands before or after the whole"),
        ('{"name": "Ann', "", "a closing quote", "/name", "how JSON is written (the text ends before the value does)"),
        (ANN, "", "`}`", "/age", "how JSON is written (the text ends before the value does)"),
    ],
)  # fmt: skip
def test_mistakes_in_json(read: str, rest: str, expected: str, path: str, rule: str) -> None:
    """The longest beginning that can be completed, what was expected in the words of JSON, and who forbids the rest."""
    refusal = refused(read + rest, PERSON)
    assert refusal.prefix.decode() == read
    assert expected in refusal.expected
    assert refusal.path == path
    assert len(refusal.rules) == 1
    assert rule in str(refusal.rules[0])


@pytest.mark.parametrize(
    ("schema", "text", "rules", "certainty"),
    [
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "true", ["/anyOf/0/type", "/anyOf/1/type"], "together"),
        ({"enum": ["a", "b"], "type": "string"}, "3", ["/enum", "/type"], "each"),
        ({"oneOf": [{"type": "integer", "minimum": 5}, {"type": "integer", "maximum": 7}]}, "6", ["/oneOf"], "each"),
        ({"not": {"type": "string"}}, '"a"', ["/not"], "each"),
        ({"type": "integer", "not": {"minimum": 10}}, "12", ["/not"], "each"),
        ({"type": "object", "dependentRequired": {"a": ["b"]}}, '{"a": 1}', ["/dependentRequired"], "each"),
        ({"type": "integer", "minimum": 5, "multipleOf": 3}, "7", ["/multipleOf"], "each"),
        ({"type": "array", "contains": {"const": 1}}, "[2]", ["/contains/const"], "each"),
        ({"type": "array", "minItems": 2}, "[2]", ["/minItems"], "each"),
        ({"type": "array", "prefixItems": [{}], "items": False}, '["a", 1]', ["/items"], "each"),
        ({"patternProperties": {"^x": {"type": "null"}}}, '{"x1": 2}', ["/patternProperties/^x/type"], "each"),
        ({"propertyNames": {"maxLength": 2}}, '{"abc": 2}', ["/propertyNames"], "each"),
        ({"properties": {"a": False}}, '{"a": 2}', ["/properties/a"], "each"),
        ({"properties": {"a": {"type": "object", "enum": ["b"]}}}, '{"a": "b"}', ["/properties/a/type"], "each"),
        (
            {"patternProperties": {"^[0-9]$": {"type": "array", "minItems": 2}}, "const": {"1": [7, 7], "2": [7, 7]}},
            '{"1": [7], "2": [7, 7]}', ["/patternProperties/^[0-9]$/minItems", "/const"], "each",
        ),
        (
            {"$schema": "http://json-schema.org/draft-04/schema#", "if": 3, "dependencies": {"a": ["b"]}}, '{"a": 1}',
            ["/dependencies"], "each",
        ),
        ({"type": "integer", "dependencies": {"a": 5}}, '"a"', ["/type"], "each"),
        ({"type": "object", "maxProperties": 1}, '{"a": 1, "b": 2}', ["/maxProperties"], "each"),
        ({"properties": {"a/b": {"const": 1}}}, '{"a/b": 2}', ["/properties/a~1b/const"], "each"),
        (
            {"$schema": "http://json-schema.org/draft-04/schema#", "maximum": 5, "exclusiveMaximum": True}, "5",
            ["/exclusiveMaximum"], "each",
        ),
        ({"type": "integer", "minimum": 3, "exclusiveMinimum": 3}, "3", ["/exclusiveMinimum"], "each"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_keywords_are_told_apart(schema: dict[str, Any], text: str, rules: list[str], certainty: str) -> None:
    """The keyword without which the text could go on; several where only all of them, or each alone, forbid it."""
    refusal = refused(text, schema)
    assert ([rule.where for rule in refusal.rules], refusal.certainty) == (rules, certainty)


@pytest.mark.parametrize(
    ("settings", "text", "kind"),
    [
        ({"whitespace": "compact"}, '{"a": 1}', "whitespace"),
        ({"whitespace": {"indent": 2}}, '{"a": 1}', "whitespace"),
        ({"escapes": "minimal"}, '"\\u0041"', "escapes"),
    ],
)
def test_settings_are_rules_too(settings: dict[str, Any], text: str, kind: str) -> None:
    """What another setting would allow is blamed on the setting."""
    assert [rule.kind for rule in refused(text, {}, **settings).rules] == [kind]


def test_a_refused_text_reads_as_sentences() -> None:
    """Found, expected, a caret under the place, the pointers; the line where there are several."""
    assert str(refused('{"name": "Ann",\n "age": 130}', PERSON)) == "\n".join(
        [
            "The text is not allowed at line 2, column 12: found `}`, expected `.`, `0`, `E` or `e`.",
            '     "age": 130}',
            "               ^",
            "At /age, by /properties/age/maximum (120).",
        ]
    )


def test_an_unfinished_text_is_completed() -> None:
    """One of the shortest ways to its end, which is accepted behind it."""
    constraint = compile_constraint(OCTETS, json_schema=PERSON)
    refusal = refused('{"name": "Ann', PERSON)
    assert str(refusal).startswith("The text is not complete: expected")
    assert constraint.accepts(refusal.text + refusal.completion)
    assert refusal.to_dict()["completion"] == '","age":0}'


def test_a_pattern_has_a_caret_under_its_part() -> None:
    """Of a pattern that can be cut, the part that the text stands in; of another one the whole."""
    refusal = compile_constraint(OCTETS, regex="[0-9]{4}-(?:0[1-9]|1[0-2])").explain_text("2024-13")
    assert refusal is not None
    assert str(refusal).split("\n")[1:] == [
        "    2024-13",
        "          ^",
        "By `(?:0[1-9]|1[0-2])` of the pattern `[0-9]{4}-(?:0[1-9]|1[0-2])`.",
        "    [0-9]{4}-(?:0[1-9]|1[0-2])",
        "             ^^^^^^^^^^^^^^^^^",
    ]
    whole = compile_constraint(OCTETS, regex="(?=ab)[a-z]+").explain_text("ac")
    assert whole is not None
    assert whole.rules == (Rule("regex", "(?=ab)[a-z]+"),)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("[0-9]+", "x", "a digit"),
        ("[0-9]+,", "1x", "a digit or `,`"),
        ("[a-zA-Z0-9_]+", "!", "a letter or digit or `_`"),
        ("[a-fA-F0-9]", "!", "a hexadecimal digit"),
        ("[a-z]", "!", "a small letter"),
        ("[A-Z]", "!", "a capital letter"),
        ("é|ü|日", "è", "`é`, `ü` or `日`"),
        (".", "\n", "any character but a line break"),
        (r"[^\\`]", "`", r"any character but `\` or a backtick"),
        (r"[ \t]", "x", "a tab or a space"),
        ("[\x00-\x7f]", "é", "any ASCII character"),
        ("[b-y]", "z", "`b` to `y`"),
        ("a", "ab", "the end of the text"),
        ("[α-ω]", "a", "`α` to `ω`"),
        ("[aceghikmoqsuwy]", "b", "`a`, `c`, `e`, `g`, `h`, `i`, `k`, `m` or other characters"),
    ],
)
def test_characters_in_words(pattern: str, text: str, expected: str) -> None:
    """Classes by name, characters in backticks, few exceptions as exceptions; never the bytes of a character."""
    refusal = compile_constraint(OCTETS, regex=pattern).explain_text(text)
    assert refusal is not None
    assert expected in refusal.expected
    assert "0x" not in refusal.expected


def test_bytes_are_named_where_no_character_is() -> None:
    """Loose bytes of a choice, and a byte that is in no character."""
    refusal = compile_constraint(OCTETS, choice=[b"\xff", b"\x80a"]).explain_text(b"\xfe")
    assert refusal is not None
    assert (refusal.found, refusal.expected) == ("the byte 0xFE", "the byte 0x80 or the byte 0xFF")


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (TWENTY_X, "Token 5 ('20x') is not allowed: found `x`, expected a digit."),
        (PAD, "Token 1 (<pad>) is not allowed: found a token that writes nothing, expected a digit."),
        (NOTHING, "is not allowed: found a token that writes nothing, expected a digit."),
        (END, "Token 0 (</s>) is not allowed: found the end of the text, expected a digit."),
        (99, "Token 99 of 21 is not allowed: found an id that the vocabulary does not have, expected a digit."),
        (-1, "Token -1 of 21 is not allowed: found an id that the vocabulary does not have, expected a digit."),
        (8, "Token 8 (b'\\xc3') is not allowed: found the byte 0xC3, expected a digit."),
    ],
)
def test_tokens_in_words(token: int, message: str) -> None:
    """Special ids, ids out of range and end ids have words of their own; all name allowed tokens."""
    constraint = compile_constraint(VOCABULARY, regex="[0-9]{4}-[0-9]{2}")
    refusal = constraint.explain(constraint.start(), token)
    assert message in str(refusal)
    assert "Allowed and nearest: token 3 ('20'), token 4 ('2024'), " in str(refusal) or token != TWENTY_X


def test_behind_the_end_nothing_is_allowed() -> None:
    """A finished state says that the text is over."""
    constraint = compile_constraint(VOCABULARY, regex="20")
    state = constraint.start().advance(TWENTY).advance(END)
    for token in (TWENTY, END, PAD):
        assert "found a token behind the end, expected nothing." in str(constraint.explain(state, token))


def test_a_character_between_tokens() -> None:
    """In the middle of a character the rest of it is named as bytes: what was before is in another token."""
    constraint = compile_constraint(VOCABULARY, regex="é")
    refusal = constraint.explain(constraint.start().advance(8), 7)
    assert refusal is not None
    assert (refusal.found, refusal.expected) == ("`a`", "the byte 0xA9")
    whole = constraint.explain(constraint.start(), 10)
    assert whole is not None
    assert (whole.prefix, whole.found, whole.expected) == (b"\xc3", "`è`", "`é`")


@pytest.mark.parametrize("begun", ['"é'.encode()[:2], b'"\\', b'"\\u00', '"é'.encode()])
def test_in_the_middle_of_a_character_the_texts_are_whole(begun: bytes) -> None:
    """What may stand there is named as a whole, also behind half a character or half an escape."""
    constraint = compile_constraint(OCTETS, json_schema={"enum": ["é", 'é"\n']})
    state = constraint.start()
    for octet in begun:
        state = state.advance(octet)
    refusal = constraint.explain(state, ord("x"))
    assert refusal is not None
    assert refusal.expected == 'one of the texts "é", "é\\"\\n"'


def test_what_no_tokens_complete_is_said() -> None:
    """A token that is alive byte by byte, in a vocabulary that cannot go on."""
    vocabulary = Vocabulary.from_tokens([b"a", b"ab", b"b"[:0]])
    constraint = compile_constraint(vocabulary, choice=["ab"])
    refusal = constraint.explain(constraint.start(), 0)
    assert refusal is not None
    assert ([rule.kind for rule in refusal.rules], refusal.nearest) == (["vocabulary"], ((1, "token 1 ('ab')"),))


def test_a_source_may_say_who_is_responsible() -> None:
    """What a source around another one says of a place is what the refusal says."""

    class Wrapped(RegexSource):
        def reason(self, standing: Standing) -> Reason:
            return Reason(expected_at(standing), (Rule("forbid", "the forbidden pattern x"),))

    source = Wrapped.of("[a-c]+")
    constraint = type(compile_constraint(OCTETS, regex="a"))(source, Space.of(OCTETS).generation)
    assert "By the forbidden pattern x." in str(constraint.explain_text("abx"))


def test_explaining_costs_the_text_nothing() -> None:
    """A state that was asked goes on as if nobody had, also where its own budget is small."""
    constraint = compile_constraint(OCTETS, json_schema=PERSON)
    state = constraint.start()
    before = state.mask().ids().tolist()
    for token in range(0, 256, 7):
        assert (constraint.explain(state, token) is None) == state.allows(token)
    assert (state, state.mask().ids().tolist()) == (constraint.start(), before)
