"""``llmpost check``: files, pipes and JSON lines through the guards of a policy, and what the exit code says."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from program import command, environment
from recorded_files import read_records

TEXT = "Mail maria.chen@example.com\nor não"
SHOWN = "Mail [EMAIL_ADDRESS]\nor não"
POLICY = "version: 1\nname: mine\nnotice: '[cut]'\nguards: [{use: phrases, phrases: [swordfish], action: block}]\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(POLICY)
    return path


def test_a_file_or_a_pipe_is_one_text(run_here: Callable, tmp_path: Path) -> None:
    """What comes out is the text as the policy leaves it, to the last character."""
    path = tmp_path / "reply.txt"
    path.write_text(TEXT, "utf-8")
    for words, stdin in (([path], b""), (["-"], TEXT.encode()), ([], TEXT.encode())):
        outcome = run_here("check", *words, stdin=stdin)
        assert (outcome.code, outcome.out, outcome.err) == (0, SHOWN, "")
    assert run_here("check", path, "--policy", "bare").out == TEXT
    assert run_here("check", path, "--streaming").out == SHOWN


def test_a_block_is_exit_code_three(run_here: Callable, policy: Path) -> None:
    """The notice goes to standard output, who blocked to standard error, and no word of what was withheld anywhere."""
    for words, shown in (([], "[cut]"), (["--streaming"], "say [cut]")):
        outcome = run_here("check", "--policy", policy, *words, stdin=b"say swordfish, friend")
        assert (outcome.code, outcome.out, outcome.err) == (3, shown, "blocked by phrases\n")
    told = run_here("check", "--policy", policy, "--json", stdin=b"say swordfish, friend")
    assert (told.code, json.loads(told.out)["verdict"]["action"]) == (3, "block")
    assert "swordfish" not in told.out


def test_json_lines_have_a_line_each(run_here: Callable, policy: Path, tmp_path: Path) -> None:
    """One line of JSON for each row, in order; what is wrong with a row is said of that row alone."""
    rows = [
        '{"text": "fine", "label": "swordfish"}',
        "",
        '{"text": "swordfish"}',
        '{"txt": 1}',
        "{",
        '{"text": "\\ud800"}',
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(rows))
    outcome = run_here("check", "--jsonl", path, "--policy", policy)
    told = [json.loads(line) for line in outcome.out.splitlines()]
    assert outcome.code == 1
    assert [(row["line"], row["text"], row.get("action")) for row in told] == [
        (1, "fine", "allow"), (3, "[cut]", "block"), (4, "", None), (5, "", None), (6, "\ud800", "allow"),
    ]  # fmt: skip
    assert outcome.err.splitlines() == [
        f"{path}:3: blocked by phrases",
        f'{path}:4: a row without a text is not an object like {{"text": "..."}}. Other keys are not looked at.',
        f'{path}:5: a line with a mistake in it (Expecting property name enclosed in double quotes) is not JSON. '
        'Write {"text": "..."}.',
    ]  # fmt: skip
    assert "swordfish" not in outcome.out
    path.write_text(rows[2])
    assert run_here("check", "--jsonl", path, "--policy", policy).code == 3
    whole = run_here("check", "--jsonl", path, "--policy", policy, "--json")
    assert json.loads(whole.out)["trace"]["policy"] == "mine"


def test_progress_is_for_terminals(run_here: Callable) -> None:
    """A bar on a terminal, and nothing in a pipe."""
    rows = b'{"text": "a"}\n' * 3
    assert "texts" in run_here("check", "--jsonl", stdin=rows, terminal=("stderr",)).err
    assert run_here("check", "--jsonl", stdin=rows).err == ""


def test_documents_stay_documents(run_here: Callable) -> None:
    """With a schema guards look into strings, and what comes out fits it."""
    text = b'{"mail": "maria.chen@example.com"}'
    outcome = run_here("check", "--schema", '{"required": ["mail"]}', "--json", stdin=text)
    assert json.loads(outcome.out)["parsed"] == {"mail": "[EMAIL_ADDRESS]"}


def test_terminals_are_not_painted(run_here: Callable) -> None:
    """Control characters are written visibly on a terminal, and as they are into a pipe."""
    assert run_here("check", stdin=b"a\x1b[31m", terminal=("stdout",)).out == "a\\x1b[31m\n"
    assert run_here("check", stdin=b"a\x1b[31m").out == "a\x1b[31m"


def test_review_and_key_files(run_here: Callable, tmp_path: Path) -> None:
    """A key makes hashes possible; what a person must see has a line in the file."""
    key, queue, policy = tmp_path / "key", tmp_path / "queue.jsonl", tmp_path / "p.yaml"
    key.write_bytes(b"0123456789abcdef0123456789abcdef\n")
    policy.write_text(
        "version: 1\nguards: [{use: pii, action: hash}, {use: phrases, phrases: [help], action: review}]\n"
    )
    words = ["check", "--policy", policy, "--review-file", queue]
    refused = run_here(*words, stdin=TEXT.encode())
    assert refused.code == 2
    assert "a hash without a key is not possible" in refused.err
    one, two = (run_here(*words, "--key-file", key, stdin=TEXT.encode()).out for _ in range(2))
    assert one == two != SHOWN
    assert run_here(*words, "--key-file", key, stdin=b"help").code == 3
    assert len(queue.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (["no.txt"], b"", "no.txt: a path that cannot be read (No such file or directory) is not a text file."),
        ([], b"\xff", "standard input: byte 0xff"),
        (["--streaming"], b"\xff", "standard input: byte 0xff"),
        (["--side", "out"], b"", "--side: 'out' is not output or input."),
        (["--jsonl", "--streaming"], b"", "--streaming: --streaming beside --jsonl is not possible."),
        (["--schema", "-"], b"", "--schema: standard input for both is not read twice."),
        (["--policy", "defualt"], b"", "policy: 'defualt' is not a policy that ships"),
        (["--key-file", "no.key"], b"", "no.key: a path that cannot be read"),
        (["--polcy", "x"], b"", "'--polcy' is not an option. Did you mean '--policy'?"),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_code_two(run_here: Callable, words: list[str], stdin: bytes, message: str) -> None:
    """One message of four parts on standard error, nothing on standard output."""
    outcome = run_here("check", *words, stdin=stdin)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_a_pipe_is_answered_while_it_is_open(tmp_path: Path) -> None:
    """What may be shown is written before the end of the input is there."""
    with subprocess.Popen(
        command("check", "--streaming"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, env=environment()
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"plain words, " * 2000)
        process.stdin.flush()
        assert process.stdout.read(13) == b"plain words, "
        process.stdin.write(b"maria.chen@example.com")
        process.stdin.close()
        rest = process.stdout.read()
    assert rest.endswith(b", [EMAIL_ADDRESS]")
    assert process.returncode == 0


def test_generate_is_guarded(run_here: Callable, tmp_path: Path) -> None:
    """`generate` prints what its policy leaves, and says with exit code 3 that it was blocked."""
    policy = tmp_path / "mine.yaml"
    policy.write_text(
        "version: 1\nname: mine\nnotice: '[cut]'\nguards: [{use: phrases, phrases: [e], whole_words: false}]\n"
    )
    hashing = tmp_path / "hashing.yaml"
    hashing.write_text("version: 1\nguards: [{use: pii, action: hash}]\n")
    refused = run_here("generate", "Once upon a time", "--policy", hashing)
    assert (refused.code, "a hash without a key is not possible" in refused.err) == (2, True)
    words = ["generate", "Once upon a time", "--max-new-tokens", "24", "--seed", "1", "--policy", policy]
    outcome = run_here(*words)
    assert (outcome.code, outcome.out, outcome.err) == (3, "[cut]\n", "blocked by phrases\n")
    streamed = run_here(*words, "--stream")
    assert (streamed.code, streamed.err) == (3, "blocked by phrases\n")
    assert streamed.out.endswith("[cut]\n")
    assert "e" not in streamed.out
    told = json.loads(run_here(*words, "--json").out)
    assert (told["text"], told["token_ids"], told["finish_reason"]) == ("[cut]", [], "blocked")


def test_checks_are_recorded(run_here: Callable, tmp_path: Path) -> None:
    """Each text has a record, however it came, under the key of the digests; where none can be, that is wrong use."""
    traces, key = tmp_path / "traces", tmp_path / "own.key"
    key.write_bytes(b"obviously fake")
    words = ["--trace", traces, "--key-file", key]
    assert run_here("check", *words, stdin=TEXT.encode()).code == 0
    assert run_here("check", *words, "--streaming", stdin=TEXT.encode()).code == 0
    assert run_here("check", *words, "--jsonl", stdin=b'{"text": "one"}\n{"text": "two"}').code == 0
    records = [record for path in sorted(traces.iterdir()) for record in read_records(path, b"obviously fake")]
    assert sorted(record.raw.characters for record in records) == [3, 3, len(TEXT), len(TEXT)]
    assert len({record.raw.digest for record in records}) == 3
    assert not any("maria" in path.read_text() for path in traces.iterdir())
    outcome = run_here("check", "--trace", tmp_path / "no" / "where.jsonl", stdin=b"text")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)


def test_what_is_not_recorded_is_not_shown(tmp_path: Path) -> None:
    """On a disk without room the text does not come out, and the program has failed."""
    program = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); " + (
        "from llmpost.cli.main import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", "--trace", str(tmp_path / "trace.jsonl")],
        input=b"nobody may know", capture_output=True, env=environment(), check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"trace.jsonl" in done.stderr
    assert b"nobody" not in done.stderr
