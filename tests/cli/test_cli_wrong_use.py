"""Wrong use: exit code 2, one message of four parts on standard error, nothing on standard output, at once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

GENERATE = ["generate", "Hello"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "llmpost: nothing is not a command. Run `llmpost --help`."),
        (["generat"], "llmpost: 'generat' is not a command. Did you mean 'generate'?"),
        (
            ["serve"],
            "llmpost: 'serve' is not in this version yet. This version has: generate, check, explain, replay, policy, ",
        ),
        (["generate"], "llmpost generate: nothing is not one of PROMPT, --prompts and --messages."),
        ([*GENERATE, "--prompts", "x"], "PROMPT and --prompts is not one of PROMPT, --prompts and --messages."),
        ([*GENERATE, "world"], "llmpost generate: 'world' is not expected here. Put quotes around"),
        ([*GENERATE, "--temprature=1"], "'--temprature' is not an option. Did you mean '--temperature'?"),
        ([*GENERATE, "--temp", "1"], "'--temp' is not an option."),
        ([*GENERATE, "--seed"], "--seed: an option without its value is not complete. Write --seed VALUE"),
        ([*GENERATE, "--top-p", "0"], "--top-p: 0 is not a number above 0 and at most 1. Use 1 to switch it off."),
        ([*GENERATE, "--top-p", "2"], "--top-p: 2 is not a number above 0 and at most 1."),
        ([*GENERATE, "--temperature", "-1"], "--temperature: -1 is not a number from 0 up."),
        ([*GENERATE, "--temperature", "NaN"], "--temperature: nan is not a number from 0 up."),
        ([*GENERATE, "--top-k", "many"], "--top-k: 'many' is not a whole number from 0 up."),
        ([*GENERATE, "--stop", ""], "--stop: [''] is not a string or a list of strings, none empty."),
        ([*GENERATE, "--n", "0"], "--n: 0 is not a whole number from 1 to 1024."),
        ([*GENERATE, "--json=yes"], "--json: this use (ignored explicit argument 'yes') is not possible."),
        ([*GENERATE, "--policy", "defualt"], "policy: 'defualt' is not a policy that ships with llmpost. Did you mean"),
        ([*GENERATE, "--schema", "s.json"], "schema: 's.json' (FileNotFoundError) is not a file that can be read."),
        ([*GENERATE, "--schema", '{"type": 1}'], "schema at /type: "),
        (
            [*GENERATE, "--whitespace", "compact"],
            "--whitespace: --whitespace without --schema is not possible: it says",
        ),
        ([*GENERATE, "--regex", "a", "--no-strict"], "--strict: --strict without --schema is not possible: it says"),
        (
            [*GENERATE, "--schema", "{}", "--whitespace", "compakt"],
            "whitespace: 'compakt' is not 'flexible', 'compact'",
        ),
        ([*GENERATE, "--schema", "{}", "--key-order", "none"], "key_order: 'none' is not one of 'schema', 'any'."),
        ([*GENERATE, "--schema", "{}", "--escpes", "any"], "'--escpes' is not an option. Did you mean '--escapes'?"),
        ([*GENERATE, "--regex", "a+", "--choice", "a,b"], "--choice: --choice beside --regex is not possible: one"),
        ([*GENERATE, "--schema", "{}", "--regex", "a+"], "--regex: --regex beside --schema is not possible: one"),
        ([*GENERATE, "--grammar", "g.lark"], "--grammar: '--grammar' is not in this version yet."),
        (
            [*GENERATE, "--choice", '["a", 1]'],
            "--choice: '[\"a\", 1]' is not texts between commas, or a JSON list of texts.",
        ),
        ([*GENERATE, "--choice", "[a,b]"], "--choice: '[a,b]' is not texts between commas, or a JSON list of texts."),
        ([*GENERATE, "--stream", "--n", "2"], "--stream: --n 2 is not one text. Add --json"),
        (["generate", "--stream", "--prompts", "-"], "--stream: a file of prompts is not one prompt."),
        (["generate", "--prompts", "-", "--batch-size", "0"], "--batch-size: '0' is not a whole number from 1 up."),
        (["generate", "--prompts", "no.txt"], "no.txt: a path that cannot be read (No such file or directory)"),
        (["generate", "--messages", "no.json"], "no.json: a path that cannot be read (No such file or directory)"),
        ([*GENERATE, "--trace", "no/where.jsonl"], "no/where.jsonl: a path that cannot be written (No such file or"),
        ([*GENERATE, "--seal-key-file", "no.key"], "no.key: a path that cannot be read (No such file or directory)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_options(words: list[str], message: str, run_here: Callable) -> None:
    """Found before a model is looked for: the default one, which is not there yet, is never the complaint."""
    outcome = run_here(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (["generate", "-"], b"caf\xe9", "standard input: byte 0xe9 at position 3 is not UTF-8 text."),
        (["generate", "--messages", "-"], b'[{"role":]', "standard input:1:10: text with a mistake in it"),
        (["generate", "--messages", "-"], b'{"role": "user"}', "standard input: a dict is not a list of messages."),
        (["generate", "--messages", "-"], b'["Hello"]', "standard input: a list is not a list of messages."),
    ],
)
def test_wrong_input(words: list[str], stdin: bytes, message: str, run_here: Callable) -> None:
    """Input that cannot be read is named with its place."""
    outcome = run_here(*words, stdin=stdin)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_wrong_models(run_here: Callable, tmp_path: Path) -> None:
    """A model that is not there or cannot be read is wrong use, and the message says what to do."""
    for model, message in {
        "./nowhere": "./nowhere: a path where nothing is is not a model folder. Check the path.",
        tmp_path: f"{tmp_path}: a folder without config.json is not a model folder.",
    }.items():
        outcome = run_here(*GENERATE, "--model", model)
        assert (outcome.code, outcome.out) == (2, "")
        assert message in outcome.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["generate", ""], "prompt: an empty prompt is not a prompt of at least one token."),
        (["generate", "a " * 300], "is not shorter than the model's context of 256 tokens."),
        ([*GENERATE, "--n", "2", "--temperature", "0"], "n: 2 with greedy decoding is not more than one text."),
        ([*GENERATE, "--suppress-tokens", "5000"], "suppress_tokens: token id 5000 is not in this model's vocabulary"),
        ([*GENERATE, "--order", "top_q"], "order: 'top_q' is not the name of a stage"),
        ([*GENERATE, "--dtype", "float31"], "dtype: 'float31' is not one of float32, bfloat16, float16."),
    ],
)
def test_wrong_for_this_model(words: list[str], message: str, run_here: Callable, random_model_folder: Path) -> None:
    """What only the model can tell is wrong use all the same."""
    outcome = run_here(*words, "--model", random_model_folder)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_messages_need_a_template(run_here: Callable, random_model_folder: Path) -> None:
    """A conversation for a model without a chat template is refused, not joined in some way."""
    chat = json.dumps([{"role": "user", "content": "Hello"}]).encode()
    outcome = run_here("generate", "--messages", "-", "--model", random_model_folder, stdin=chat)
    assert (outcome.code, outcome.out) == (2, "")
    assert "without a chat template" in outcome.err


def test_no_stack_trace(run_program: Callable) -> None:
    """The real program says one line and exits with 2."""
    outcome = run_program(*GENERATE, "--top-p", "2")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "--top-p: 2 is not a number above 0 and at most 1. Use 1 to switch it off.\n"
