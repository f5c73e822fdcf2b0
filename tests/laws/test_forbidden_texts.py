"""What is forbidden is in no text, and nothing else is forbidden."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_forbid import Given, is_clean, leaves_nothing, some_rules
from random_languages import BruteForce, constraint_in, small_space, vocabularies, walk_along

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints import Constraint
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.forbid.free import FreeText
from llmpost.constraints.forbid.source import ForbiddenSource
from llmpost.constraints.regex import RegexSource
from llmpost.errors import ConstraintError

BYTES = Vocabulary.from_tokens([*(bytes([octet]) for octet in range(256)), b"ab", b"a1", b" 1", b"</s>"], eos_ids=[259])
LETTERS = 'abBK1-2 ,é"\\\nn0u9etr'


def compiled(forbid: list[Given], vocabulary: Vocabulary = BYTES, **language: object) -> Constraint | None:
    """None where every text is forbidden."""
    try:
        return compile_constraint(vocabulary, forbid=forbid, max_seconds=30.0, **language)
    except ConstraintError as error:
        if not leaves_nothing(error):
            raise
        return None


@settings(max_examples=300)
@given(some_rules, st.lists(st.text(LETTERS, max_size=12), min_size=1, max_size=8))
@example([r"\bab\b", {"phrase": "KB", "ignore_case": True}], ["ab", "xab", "kb", "\u212ab"])
def test_free_text_is_accepted_when_clean(forbid: list[Given], texts: list[str]) -> None:
    """A text is accepted exactly when the `regex` package finds nothing forbidden in it."""
    constraint = compiled(forbid)
    assert constraint is not None
    for text in texts:
        assert constraint.accepts(text) == is_clean(forbid, text), text


@settings(max_examples=150)
@given(some_rules, st.lists(st.text("ab1 2", max_size=7), min_size=1, max_size=8))
def test_pattern_is_held_against_what_is_forbidden(forbid: list[Given], texts: list[str]) -> None:
    """Beside a pattern both must hold."""
    pattern = r"[ab]*(1[ab1 ]+|22)?"
    constraint, alone = compiled(forbid, regex=pattern), compile_constraint(BYTES, regex=pattern)
    for text in texts:
        wanted = alone.accepts(text) and is_clean(forbid, text)
        assert (constraint is not None and constraint.accepts(text)) == wanted, text


@settings(max_examples=100)
@given(
    vocabularies(),
    st.lists(st.sampled_from(["a", "ab", "ba", "é", "(?<!a)b", "a{3}", "^a", "b$"]), min_size=1, max_size=2),
    st.sampled_from([None, "[abé]*", "a?(ba)*é", "(ab|é){2}"]),
    st.lists(st.integers(0, 100), max_size=4),
)
def test_mask_is_brute_force(
    vocabulary: Vocabulary, forbid: list[Given], pattern: str | None, choices: list[int]
) -> None:
    """Whatever the tokens, one is allowed exactly when some completion of it is clean."""
    source = ForbiddenSource(FreeText() if pattern is None else RegexSource.of(pattern), Forbidden.of(forbid))
    oracle = BruteForce(vocabulary, source)
    constraint = constraint_in(small_space(vocabulary), source)
    assert (constraint is not None) == oracle.can_finish(b"")
    if constraint is None:
        return
    for text, state in walk_along(constraint.start(), vocabulary, choices):
        assert state.mask().ids().tolist() == oracle.allowed(text)
        assert [token for token in range(vocabulary.size) if state.allows(token)] == oracle.allowed(text)
