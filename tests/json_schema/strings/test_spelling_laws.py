"""A language of strings is the language of all their spellings, for texts, patterns and lengths, in both algebras."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from paired_patterns import Pair, patterns, simple_loops
from spelled_strings import ALGEBRAS, LETTERS, STYLES, accepts, spelled, strings_of, takes, texts

from llmpost.errors import ConstraintError

styles, kinds = st.sampled_from(STYLES), st.sampled_from(ALGEBRAS)
lengths = st.tuples(st.integers(0, 4), st.none() | st.integers(0, 8))


def is_in(text: str, pattern: str, low: int, high: int | None) -> bool:
    return re.search(pattern, text) is not None and low <= len(text) and (high is None or len(text) <= high)


@given(styles, kinds, texts, st.data())
def test_any_has_every_spelling(style: str, kind: str, text: str, data: st.DataObject) -> None:
    """Every spelling of every string is a body, and decodes to that string."""
    strings = strings_of(style, kind)
    body = data.draw(spelled(text, style))
    assert accepts(strings, strings.any(), body)
    assert strings.decoded(body) == text


@given(styles, kinds, texts, st.sampled_from(LETTERS), st.binary(max_size=3), st.data())
@example("any", "plain", "a", "a", b"\\ud800", None)
def test_what_is_a_body_decodes(
    style: str, kind: str, text: str, letter: str, noise: bytes, data: st.DataObject | None
) -> None:
    """Whatever is accepted is the body of a string in strict JSON, and has no lone surrogate."""
    strings = strings_of(style, kind)
    body = text.encode() if data is None else data.draw(spelled(text + letter, style))
    for spoilt in (noise + body, body + noise, body[1:], body[:-1], body + b"\\", noise):
        if accepts(strings, strings.any(), spoilt):
            json.loads(b'"' + spoilt + b'"').encode("utf-8")  # raises for a lone surrogate


@pytest.mark.parametrize("kind", ALGEBRAS)
@pytest.mark.parametrize(
    "body", [rb"\u0061", rb"\/", rb"\u00E9", rb"\u000a", rb"\u0022", rb"\u2F800", rb"\uD83D\uDE00", rb"\u005c"]
)
def test_minimal_is_what_is_printed(kind: str, body: bytes) -> None:
    """`minimal` refuses what `json.dumps` never prints, and `any` takes it."""
    minimal, every = strings_of("minimal", kind), strings_of("any", kind)
    assert not accepts(minimal, minimal.any(), body)
    assert accepts(every, every.any(), body)


@pytest.mark.parametrize("kind", ALGEBRAS)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("half", ["d800", "dbff", "dc00", "dfff", "D83D"])
def test_no_lone_surrogate(kind: str, style: str, half: str) -> None:
    """Half of a pair has no spelling, at the end, before a character, before an escape or another first half."""
    strings = strings_of(style, kind)
    for behind in (b"", b"a", rb"\n", rb"\u0061", rb"\ud800"):
        assert not accepts(strings, strings.any(), b"\\u" + half.encode() + behind)
    assert strings.few(strings.texts([chr(int(half, 16)), "a"]), 5) == ["a"]


@settings(max_examples=200)
@given(patterns, styles, kinds, lengths, st.lists(texts, max_size=5), st.data())
@example(("^a|b$", r"\Aa|b\Z"), "minimal", "plain", (0, None), ["ab", "ba", "b", "xa"], None)
@example((r"(?<!\\)n", r"(?<!\\)n"), "minimal", "plain", (0, None), ["\n", "n", "\\n", "a\nn"], None)
@example((r"^(?=.*\d)(?!.*\").{2,}$", r'\A(?=[^\n]*[0-9])(?!.*").{2,}\Z'), "any", "plain", (0, 3), ["a1", '1"'], None)
def test_patterns(
    pair: Pair,
    style: str,
    kind: str,
    bounds: tuple[int, int | None],
    some: list[str],
    data: st.DataObject | None,
) -> None:
    """A string is taken, in any spelling, exactly when `re` finds a match in it and it is as long as asked for."""
    strings = strings_of(style, kind)
    try:
        term = strings.matching(pair[0], *bounds)
    except ConstraintError as error:
        assert "look" in error.given  # noqa: PT017  # what looks around may take more than is allowed; nothing else
        return
    for text in some:
        body = data.draw(spelled(text, style)) if data else json.dumps(text)[1:-1].encode()
        assert accepts(strings, term, body) is is_in(text, pair[1], *bounds), text


@given(simple_loops, styles, lengths, st.lists(texts, max_size=5))
def test_one_counter(pair: Pair, style: str, bounds: tuple[int, int | None], some: list[str]) -> None:
    """Where lengths move the counter of a pattern, its language is what it is by intersection."""
    strings = strings_of(style)
    term = strings.matching(pair[0], *bounds)
    for text in [*some, "a" * 5 + "b", "aab", "ab", "abbb", "a\n\n", "b"]:
        assert takes(strings, term, text) is is_in(text, pair[1], *bounds), text


@settings(max_examples=60)
@given(styles, kinds, st.lists(texts, max_size=30), st.lists(texts, max_size=5), st.data())
def test_texts(style: str, kind: str, some: list[str], others: list[str], data: st.DataObject) -> None:
    """Exactly the given strings are accepted, in every spelling."""
    strings = strings_of(style, kind)
    term = strings.texts(some)
    for text in [*some[:5], *others, *(text + "a" for text in some[:2])]:
        assert accepts(strings, term, data.draw(spelled(text, style))) is (text in some), text


@pytest.mark.parametrize("kind", ALGEBRAS)
@pytest.mark.parametrize("style", STYLES)
def test_many_texts(kind: str, style: str) -> None:
    """Tens of thousands of strings, and one of a hundred thousand characters, are as exact as a few."""
    strings = strings_of(style, kind)
    size = 20_000 if kind == "compiled" else 2_000
    some = [f"ключ-{number}" for number in range(size)] + ["ж" * 5 * size, "key" * 50, ""]
    term = strings.texts(some)
    assert all(takes(strings, term, text) for text in ("ключ-0", f"ключ-{size - 1}", "ключ-777", "ж" * 5 * size, ""))
    assert not any(
        takes(strings, term, text)
        for text in ("ключ-", f"ключ-{size}", "ж" * (5 * size - 1), "ж" * (5 * size + 1), "k")
    )


@given(styles, st.lists(texts, max_size=8), st.lists(texts, max_size=8), texts, st.data())
def test_boolean_algebra(style: str, some: list[str], others: list[str], text: str, data: st.DataObject) -> None:
    """Intersection, alternative and complement, met with any string, are those of sets of strings."""
    strings = strings_of(style)
    algebra = strings._algebra
    left, right = strings.texts(some), strings.texts(others)
    body = data.draw(spelled(text, style))
    outside = algebra.intersect([strings.any(), algebra.complement(left)])
    assert accepts(strings, algebra.intersect([left, right]), body) is (text in some and text in others)
    assert accepts(strings, algebra.alternate([left, right]), body) is (text in some or text in others)
    assert accepts(strings, outside, body) is (text not in some)


@given(styles, texts, lengths)
def test_lengths(style: str, text: str, bounds: tuple[int, int | None]) -> None:
    """Lengths count characters, one for a pair of surrogates; from more than to less is nothing."""
    low, high = bounds
    strings = strings_of(style)
    assert takes(strings, strings.of_length(low, high), text) is (low <= len(text) <= (99 if high is None else high))


def test_lengths_beyond_counting() -> None:
    """Bounds larger than any text are no error, and no upper bound."""
    strings = strings_of("minimal")
    assert strings.of_length(0, 10**30) == strings.any() == strings.of_length(0, None)
    assert not takes(strings, strings.of_length(10**30, None), "a")


@settings(max_examples=40)
@given(styles, st.lists(texts, max_size=8), st.integers(0, 8))
def test_few_of_texts(style: str, some: list[str], limit: int) -> None:
    """The strings of a small language are found, sorted, each once; where they are more than asked for, None."""
    strings = strings_of(style)
    expected = sorted(set(some))
    assert strings.few(strings.texts(some), limit) == (expected if len(expected) <= limit else None)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^(yes|no)$", ["no", "yes"]),
        ("^[ab]{1,2}$", ["a", "aa", "ab", "b", "ba", "bb"]),
        ("^a*$", None),
        ("a", None),
        ("^.$", None),
        ("^(?!b)[abc]$", ["a", "c"]),
        (r"^[\\\"é/\n]$", ["\n", '"', "/", "\\", "é"]),
        ("a^", []),
        (r"^(\x01|\x7f|😀|\u2028)$", ["\x01", "\x7f", "\u2028", "😀"]),
        ("^.{2000}$", None),
    ],
)
@pytest.mark.parametrize("style", STYLES)
def test_few_of_patterns(style: str, pattern: str, expected: list[str] | None) -> None:
    """The same for languages that were given as patterns."""
    strings = strings_of(style)
    assert strings.few(strings.matching(pattern), 20) == expected


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "[b-a]", "a**", "(?<n>a)\\k<n>"])
def test_what_cannot_be_read(pattern: str) -> None:
    """A pattern that is broken or not regular is refused with a caret."""
    with pytest.raises(ConstraintError) as caught:
        strings_of("minimal").matching(pattern)
    assert caught.value.hint.endswith("^")


@given(patterns)
def test_lengths_of_patterns(pair: Pair) -> None:
    """A pattern that asks for no more than its own lengths is the same term."""
    assume(not re.search(r"\\[bB]|\(\?[=!]", pair[0]))
    strings = strings_of("minimal")
    assert strings.matching(pair[0], 0, None) == strings.matching(pair[0])
