"""``log_mass`` and ``conditional`` in requests: what results and traces say, and what is refused."""

import json
import math
from typing import Any

import pytest

from llmpost import FieldDone, Finished, Policy, TextDelta
from llmpost.engine import Engine
from llmpost.errors import DeadEnd, PolicyError, RequestError
from llmpost.testing import ScriptedModel, random_script, scripted_engine

TOKENS = [bytes([octet]) for octet in b'abc{}":,[] 0123456789'] + [b"<end>"]
END = len(TOKENS) - 1


def engine_with(policy: Any = "bare") -> Engine:
    return scripted_engine(random_script(len(TOKENS), spread=1.0), TOKENS, [END], policy=policy)


def test_log_mass_is_told_for_each_token() -> None:
    """In the result, as plain data, added up; 0 in free rows, absent where nobody asks; and no token changes."""
    engine = engine_with()
    held = engine.generate("a", regex="[ab]{3}", temperature=1.0, seed=1, top_k=0, log_mass=True)
    assert held.log_mass is not None
    assert len(held.log_mass) == len(held.token_ids) == 4
    assert all(log_mass < 0 for log_mass in held.log_mass)
    assert held.log_weight == pytest.approx(sum(held.log_mass))
    told = json.loads(json.dumps(held.to_dict()))
    assert (told["log_mass"], told["log_weight"]) == (list(held.log_mass), held.log_weight)
    plain = engine.generate("a", regex="[ab]{3}", temperature=1.0, seed=1, top_k=0)
    assert (plain.token_ids, plain.log_mass, plain.log_weight) == (held.token_ids, None, None)
    free = engine.generate("a", temperature=1.0, max_new_tokens=3, log_mass=True, eos_token_id=[])
    assert (free.log_mass, free.log_weight) == ((0.0, 0.0, 0.0), 0.0)


def test_a_text_that_the_settings_rule_out_weighs_nothing() -> None:
    """What truncation would have cut without the mask has minus infinity, which is null in JSON."""
    result = scripted_engine(lambda tokens: [3.0, 2.0, 0.0], [b"a", b"b", b"c"]).generate(
        "a", choice=["cc"], temperature=1.0, top_k=2, log_mass=True
    )
    assert (result.log_mass, result.log_weight) == ((-math.inf, -math.inf), -math.inf)
    assert result.to_dict()["log_weight"] is None


def test_the_trace_says_how_it_was_drawn() -> None:
    """The number of tries, whether the law is that of the model, and how much of the model's texts fits at most."""
    exact = engine_with().generate("a", regex="[ab]{3}", conditional=True, conditional_tries=10_000, seed=4)
    assert exact.tries is not None
    assert exact.tries.is_exact
    assert exact.parsed == exact.text
    note = f"try {exact.tries.count} was taken: it follows the model's law given the regex, of which at most "
    assert exact.trace.notes[-1].startswith(note)
    assert (exact.trace.settings["conditional"], exact.trace.settings["conditional_tries"]) == (True, 10_000)
    assert json.loads(json.dumps(exact.to_dict()))["tries"]["count"] == exact.tries.count
    hasty = engine_with().generate("a", regex="[ab]{3}", conditional=True, conditional_tries=1, seed=4)
    assert hasty.tries is not None
    assert (hasty.tries.count, hasty.tries.is_exact, hasty.parsed) == (2, False, hasty.text)
    assert hasty.trace.notes[-1].startswith("2 tries did not come to a text that follows the model's law given the")
    assert engine_with().generate("a", regex="[ab]{3}").tries is None


def test_who_asks_for_the_law_has_the_whole_of_it() -> None:
    """Nobody asked to cut the 50 best off, and greedy decoding is no law: asking for one means to sample."""
    engine = scripted_engine(lambda tokens: [-float(i) / 100 for i in range(80)], [bytes([33 + i]) for i in range(80)])
    result = engine.generate("a", regex=chr(33 + 79), conditional=True, max_new_tokens=1)
    assert "top_k" not in result.trace.settings
    assert result.trace.settings["conditional_tries"] == 64
    assert result.trace.settings["do_sample"]
    with pytest.raises(DeadEnd, match="Loosen top_k"):
        engine.generate("a", regex=chr(33 + 79), conditional=True, max_new_tokens=1, top_k=50)


def test_a_schema_is_read_and_streamed_as_a_whole() -> None:
    """Nothing is shown before a try is taken; then text, fields and the value are those of any other output."""
    schema = {
        "type": "object", "properties": {"a": {"enum": [1, 2, 30]}}, "required": ["a"], "additionalProperties": False
    }  # fmt: skip
    arguments: dict[str, Any] = {"schema": schema, "whitespace": "compact", "conditional": True, "seed": 3}
    *events, last = engine_with().stream("a", **arguments)
    assert isinstance(last, Finished)
    result = engine_with().generate("a", **arguments)
    assert last.result.token_ids == result.token_ids
    assert result.parsed["a"] in (1, 2, 30)
    assert result.tries is not None
    assert result.tries.is_exact
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == result.text
    assert [event.path for event in events if isinstance(event, FieldDone)] == [("a",), ()]


def test_a_policy_may_ask_for_it() -> None:
    """As for every other setting; a call may say otherwise."""
    policy = Policy.from_dict({"version": 1, "name": "fair", "decode": {"conditional": True, "conditional_tries": 9}})
    assert engine_with(policy).generate("a", regex="[ab]{2}", seed=1).tries is not None
    assert engine_with(policy).generate("a", regex="[ab]{2}", seed=1, conditional=False).tries is None
    with pytest.raises(PolicyError, match=r"decode.conditional_tries: 0 is not a whole number from 1 to 10000"):
        Policy.from_dict({"version": 1, "decode": {"conditional_tries": 0}})


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "conditional without a constraint is not possible"),
    ({"regex": "a", "temperature": 0}, "conditional beside greedy decoding is not possible"),
    ({"regex": "a", "do_sample": False}, "conditional beside greedy decoding is not possible"),
    ({"regex": "a", "stop": "x"}, "conditional beside stop is not possible"),
    ({"regex": "a", "log_mass": True}, "conditional beside log_mass is not possible"),
    ({"regex": "a", "num_beams": 2}, "'num_beams' is not in this version yet"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[str(arguments) for arguments, _ in REFUSED])
def test_what_has_no_such_law_is_refused(arguments: dict[str, Any], message: str) -> None:
    """Before any work, in words; in a batch the request that asks ends alone."""
    engine = engine_with()
    with pytest.raises(RequestError, match=message):
        engine.generate("a", conditional=True, **arguments)
    assert isinstance(engine.loaded.model, ScriptedModel)
    assert engine.loaded.model.num_forwards == 0
    if "num_beams" not in arguments:
        mixed = engine.generate(["a", "b"], conditional=[True, False], max_new_tokens=2, **arguments)
        assert [result.finish_reason == "error" for result in mixed] == [True, False]


def test_an_abandoned_stream_frees_its_slots() -> None:
    """Also between two tries."""
    engine = engine_with()
    stream = engine.stream("a", regex="[ab]{3}", conditional=True, seed=1)
    next(stream)
    stream.close()
    assert isinstance(engine.loaded.model, ScriptedModel)
    assert engine.loaded.model.num_open == 0


def test_when_even_the_last_try_leads_nowhere() -> None:
    """There is a way, but tries ran out before it was found: a failure that says so, and no value."""
    rows = {0: [-math.inf, -math.inf, 0.0], 1: [-math.inf, -math.inf, 0.0], 2: [0.0, 0.0, 0.0]}
    engine = scripted_engine(lambda tokens: rows[tokens[-1]], [b"a", b"b", b"c"])
    results = [engine.generate("c", regex="ab|ba|cc", conditional=True, conditional_tries=1, seed=s) for s in range(30)]
    failed = [result for result in results if result.finish_reason == "constraint_failed"]
    assert 0 < len(failed) < 30
    note = "the text is not complete under the regex: the last of 2 tries came to a dead end"
    assert {(result.text, result.parsed, result.trace.notes[-1]) for result in failed} == {("", None, note)}
    assert {result.text for result in results if result not in failed} == {"cc"}
