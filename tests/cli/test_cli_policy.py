"""``llmpost policy``: lint, show, diff, schema and upgrade, their streams and their exit codes."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from random_policies import POLICIES

from llmpost.cli.policy.show import FORMS
from llmpost.cli.policy.words.sheet import WIDTH
from llmpost.engine.portrait import Portrait
from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.policy.files.library import read_tree
from llmpost.policy.files.place import Place

FINE = "version: 1\nname: mine\nguards: [{use: pii, action: redact}]\n"
BROKEN = "version: 1\nname: mine\nguards:\n  - {use: pii, action: redakt}\nrelease: soon\n"
OWN = """\
version: 1
name: own
extends: default
decode: {temperature: 0.25, stop: ["\\nUser:"]}
constraint: {json_schema: {type: object, title: Reply}, whitespace: compact}
forbid: [US_SSN]
guards:
  - use: tickets
    on: [input, output]
    thresholds: {urgent: {review: 0.4, block: 0.8}}
    timeout_ms: 50
    on_timeout: skip
  - {use: phrases, name: rivals, phrases: [Acme], action: {replace: another}, on_failure: {use: tickets}}
  - {use: secrets, action: hash, on_invalid: skip}
budget: {total_ms: 3000, on_timeout: block}
notice: "[withheld]"
trace: {store: raw, seal: {env: TRACE_KEY}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"fine": FINE, "broken": BROKEN, "own": OWN}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def test_lint_passes_over_what_is_fine(run_here: Callable, folder: Path) -> None:
    """No word on either stream, unless it is asked for."""
    outcome = run_here("policy", "lint", folder / "fine.yaml", "default")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    told = run_here("policy", "lint", folder / "fine.yaml", "--verbose")
    assert (told.code, told.out, told.err) == (0, f"{folder}/fine.yaml: fine\n", "")


def test_lint_tells_all_that_is_wrong(run_here: Callable, folder: Path) -> None:
    """A line for each error, at its place, in the order of the file; exit code 2."""
    outcome = run_here("policy", "lint", folder / "broken.yaml")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines() == [
        f"{folder}/broken.yaml:4:24: guards[0].action: 'redakt' is not an action. Did you mean 'redact'?",
        f"{folder}/broken.yaml:5:10: release: 'soon' is not window or at_end. Known: at_end, window.",
    ]


def test_lint_looks_at_a_folder(run_here: Callable, folder: Path) -> None:
    """Every policy in it, by name; the worst of them is the exit code."""
    outcome = run_here("policy", "lint", folder, "--verbose", "--with", "tickets")
    assert (outcome.code, outcome.out) == (2, f"{folder}/fine.yaml: fine\n")
    assert outcome.err.count("broken.yaml") == 2
    assert "is not a guard that there is" not in outcome.err
    (folder / "nothing").mkdir()
    assert "a folder without one" in run_here("policy", "lint", folder / "nothing").err


def test_lint_as_json(run_here: Callable, folder: Path) -> None:
    """An object a policy on standard output: the four parts of each error, and its place."""
    outcome = run_here("policy", "lint", folder / "fine.yaml", folder / "broken.yaml", "--json")
    fine, broken = map(json.loads, outcome.out.splitlines())
    assert (outcome.code, fine["problems"]) == (2, [])
    assert broken["problems"][0] == {
        "severity": "error", "file": f"{folder}/broken.yaml", "line": 4, "column": 24, "keys": "guards[0].action",
        "given": "'redakt'", "allowed": "an action", "hint": "Did you mean 'redact'?", "example": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("no.yaml", None, "no.yaml:1:1: "),
        ("empty.yaml", "", "empty.yaml:1:1: nothing is not a mapping."),
        ("list.yaml", "- a", "list.yaml:1:1: a list is not a mapping."),
        ("newer.yaml", "version: 9\n", "newer.yaml:1:10: version: 9 is not 1, the newest that llmpost"),
        ("tab.yaml", "guards:\n\t- a\n", "tab.yaml:2:1: a tab in the indentation"),
        ("end.yaml", "version: 1\nrelease: window\nguards: [{use: schema, schema: {}}]\n", "end.yaml:2:10: release:"),
        ("own.yaml", "version: 1\nguards: [{use: tickets}]\n", "own.yaml:2:16: guards[0].use: 'tickets'"),
        ("hash.yaml", "version: 1\nguards: [{use: pii, action: {hash: 1}}]\n", "hash.yaml:2:"),
        ("order.yaml", "version: 1\ndecode: {order: [top_q]}\n", "order.yaml:2:"),
    ],
)  # fmt: skip
def test_lint_tells_the_place(name: str, text: str | None, message: str, run_here: Callable, tmp_path: Path) -> None:
    """Of a file that is none, at its beginning; of what the engine refuses, where it was written."""
    if text is not None:
        (tmp_path / name).write_text(text)
    outcome = run_here("policy", "lint", tmp_path / name)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"{tmp_path}/{message}")


def test_show_says_what_a_policy_does(run_here: Callable, folder: Path) -> None:
    """Guards in order with what they do, settings, release and why, traces, files, and who hands in what."""
    outcome = run_here("policy", "show", folder / "own.yaml")
    assert (outcome.code, outcome.err) == (0, "")
    words = " ".join(outcome.out.split())
    policy = Policy.read(folder / "own.yaml")
    for said in (
        f"Policy own@{policy.digest[:12]}",
        "1 guard looks at prompts, 4 guards look at answers.",
        "temperature 0.25: divides the logits; 0 is greedy",
        r'stop ["\nUser:"]',
        "an instance of the JSON Schema {type: object, title: Reply}",
        "whitespace compact",
        "- the entity US_SSN",
        "urgent from 0.4 review: a notice is shown, and a person is handed the text; from 0.8 block:",
        "after 50 ms: the text goes on without it, and the guard is told of as skipped",
        "3. tickets as for prompts",
        "4. rivals texts from a list (use: phrases)",
        "replace: replaced by 'another'",
        "tickets is asked in its place",
        "a value whose change would break a document stays",
        "a request 3000 ms",
        "as a whole, at its end (release: at_end)",
        "because of review by tickets, which replaces the whole answer",
        "the notice '[withheld]' stands in its place",
        "with the key in the variable TRACE_KEY",
        "tickets is nothing that llmpost has: the program hands it in",
        "a key on which hashes and keyed pseudonyms depend",
        policy.digest,
        *(str(source.path.name) for source in policy.sources),
    ):
        assert said in words, said


def test_show_is_set_out_in_a_hundred_columns(run_here: Callable, folder: Path) -> None:
    """But for what cannot be broken: paths and digests."""
    for word in (folder / "own.yaml", "default", "bare"):
        lines = run_here("policy", "show", word).out.splitlines()
        assert all(len(line) <= WIDTH for line in lines if "/" not in line)


def test_show_in_full_is_the_policy(run_here: Callable, folder: Path) -> None:
    """What --yaml prints is a policy file of the same digest; --json has both, and the files it is made of."""
    digest = Policy.read(folder / "own.yaml").digest
    (folder / "printed.yaml").write_text(run_here("policy", "show", folder / "own.yaml", "--yaml").out)
    assert Policy.read(folder / "printed.yaml").digest == digest
    told = json.loads(run_here("policy", "show", folder / "own.yaml", "--json").out)
    assert (told["digest"], told["release"], len(told["sources"])) == (digest, "at_end", 2)
    assert Policy.from_dict(told["canonical"]).digest == digest


def test_show_shows_no_control_characters_on_a_terminal(run_here: Callable, tmp_path: Path) -> None:
    """A policy of somebody's cannot speak to a terminal."""
    (tmp_path / "p.yaml").write_text('version: 1\nname: "a\\e[31mb"\nnotice: "\\e[2J"\n')
    for words in (["show", tmp_path / "p.yaml"], ["diff", "bare", tmp_path / "p.yaml"]):
        assert "\x1b" not in run_here("policy", *words, terminal=("stdout",)).out


@given(POLICIES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_policy_can_be_shown(given: dict) -> None:
    """In words, and in full as what reads to the same digest."""
    policy = Policy.from_dict(given)
    try:
        portrait = Portrait.of(policy)
    except PolicyError:
        return  # it means nothing together
    assert all(entry.name in FORMS["words"](portrait) for entry in policy.guards)
    assert Policy.from_dict(yaml.safe_load(FORMS["yaml"](portrait))).digest == policy.digest


def test_diff_tells_what_is_different(run_here: Callable, folder: Path) -> None:
    """A line for each difference with the way it goes; exit code 0, and with --exit-code 1."""
    words = ["policy", "diff", folder / "fine.yaml", "default"]
    outcome = run_here(*words)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[2:] == [
        "name: mine → default",
        "guards.secrets: + {use: secrets, action: redact}   (stricter)",
        "",
        "2 differences: 1 stricter, 1 neither, or nobody can tell.",
    ]
    assert run_here(*words, "--exit-code").code == 1
    told = json.loads(run_here(*words, "--json").out)
    assert told["after"]["digest"] == Policy.named("default").digest
    assert [each["direction"] for each in told["differences"]] == [None, "stricter"]


def test_diff_of_the_same(run_here: Callable, folder: Path) -> None:
    """What goes without saying in one and is said in the other is no difference."""
    (folder / "said.yaml").write_text(f"{FINE}release: window\nnotice: ''\ntrace: {{store: digest}}\n")
    outcome = run_here("policy", "diff", folder / "fine.yaml", folder / "said.yaml", "--exit-code")
    assert outcome.code == 0
    assert "No difference" in outcome.out


def test_schema_is_a_schema(run_here: Callable) -> None:
    """JSON on standard output, of the draft that it names, that takes the policies that ship."""
    outcome = run_here("policy", "schema")
    assert (outcome.code, outcome.err) == (0, "")
    schema = json.loads(outcome.out)
    Draft202012Validator.check_schema(schema)
    for path in sorted((Path(__file__).parents[2] / "policies").glob("*.yaml")):
        Draft202012Validator(schema).validate(read_tree(path.read_text("utf-8"), Place("", str(path))).plain)


OLD = "# mine\r\nname: x  # as ever\r\n"
NEW = "# mine\r\nversion: 1\r\nname: x  # as ever\r\n"


def test_upgrade_writes_nothing_unasked(run_here: Callable, tmp_path: Path) -> None:
    """The text goes to standard output, what was done to standard error, and the file stays."""
    path = tmp_path / "old.yaml"
    path.write_bytes(OLD.encode())
    outcome = run_here("policy", "upgrade", path)
    assert (outcome.code, outcome.out, outcome.err) == (0, NEW, f"{path}: version 0 → 1\n")
    assert path.read_bytes() == OLD.encode()


def test_upgrade_writes_in_place(run_here: Callable, tmp_path: Path) -> None:
    """All of it or nothing: the mark at its beginning, its mode, and a link to it stay; nothing else is left behind."""
    path, link = tmp_path / "old.yaml", tmp_path / "link.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + OLD.encode())
    path.chmod(0o640)
    link.symlink_to(path)
    outcome = run_here("policy", "upgrade", link, "--write")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", f"{link}: version 0 → 1\n")
    assert path.read_bytes() == b"\xef\xbb\xbf" + NEW.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, path]
    before = path.stat().st_ino
    assert run_here("policy", "upgrade", path, "--write").err == f"{path}: version 1, the newest\n"
    assert path.stat().st_ino == before


@pytest.mark.parametrize("text", ["version: 2\n", "- a\n", "name: [\n", "version: '1'\n"])
def test_upgrade_refuses_what_it_does_not_know(text: str, run_here: Callable, tmp_path: Path) -> None:
    """Exit code 2, a place, and not a byte is changed."""
    path = tmp_path / "p.yaml"
    path.write_text(text)
    outcome = run_here("policy", "upgrade", path, "--write")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"{path}:")
    assert path.read_text() == text
