"""Reading patterns: what is refused and where the caret stands, and that no text at all breaks the reader."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llmpost.automata.reference import ReferenceAlgebra
from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import MAX_DEPTH, MAX_LENGTH, read_regex
from llmpost.automata.regex.syntax import Characters, Expression, Literal, Repeat
from llmpost.errors import ConstraintError

SIGNS = [*"ab1\\[]^$.|()*+?{},-:=!<>PiNpukx# \n", "(?", "(?P<n>", "\\p{", "{2,3}", "[^", "(?<=", "(?>", "\ud800"]


@pytest.mark.parametrize(
    ("pattern", "place", "words"),
    [
        ("ab[c", 2, "a closed class"),
        ("[z-a]", 1, "one from a lower to a higher character"),
        (r"[\w-z]", 1, "one from a lower to a higher character"),
        ("a|*b", 2, "behind something to repeat"),
        ("a**", 2, "behind something to repeat"),
        ("^*", 1, "behind something to repeat"),
        ("x{3,2}", 1, "a count from low to high"),
        ("x{1,2000000}", 1, "at most 1000000"),
        ("a(b", 1, "closed"),
        ("ab)", 2, "the end of a group here"),
        ("a(?#b", 1, "closed by ')'"),
        ("(?P<1a>b)", 0, "a group's name"),
        ("(?P<a>b)(?P<a>c)", 8, "a new name for a group"),
        ("a(?i)b", 1, "behind the start of a pattern"),
        ("(?k:a)", 0, "the beginning of a group"),
        ("(?L:a)", 0, "the beginning of a group"),
        ("(?i-i:a)", 0, "the beginning of a group"),
        (r"(a)\1", 3, "something that can be enforced"),
        ("(?P<a>b)(?P=a)", 8, "something that can be enforced"),
        ("(a)(?(1)b|c)", 3, "something that can be enforced"),
        ("a\\", 1, "followed by what it escapes"),
        (r"a\q", 1, "an escape of this dialect (python)"),
        (r"\x1", 0, "followed by the number of a character in 2 hexadecimal digits"),
        (r"\U00110000", 0, "followed by the number of a character in 8 hexadecimal digits"),
        (r"\N{NO SUCH}", 0, "a character's name"),
        (r"\p{NoSuch}", 0, "a Unicode property"),
        (r"\p{Lu", 0, "closed by '}'"),
        (r"\477", 0, "an octal number up to \\377"),
        ("é" * 100 + "(", 100, "closed"),
    ],
)
def test_a_caret_stands_under_the_place(pattern: str, place: int, words: str) -> None:
    """An error names the character, says what is allowed, and shows the pattern with a caret under that character."""
    with pytest.raises(ConstraintError) as caught:
        read_regex(pattern)
    error = caught.value
    assert (error.where, error.allowed) == (f"regex, character {place + 1}", words)
    shown, caret = str(error).split("\n")[-2:]
    assert shown[caret.index("^")] == pattern[place]


@pytest.mark.parametrize("dialect", Dialect)
@given(text=st.text() | st.lists(st.sampled_from(SIGNS), max_size=25).map("".join))
@example(text="(?x)a #")
@example(text="[]")
@example(text="\\u")
@example(text=r"\N{")
def test_any_text_is_read_or_refused(dialect: Dialect, text: str) -> None:
    """A tree or a ConstraintError: nothing else comes out, of whatever text."""
    try:
        tree = read_regex(text, dialect)
    except ConstraintError:
        return
    assert isinstance(tree, Expression)


@given(st.lists(st.sampled_from(SIGNS), max_size=12).map("".join))
def test_what_is_accepted_is_what_re_accepts(text: str) -> None:
    """What `re` can read is read, but for what is not regular; what it cannot is refused, but for our additions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(text)
            refusal_of_re = None
        except (re.error, OverflowError) as error:
            refusal_of_re = str(error)
    try:
        read_regex(text)
    except ConstraintError as error:
        assert refusal_of_re is not None or "enforced" in error.allowed  # noqa: PT017
    else:
        assert refusal_of_re is None or "fixed-width" in refusal_of_re or r"bad escape \p" in refusal_of_re


@pytest.mark.parametrize(
    ("pattern", "root"),
    [
        ("", Literal("")),
        ("abc", Literal("abc")),
        ("a(?:b)c", Literal("abc")),
        ("(?x) a b # c", Literal("ab")),
        ("a{,2}", Repeat(Literal("a"), 0, 2)),
        ("a{2", Literal("a{2")),
        ("a{}", Literal("a{}")),
        ("[]a]", Characters(((93, 93), (97, 97)))),
        (r"\x41\u00e9\U0001F600\N{BULLET}\101\0", Literal("Aé😀•A\0")),
        (r"[\b\1]", Characters(((1, 1), (8, 8)))),
        ("a(?#b)*", Repeat(Literal("a"), 0, None)),
        ("(?i)k", Characters(((75, 75), (107, 107), (8490, 8490)))),
    ],
)
def test_trees(pattern: str, root: object) -> None:
    """A few trees by hand: the spelling leaves no trace, literals are joined, braces may be characters."""
    assert read_regex(pattern).root == root


def test_depth_is_bounded_in_words() -> None:
    """As deep as is allowed a pattern is read and built; deeper, or as deep with edges inside, it is refused."""
    deep = "(?:x" * MAX_DEPTH + "z" + "|y)*" * MAX_DEPTH
    tree = read_regex(deep)
    for search in (False, True):
        language_of(tree, ReferenceAlgebra(), search=search)
    with pytest.raises(ConstraintError, match="nested at most"):
        read_regex(f"({deep})")
    with pytest.raises(ConstraintError, match="nested so deep"):
        language_of(read_regex(deep.replace("z", r"\b")), ReferenceAlgebra())


def test_length_is_bounded() -> None:
    """A pattern of a million characters is read, a longer one is refused."""
    assert read_regex("a" * MAX_LENGTH).root == Literal("a" * MAX_LENGTH)
    with pytest.raises(ConstraintError, match="at most 1000000"):
        read_regex("a" * (MAX_LENGTH + 1))
