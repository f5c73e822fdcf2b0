"""``llmpost policy test``: what is told of cases, to people, programs and CI systems, and what never is."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.cli.policy.case_files import read_case_file
from llmpost.cli.policy.junit import junit_of, writable
from llmpost.engine.cases import CaseOutcome, Miss, Trial
from llmpost.errors import PolicyError, RequestError
from llmpost.policy import Policy

POLICY = "version: 1\nname: mine\nguards:\n  - {use: phrases, phrases: [swordfish], action: {replace: fish}}\n"
CASES = """\
- {id: caught, text: a swordfish, expect: {action: replace, text: a fish}}
- {id: wrong, text: two swordfish, expect: {action: allow, text: two sword, lacks: fish}}
- {id: let-be, chunks: [sword, " fish"], expect: {action: allow}}
"""
WRONG = (
    "FAILED mine wrong: action: expected allow, came replace; text: expected 9 characters, came 8, other ones from "
    "character 4 on; lacks[0]: expected not in the text, came in it, from character 4 on\n"
)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(POLICY)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "mine.yaml").write_text(CASES)
    return path


def test_what_failed_has_a_line_and_no_text(run_here: Callable, policy: Path) -> None:
    """Exit code 1; the id, what was expected and what came, and a last line for the policy."""
    outcome = run_here("policy", "test", policy)
    failed, summary = outcome.out.splitlines(keepends=True)
    assert (outcome.code, outcome.err, failed) == (1, "", WRONG)
    assert summary.startswith("mine: 2 of 3 cases passed in ")
    assert "two" not in outcome.out


def test_texts_are_shown_where_that_is_asked_for(run_here: Callable, policy: Path) -> None:
    """Both, as Python writes them, so that no character of them does anything to a terminal."""
    outcome = run_here("policy", "test", policy, "--show-text")
    assert "(expected 'two sword', came 'two fish')" in outcome.out


def test_what_passes_is_a_line(run_here: Callable, policy: Path, tmp_path: Path) -> None:
    """Exit code 0; several policies have a line each, with the cases that are named or with their own."""
    cases = tmp_path / "cases.yaml"
    cases.write_text(CASES.splitlines()[2])
    outcome = run_here("policy", "test", policy, "bare", "--cases", cases)
    assert (outcome.code, outcome.err) == (0, "")
    assert [line.split(" in ")[0] for line in outcome.out.splitlines()] == [
        "mine: 1 of 1 cases passed", "bare: 1 of 1 cases passed",
    ]  # fmt: skip
    assert run_here("policy", "test", "bare").code == 0


def test_for_programs(run_here: Callable, policy: Path) -> None:
    """One JSON object a policy, every case in it; texts only where they are asked for."""
    told = json.loads(run_here("policy", "test", policy, "--json").out)
    assert (told["policy"], told["num_cases"], told["num_failed"]) == ("mine", 3, 1)
    assert told["digest"] == Policy.read(policy).digest
    assert [(case["id"], case["is_passed"]) for case in told["cases"]] == [
        ("caught", True), ("wrong", False), ("let-be", True),
    ]  # fmt: skip
    assert [miss["what"] for miss in told["cases"][1]["misses"]] == ["action", "text", "lacks[0]"]
    assert "sword" not in json.dumps(told)
    with_texts = json.loads(run_here("policy", "test", policy, "--json", "--show-text").out)
    assert with_texts["cases"][1]["misses"][1]["came_text"] == "two fish"


def test_for_ci_systems(run_here: Callable, policy: Path, tmp_path: Path) -> None:
    """A suite a policy, a test a case, counted; what failed says why, and quotes nothing."""
    report = tmp_path / "report.xml"
    assert run_here("policy", "test", policy, "bare", "--junit", report).code == 1
    root = ElementTree.fromstring(report.read_text("utf-8"))
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "7", "1", "0")
    mine, bare = root.findall("testsuite")
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in (mine, bare)] == [
        ("mine", "3", "1"), ("bare", "4", "0"),
    ]  # fmt: skip
    cases = mine.findall("testcase")
    assert [(case.get("classname"), case.get("name"), len(case)) for case in cases] == [
        ("policy.mine", "caught", 0), ("policy.mine", "wrong", 1), ("policy.mine", "let-be", 0),
    ]  # fmt: skip
    assert cases[1][0].tag == "failure"
    assert "sword" not in report.read_text("utf-8")


TEXT = st.text(st.characters(), max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=3), TEXT)
def test_a_report_holds_any_character(misses: list[tuple[str, str, str]], name: str) -> None:
    """Control characters, halves of surrogates and brackets make no broken file; what XML can hold comes back."""
    outcomes = (
        CaseOutcome(name, tuple(Miss(*miss) for miss in misses), 0.5),
        CaseOutcome("broken", (), 0.25, RequestError(name, name, "b", "c")),
    )
    document = junit_of([Trial(Policy(name or "mine"), outcomes)]).encode("utf-8")
    first, second = ElementTree.fromstring(document).iter("testcase")
    assert first.get("name") == writable(name)
    assert (len(first), second[0].tag) == (1 if misses else 0, "error")


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        ("- {id: a, text: b, expect: {action: blok}}", ":1:37: [0].expect.action: 'blok' is not one of allow, log"),
        ("- id: a\n  texts: b\n", ":2:3: [0]: 'texts' is not a key of a case. Did you mean 'text'?"),
        ("- id: a\n  text: b\n", ":1:3: [0].expect: a case that expects nothing is not a test. Write one or more of"),
        ("- id: a\n  text: b\n  expect: {lack: b}\n", ":3:12: [0].expect: 'lack' is not something to expect."),
        ("cases: []\n", ":1:1: a mapping is not a list of 1 to 10,000 cases."),
        ("", ":1:1: nothing is not a list"),
        ("- [", ":2:1: text with a mistake in it"),
    ],
)
def test_what_is_no_case_is_said_with_its_place(
    cases: str, message: str, run_here: Callable, policy: Path, tmp_path: Path
) -> None:
    """File, line and column, and exit code 2; nothing was tried."""
    (tmp_path / "tests" / "mine.yaml").write_text(cases)
    outcome = run_here("policy", "test", "bare", policy)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert outcome.err.startswith(str(tmp_path / "tests" / "mine.yaml"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "llmpost policy test: nothing is not a policy."),
        (["nobody"], "policy: 'nobody' is not a policy that ships with llmpost."),
        (["bare", "--cases", "missing.yaml"], "(No such file or directory), is not a file of YAML or JSON"),
        (["bare", "--junit", "missing/report.xml"], "--junit: a path that cannot be written to"),
        (["bare", "--jnit"], "llmpost policy test: '--jnit' is not an option. Did you mean '--junit'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_of_cases(words: list[str], message: str, run_here: Callable) -> None:
    """Exit code 2 and one message."""
    outcome = run_here("policy", "test", *words)
    assert outcome.code == 2
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_policy_without_cases_says_where_they_go(run_here: Callable, tmp_path: Path) -> None:
    """The file that is missing is named."""
    (tmp_path / "lonely.yaml").write_text(POLICY)
    outcome = run_here("policy", "test", tmp_path / "lonely.yaml")
    assert outcome.code == 2
    assert str(tmp_path / "tests" / "lonely.yaml") in outcome.err


@given(st.binary(max_size=60) | st.text("-[]{}:&*!id,textexpec \n\"'", max_size=60).map(str.encode))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever bytes stand where cases should: cases, or an error with its place."""
    path = tmp_path_factory.getbasetemp() / "hostile-cases.yaml"
    path.write_bytes(data)
    try:
        assert read_case_file(path)
    except PolicyError as error:
        assert error.where.startswith(str(path))  # noqa: PT017  # it need not be raised


def test_on_terminals_control_characters_are_seen(run_here: Callable, policy: Path, tmp_path: Path) -> None:
    """A policy's name cannot move the cursor."""
    policy.write_text(POLICY.replace("mine", '"mi\\e[31mne"'))
    outcome = run_here("policy", "test", policy, terminal=("stdout",))
    assert "mi\\x1b[31mne: 2 of 3" in outcome.out
