"""The table of secrets: each kind found and not found, and what a policy says of them."""

import gzip
import json
from pathlib import Path

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.options import Options
from llmpost.guards.secrets.guard import KINDS, build, secrets
from llmpost.guards.secrets.kind import Kind
from llmpost.guards.secrets.randomness import bits

DATASETS = Path(__file__).parents[3] / "shared" / "datasets"
GUARD = secrets()
IDS = [kind.label for kind in KINDS]


def labels(text: str) -> list[str]:
    return [finding.label for finding in GUARD.inspect(text, GuardContext())]


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_examples_are_found_between_neighbours(kind: Kind) -> None:
    """Each example is found once, alone, in a sentence, in brackets, in a line, and among letters of another script."""
    for halves in kind.examples:
        for before, after in (("", ""), ("Use ", "."), ("(", ")"), ("\n", "\n"), ("{'a': ", "}"), ("是", "。")):
            text = before + "".join(halves) + after
            assert labels(text).count(kind.label) == 1, text[:40]


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_near_misses_are_not_of_the_kind(kind: Kind) -> None:
    """What is nearly one, or stands for one, is none."""
    assert kind.near_misses
    for text in kind.near_misses:
        assert kind.label not in labels(f"See {text} there"), text[:40]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("https://maria:Tn4Kx9Lb3@example.com/a", "Tn4Kx9Lb3"),
        ('password = "c0rrect-horse!"', "c0rrect-horse!"),
        ("Authorization: Bearer q8Zr2Wv6Tn4Kx9Lb3Mh7", "q8Zr2Wv6Tn4Kx9Lb3Mh7"),
        (r"{\"password\": \"Tn4Kx9Lb3\"}", "Tn4Kx9Lb3"),
        (
            "AccountName=a;AccountKey=" + "q8Zr2Wv6Tn4Kx9Lb3Mh7" * 4 + "Jd5Fc1==",
            "q8Zr2Wv6Tn4Kx9Lb3Mh7" * 4 + "Jd5Fc1==",
        ),
    ],
    ids=["url", "password", "header", "escaped", "connection string"],
)
def test_the_secret_alone_is_found(text: str, secret: str) -> None:
    """What stands beside it stays readable."""
    spans = [one.span for one in GUARD.inspect(text, GuardContext())]
    assert secret in [text[span.start : span.end] for span in spans]


def test_a_secret_in_disguise_is_found() -> None:
    """Escapes and invisible characters hide nothing; the finding covers all of them."""
    text = "key: \\u0041KIA\u200bQ7ZR2WV6TN4KX3LB."
    assert [(one.label, one.span.start, one.span.end) for one in GUARD.inspect(text, GuardContext())] == [
        ("AWS_ACCESS_KEY", 5, len(text) - 1)
    ]


def test_a_key_without_an_end_is_found() -> None:
    """However long a block goes on, and wherever it breaks off."""
    for lines in (1, 30, 3000):
        text = "-----BEGIN PRIVATE " + "KEY-----\n" + "q8Zr2Wv6Tn4Kx9Lb3Mh7Jd5Fc1Gs0Py8\n" * lines
        found = GUARD.inspect(text, GuardContext())
        assert [one.label for one in found] == ["PRIVATE_KEY"]
        assert found[0].span.start == 0
        assert found[0].span.end >= len(text) - 1


def test_randomness_is_measured_in_bits_a_character() -> None:
    """One character has none, two in equal parts have one bit."""
    assert [bits(text) for text in ("", "aaaa", "abab", "abcdefgh")] == [0.0, 0.0, 1.0, 3.0]


def test_options_are_read() -> None:
    """Kinds are chosen by name, guesses left out, and texts allowed."""
    text = "password = 'hunter2' and AKIA" + "Q7ZR2WV6TN4KX3LB"

    def found(**options: object) -> list[str]:
        return [one.label for one in build(Options(options, "guards[0]")).inspect(text, GuardContext())]

    assert sorted(found()) == ["AWS_ACCESS_KEY", "PASSWORD"]
    assert found(kinds=["PASSWORD"]) == ["PASSWORD"]
    assert found(guess=False) == ["AWS_ACCESS_KEY"]
    assert found(allow=["hunter2"]) == ["AWS_ACCESS_KEY"]
    with pytest.raises(PolicyError, match="Did you mean 'PASSWORD'"):
        found(kinds=["PASSWORT"])


def test_a_reason_quotes_nothing() -> None:
    """A reason says what kind of secret it is."""
    assert [one.reason for one in GUARD.inspect("password = 'hunter2'", GuardContext())] == [KINDS[-2].summary]


@pytest.mark.skipif(not DATASETS.is_dir(), reason="the data sets are not here")
def test_the_secrets_of_the_data_sets_are_found() -> None:
    """Recall and precision are at least 0.99 over both sets, and plain texts about security have none."""
    found = right = gold = hit = 0
    for name in ("pii_patterns_synth", "pii_presidio_synth", "cyber_benign"):
        lines = gzip.decompress((DATASETS / f"{name}.jsonl.gz").read_bytes()).decode().splitlines()
        for row in map(json.loads, lines):
            secret = [(one["start"], one["end"]) for one in row.get("spans", ()) if one["label"] == "SECRET"]
            spans = [(one.span.start, one.span.end) for one in GUARD.inspect(row["text"], GuardContext())]
            found, gold = found + len(spans), gold + len(secret)
            right += sum(any(start < two and one < end for one, two in secret) for start, end in spans)
            hit += sum(any(start <= one and two <= end for start, end in spans) for one, two in secret)
    assert gold > 300
    assert hit >= 0.99 * gold
    assert right >= 0.99 * found


def test_the_work_grows_with_the_text() -> None:
    """Whatever kinds begin with, over and over, is read."""
    for one in ("-----BEGIN ", "eyJ", "://a:", "password=", "sk-", "[", "a"):
        GUARD.inspect(one * (200_000 // len(one)), GuardContext())
