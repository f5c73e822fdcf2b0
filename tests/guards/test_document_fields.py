"""JSON documents: checked inside, changed inside, and still JSON; what cannot be changed is as its rule says."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import pytest
from hostile_guards import Calling, Pattern, Raising, rule

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Finding, GuardContext, Outcome, Span
from llmpost.guards.checking import Checked
from llmpost.guards.fields.checking import BLOCKED_INSTEAD, NOT_JSON, check_fields
from llmpost.guards.fields.reader import read_fields
from llmpost.guards.fields.strings import json_written
from llmpost.guards.fields.unchangeable import Accepts
from llmpost.guards.rule import Guarding, Rule
from llmpost.guards.tools import Tools
from llmpost.guards.vault import Vault

MAIL = Pattern(r"[a-z]+@[a-z]+", "EMAIL_ADDRESS", "mail")
NUMBERS = Pattern(r"\d{3,}", "NUMBER", "numbers")
NOTICE = "(not shown)"
LEFT = "left as it is what cannot be changed: the JSON would be invalid"


def checked(text: str, *rules: Rule, accepts: Accepts | None = None, tools: Tools | None = None) -> Checked:
    guarding = Guarding(rules, notice=NOTICE)
    return check_fields(text, guarding, GuardContext(), tools or Tools(key=b"key"), accepts)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('{"to": "ann@host"}', '{"to": "[EMAIL_ADDRESS]"}'),
        ('{"to":\t"a\\u006en\\u0040host" ,\r\n "n":1.50}', '{"to":\t"[EMAIL_ADDRESS]" ,\r\n "n":1.50}'),
        ('["\\u00e9 \\"ann@host\\"\\n\\u00e9"]', '["\\u00e9 \\"[EMAIL_ADDRESS]\\"\\n\\u00e9"]'),
        ('{"ann@host": {"ann@host": 1}}', '{"[EMAIL_ADDRESS]": {"[EMAIL_ADDRESS]": 1}}'),
        ('{"a": "ann@host", "a": "ann@host"}', '{"a": "[EMAIL_ADDRESS]", "a": "[EMAIL_ADDRESS]"}'),
        (' "ann@host" ', ' "[EMAIL_ADDRESS]" '),
        ('["\\ud83d\\ude00ann@host\\ud83d", "\\ude00"]', '["\\ud83d\\ude00[EMAIL_ADDRESS]\\ud83d", "\\ude00"]'),
        ('["{\\"to\\": \\"ann@host\\"}"]', '["{\\"to\\": \\"[EMAIL_ADDRESS]\\"}"]'),
        ('["ann@", "host"]', '["ann@", "host"]'),
        ("[1, true, null, {}, []]", "[1, true, null, {}, []]"),
    ],
)
def test_strings_and_keys(given: str, expected: str) -> None:
    """What was found is said anew where it stood; every other character stays as it was written."""
    seen = checked(given, rule(MAIL))
    assert seen.text == expected
    json.loads(seen.text)
    assert seen.notes == ()


def test_places_are_those_of_the_document() -> None:
    """Findings and changes count the characters of the document, escapes as they are written."""
    seen = checked('["x \\u0061nn@host y"]', rule(MAIL))
    assert [finding.span for finding in seen.verdict.findings] == [Span(4, 17)]
    (change,) = seen.changes
    assert (change.before, seen.text[change.after.start : change.after.end]) == (Span(4, 17), "[EMAIL_ADDRESS]")


@pytest.mark.parametrize(
    ("action", "inside"),
    [
        (Action("replace", 'say "{label}"\\\n'), 'say "EMAIL_ADDRESS"\\\n'),
        (Action("mask", {"keep": 2, "character": '"'}), '[""""""st]'),
        (Action("mask", {"keep": 2, "character": "\\"}), "[\\\\\\\\\\\\st]"),
        (Action("pseudonymise"), "[EMAIL_ADDRESS_1]"),
    ],
)
def test_what_is_written_is_spelled(action: Action, inside: str) -> None:
    """Quotes, backslashes and line ends of a replacement say themselves."""
    assert json.loads(checked('["ann@host"]', rule(MAIL, action)).text) == [inside]


def test_a_vault_knows_what_was_said() -> None:
    """Not how it was written; and what it turns back is spelled again."""
    tools = Tools()
    word = Pattern(r'"\w+"', "WORD", "words")
    seen = checked('["\\"\\u0061nn\\"", "\\"ann\\""]', rule(word, "pseudonymise"), tools=tools)
    assert seen.text == '["[WORD_1]", "[WORD_1]"]'
    assert tools.vault.values == {"[WORD_1]": '"ann"'}
    assert tools.vault.restore(seen.text, json_written) == '["\\"ann\\"", "\\"ann\\""]'
    assert Vault(tools.vault.values).restore("[WORD_1]") == '"ann"'


def test_a_separable_guard_is_asked_a_few_times() -> None:
    """About many fields at once, and again about each in which there is something, with its path."""
    asked: list[tuple[str, str | None]] = []

    def look(text: str, context: GuardContext) -> Sequence[Finding]:
        asked.append((text[:20], context.path))
        return MAIL.inspect(text, context)

    document = json.dumps(["nothing here"] * 10_000 + ["ann@host"] + ["." * 100_000] + ["ann@", "host"])
    seen = checked(document, rule(Calling(look, is_separable=True)))
    assert seen.text == document.replace("ann@host", "[EMAIL_ADDRESS]")
    assert len(asked) == 6
    assert ("ann@host", "/10000") in asked
    assert [path for _, path in asked].count(None) == 4


def test_a_match_that_spans_fields_is_none() -> None:
    """Though a guard of joined fields sees one, each of the fields alone has nothing."""
    across = Pattern("a[^b]*b", "A", "across", is_separable=True)
    assert checked('["a", "x", "b", "a b"]', rule(across)).text == '["a", "x", "b", "[A]"]'


def test_guards_are_told_where() -> None:
    """The path of a value, and that of the value behind a key; a guard of whole texts has none."""
    asked: list[tuple[str, str | None]] = []

    def look(text: str, context: GuardContext) -> Sequence[Finding]:
        asked.append((text, context.path))
        return ()

    document = '{"a/b": [1, {"~": "x"}], "": -2e5}'
    checked(document, rule(Calling(look)))
    assert asked == [
        ("a/b", "/a~1b"), ("1", "/a~1b/0"), ("~", "/a~1b/1/~0"), ("x", "/a~1b/1/~0"), ("", "/"), ("-2e5", "/"),
    ]  # fmt: skip
    asked.clear()
    checked(document, rule(Calling(look, whole_text=True)))
    assert asked == [(document, None)]


@pytest.mark.parametrize("document", ["[123456]", '{"a": 1, "b": -0.12345}'])
def test_a_number_cannot_be_changed(document: str) -> None:
    """It blocks the document, or stays, and an outcome says so. It can be logged, and it can block by itself."""
    blocked = checked(document, rule(NUMBERS))
    assert (blocked.text, blocked.notes) == (NOTICE, (BLOCKED_INSTEAD,))
    seen = checked(document, rule(NUMBERS, on_invalid="skip"))
    assert (seen.text, seen.verdict.action) == (document, "log")
    assert seen.verdict.outcomes[-1] == Outcome("numbers", "skipped", why=LEFT)
    assert checked(document, rule(NUMBERS, "log")).verdict.outcomes[-1].status == "passed"
    assert checked(document, rule(NUMBERS, "block")).verdict.outcomes[-1].status == "blocked"


def test_the_others_are_changed_all_the_same() -> None:
    """What is skipped is that one place."""
    seen = checked('{"a": 1234, "b": "1234"}', rule(NUMBERS, on_invalid="skip"))
    assert seen.text == '{"a": 1234, "b": "[NUMBER]"}'
    assert [outcome.status for outcome in seen.verdict.outcomes] == ["changed", "skipped"]


def test_nothing_is_cut_off() -> None:
    """The beginning of a document is none."""
    assert checked('["a", "ann@host"]', rule(MAIL, "truncate")).text == NOTICE
    assert checked('["ann@host"]', rule(MAIL, "truncate", on_invalid="skip")).text == '["ann@host"]'


def test_what_concerns_the_whole_document_cannot_be_changed() -> None:
    """A guard of whole texts finds characters of the document, not of what its strings say."""
    guard = Calling(lambda text, _: [Finding("calling", "A", Span(2, 4))], whole_text=True)
    assert checked('["abcd"]', rule(guard)).text == NOTICE
    assert checked('["abcd"]', rule(guard, "log")).text == '["abcd"]'


def keeps_ann(text: str) -> bool:
    return '"ann@host"' in text


def test_a_change_that_is_not_accepted() -> None:
    """It falls to its rule; the changes that are accepted are made."""
    document = '{"a": "ann@host", "b": ["cid@host", "x", "dan@host", "eve@host"]}'
    assert checked(document, rule(MAIL), accepts=keeps_ann).text == NOTICE
    seen = checked(document, rule(MAIL, on_invalid="skip"), accepts=keeps_ann)
    mark = "[EMAIL_ADDRESS]"
    assert json.loads(seen.text) == {"a": "ann@host", "b": [mark, "x", mark, mark]}
    assert seen.verdict.outcomes[-1] == Outcome("mail", "skipped", why=LEFT)


def test_a_document_that_was_never_accepted() -> None:
    """No change is to blame for it: all are made."""
    assert checked('["ann@host"]', rule(MAIL), accepts=lambda _: False).text == '["[EMAIL_ADDRESS]"]'


def test_changes_that_are_not_accepted_together() -> None:
    """Where each alone would be, none is made."""
    document = '["ann@host", "bob@host"]'
    seen = checked(document, rule(MAIL, on_invalid="skip"), accepts=lambda text: text.count("[") <= 2)
    assert seen.text == document


def test_questions_are_counted() -> None:
    """However many changes are at fault, whoever accepts is asked a bounded number of times."""
    asked: list[str] = []

    def accepts(text: str) -> bool:
        asked.append(text)
        return "[EMAIL_ADDRESS]" not in text

    document = json.dumps(["ann@host"] * 500)
    assert checked(document, rule(MAIL, on_invalid="skip"), accepts=accepts).text == document
    assert len(asked) < 70


def test_two_rules_of_one_place() -> None:
    """If any of them would rather block, that is what happens."""
    kinder = rule(Pattern("host", "HOST", "hosts"), "mask", on_invalid="skip")
    assert checked('["ann@host"]', kinder, rule(MAIL), accepts=keeps_ann).text == NOTICE
    stricter_last = checked('["ann@host"]', kinder, rule(MAIL, on_invalid="skip"), accepts=keeps_ann)
    assert stricter_last.text == '["ann@host"]'


def test_a_broken_guard_blocks() -> None:
    """A document as any other text; nobody is asked whether it is accepted."""
    seen = checked('["ann@host"]', rule(Raising()), rule(MAIL), accepts=lambda _: 1 / 0 > 0)
    assert (seen.text, seen.verdict.decided_by) == (NOTICE, "raising")


@pytest.mark.parametrize("text", ["ann@host", '{"a": "ann@host"', '["ann@host",]', "ann@host\ud800", '["a\nann@host"]'])
def test_what_is_no_json_is_text(text: str) -> None:
    """It is checked as what it is, and a note says so."""
    seen = checked(text, rule(MAIL))
    assert seen.text == text.replace("ann@host", "[EMAIL_ADDRESS]")
    assert seen.notes == (NOT_JSON,)


def test_deep_documents() -> None:
    """A hundred thousand levels are read without a stack and changed like others; a million and one are text."""
    deep = 100_000
    assert deep > sys.getrecursionlimit()
    document = '{"a":[' * deep + '"ann@host"' + "]}" * deep
    assert checked(document, rule(MAIL)).text == document.replace("ann@host", "[EMAIL_ADDRESS]")
    assert read_fields("[" * 1_000_001 + "]" * 1_000_001) is None


def test_paths_of_deep_documents_are_short() -> None:
    """A path that would grow without end ends at what is around."""
    fields = read_fields('{"key":[' * 2_000 + '"x"' + "]}" * 2_000) or ()
    assert max(len(field.path) for field in fields) <= 1_002
    assert fields[-1].path == fields[-2].path


@pytest.mark.parametrize("text", ['"' + "a" * 10**7 + '"', '"' * 10**7, " " * 10**7])
def test_ten_million_characters(text: str) -> None:
    """Of one kind, JSON or not: read once."""
    fields = read_fields(text)
    assert (fields is not None) == (text[1] == "a")
