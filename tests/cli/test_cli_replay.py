"""``llmpost replay``: a report for a person, as JSON and as a page, of traces that a program recorded."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from llmpost.engine import Checker
from llmpost.engine.replaying.words import TITLES
from llmpost.traces import TraceWriter

RAW = {"version": 1, "name": "raw", "extends": "default", "trace": {"store": "raw"}}
STRICTER = "version: 1\nname: stricter\nguards: [{use: pii, action: block}]\n"
TEXTS = ("fine", "mail ada@example.com", "<b>bob@example.com</b>\x1b[31m", "call +1 212 555 0142 or eve@example.com")


class _Reader(HTMLParser):
    """The words of a page, and whatever it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.links: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.links |= {(given["href"] or "").removeprefix("#")} if "href" in given else set()

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def traces(tmp_path: Path) -> Path:
    with TraceWriter(tmp_path / "traces.jsonl") as writer:
        checker = Checker.load(RAW, trace=writer)
        for text in TEXTS:
            checker.check(text)
    (tmp_path / "stricter.yaml").write_text(STRICTER)
    return tmp_path / "traces.jsonl"


@pytest.fixture
def policy(traces: Path) -> Path:
    return traces.with_name("stricter.yaml")


def test_a_person_reads_what_would_change(run_here: Callable, traces: Path, policy: Path) -> None:
    """Totals, kinds, labels and examples by id, no wider than a hundred columns, and no word of a text."""
    outcome = run_here("replay", traces, "--policy", policy, "--workers", 1)
    assert (outcome.code, outcome.err) == (0, "")
    assert "as recorded → stricter@" in outcome.out
    assert "3 of 4 answers would have come out differently." in outcome.out
    assert "newly blocked" in outcome.out
    assert "EMAIL_ADDRESS" in outcome.out
    assert all(len(line) <= 100 for line in outcome.out.splitlines())
    assert not any(word in outcome.out for word in ("ada@", "555", "\x1b"))


def test_the_same_policy_changes_nothing(run_here: Callable, traces: Path) -> None:
    """And that is said in so many words."""
    outcome = run_here("replay", traces, "--policy", "default", "--workers", 1)
    assert "Nobody would have seen any difference." in outcome.out
    assert TITLES["same"][0] in outcome.out


def test_json_and_a_page_say_the_same(run_here: Callable, traces: Path, policy: Path) -> None:
    """The numbers of the JSON are in the page, which has no script, fetches nothing and shows no text unless asked."""
    told, page = traces.with_name("report.json"), traces.with_name("report.html")
    words = [
        "replay",
        traces,
        "--policy",
        policy,
        "--against",
        "default",
        "--workers",
        1,
        "--json",
        told,
        "--html",
        page,
    ]
    outcome = run_here(*words)
    assert outcome.code == 0
    report = json.loads(told.read_text())
    assert report["answers"]["kinds"]["newly_blocked"] == 3
    assert report["answers"]["blocked"]["only_after"] == 3
    reader = _Reader()
    reader.feed(page.read_text())
    shown = " ".join(reader.words)
    assert "3 of 4 answers would have come out differently." in shown
    assert not {"script", "link", "img"} & set(reader.tags)
    assert "ada@" not in page.read_text()
    assert json.loads(run_here(*words[:-4], "--json", "-").out)["after"]["name"] == "stricter"


def test_texts_are_shown_only_where_asked_for(run_here: Callable, traces: Path, policy: Path) -> None:
    """Then a text is written so that it can do nothing: neither to a terminal nor to a page."""
    page = traces.with_name("report.html")
    outcome = run_here(
        "replay", traces, "--policy", policy, "--workers", 1, "--show-text", "--html", page, terminal=("stdout",)
    )
    assert "ada@example.com" in outcome.out
    assert "\\x1b[31m" in outcome.out
    reader = _Reader()
    reader.feed(page.read_text())
    assert reader.links
    assert reader.links <= reader.ids
    assert "&lt;b&gt;" in page.read_text()
    assert "<b>bob" not in page.read_text()


def test_a_bar_is_for_terminals(run_here: Callable, traces: Path) -> None:
    """Nothing but the report in a pipe; on a terminal how far it is, in bytes."""
    assert run_here("replay", traces, "--policy", "default", "--workers", 1).err == ""
    assert "B/s" in run_here("replay", traces, "--policy", "default", "--workers", 1, terminal=("stderr",)).err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["TRACES"], "llmpost replay: no policy is not one to be tried. Write --policy strict, or --policy FILE."),
        (["--policy", "default"], "llmpost replay: no path is not"),
        (["nowhere", "--policy", "default"], "nowhere: a path that leads nowhere is not"),
        (["TRACES", "--policy", "defualt"], "Did you mean 'default'?"),
        (["TRACES", "--policy", "default", "--json", "-", "--html", "-"], "--html: standard output for both"),
        (["TRACES", "--policy", "default", "--sample", "2"], "replay.sample: 2.0 is not a share above 0"),
        (["TRACES", "--policy", "default", "--wrokers", "2"], "Did you mean '--workers'?"),
        (["TRACES", "--policy", "default", "--seal-key-file", "TRACES"], "is not a"),
        (["TRACES", "--policy", "default", "--json", "no/such/folder"], "cannot be written"),
        (["TRACES", "--policy", "default", "--resume", "TRACES"], "the progress of a replay"),
    ],
)
def test_wrong_use_is_said(run_here: Callable, traces: Path, words: list[str], message: str) -> None:
    """On standard error, in four parts, with exit code 2, and nothing on standard output."""
    outcome = run_here("replay", *(str(traces) if word == "TRACES" else word for word in words), "--workers", 1)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_the_program_itself(run_program: Callable, traces: Path) -> None:
    """In a process of its own, with processes of its own."""
    outcome = run_program("replay", traces, "--policy", "default", "--workers", 2)
    assert (outcome.code, outcome.err) == (0, "")
    assert "4 records read" in outcome.out
