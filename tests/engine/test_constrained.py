"""``generate(regex=…)``, ``choice=``, ``quote=``, ``language=``: no other comes out; the trace says what held it."""

import json
import re
from typing import Any

import pytest

from llmpost import Finished, TextDelta
from llmpost.constraints.languages import quote, regex
from llmpost.engine import Engine
from llmpost.errors import ConstraintError, DeadEnd, RequestError
from llmpost.logits import Constrained
from llmpost.testing import ScriptedModel, random_script, scripted_engine

LETTERS = [bytes([97 + i]) for i in range(26)] + [b"yes", b"no", b"1", b"23", b" ", b"<end>"]
END = len(LETTERS) - 1
SAMPLED: dict[str, Any] = {"temperature": 0.9, "top_k": 10, "top_p": 0.9, "seed": 3}


class Foreign:
    """A processor of somebody's; tests are called after it, and so it has a name."""

    def __call__(self, ids: Any, scores: Any) -> Any:
        return 0 * ids.sum() + scores.nan_to_num(neginf=0.0)

    def __repr__(self) -> str:
        return "Foreign()"


SETTINGS: list[dict[str, Any]] = [
    {"temperature": 0},
    SAMPLED,
    {"temperature": 1.2, "top_k": 0, "seed": 5},
    {"temperature": 1.0, "top_k": 0, "min_p": 0.05, "repetition_penalty": 1.2, "seed": 8},
    {"temperature": 1.0, "order": ["top_k", "temperature"], "top_k": 5, "seed": 8},
    {"temperature": 0.9, "top_logprobs": 2, "seed": 9},
    {"temperature": 0.9, "logits_processor": [Foreign()], "seed": 9},
]


def engine_with(script: Any = None, end_ids: tuple[int, ...] = (END,)) -> Engine:
    return scripted_engine(script or random_script(len(LETTERS)), LETTERS, end_ids)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_only_what_is_held_to_comes_out(settings: dict[str, Any]) -> None:
    """Greedy and sampled, lazily masked or not: the whole text matches, is the value, and the end id ends it."""
    for prompt in "abcdef":
        result = engine_with().generate(prompt, regex="[b-d]{2,4}(yes|no)1?", **settings)
        assert re.fullmatch("[b-d]{2,4}(yes|no)1?", result.text)
        assert (result.parsed, result.finish_reason, result.token_ids[-1]) == (result.text, "stop", END)
        chosen = engine_with().generate(prompt, choice=["yes", "no", "yesno"], **settings)
        assert chosen.parsed == chosen.text
        assert chosen.text in ("yes", "no", "yesno")


@pytest.mark.parametrize("settings", SETTINGS[:6], ids=str)
def test_lazy_masks_change_nothing(settings: dict[str, Any]) -> None:
    """A whole text, drawn with masks where they are needed and with one for each token, is the same."""
    for prompt in "abcdef":
        lazy = engine_with().generate(prompt, regex="([b-x]|yes| ){5,20}", **settings)
        full = engine_with().generate(prompt, regex="([b-x]|yes| ){5,20}", logits_processor=[Constrained()], **settings)
        assert lazy.token_ids == full.token_ids
        assert lazy.text == full.text


def test_the_trace_says_what_held_it() -> None:
    """A digest of what was asked for, and a note; nothing of either without a constraint."""
    result = engine_with().generate("a", regex="[ab]{3}")
    assert result.trace.settings["regex"].startswith("sha256:")
    assert "each token was held to the regex" in result.trace.notes
    assert json.loads(json.dumps(result.to_dict()))["parsed"] == result.text
    assert "each token was held to the choice" in engine_with().generate("a", choice=["no"]).trace.notes
    plain = engine_with().generate("a", max_new_tokens=3)
    assert not any("held" in note for note in plain.trace.notes)
    assert plain.parsed is None


def test_what_was_cut_off_is_no_value() -> None:
    """Its text is kept under its reason, nothing is parsed, and the trace says what cut it."""
    engine = engine_with(lambda tokens: [float(i == 1) for i in range(len(LETTERS))])
    result = engine.generate("a", regex="b{5}", stop="bbb")
    assert (result.text, result.parsed, result.finish_reason) == ("", None, "stop")
    assert result.trace.notes[-1] == "the text is not complete under the regex: it ended by the stop string 'bbb'"
    whole = engine.generate("a", regex="b{5}")
    assert (whole.text, whole.parsed) == ("bbbbb", "bbbbb")


@pytest.mark.parametrize(("end_ids", "text", "reason"), [((END,), "bbb", "stop"), ((), "bbbb", "length")])
def test_a_text_is_complete_when_the_tokens_run_out(end_ids: tuple[int, ...], text: str, reason: str) -> None:
    """The end id is one of them; where there is none, a text may end as it stands."""
    engine = engine_with(lambda tokens: [float(i == 1) for i in range(len(LETTERS))], end_ids=end_ids)
    result = engine.generate("a", regex="b+", max_new_tokens=4)
    assert (result.parsed, result.finish_reason) == (text, reason)
    assert "complete" not in result.trace.notes[-1]


def test_without_an_end_id_a_finished_text_stops() -> None:
    """Nobody can choose to stop, so the text stops where nothing may follow."""
    result = engine_with(end_ids=()).generate("a", choice=["yes", "no1"])
    assert (result.parsed, result.finish_reason) == (result.text, "stop")
    assert result.text in ("yes", "no1")


def test_the_end_ids_in_force_end_it() -> None:
    """`eos_token_id` names the ids that end a text, under a constraint too; such an id writes nothing."""
    space = LETTERS.index(b" ")
    result = engine_with().generate("a", regex="b{2}", eos_token_id=space)
    assert (result.text, result.token_ids[-1], result.finish_reason) == ("bb", space, "stop")


def test_a_minimum_that_contradicts_is_a_dead_end() -> None:
    """No text of the choice is that long: an error that says so, not a text that is not among them."""
    with pytest.raises(DeadEnd, match="Loosen the stages or the constraint"):
        engine_with().generate("a", choice=["yes"], min_new_tokens=5)


def test_a_batch_has_one_for_all_or_one_for_each_row() -> None:
    """A string, or a list of strings as a choice, is for all; a list of them is one for each, None for none."""
    engine = engine_with()
    assert {result.text for result in engine.generate(["a", "b", "c"], regex="b{3}")} == {"bbb"}
    for_all = engine.generate(["a", "b"], choice=["yes", "no"])
    assert {result.text for result in for_all} <= {"yes", "no"}
    each = engine.generate(["a", "b", "c"], regex=["b{2}", None, "("], max_new_tokens=4, seed=1)
    assert [result.finish_reason for result in each][::2] == ["stop", "error"]
    assert (each[0].text, each[1].parsed) == ("bb", None)
    assert isinstance(each[2].error, ConstraintError)
    choices = engine.generate(["a", "b"], choice=[["yes"], ["no"]])
    assert [result.parsed for result in choices] == ["yes", "no"]
    mixed = engine.generate(["a", "b"], choice=[["yes"], None], regex=[None, "b1"])
    assert [result.parsed for result in mixed] == ["yes", "b1"]
    assert mixed[1].token_ids == engine.generate("b", regex="b1").token_ids


def test_a_quotation_stands_in_a_document() -> None:
    """In the one, or in one of several; a list of lists is one for each row, and each document has a digest."""
    engine, documents = engine_with(), ["yes or no", "a no is no yes"]
    one = engine.generate("a", quote=documents[0], max_new_tokens=20)
    assert one.parsed == one.text
    assert one.text in documents[0]
    assert "each token was held to the quote" in one.trace.notes
    assert any(engine.generate("b", quote=documents, temperature=0.9, seed=1).text in one for one in documents)
    each = engine.generate(["a", "b"], quote=[documents[:1], documents[1:]])
    assert all(result.text in document for result, document in zip(each, documents, strict=True))
    assert each[0].trace.settings["quote"] == one.trace.settings["quote"] != each[1].trace.settings["quote"]


def test_an_expression_holds_the_text() -> None:
    """In a batch a list is one for each row; equal expressions have one digest."""
    engine, language = engine_with(), "no " + quote("yes or no", least=3) - "yes or no"
    result = engine.generate("a", language=language)
    assert result.text.removeprefix("no ") in "yes or no"
    assert result.parsed == result.text != "yes or no"
    each = engine.generate(["a", "b"], language=[language, regex("b") | "yes"])
    assert each[0].trace.settings["language"] == result.trace.settings["language"]
    assert each[1].text in ("b", "yes")


def test_each_candidate_is_held() -> None:
    """All candidates of a request match, and each has its own value."""
    result = engine_with().generate("a", regex="[a-z]{4}", n=4, **SAMPLED)
    assert [candidate.parsed for candidate in result.candidates] == [candidate.text for candidate in result.candidates]
    assert all(re.fullmatch("[a-z]{4}", candidate.text) for candidate in result.candidates)


def test_a_stream_is_held() -> None:
    """The pieces, joined, are the value."""
    *deltas, last = engine_with().stream("a", regex="[a-z]{4}(yes|no)")
    assert isinstance(last, Finished)
    assert "".join(delta.text for delta in deltas if isinstance(delta, TextDelta)) == last.result.parsed


BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"regex": "a("}, ConstraintError, "regex"),
    ({"regex": "(a)\\1"}, ConstraintError, "regex"),
    ({"regex": "[^\\s\\S]"}, ConstraintError, "regex"),
    ({"regex": "\N{GREEK SMALL LETTER ALPHA}"}, ConstraintError, "regex"),
    ({"regex": 5}, RequestError, "generate.regex: 5 is not a regular expression"),
    ({"regex": re.compile("a")}, RequestError, "Pass its pattern: compiled.pattern"),
    ({"choice": []}, RequestError, "generate.choice: \\[\\] is not a list of texts, at least one"),
    ({"choice": "a,b"}, RequestError, "generate.choice: 'a,b' is not a list of texts"),
    ({"choice": ["a", 1]}, RequestError, "generate.choice"),
    ({"choice": ["a"], "regex": "a"}, RequestError, "generate.choice: choice beside regex is not possible: one"),
    ({"quote": 5}, RequestError, "generate.quote: 5 is not a text, or a list of them"),
    ({"quote": [b"a"]}, RequestError, "generate.quote"),
    ({"quote": ""}, ConstraintError, "quote: '' is not a language with any text"),
    ({"language": 5}, ConstraintError, "language: .* is not a language. Make one: regex"),
    ({"language": regex("a") & "b"}, ConstraintError, "language: .* is not a language with any text"),
    ({"quote": "a", "language": regex("a")}, RequestError, "generate.language: language beside quote is not possible"),
    ({"schema": True, "regex": "a"}, RequestError, "generate.regex: regex beside schema is not possible: one"),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), BAD, ids=[str(arguments) for arguments, *_ in BAD])
def test_bad_constraints_are_refused_before_any_work(
    arguments: dict[str, Any], kind: type[Exception], message: str
) -> None:
    """Alone and shared by a batch they raise, and the model was never called."""
    engine = engine_with()
    for prompt in ("a", ["a", "b"]):
        with pytest.raises(kind, match=message):
            engine.generate(prompt, **arguments)
    assert isinstance(engine.loaded.model, ScriptedModel)
    assert engine.loaded.model.num_forwards == 0


@pytest.mark.parametrize(("favourite", "num_redrawn"), [("a", 0), ("b", 1)])
def test_rows_drawn_again_are_counted(favourite: str, num_redrawn: int) -> None:
    """A best id that the constraint allows costs no second draw; a forbidden one costs one, which the timings count,
    and leaves its mask at hand for the next time."""
    tokens = [*(bytes([97 + i]) for i in range(11)), b"own " + favourite.encode()]  # a vocabulary nobody else uses
    best = tokens.index(favourite.encode())
    engine = scripted_engine(lambda context: [float(i == best) - i / 100 for i in range(len(tokens))], tokens)
    result = engine.generate("k", regex="a*", temperature=0, max_new_tokens=4)
    assert result.text == "aaaa"
    assert result.timings.num_redrawn == num_redrawn


def test_a_choice_of_what_is_no_text_is_refused() -> None:
    """In four parts, whatever it is."""
    engine = scripted_engine(random_script(1), [b"a"])
    for wrong in (["a", 1], ["a", ["b"]], ["a", "\ud800"]):
        with pytest.raises((ConstraintError, RequestError), match="choice"):
            engine.generate("a", choice=wrong)
