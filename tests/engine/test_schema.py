"""``generate(schema=…)``: nothing else comes out, in any mode of the engine, and the trace says what held it."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from toy_constraints import WithTraps

from llmpost import Finished
from llmpost.contracts.result import FieldDone, TextDelta
from llmpost.engine import Engine
from llmpost.engine.assemble import assemble
from llmpost.engine.held import Held
from llmpost.engine.language import Language
from llmpost.engine.request import Asked
from llmpost.engine.run import BatchRun, Request
from llmpost.engine.tracing import make_trace, notes_on
from llmpost.errors import ConstraintError, LlmpostError, RequestError
from llmpost.logits import Constrained
from llmpost.policy import Policy, Settings
from llmpost.testing import random_script, scripted_engine

TOKENS = [*(bytes([octet]) for octet in range(32, 127)), b'": ', b'", "', b"\n", b"12", b"true", b"<end>"]
END = len(TOKENS) - 1
CHOSEN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["a", "bc"]},
        "sizes": {"type": "array", "items": {"type": "boolean"}, "maxItems": 3},
    },
    "required": ["sizes", "kind"],
    "additionalProperties": False,
}
SAMPLED: dict[str, Any] = {"temperature": 1.1, "top_k": 0, "seed": 3, "max_new_tokens": 300}
SETTINGS: list[dict[str, Any]] = [
    {"temperature": 0},
    {"temperature": 0.9, "top_k": 10, "top_p": 0.9, "seed": 3},
    {"temperature": 5.0, "top_k": 0, "seed": 5},
    {"temperature": 1.0, "top_k": 0, "min_p": 0.05, "repetition_penalty": 1.2, "seed": 8},
    {"temperature": 0.9, "top_logprobs": 2, "seed": 9},
]
SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "schemas" / "dev"


@dataclass
class Person:
    name: str
    age: int


def engine_with(script: Any = None, end_ids: tuple[int, ...] = (END,)) -> Engine:
    return scripted_engine(script or random_script(len(TOKENS)), TOKENS, end_ids)


def spelling(text: str) -> Engine:
    """An engine that would rather write these characters than anything else, and then end."""
    order = [TOKENS.index(letter.encode()) for letter in text] + [END]
    return engine_with(lambda tokens: [float(i == order[min(len(tokens), len(order)) - 1]) for i in range(len(TOKENS))])


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_only_instances_come_out(settings: dict[str, Any]) -> None:
    """Greedy and sampled, lazily masked or not: the text is valid, is the value, and the same with full masks."""
    for prompt in "abcd":
        result = engine_with().generate(prompt, schema=CHOSEN, max_new_tokens=300, **settings)
        assert result.finish_reason == "stop"
        assert result.parsed == json.loads(result.text)
        jsonschema.validate(result.parsed, CHOSEN)
        full = engine_with().generate(
            prompt, schema=CHOSEN, max_new_tokens=300, logits_processor=[Constrained()], **settings
        )
        assert full.token_ids == result.token_ids


def test_the_trace_says_what_held_it() -> None:
    """A digest of the schema, a note, and the options that were not the usual ones."""
    result = engine_with().generate("a", schema=CHOSEN, whitespace="compact", key_order="any", **SAMPLED)
    assert result.trace.settings["schema"].startswith("sha256:")
    assert (result.trace.settings["whitespace"], result.trace.settings["key_order"]) == ("compact", "any")
    assert "formats" not in result.trace.settings
    assert "each token was held to the schema" in result.trace.notes
    assert json.loads(json.dumps(result.to_dict()))["parsed"] == result.parsed


def test_what_was_cut_off_is_no_value() -> None:
    """Its text is kept under its reason, nothing is parsed, and the trace says what cut it."""
    engine = spelling('{"kind": "a", "sizes": []}')
    result = engine.generate("a", schema=CHOSEN, temperature=0, stop='"kind')
    assert (result.text, result.parsed, result.finish_reason) == ("{", None, "stop")
    assert (
        result.trace.notes[-1] == """the text is not complete under the schema: it ended by the stop string '"kind'"""
    )
    assert engine.generate("a", schema=CHOSEN, temperature=0).parsed == {"kind": "a", "sizes": []}


def test_what_is_complete_where_it_was_cut_is_a_value() -> None:
    """A number may end anywhere; what stands before a stop string may be whole."""
    number = spelling("1234").generate("a", schema={"type": "integer"}, temperature=0, max_new_tokens=3)
    assert (number.parsed, number.finish_reason) == (12, "stop")
    stopped = spelling("1234").generate("a", schema={"type": "integer"}, temperature=0, stop="34")
    assert (stopped.parsed, stopped.stop) == (12, "34")


def test_without_a_schema_nothing_is_read() -> None:
    """No value and no word about constraints."""
    result = spelling("[]").generate("a", temperature=0)
    assert (result.text, result.parsed) == ("[]", None)
    assert not any("held" in note for note in result.trace.notes)


def test_options_say_how_it_is_written() -> None:
    """Each of them, and in a batch one for all or one for each."""
    text = '{"sizes": [true], "kind": "a"}'
    engine, one = spelling(text), {"schema": CHOSEN, "temperature": 0}
    assert engine.generate("a", key_order="any", **one).text == text
    assert engine.generate("a", **one).text.startswith('{"kind"')
    assert " " not in engine.generate("a", whitespace="compact", **one).text
    assert engine.generate("a", whitespace={"indent": 2}, **one).text.startswith('{\n  "kind": ')
    each = engine.generate(["a", "a"], key_order=["any", None], **one)
    assert [result.text[:5] for result in each] == ['{"siz', '{"kin']
    some = engine.generate(["a", "a"], schema=[CHOSEN, None], key_order="any", temperature=0, max_new_tokens=40)
    assert [result.parsed is None for result in some] == [False, True]
    date = {"type": "string", "format": "date", "maxLength": 2}
    assert engine.generate("a", schema=date, formats="annotate", max_new_tokens=9).finish_reason == "stop"


REFUSED: list[tuple[dict[str, Any], type[LlmpostError], str]] = [
    ({"schema": {"type": "objec"}}, ConstraintError, "json_schema at /type"),
    ({"schema": '{"type": '}, ConstraintError, "json_schema:1:10"),
    ({"schema": False}, ConstraintError, "json_schema: .* any value satisfies"),
    (
        {"schema": {"type": "string", "format": "date", "maxLength": 2}},
        ConstraintError,
        "json_schema: .* any value satisfies",
    ),
    ({"schema": {"$ref": "https://example.org/s.json"}}, ConstraintError, r"json_schema at /\$ref"),
    ({"whitespace": "compact"}, RequestError, "generate.whitespace: whitespace without schema is not possible"),
    ({"regex": "a", "strict": True}, RequestError, "generate.strict: strict beside regex is not possible"),
    ({"schema": {}, "regex": "a"}, RequestError, "generate.regex: regex beside schema is not possible"),
    ({"schema": {}, "strict": "yes"}, RequestError, "generate.strict: 'yes' is not true or false"),
    ({"schema": {}, "escapes": "some"}, ConstraintError, "escapes: 'some' is not one of 'minimal', 'any'"),
    ({"schema": {}, "whitespace": {"indent": -1}}, ConstraintError, "whitespace"),
    ({"schema": {}, "key_ordre": "any"}, RequestError, "Did you mean 'key_order'?"),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_held_to_is_refused(arguments: dict[str, Any], kind: type[LlmpostError], message: str) -> None:
    """Before anything runs, alone and for a whole batch."""
    for prompt in ("a", ["a", "b"]):
        with pytest.raises(kind, match=message):
            engine_with().generate(prompt, **arguments)


def test_a_batch_has_one_for_all_or_one_for_each() -> None:
    """A list is one schema for each prompt; a broken one ends its request alone."""
    engine = engine_with()
    for result in engine.generate(["a", "b"], schema=CHOSEN, **SAMPLED):
        jsonschema.validate(result.parsed, CHOSEN)
    flags = {"type": "array", "items": {"type": "boolean"}, "maxItems": 2}
    mixed = engine.generate(
        ["a", "b", "c"], schema=[flags, None, {"type": "objec"}], **SAMPLED | {"max_new_tokens": 40}
    )
    jsonschema.validate(mixed[0].parsed, flags)
    assert mixed[0].token_ids == engine.generate("a", schema=flags, **SAMPLED | {"max_new_tokens": 40}).token_ids
    assert (mixed[1].parsed, mixed[2].finish_reason) == (None, "error")
    assert isinstance(mixed[2].error, ConstraintError)


def test_each_candidate_is_held() -> None:
    """Each has a value of its own, and the result the first one's."""
    result = engine_with().generate("a", schema=CHOSEN, n=3, **SAMPLED)
    for candidate in result.candidates:
        jsonschema.validate(candidate.parsed, CHOSEN)
    assert result.parsed == result.candidates[0].parsed
    assert len({candidate.text for candidate in result.candidates}) > 1


def test_what_is_left_out_is_said() -> None:
    """Not strict: a part that cannot be enforced is not, and the trace names it."""
    schema = {"type": "array", "items": {"$ref": "https://example.org/s.json"}, "maxItems": 0}
    result = engine_with().generate("a", schema=schema, strict=False, **SAMPLED)
    assert result.parsed == []
    assert "not enforced: /items/$ref" in result.trace.notes


def test_the_bundled_model_fills_a_dataclass(tiny: Engine) -> None:
    """From an English sentence, with a real model: no other fields than those asked for."""
    result = tiny.generate("Extract the person: Maria Chen, 34, lives in Lisbon.", schema=Person)
    assert result.parsed == Person("Maria Chen", 34)
    assert result.text == '{"name": "Maria Chen", "age": 34}'


@pytest.mark.skipif(not SCHEMAS.exists(), reason="the shared schemas are not here")
def test_a_large_schema_of_real_life_fits_the_budget(tiny: Engine) -> None:
    """Of tens of kilobytes: compiled within the engine's budget, and a value comes in the fewest tokens it needs."""
    with gzip.open(SCHEMAS / "Github_ultra.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    largest = max((row["schema"] for row in rows), key=lambda schema: len(json.dumps(schema)))
    assert len(json.dumps(largest)) > 60_000
    with pytest.raises(RequestError, match=r"max_new_tokens: 1 is not enough to complete the schema") as refused:
        tiny.generate("Write JSON.", schema=largest, max_new_tokens=1)
    needed = int(refused.value.hint.split()[2])
    result = tiny.generate("Write JSON.", schema=largest, temperature=1.0, seed=1, max_new_tokens=needed)
    assert result.finish_reason == "stop"
    jsonschema.validate(result.parsed, largest)


def held_run(language: WithTraps, settings: Settings) -> BatchRun:
    """A run of one request that is held to a constraint with dead ends."""
    loaded = scripted_engine(random_script(8), [bytes([97 + i]) for i in range(8)], [7]).loaded
    recipe, asked = assemble(settings, loaded), Asked(settings, None, Language("regex", "toy"))
    trace = make_trace(loaded.name, Policy.named("bare"), recipe, 1, asked)
    held = Held("regex", language, weak=language.report.parts)  # type: ignore[arg-type]
    return BatchRun(loaded, [Request((0,), recipe, 1, trace, held)], iter(range(10_000)).__next__)


def test_a_sound_constraint_shows_nothing_that_is_taken_back() -> None:
    """One piece of text for each token that stayed, all at the end; how often it went back is in timings and trace."""
    traps = [(first, second) for first in range(6) for second in range(6)]
    run = held_run(WithTraps([(6, 1, 2)], (7,), 8, traps=traps[6:]), Settings(temperature=1.0, top_k=0))
    pieces = [event for _, event in run.events()]
    (result,) = run.results()
    assert (result.text, result.parsed, result.finish_reason) == ("gbc", "gbc", "stop")
    assert pieces == [TextDelta("g"), TextDelta("b"), TextDelta("c")]
    assert result.timings.num_rollbacks > 0
    assert f"{result.timings.num_rollbacks} dead ends were taken back" in result.trace.notes


SOUND: list[dict[str, Any]] = [
    {
        "type": "array",
        "prefixItems": [{"enum": [1, 2]}, {"const": 1}],
        "uniqueItems": True,
        "minItems": 2,
        "items": False,
    },
    {
        "type": "array",
        "prefixItems": [{"type": "integer", "minimum": 0, "maximum": 3}, {"enum": [0, 1]}, {"const": 2}],
        "uniqueItems": True,
        "minItems": 3,
        "items": False,
    },
]


@pytest.mark.parametrize("schema", SOUND, ids=["two", "three"])
def test_a_sound_schema_is_repaired(schema: dict[str, Any]) -> None:
    """Items that differ, where the first takes the only value of another: every output is valid, and some went back.
    The stream says nothing before the end, and then what the value is."""
    num_rollbacks = 0
    for seed in range(25):
        settings: dict[str, Any] = {"temperature": 1.0, "top_k": 0, "seed": seed, "max_new_tokens": 200}
        *events, last = engine_with().stream("a", schema=schema, **settings)
        assert isinstance(last, Finished)
        jsonschema.validate(last.result.parsed, schema)
        assert "".join(event.text for event in events if isinstance(event, TextDelta)) == last.result.text
        assert [event for event in events if isinstance(event, FieldDone)][-1].value == last.result.parsed
        assert any("/uniqueItems" in note for note in last.result.trace.notes)
        num_rollbacks += last.result.timings.num_rollbacks
    assert num_rollbacks > 0


def test_a_sound_schema_among_others() -> None:
    """In a batch each is what it is alone, whoever goes back beside it."""
    engine, settings = engine_with(), {"temperature": 1.0, "top_k": 0, "max_new_tokens": 100}
    schemas = [SOUND[0], CHOSEN, None, SOUND[1]]
    together = engine.generate(list("abcd"), schema=schemas, seed=[1, 2, 3, 4], **settings)
    for seed, (prompt, schema, result) in enumerate(zip("abcd", schemas, together, strict=True), 1):
        assert engine.generate(prompt, schema=schema, seed=seed, **settings).token_ids == result.token_ids


def test_no_way_out_has_failed() -> None:
    """No text, no value, and the trace says why."""
    run = held_run(WithTraps([], (7,), 8, traps=[(1, 2)]), Settings(do_sample=False))
    run.finish()
    (result,) = run.results()
    assert (result.text, result.parsed, result.finish_reason) == ("", None, "constraint_failed")
    assert result.trace.notes[-1].startswith("the text is not complete under the regex: it came to a dead end")
    assert notes_on({"/a": "sound"})[0].endswith(": /a")


def test_a_stream_ends_with_the_value() -> None:
    """The pieces, joined, are the text; the fields come with them."""
    *events, last = engine_with().stream("a", schema=CHOSEN, **SAMPLED)
    assert isinstance(last, Finished)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == last.result.text
    assert [event for event in events if isinstance(event, FieldDone)][-1] == FieldDone((), last.result.parsed)
