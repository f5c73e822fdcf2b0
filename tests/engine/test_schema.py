"""``generate(schema=…)``: until masks hold the model to it, the text is read, checked, and the trace says so."""

import json
from dataclasses import dataclass

import pytest

from llmpost import Finished
from llmpost.engine import Engine
from llmpost.errors import ConstraintError
from llmpost.testing import scripted_engine

UNCONSTRAINED = "nothing was constrained: the first JSON value of the text was read and checked"
NUMBER = {"type": "integer"}
LETTERS = [b"1", b"a", b"<end>"]


@dataclass
class Person:
    name: str
    age: int


def writer(text: str) -> Engine:
    """An engine that writes these characters and ends, whatever it is asked."""
    order = [LETTERS.index(letter.encode()) for letter in text] + [2]
    return scripted_engine(lambda tokens: [float(i == order[len(tokens) - 1]) for i in range(3)], LETTERS, end_ids=[2])


def test_what_fits_is_parsed() -> None:
    """The value, the usual end, and a trace that claims no more than was done."""
    result = writer("11").generate("a", schema=NUMBER)
    assert (result.text, result.parsed, result.finish_reason) == ("11", 11, "stop")
    assert UNCONSTRAINED in result.trace.notes
    assert result.trace.settings["schema"].startswith("sha256:")
    assert json.loads(json.dumps(result.to_dict()))["parsed"] == 11


@pytest.mark.parametrize(("max_new_tokens", "end"), [(9, "stop"), (1, "length")])
def test_what_does_not_fit_has_failed(max_new_tokens: int, end: str) -> None:
    """Its text is kept, nothing is parsed, and the trace says why and how it ended."""
    result = writer("aa").generate("a", schema=NUMBER, max_new_tokens=max_new_tokens)
    assert (result.text, result.parsed, result.finish_reason) == ("aa"[:max_new_tokens], None, "constraint_failed")
    assert (
        result.trace.notes[-1]
        == f"the text is not of the type asked for: no JSON value in the text; it ended by '{end}'"
    )


def test_without_a_schema_nothing_is_read() -> None:
    """No value and no word about constraints."""
    result = writer("11").generate("a")
    assert result.parsed is None
    assert UNCONSTRAINED not in result.trace.notes


def test_a_batch_has_one_for_all_or_one_for_each() -> None:
    """A list is one schema for each prompt; a broken one ends its request alone."""
    engine = writer("11")
    assert [result.parsed for result in engine.generate(["a", "a"], schema=NUMBER)] == [11, 11]
    mixed = engine.generate(["a", "a", "a"], schema=[NUMBER, None, {"type": "objec"}])
    assert [(result.parsed, result.finish_reason) for result in mixed] == [
        (11, "stop"),
        (None, "stop"),
        (None, "error"),
    ]
    assert isinstance(mixed[2].error, ConstraintError)
    with pytest.raises(ConstraintError):
        engine.generate(["a", "a"], schema={"type": "objec"})


def test_each_candidate_is_read_for_itself() -> None:
    """With several candidates the result has the first one's value."""
    result = writer("11").generate("a", schema=NUMBER, n=2, temperature=0.01)
    assert [candidate.parsed for candidate in result.candidates] == [11, 11]
    assert result.parsed == 11


def test_a_stream_ends_with_the_value() -> None:
    """Pieces are text; the last event has the value."""
    *_, last = writer("11").stream("a", schema=NUMBER)
    assert isinstance(last, Finished)
    assert last.result.parsed == 11


def test_the_bundled_model_fills_a_dataclass(tiny: Engine) -> None:
    """From an English sentence, with a real model and no constraint."""
    result = tiny.generate("Extract the person: Maria Chen, 34, lives in Lisbon.", schema=Person)
    assert result.parsed == Person("Maria Chen", 34)
