"""What stands in the place of what was found: one table per way, and what a policy cannot mean."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from hostile_guards import Hanging, Pattern, Raising, rule

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.errors import PolicyError
from llmpost.guards.checking import check
from llmpost.guards.fixed_texts import check_replacements
from llmpost.guards.replacements.mark import mark
from llmpost.guards.replacements.mask import Mask
from llmpost.guards.rule import BLOCK, Fallback, Guarding, Rule, Tier
from llmpost.guards.tools import Tools
from llmpost.guards.vault import Vault

KEY = b"a key of tests"
MAIL = Pattern(r"[a-z]+@[a-z.]+[a-z]", "EMAIL_ADDRESS", "mail")
TEXT = "Write to ann@host.example, or to bob@host.example; ann@host.example is better."


def written(action: str | Action, key: bytes = KEY) -> str:
    return check(TEXT, Guarding((rule(MAIL, action),)), GuardContext(), Tools(key=key)).text


@pytest.mark.parametrize(
    ("action", "first"),
    [
        (Action("redact"), "[EMAIL_ADDRESS]"),
        (Action("mask"), "****************"),
        (Action("mask", {"keep": 4}), "[************mple]"),
        (Action("mask", {"keep": 3, "character": "#"}), "[#############ple]"),
        (Action("mask", {"keep": 8}), "[*********example]"),
        (Action("mask", {"keep": 9}), "****************"),
        (Action("replace", "(removed)"), "(removed)"),
        (Action("replace", "<{label}, see above>"), "<EMAIL_ADDRESS, see above>"),
        (Action("pseudonymise"), "[EMAIL_ADDRESS_1]"),
        (Action("pseudonymise", {"style": "realistic"}), "alma.ashgrove@mail.example"),
    ],
)
def test_what_is_written(action: Action, first: str) -> None:
    """Each way of changing, with what a policy may say to it."""
    assert written(action).startswith(f"Write to {first}, or to ")


def test_hashes_tell_values_apart_and_nothing_else() -> None:
    """The same value is the same mark under one key and another one under another; letters in brackets, no digit."""
    one, other, again = (part for part in written("hash").split() if part.startswith("["))
    assert one.rstrip(",;") == again
    assert one != other
    assert written("hash", b"another key") != written("hash")
    name, _, letters = one.rstrip(",").strip("[]").rpartition("_")
    assert (name, letters.isalpha(), len(letters)) == ("EMAIL_ADDRESS", True, 12)


@pytest.mark.parametrize("key", [b"k", b"k" * 64, b"k" * 1000])
def test_keys_have_any_length(key: bytes) -> None:
    """And a text any characters: halves of pairs have a hash, too."""
    surrogate = Pattern("\ud800+", "HALF", "half")
    checked = check("a\ud800b", Guarding((rule(surrogate, "hash"),)), GuardContext(), Tools(key=key))
    assert len(checked.text) == len("a[HALF_bcdfghjkmnpq]b")


def test_without_a_key_a_hash_says_no_more_than_a_mark() -> None:
    """Anybody could make a hash that depends on nothing else, and look it up."""
    assert written("hash", b"") == written("redact")


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("EMAIL_ADDRESS", "[EMAIL_ADDRESS]"), ("sexual/minors", "[SEXUAL_MINORS]"), ("", "[REDACTED]"),
        ("4111 1111 1111 1111", "[REDACTED]"), ("a" * 100, f"[{'A' * 40}]"), ("é\ud800\n", "[REDACTED]"),
        ("](http://e.example)", "[HTTP_E_EXAMPLE]"),
    ],
)  # fmt: skip
def test_marks_are_plain(label: str, expected: str) -> None:
    """Whatever a label is, its mark is capitals, digits and underscores in brackets."""
    assert mark(label) == expected


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        (4, "mask: 4 is not a mapping"),
        ({"kep": 4}, "mask: 'kep' is not an option of mask. Did you mean 'keep'?"),
        ({"keep": -1}, "mask.keep: -1 is not a whole number"),
        ({"keep": True}, "mask.keep: True is not a whole number"),
        ({"character": "**"}, "mask.character: '[*][*]' is not one visible character"),
        ({"character": "x"}, "mask.character: 'x' is not one visible character"),
        ({"character": "7"}, "mask.character: '7' is not one visible character"),
        ({"character": " "}, "mask.character: ' ' is not one visible character"),
        ({"character": "\u200b"}, "mask.character"),
    ],
)
def test_masks_that_are_none(argument: Any, message: str) -> None:
    """A mask hides, and joins nothing to what stands beside it."""
    with pytest.raises(PolicyError, match=message):
        Mask.of(argument)


def labelled(action: Action) -> Rule:
    return rule(MAIL, "log", actions=MappingProxyType({"EMAIL_ADDRESS": action}))


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (Action("replace", ""), "guards.mail.replace: an empty text is not words .* its neighbours would be joined"),
        (Action("replace"), "guards.mail.replace: an empty text"),
        (Action("replace", 7), "guards.mail.replace: 7 is not words"),
        (Action("replace", "see me@here.example"), "'see me@here.example' is not a text that no guard .* choose other"),
        (Action("replace", "{label}@x"), "'EMAIL_ADDRESS@x'|'OTHER@x'"),
        (Action("refuse", "Ask me@here.example."), "guards.mail.refuse"),
        (Action("mask", {"keep": "4"}), "guards.mail.mask.keep"),
        (Action("pseudonymise", {"style": "real"}), "style: 'real' is not a style. Did you mean 'realistic'?"),
        (Action("pseudonymise", {"key": 1}), "'key' is not an option"),
    ],
)
def test_what_is_refused_when_a_policy_loads(action: Action, message: str) -> None:
    """A replacement that joins its neighbours, that would be replaced in turn, or that nobody can make."""
    finds_signs = rule(Pattern(r"\w@\w", "SIGN", "signs"), "block")
    with pytest.raises(PolicyError, match=message):
        check_replacements(Guarding((labelled(action), finds_signs)), Tools(key=KEY))


def test_labels_are_looked_at_too() -> None:
    """A mark is a text like others: a list that has the label's word finds it."""
    words = rule(Pattern("EMAIL|secret", "WORD", "words"), "block")
    with pytest.raises(PolicyError, match=r"'\[EMAIL_ADDRESS\]' is not .* words takes it for \[WORD\]"):
        check_replacements(Guarding((labelled(Action("redact")), words)), Tools(key=KEY))


def test_a_notice_is_looked_at_too() -> None:
    """It is what everybody sees."""
    words = rule(Pattern("blocked", "WORD", "words"), "block")
    with pytest.raises(PolicyError, match=r"notice: 'This was blocked.' is not a text"):
        check_replacements(Guarding((words,), notice="This was blocked."), Tools(key=KEY))


def test_keyed_without_a_key() -> None:
    """What would depend on a key is refused where there is none."""
    for action in (Action("hash"), Action("pseudonymise", {"style": "keyed"})):
        check_replacements(Guarding((labelled(action),)), Tools(key=KEY))
        with pytest.raises(PolicyError, match="without a key"):
            check_replacements(Guarding((labelled(action),)), Tools())


def test_what_is_not_asked_when_a_policy_loads() -> None:
    """Guards with a deadline, which may be models; broken ones, whose time comes; and what is logged alone."""
    harmless = (
        rule(Hanging(), timeout_seconds=60.0),
        rule(Raising()),
        rule(Pattern(".", "ALL", "all"), "log"),
        rule(Pattern(".", "ALL", "tiers", score=0.5), tiers=MappingProxyType({"ALL": (Tier(0.9, BLOCK),)})),
    )
    check_replacements(Guarding((labelled(Action("redact")), *harmless), notice="A notice."), Tools(key=KEY))


def test_stand_ins_are_looked_at() -> None:
    """Who is asked in the place of another writes into texts as well."""
    stand_in = Fallback("use", rule(Pattern("x", "X", "x"), Action("replace", "xx")))
    with pytest.raises(PolicyError, match=r"guards.x.replace: 'xx'"):
        check_replacements(Guarding((rule(Raising(), on_failure=stand_in),)), Tools(key=KEY))


def test_one_vault_one_name() -> None:
    """The same value has the same pseudonym, whatever else is asked for, and a pseudonym is its own."""
    vault = Vault()
    first = vault.pseudonym("PERSON", "Maria")
    assert vault.pseudonym("NAME", "Maria", "realistic") == first
    assert vault.pseudonym("PERSON", first) == first
    assert vault.values == {first: "Maria"}


def test_numbers_go_by_label() -> None:
    """From one up, by first appearance."""
    vault = Vault()
    given = [("PERSON", "Ann"), ("LOCATION", "Rome"), ("PERSON", "Bob"), ("PERSON", "Ann")]
    names = [vault.pseudonym(label, value) for label, value in given]
    assert names == ["[PERSON_1]", "[LOCATION_1]", "[PERSON_2]", "[PERSON_1]"]


def test_keyed_names_are_the_same_in_every_vault() -> None:
    """So that logs of two requests can be joined; which value it is only a vault says that has seen it."""
    one, other = Vault(), Vault()
    other.pseudonym("PERSON", "Bob", "keyed", b"key")
    assert one.pseudonym("PERSON", "Ann", "keyed", b"key") == other.pseudonym("PERSON", "Ann", "keyed", b"key")
    assert one.pseudonym("PERSON", "Cid", "keyed", b"key") != Vault().pseudonym("PERSON", "Cid", "keyed", b"yek")


def test_fictions_come_to_an_end() -> None:
    """Then numbers follow; no two values ever share a name, and no name is another's value."""
    vault = Vault()
    vault.pseudonym("PERSON", "Bruno Birkholm", "realistic")
    values = [f"person {number}" for number in range(450)]
    names = [vault.pseudonym("PERSON", value, "realistic") for value in values]
    assert len(set(names)) == 450
    assert "Bruno Birkholm" not in names
    assert names[-1].startswith("[PERSON_")
    assert vault.restore(" / ".join(names)) == " / ".join(values)


def test_a_vault_goes_on_where_another_ended() -> None:
    """Its values are all that a later one needs; numbers that are taken are not given twice."""
    first = Vault()
    first.pseudonym("PERSON", "Ann")
    later = Vault(first.values)
    assert later.pseudonym("PERSON", "Bob") == "[PERSON_2]"
    assert later.restore("[PERSON_1] and [PERSON_2]") == "Ann and Bob"


def test_a_value_may_spell_a_pseudonym() -> None:
    """What is restored is not read again."""
    vault = Vault({"[A_1]": "[A_2]", "[A_2]": "two"})
    assert vault.restore("[A_1] [A_2]") == "[A_2] two"


def test_words_are_bounded() -> None:
    """A realistic name is no part of a longer word, and of two the longer one counts."""
    vault = Vault({"Ann": "Maria", "Ann Lee": "Olga Ruiz"})
    assert vault.restore("Ann, Annabel, Ann Lee, Ann Leeds, Joann") == "Maria, Annabel, Olga Ruiz, Maria Leeds, Joann"


def test_findings_keep_their_places() -> None:
    """The findings of a verdict are in the text as it was given, whatever was written in their places."""
    checked = check(TEXT, Guarding((rule(MAIL, "redact"),)), GuardContext(), Tools(key=KEY))
    assert checked.verdict.findings[0] == Finding("mail", "EMAIL_ADDRESS", Span(9, 25), 1.0, "a toy matched")
