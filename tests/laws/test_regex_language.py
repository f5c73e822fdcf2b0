"""The language of a pattern against the engines that define it: `re`, the `regex` package, and interegular."""

from __future__ import annotations

import re
from collections.abc import Sequence

import interegular
import pytest
import regex
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from random_regexes import LETTERS, accepts, patterns, simple_patterns, texts

from llmpost.automata.algebra import EMPTY
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.errors import ConstraintError

several_texts = st.lists(texts(), min_size=4, max_size=12)


def compare(pattern: str, some: Sequence[str], search: bool) -> None:
    """The term accepts what `re` matches."""
    algebra = ReferenceAlgebra()
    term = language_of(read_regex(pattern), algebra, search=search)
    is_match = re.compile(pattern).search if search else re.compile(pattern).fullmatch
    assert {text: accepts(algebra, term, text) for text in some} == {text: is_match(text) is not None for text in some}


@settings(max_examples=400)
@given(patterns(), several_texts, st.booleans())
@example(r"(?:(?!a.*b).)*[ab]*", ["aab", "aabb", "abb", "baa"], False)
@example(r"(?:\b|a)*b", ["aab", "b", " b"], True)
@example(r"(?:(?:a*|(?=b))*b?)*\Z", ["", "aabb", "b\n"], False)
@example(r".*(?<!a(?<!ba))b", ["ab", "bab", "b"], False)
@example(r"(?m)(?:a$\n?|^b)+", ["a\nb", "a\na\n", "ab"], False)
@example(r"(?:\w{1,5}| )\b\s?", ["ab", "ab ", " ", "  "], False)
def test_it_is_what_re_matches(pattern: str, some: list[str], search: bool) -> None:
    """A term accepts exactly what `re.fullmatch` matches, or `re.search` finds; unless it is refused, with a caret."""
    try:
        compare(pattern, some, search)
    except ConstraintError as error:
        assert "inside of a look-behind" in error.given  # noqa: PT017  # all else must not be refused


@given(patterns(with_atomic=True), several_texts, st.booleans())
@example(r"a*+a", ["a", "aa"], False)
@example(r"(?>a|ab)b?", ["ab", "a", "abb"], False)
@example(r"(?>(?:ab|b)*)b?", ["abb", "b"], False)
@example(r"(?>a{1,2})a(?>a*?)b", ["aab", "aaab", "aaaab"], False)
@example(r"(?:ba{1,2}b){2}+a", ["babbaab", "babbaaba"], False)
def test_what_is_not_given_back(pattern: str, some: list[str], search: bool) -> None:
    """Atomic groups and possessive quantifiers match what they match in `re`, or they are refused."""
    try:
        compare(pattern, some, search)
    except ConstraintError as error:
        assert error.given in (  # noqa: PT017
            "the first match of this atomic group", "a look at more than one character inside of a look-behind",
        )  # fmt: skip


@given(patterns(), st.data())
def test_texts_made_of_the_pattern(pattern: str, data: st.DataObject) -> None:
    """Texts that a pattern matches, and these with a letter changed, put in or left out, are judged as by `re`."""
    assume(not re.search(r"\^|\$|\\[AZbB]|\(\?[=!<]", pattern))  # for these `from_regex` only guesses
    text = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="utf-8")))
    place = data.draw(st.integers(0, len(text)))
    letter = data.draw(st.sampled_from(LETTERS))
    changed = [text[:place] + letter + text[place + cut :] for cut in (0, 1)]
    compare(pattern, [text, *changed, text[:place] + text[place + 1 :]], search=False)


@given(patterns(), several_texts, st.binary(max_size=4))
def test_only_valid_utf8(pattern: str, some: list[str], noise: bytes) -> None:
    """Bytes that are no UTF-8 text are never accepted, whatever stands around them."""
    algebra = ReferenceAlgebra()
    try:
        term = language_of(read_regex(pattern), algebra)
    except ConstraintError:
        return
    for text in some:
        for spoilt in (noise + text.encode(), text.encode() + noise, text.encode()[1:], b"\xed\xa0\x80", b"\xc0\x80"):
            if accepts(algebra, term, spoilt):
                spoilt.decode("utf-8")  # raises where it is none


@given(patterns(), texts(4), several_texts)
def test_what_is_dead_has_no_completion(pattern: str, start: str, some: list[str]) -> None:
    """Where `is_live` is False after some bytes, no text that begins with them is matched; EMPTY is never live."""
    algebra = ReferenceAlgebra(max_steps=20_000)
    try:
        term = algebra.after(language_of(read_regex(pattern), algebra), start.encode())
    except ConstraintError:
        return
    if term == EMPTY or not algebra.is_live(term):
        assert not any(re.fullmatch(pattern, start + text) for text in ["", *some])


PROPERTIES = ["Lu", "Ll", "L", "Nd", "Alphabetic", "Script=Greek", "Latin", "Uppercase", "White_Space", "P", "Greek"]


@given(st.sampled_from(PROPERTIES), st.sampled_from("pP"), st.booleans(), st.lists(st.characters(codec="utf-8")))
@example("Lu", "p", True, ["a", "A", "1", "ǅ"])
@example("Ll", "P", True, ["a", "A", "1", "ǅ"])
def test_properties(name: str, letter: str, ignore_case: bool, some: list[str]) -> None:
    r"""``\p{..}`` and ``\P{..}`` are what the `regex` package says, in either case and with case ignored."""
    pattern = f"\\{letter}{{{name}}}"
    algebra = ReferenceAlgebra()
    term = language_of(read_regex(pattern, ignore_case=ignore_case), algebra)
    oracle = regex.compile(pattern, regex.V0 | (regex.I if ignore_case else 0))
    assert [accepts(algebra, term, one) for one in some] == [oracle.fullmatch(one) is not None for one in some]


@given(simple_patterns(), several_texts)
def test_interegular_agrees(pattern: str, some: list[str]) -> None:
    """For patterns without flags and edges, interegular's automaton accepts the same texts."""
    automaton = interegular.parse_pattern(pattern).to_fsm()
    algebra = ReferenceAlgebra()
    term = language_of(read_regex(pattern), algebra)
    assert [accepts(algebra, term, text) for text in some] == [automaton.accepts(text) for text in some]


@pytest.mark.parametrize("pattern", [r"[^\s\S]", "a^b", r"(?!)", r"a\Bb\b.(?<!.)", "$a"])
def test_empty_languages_are_dead(pattern: str) -> None:
    """A pattern that nothing matches is no error here: its term is dead."""
    algebra = ReferenceAlgebra()
    assert not algebra.is_live(language_of(read_regex(pattern), algebra))
