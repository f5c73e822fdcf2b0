"""``llmpost generate`` on a small random model: what is on standard output, and what the exit code says."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from recorded_files import read_records
from safetensors.torch import load_file, save_file

from llmpost.engine import Engine
from llmpost.traces.keeping import text_of
from llmpost.traces.sealing import Sealer

RECIPE: dict[str, Any] = {"temperature": 0.8, "top_p": 0.9, "seed": 7, "max_new_tokens": 12}
WORDS = ["--temperature", "0.8", "--top-p", "0.9", "--seed", "7", "--max-new-tokens", "12"]


@pytest.fixture(scope="module")
def engine(random_model_folder: Path) -> Engine:
    return Engine.load(str(random_model_folder))


@pytest.fixture
def generate(run_here: Callable, random_model_folder: Path) -> Callable:
    """Run the command on the random model."""
    return lambda *words, **streams: run_here("generate", *words, "--model", random_model_folder, **streams)


def test_text_alone(generate: Callable, engine: Engine) -> None:
    """Standard output is the text that Python gives for the same settings, and a line end."""
    outcome = generate("hello world", *WORDS)
    assert outcome.out == engine.generate("hello world", **RECIPE).text + "\n"
    assert (outcome.code, outcome.err) == (0, "")


def test_standard_input_is_one_prompt(generate: Callable, engine: Engine) -> None:
    """All its lines together, without the last line end."""
    outcome = generate("-", *WORDS, stdin="a story\n\nof two lines, né\n".encode())
    assert outcome.out == engine.generate("a story\n\nof two lines, né", **RECIPE).text + "\n"


def without_seconds(told: Any) -> Any:
    """Plain data less how long anybody took."""
    if isinstance(told, dict):
        return {key: without_seconds(value) for key, value in told.items() if key != "seconds"}
    return [without_seconds(item) for item in told] if isinstance(told, list) else told


def test_json_is_the_result(generate: Callable, engine: Engine) -> None:
    """One line that holds everything but other times."""
    outcome = generate("hello", *WORDS, "--json", "--top-logprobs", "3")
    expected = engine.generate("hello", **RECIPE, top_logprobs=3).to_dict()
    told = json.loads(outcome.out)
    assert outcome.out.count("\n") == 1
    assert told.pop("timings").keys() == expected.pop("timings").keys()
    assert without_seconds(told) == without_seconds(json.loads(json.dumps(expected)))


def test_json_has_no_infinity(generate: Callable) -> None:
    """A masked token's log-probability is null: JSON has no infinity, and other readers would refuse it."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    outcome = generate("hello", *WORDS, "--json", "--top-logprobs", "400", "--top-k", "2", "--suppress-tokens", "5")
    assert outcome.code == 0
    json.loads(outcome.out, parse_constant=refuse)


def test_stream_is_the_text(generate: Callable) -> None:
    """The pieces, joined, are what comes without --stream."""
    assert generate("hello", *WORDS, "--stream").out == generate("hello", *WORDS).out


def test_stream_as_events(generate: Callable) -> None:
    """With --json each piece is an event that names its candidate, and the last one holds the result."""
    outcome = generate("hello", *WORDS, "--stream", "--json", "--n", "2")
    *deltas, last = map(json.loads, outcome.out.splitlines())
    assert last["event"] == "finished"
    for number, candidate in enumerate(last["result"]["candidates"]):
        pieces = [event["text"] for event in deltas if event["candidate"] == number]
        assert "".join(pieces) == candidate["text"]


def test_candidates_are_told_apart(generate: Callable, engine: Engine) -> None:
    """A heading before each, whatever line ends a text has."""
    first, second = engine.generate("hello", **RECIPE, n=2).candidates
    expected = f"==> candidate 1 of 2 <==\n{first.text}\n\n==> candidate 2 of 2 <==\n{second.text}\n"
    assert generate("hello", *WORDS, "--n", "2").out == expected


@pytest.mark.parametrize("batch_size", [1, 2, 8])
def test_file_of_prompts(generate: Callable, engine: Engine, tmp_path: Path, batch_size: int) -> None:
    """Every line's result in order, as if it had run alone; blank lines do not count, but are counted."""
    file = tmp_path / "prompts.txt"
    file.write_text('hello\n\n{"prompt": "a small model"}\r\nthe story\n', "utf-8")
    outcome = generate("--prompts", file, *WORDS, "--json", "--batch-size", batch_size)
    told = [json.loads(line) for line in outcome.out.splitlines()]
    assert (outcome.code, outcome.err) == (0, "")
    assert [result["line"] for result in told] == [1, 3, 4]
    alone = [engine.generate(prompt, **RECIPE).text for prompt in ("hello", "a small model", "the story")]
    assert [result["text"] for result in told] == alone


def test_bad_lines_fail_alone(generate: Callable, engine: Engine) -> None:
    """Each is named with its line, the others run, and the exit code is 1."""
    stdin = "\n".join(
        ["hello", '{"prompt": ', '{"promt": "x"}', '{"prompt": 5}', "a " * 300, '{"messages": []}', "end"]
    )
    outcome = generate("--prompts", "-", *WORDS, "--json", stdin=stdin.encode())
    told = [json.loads(line) for line in outcome.out.splitlines()]
    assert outcome.code == 1
    assert [result["line"] for result in told] == [1, 2, 3, 4, 5, 6, 7]
    assert [result["finish_reason"] == "error" for result in told] == [False, True, True, True, True, True, False]
    assert told[6]["text"] == engine.generate("end", **RECIPE).text
    errors = outcome.err.splitlines()
    assert [error.split(":")[1] for error in errors] == ["2", "3", "4", "5", "6"]
    assert "'promt' is not a key of a prompt line. Did you mean 'prompt'?" in errors[1]


def test_bad_lines_as_text(generate: Callable, engine: Engine) -> None:
    """Standard output carries results alone; a heading says which line each is from."""
    outcome = generate("--prompts", "-", *WORDS, stdin=b"{\nhello")
    assert outcome.out == f"==> line 2 <==\n{engine.generate('hello', **RECIPE).text}\n"
    assert outcome.code == 1


def test_no_prompts_at_all(generate: Callable) -> None:
    """An empty file has no results, and nothing is wrong with that."""
    outcome = generate("--prompts", "-", stdin=b"\n \n")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_chat(run_here: Callable, random_chat_model_folder: Path) -> None:
    """A string is one user turn where there is a template; --no-template makes it plain text."""
    chat = json.dumps({"messages": [{"role": "user", "content": "hello"}]}).encode()
    words = [*WORDS, "--model", random_chat_model_folder]
    as_messages = run_here("generate", "--messages", "-", *words, stdin=chat)
    as_turn = run_here("generate", "hello", *words)
    as_plain = run_here("generate", "hello", "--no-template", *words)
    assert as_messages.code == as_turn.code == as_plain.code == 0
    assert as_messages.out == as_turn.out != as_plain.out


def test_trace_file(generate: Callable, tmp_path: Path) -> None:
    """A record for each result is appended, which says what ran and how long it took, and no word of either text."""
    trace = tmp_path / "trace.jsonl"
    outcomes = [generate("--prompts", "-", *WORDS, "--trace", trace, stdin=b"hello\nworld") for _ in range(2)]
    records = read_records(trace)
    assert [outcome.code for outcome in outcomes] == [0, 0]
    assert len(records) == 4
    assert (records[0].trace.seed, records[0].finish_reason, records[0].prompt.characters) == (7, "length", 5)
    assert records[0].timings.num_forwards > 0
    assert "hello" not in trace.read_text("utf-8")
    assert outcomes[0].out not in trace.read_text("utf-8")


def test_traces_of_what_fails(generate: Callable, tmp_path: Path) -> None:
    """A stream, a result as JSON, and a request that is refused have records too; a folder takes all of them."""
    traces, words = tmp_path / "new" / "traces", [*WORDS, "--trace", tmp_path / "new" / "traces"]
    assert generate("hello", *words, "--stream").code == 0
    told = json.loads(generate("hello", *words, "--json").out)
    assert generate("", *words).code == 2
    records = read_records(traces)
    assert sorted((record.finish_reason, record.error) for record in records) == [
        ("error", "RequestError"), ("length", ""), ("length", ""),
    ]  # fmt: skip
    assert told["trace"]["id"] in {record.id for record in records}


def test_sealed_traces(generate: Callable, tmp_path: Path) -> None:
    """What raw texts are sealed with comes from a file; a policy that names a variable says which is missing."""
    key, policy, trace = tmp_path / "seal.key", tmp_path / "mine.yaml", tmp_path / "trace.jsonl"
    key.write_text("5e" * 32)
    policy.write_text("version: 1\nname: mine\ntrace: {store: raw, seal: {env: LLMPOST_TEST_NO_SUCH_VARIABLE}}\n")
    words = [*WORDS, "--policy", policy, "--trace", trace]
    assert generate("hello", *words, "--seal-key-file", key).code == 0
    (record,) = read_records(trace)
    assert text_of(record, "prompt", Sealer(bytes.fromhex("5e" * 32))) == "hello"
    assert "hello" not in trace.read_text("utf-8")
    missing = generate("hello", *words)
    assert (missing.code, missing.out) == (2, "")
    assert ": trace.seal: the variable LLMPOST_TEST_NO_SUCH_VARIABLE is not set" in missing.err


def test_control_characters_on_a_terminal(run_here: Callable, random_model_folder: Path) -> None:
    """A terminal is shown an escape sequence, not sent one; a pipe gets every character."""
    words = ["generate", "hello", "--model", random_model_folder, "--forced-tokens", "[30, 200, 201]"]
    words += ["--max-new-tokens", "40", "--temperature", "1.5", "--top-k", "0", "--seed", "1"]
    piped = run_here(*words).out
    shown = run_here(*words, terminal=("stdout",)).out
    controls = {c for c in piped if (ord(c) < 32 or 127 <= ord(c) < 160) and c not in "\n\t"}
    assert controls
    assert not controls & set(shown)
    assert shown.encode("latin-1", "replace").count(b"\\x") >= len(controls)


def test_progress_only_on_a_terminal(generate: Callable) -> None:
    """A bar on standard error where a person looks; results on standard output are the same."""
    quiet = generate("--prompts", "-", *WORDS, stdin=b"hello\nworld\n{")
    seen = generate("--prompts", "-", *WORDS, stdin=b"hello\nworld\n{", terminal=("stderr",))
    assert "prompts" in seen.err
    assert "prompts" not in quiet.err
    assert seen.out == quiet.out


def test_dead_end_is_a_failure(generate: Callable, engine: Engine) -> None:
    """Nothing wrong was said, but no token is left: exit code 1."""
    outcome = generate("hello", "--suppress-tokens", json.dumps(list(range(engine.loaded.vocabulary.size))))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1


def test_text_before_a_failure(generate: Callable, engine: Engine) -> None:
    """Standard output has no half text, but JSON has what was written, with the error."""
    banned = [[300, other] for other in range(engine.loaded.vocabulary.size)]
    words = ["hello", "--forced-tokens", "300", "--bad-words-ids", json.dumps(banned)]
    assert generate(*words).out == ""
    outcome = generate(*words, "--json")
    told = json.loads(outcome.out)
    assert outcome.code == 1
    assert (told["token_ids"], told["finish_reason"], told["error"]["type"]) == ([300], "error", "DeadEnd")


def test_broken_model_is_a_failure(run_here: Callable, random_model_folder: Path, tmp_path: Path) -> None:
    """A model that loads and then returns no distribution: exit code 1."""
    folder = shutil.copytree(random_model_folder, tmp_path / "broken")
    weights = load_file(folder / "model.safetensors")
    broken = {name: torch.full_like(weight, float("nan")) for name, weight in weights.items()}
    save_file(broken, folder / "model.safetensors", {"format": "pt"})
    outcome = run_here("generate", "hello", "--model", folder)
    assert (outcome.code, outcome.out) == (1, "")
    assert "nan" in outcome.err.lower()


def test_schema(run_here: Callable) -> None:
    """With --schema the answer is an instance, alone, as JSON and in a stream; too few tokens are wrong use."""
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    schema["additionalProperties"] = False
    words = ["generate", "Extract name, age: I am Maria Chen and 34.", "--schema", json.dumps(schema)]
    assert run_here(*words).out == '{"name": "Maria Chen"}\n'
    told = run_here(*words, "--json")
    assert json.loads(told.out)["parsed"] == {"name": "Maria Chen"}
    assert (told.code, told.err) == (0, "")
    assert run_here(*words, "--stream").out == '{"name": "Maria Chen"}\n'
    off_topic = run_here("generate", "Thank you!", *words[2:], "--max-new-tokens", "60", "--json")
    assert set(json.loads(off_topic.out)["parsed"] or {"name": ""}) == {"name"}
    short = run_here(*words, "--max-new-tokens", "4", "--json")
    assert (short.code, short.out) == (2, "")
    assert short.err.startswith("generate.max_new_tokens: 4 is not enough to complete the schema, which takes ")


def test_schema_as_events(run_here: Callable) -> None:
    """A field is an event of its own, with its path and value, behind the text that ends it."""
    schema = json.dumps({"type": "array", "items": {"enum": ["a", 1]}, "minItems": 2, "maxItems": 2})
    outcome = run_here("generate", "Thank you!", "--schema", schema, "--whitespace", "compact", "--stream", "--json")
    *events, last = map(json.loads, outcome.out.splitlines())
    parsed = last["result"]["parsed"]
    fields = [event for event in events if event["event"] == "field"]
    assert fields == [
        {"event": "field", "candidate": 0, "path": path, "value": value}
        for path, value in ([[0], parsed[0]], [[1], parsed[1]], [[], parsed])
    ]
    assert events[-1] == fields[-1]


def test_schema_options(generate: Callable, engine: Engine) -> None:
    """They mean what the keywords mean."""
    schema = {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 3}
    recipe = RECIPE | {"max_new_tokens": 60}
    words = ["hello", "--schema", json.dumps(schema), *WORDS[:-1], "60"]
    for words_of_it, keywords in (
        (["--whitespace", "compact"], {"whitespace": "compact"}),
        (["--whitespace", '{"indent": 1}'], {"whitespace": {"indent": 1}}),
        (["--key-order", "any", "--escapes", "any", "--formats", "annotate", "--no-strict"], {"key_order": "any"}),
    ):
        expected = engine.generate("hello", schema=schema, **keywords, **recipe)
        assert generate(*words, *words_of_it).out == expected.text + "\n"
        assert expected.parsed is not None


def test_schema_for_a_file_of_prompts(generate: Callable, engine: Engine) -> None:
    """Every line's result is held to it, as if it had run alone."""
    schema = {"type": "array", "items": {"type": "boolean"}, "maxItems": 2}
    words = ["--schema", json.dumps(schema), "--whitespace", '{"indent": 1}', *WORDS[:-1], "60"]
    outcome = generate("--prompts", "-", *words, "--json", stdin=b"hello\nthe story\nworld")
    alone = [
        engine.generate(prompt, schema=schema, whitespace={"indent": 1}, **RECIPE | {"max_new_tokens": 60})
        for prompt in ("hello", "the story", "world")
    ]
    assert [json.loads(line)["text"] for line in outcome.out.splitlines()] == [result.text for result in alone]
    assert all(isinstance(result.parsed, list) for result in alone)


def test_what_a_schema_leaves_out(generate: Callable) -> None:
    """A part that cannot be enforced is refused, or with --no-strict left out and named in the trace."""
    schema = json.dumps({"enum": [1], "$ref": "https://example.org/s.json"})
    refused = generate("hello", "--schema", schema)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("json_schema at /$ref")
    told = json.loads(generate("hello", "--schema", schema, "--no-strict", "--json").out)
    assert told["parsed"] == 1
    assert "not enforced: /$ref" in told["trace"]["notes"]


def test_constraints(generate: Callable, engine: Engine, tmp_path: Path) -> None:
    """--regex, --choice and --quote hold the text; too few tokens are wrong use."""
    outcome = generate("hello", *WORDS, "--regex", "[0-9]{3}-[0-9]{2}")
    assert re.fullmatch("[0-9]{3}-[0-9]{2}\n", outcome.out)
    assert outcome.out == engine.generate("hello", **RECIPE, regex="[0-9]{3}-[0-9]{2}").text + "\n"
    assert generate("hello", *WORDS, "--choice", "yes,no").out in ("yes\n", "no\n")
    told = json.loads(generate("hello", *WORDS, "--choice", '["yes, sir", "no, sir"]', "--json").out)
    assert told["parsed"] in ("yes, sir", "no, sir")
    document = tmp_path / "document.txt"
    document.write_text("It was the best of times.", "utf-8")
    assert generate("hello", *WORDS, "--quote", str(document)).out.removesuffix("\n") in document.read_text("utf-8")
    short = generate("hello", *WORDS, "--regex", "[0-9]{30}", "--json")
    assert (short.code, short.out) == (2, "")
    assert "is not enough to complete the regex, which takes 31 tokens" in short.err
    broken = generate("hello", *WORDS, "--regex", "a(")
    assert (broken.code, broken.out) == (2, "")
    assert broken.err.startswith("regex")
