"""The guard of personal data, by tables: what it finds, how sure it is, what is none, and what a policy may say."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from llmpost.automata.entities.table import ENTITIES, entity_named
from llmpost.contracts.guard import Finding, FollowingGuard, Guard, GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.options import Options
from llmpost.guards.pii.context_words import BEHIND, is_behind, is_near
from llmpost.guards.pii.detector import build
from llmpost.guards.pii.kinds import DEFAULT, KINDS
from llmpost.guards.tail import Tail

CONTEXT = GuardContext()
ALL = [entity.name for entity in ENTITIES]


def made(**options: Any) -> Guard:
    return build(Options(options, "guards[0]"))


@lru_cache(maxsize=1)
def usual() -> Guard:
    return made()


@lru_cache(maxsize=1)
def everything() -> Guard:
    return made(entities=ALL)


def found(text: str, guard: Guard | None = None) -> list[tuple[str, str]]:
    findings = (guard or usual()).inspect(text, CONTEXT)
    return sorted({(one.label, text[one.span.start : one.span.end]) for one in findings})


@pytest.mark.parametrize(
    ("text", "label", "part"),
    [
        ("Card 4111 1111 1111 1111.", "CREDIT_CARD", "4111 1111 1111 1111"),
        ("to GB82 WEST 1234 5698 7654 32 now", "IBAN_CODE", "GB82 WEST 1234 5698 7654 32"),
        ("a 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        ("<user.name+tag@mail.example.co.uk>", "EMAIL_ADDRESS", "user.name+tag@mail.example.co.uk"),
        ("\u201cuser@example.com\u201d", "EMAIL_ADDRESS", "user@example.com"),
        ("'user@example.com'", "EMAIL_ADDRESS", "user@example.com"),
        ("user@example.com\u8c22\u8c22", "EMAIL_ADDRESS", "user@example.com"),
        ("?ip=1&email=user@example.com&x", "EMAIL_ADDRESS", "user@example.com"),
        ("user@example.com-thanks", "EMAIL_ADDRESS", "user@example.com"),
        ("host 192.0.2.1:80", "IP_ADDRESS", "192.0.2.1"),
        ("ssn 078-05-1120", "US_SSN", "078-05-1120"),
        ("SSN: 078051120", "US_SSN", "078051120"),
        ("my social security number is 078051120", "US_SSN", "078051120"),
        ("+44 20 7946 0958", "PHONE_NUMBER", "+44 20 7946 0958"),
        ("(202) 555-0123 x42", "PHONE_NUMBER", "(202) 555-0123 x42"),
        ("Phone: (37) 788-063", "PHONE_NUMBER", "(37) 788-063"),
        ("call me at 699 956 915", "PHONE_NUMBER", "699 956 915"),
        ("phoneNumber=69995691", "PHONE_NUMBER", "69995691"),
        ('"user_phone": "2025550123"', "PHONE_NUMBER", "2025550123"),
        ("416 60 039 office", "PHONE_NUMBER", "416 60 039"),
        ("416 60 039-Fax", "PHONE_NUMBER", "416 60 039"),
        ("user (at) example dot com", "EMAIL_ADDRESS", "user (at) example dot com"),
        ("user [at] example [dot] com", "EMAIL_ADDRESS", "user [at] example [dot] com"),
        ("john dot smith at example dot com", "EMAIL_ADDRESS", "john dot smith at example dot com"),
        ("email: joe at example.org", "EMAIL_ADDRESS", "joe at example.org"),
    ],
)
def test_what_is_found(text: str, label: str, part: str) -> None:
    """Each is found whole and alone."""
    assert found(text) == [(label, part)]


@pytest.mark.parametrize(
    ("text", "label", "part"),
    [
        (r"user\u0040example.com", "EMAIL_ADDRESS", r"user\u0040example.com"),
        ("to=user%40example%2Ecom&", "EMAIL_ADDRESS", "user%40example%2Ecom"),
        ("user&#64;example&period;com", "EMAIL_ADDRESS", "user&#64;example&period;com"),
        ("us\u200ber@exam\u00adple.com", "EMAIL_ADDRESS", "us\u200ber@exam\u00adple.com"),
        ("user\uff20example.com", "EMAIL_ADDRESS", "user\uff20example.com"),
        ("\uff14\uff11\uff11\uff11 1111 1111 1111", "CREDIT_CARD", "\uff14\uff11\uff11\uff11 1111 1111 1111"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "CREDIT_CARD", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
        ("\u0660\u0667\u0668-\u0660\u0665-1120", "US_SSN", "\u0660\u0667\u0668-\u0660\u0665-1120"),
        ("078\u201305\u20131120", "US_SSN", "078\u201305\u20131120"),
        (r"a:\n078-05-1120", "US_SSN", "078-05-1120"),
        ("0 7 8 - 0 5 - 1 1 2 0", "US_SSN", "0 7 8 - 0 5 - 1 1 2 0"),
    ],
)
def test_what_is_found_in_disguise(text: str, label: str, part: str) -> None:
    """What is encoded is found as it stands in the text, and nothing else with it; unless nobody looks for such."""
    assert (label, part) in found(text)
    assert {one for one, _ in found(text)} == {label}
    assert (label, part) not in found(text, made(encoded=False))


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112", "order 078051120", "call 2024-01-02", "call in 2019-2020", "call 192.168.001.256",
        "look at docs.python.org", "at 10:30", "version 1.2.3", "699 956 915", "call 12345", "+12 is even",
        "my headphones cost 699 956 915", "callous 699 956 915", "user@localhost", "\u0661\u0662\u0663",
        "chapters 1 2 3 4 5 6 7 8 9",
    ],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    """Neither numbers of other things nor words that look like context."""
    assert found(text) == []


@pytest.mark.parametrize("name", ALL)
def test_every_entity_is_found_by_its_examples(name: str) -> None:
    """Each example in brackets, at the threshold 0."""
    guard = made(entities={name: 0.0})
    for example in entity_named(name).examples:
        assert (name, example) in found(f"({example})", guard), example


@pytest.mark.parametrize(
    ("text", "score"),
    [("078-05-1120", 0.85), ("219 09 9999", 0.6), ("ssn 219 09 9999", 0.85), ("ssn 078051120", 0.85)],
)
def test_scores_say_how_sure_a_match_is(text: str, score: float) -> None:
    """A form alone, a weaker one, and the same beside a word."""
    (finding,) = usual().inspect(text, CONTEXT)
    assert (finding.score, "word" in finding.reason) == (score, "ssn" in text)


def test_what_lies_in_a_certain_match_is_a_part_of_it() -> None:
    """The groups of an account number are neither a card nor a telephone; beside it they are."""
    iban, phone = "NL15 PTSB 0411 1505 52", "0411 1505 52"
    assert found(f"call {iban}", everything()) == [("IBAN_CODE", iban)]
    assert found(f"call {iban}, {phone}") == [("IBAN_CODE", iban), ("PHONE_NUMBER", phone)]
    assert ("PHONE_NUMBER", phone) in found(f"call {iban}", made(entities=["PHONE_NUMBER"]))


def test_a_match_of_two_kinds_of_an_entity_is_given_once() -> None:
    """As the surer one."""
    (finding,) = usual().inspect("call 202-555-0123", CONTEXT)
    assert finding.score == 0.7


def test_thresholds_are_kept() -> None:
    """From its threshold up an entity is found, and no other one."""
    low, high = made(entities={"PHONE_NUMBER": 0.3}), made(entities={"PHONE_NUMBER": 0.65})
    assert found("699 956 915 user@example.com", low) == [("PHONE_NUMBER", "699 956 915")]
    assert found("call 699 956 915", high) == []
    assert found("call 202-555-0123", high) == [("PHONE_NUMBER", "202-555-0123")]


def test_what_is_allowed_is_no_finding() -> None:
    """Texts in any case, and patterns for whole findings; nothing else is let pass with them."""
    guard = made(allow=["Info@Example.com", {"regex": r".*@example\.org"}])
    assert found("info@example.com, a@example.org and b@example.net", guard) == [("EMAIL_ADDRESS", "b@example.net")]
    assert found("xinfo@example.com a@example.org.uk", guard) == [
        ("EMAIL_ADDRESS", "a@example.org.uk"),
        ("EMAIL_ADDRESS", "xinfo@example.com"),
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"entities": ["US_SNN"]}, "Did you mean 'US_SSN'"),
        ({"entities": []}, "a list of entities"),
        ({"entities": "US_SSN"}, "a list of entities"),
        ({"entities": {"US_SSN": 2}}, "a threshold from 0 to 1"),
        ({"entities": {"US_SSN": True}}, "a threshold from 0 to 1"),
        ({"entities": {"US_SSN": 0.9}}, "at most 0.85 for US_SSN"),
        ({"allow": [{"regex": "("}]}, "a pattern that can be read"),
        ({"allow": ["", 3]}, "a list of texts"),
        ({"context": ["ssn"]}, "{ENTITY: \\[words\\]}"),
        ({"context": {"CREDIT_CARD": ["card"]}}, "entities that a word makes surer; 'CREDIT_CARD' is none"),
        ({"context": {"US_SSN": [" "]}}, "a list of words for US_SSN"),
        ({"encoded": "yes"}, "true or false"),
        ({"entity": ["US_SSN"]}, "Did you mean 'entities'"),
        ({"on_undecided": "block"}, "one of find, allow"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    """Each with the place, what was given, what is allowed and a hint."""
    with pytest.raises(PolicyError, match=message) as caught:
        made(**options)
    assert "guards[0]" in str(caught.value)


def test_a_policy_adds_words() -> None:
    """Beside them a match of that entity is surer, and one of another entity is not."""
    guard = made(context={"US_SSN": ["Employee no"]})
    assert found("employee no. 078051120", guard) == [("US_SSN", "078051120")]
    assert found("employee no. 699 956 915", guard) == found("employee no. 078051120") == []
    assert found("ssn 078051120", guard) == [("US_SSN", "078051120")]


def test_a_run_without_end_is_read() -> None:
    """A hundred thousand of one character are no finding, whatever could begin with them."""
    for character in ("a", "1", "_", "@", "+", "%", ".", " ", "\u200b", "\ud800", "\0", "1 ", "a@"):
        assert found(character * (100_000 // len(character)), everything()) == [], character


def test_a_long_address_is_found_to_its_end() -> None:
    """No byte of a URL is left out, however long it is; unless what is undecided is allowed."""
    url = "https://example.com/" + "a" * 5000
    (finding,) = made(entities=["URL"]).inspect(f"see {url} there", CONTEXT)
    assert (finding.span.start, finding.span.end) == (4, 4 + len(url))
    assert made(entities=["URL"], on_undecided="allow").inspect(f"see {url} there", CONTEXT) == ()


def test_threads_share_a_guard() -> None:
    """What eight threads find at once is what each finds alone."""
    texts = [f"{text} and user{number}@example.com" for number, text in enumerate(["078-05-1120"] * 40)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(found, texts))
    assert together == [found(text) for text in texts]


def test_it_reads_piece_by_piece() -> None:
    """It follows a text, and gives a finding as soon as nothing can change it."""
    guard = usual()
    assert isinstance(guard, FollowingGuard)
    progress = guard.follow(None, "Mail user@example.com. And ", CONTEXT, False)
    assert [one.label for one in progress.findings] == ["EMAIL_ADDRESS"]
    assert progress.settled >= 23


def test_words_count_in_a_bounded_stretch() -> None:
    """Whole words, plurals, parts of names; neither further away nor inside other words."""
    words = ("phone", "call")
    assert all(is_near(words, text) for text in ("phone ", "Phones: ", "myPhone=", "PHONE_NO:", "x-phone-", "call"))
    assert not any(is_near(words, text) for text in ("", "headphone ", "phoned", "recall ", "phone" + " " * 40))
    assert is_near(words, "phone" + " " * 35)
    assert not is_near(words, "headphone" + " " * 35)
    assert is_behind(words, " (phone)")
    assert not any(is_behind(words, text) for text in ("", " a phone", "    phone", " phoney", " " * BEHIND + "phone"))


def test_a_tail_keeps_what_stands_behind_a_place() -> None:
    """Whatever the pieces, it has all characters from the place on."""
    text = "".join(map(chr, range(32, 127))) * 200
    tail = Tail()
    for start in range(0, len(text), 777):
        tail = tail.with_piece(text[start : start + 777]).since(start - 100)
        low = max(start - 90, 0)
        assert tail.between(low, tail.end) == text[low : start + 777]
        assert tail.between(low + 5, low + 9) == text[low + 5 : low + 9]
    assert tail.end == len(text)
    assert tail.start > 0


def test_kinds_are_of_the_table() -> None:
    """Each entity has a kind, in the table's order, and every kind can be found at the usual threshold."""
    assert list(KINDS) == ALL
    for kinds in KINDS.values():
        assert kinds
        assert all(kind.highest >= 0.5 and kind.score <= kind.highest for kind in kinds)


def test_the_guide_has_all_scores() -> None:
    """Its table has the scores of all kinds, in their order, and it says which entities are found unasked."""
    guide = (Path(__file__).parents[2] / "docs" / "pii.md").read_text()
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in guide.splitlines() if row.count("|") == 5]
    said: dict[str, list[tuple[float, float]]] = {}
    names: list[str] = []
    for first, _, alone, beside in rows[2:]:
        names = re.findall("`([A-Z_]+)`", first) or names
        for name in names:
            said.setdefault(name, []).append((float(alone), float(beside.split(":")[0] or 0)))
    assert said == {name: [(kind.score, kind.score_in_context) for kind in KINDS[name]] for name in said}
    assert set(said) == set(ALL)
    assert f"Not asked otherwise: {', '.join(f'`{name}`' for name in DEFAULT)}" in guide


def test_findings_never_quote() -> None:
    """A reason is of the kind alone."""
    texts = ["call 699 956 915", "user@example.com", "GB82 WEST 1234 5698 7654 32"]
    reasons: set[Finding] = {one for text in texts for one in usual().inspect(text, CONTEXT)}
    assert all(one.reason and not any(letter.isdigit() for letter in one.reason) for one in reasons)
