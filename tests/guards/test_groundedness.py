"""The detector of unfounded claims, on sources and sentences that were written for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.contracts.guard import GuardContext
from llmpost.errors import RequestError
from llmpost.guards.groundedness.claims import claim_of
from llmpost.guards.groundedness.guard import THRESHOLDS, Groundedness
from llmpost.guards.groundedness.sentences import LONGEST, Reading, sentences
from llmpost.testing import check_guard
from tools.labelled.claims import CASES

SOURCE = CASES[0].source


def doubt(source: str, sentence: str) -> float:
    return max((found.score for found in Groundedness((source,)).inspect(sentence, GuardContext())), default=0.0)


@pytest.mark.parametrize("case", CASES, ids=["museum", "order", "library"])
def test_most_are_told_apart(case: object) -> None:
    """At the threshold that ships at least three of four sentences of each source are judged as they were labelled."""
    of_case = CASES[CASES.index(case)]  # type: ignore[arg-type]
    least = THRESHOLDS["ungrounded"]
    right = [doubt(of_case.source, text) < least for text in of_case.founded]
    right += [doubt(of_case.source, text) >= least for text in of_case.unfounded]
    assert sum(right) * 4 >= len(right) * 3


def test_a_source_bears_itself_out() -> None:
    """What is copied from a source is founded, sentence by sentence."""
    for case in CASES:
        findings = Groundedness((case.source,)).inspect(case.source, GuardContext())
        assert findings
        assert all(found.score == 0.0 for found in findings)


@pytest.mark.parametrize(
    ("one", "other"), [("1,200 units", "1200 units"), ("2.50 kg", "2,5 kg"), ("seven", "7"), ("1'000", "1.000")]
)
def test_numbers_are_compared_by_value(one: str, other: str) -> None:
    """However a number is written, it is the same."""
    assert claim_of(one).numbers == claim_of(other).numbers != frozenset()


def test_the_prompt_is_the_source_where_no_other_is_named() -> None:
    """Claims are looked up in what the model was given; with nothing at all to look in, that is an error."""
    guard = Groundedness()
    [found] = guard.inspect("The museum opened in 1987.", GuardContext(prompt=SOURCE))
    assert found.score == 0.0
    with pytest.raises(RequestError, match="no source"):
        guard.inspect("The museum opened in 1987.", GuardContext())


def test_a_model_that_reads_is_asked_instead() -> None:
    """What is handed in judges each claim, and its word is the score."""

    class Doubter:
        def support(self, sources: Sequence[str], claim: str, context: GuardContext) -> float:
            return 0.25 if "1987" in claim else 1.0

    findings = Groundedness((SOURCE,), Doubter()).inspect("It opened in 1987. The lamp is old.", GuardContext())
    assert [found.score for found in findings] == [0.75, 0.0]


@given(st.text(st.sampled_from("ab. !\n。\u2028\ud800"), max_size=60), st.integers(0, 60))
def test_sentences_are_the_same_however_cut(text: str, place: int) -> None:
    """Together they are the text, none is too long, and where the pieces end does not matter."""
    first, reading = Reading().follow(text[:place], False)
    assert first + reading.follow(text[place:], True)[0] == sentences(text)
    assert "".join(sentence.text for sentence in sentences(text)) == text
    assert all(len(sentence.text) <= LONGEST for sentence in sentences(text * 30))


@pytest.mark.slow
def test_it_keeps_its_promises() -> None:
    """The suite finds nothing to say."""
    texts = [" ".join((*case.founded, *case.unfounded)) for case in CASES]
    check_guard(Groundedness((SOURCE,)), [*texts, "word " * 200])
