"""``llmpost trace``: one request in lines, as a page and as JSON, all of them in numbers, and what is damaged."""

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from program import Outcome, command, environment
from speaking_engine import cut, speaking
from told_records import POLICY, TEXT, answered, checked

import llmpost
from llmpost.traces.writer import TraceWriter

MAIL = "maria.chen@example.com"
SEAL = "5e" * 32
BLOCKING = {
    "version": 1,
    "name": "blocking",
    "notice": "[withheld]",
    "trace": {"store": "raw"},
    "guards": [{"use": "phrases", "phrases": ["swordfish"], "action": "block"}],
}


@pytest.fixture
def traces(tmp_path: Path) -> Path:
    """Real ones, of real requests: a check, one answer, three candidates of which the second is blocked, a digest."""
    folder = tmp_path / "traces"
    kept = {**POLICY, "trace": {"store": "raw"}}
    llmpost.Checker.load(kept, trace=folder).check(TEXT)
    speaking(cut(TEXT, 40, 80), policy=kept, trace=folder).generate("Well?>", seed=1)
    engine = speaking(["no ", "swordfish"], ["no ", "comment"], policy=BLOCKING, trace=folder)
    engine.generate("Well?>", seed=5, n=3, temperature=1.0)
    speaking([MAIL], policy={**POLICY, "trace": {"store": "digest"}}, trace=folder).generate("Who?>", seed=1)
    return folder


def ids(run: Callable[..., Outcome], folder: Path) -> list[str]:
    return [json.loads(run("trace", "show", folder, "--nth", n, "--json").out)["id"] for n in (1, 2, 3, 4)]


def test_the_last_is_shown_where_none_is_named(run_here: Callable, traces: Path) -> None:
    """It was kept as a digest: no word of it is shown, and its spans lie on a ruler."""
    outcome = run_here("trace", "show", traces)
    assert (outcome.code, outcome.err) == (0, "")
    assert "The text was not kept: 22 characters." in outcome.out
    assert re.search("├█+┤", outcome.out)
    assert MAIL not in outcome.out
    assert outcome == run_here("trace", "show", traces, "--last")


def test_a_request_is_found(run_here: Callable, traces: Path) -> None:
    """By its place, its id, and the beginning of that; the blocked one by what became of it."""
    own = ids(run_here, traces)
    assert len(set(own)) == 4
    for name in own:
        whole = run_here("trace", "show", traces, "--id", name)
        assert (whole.code, whole.out.splitlines()[0][-32:]) == (0, name)
        assert run_here("trace", "show", traces, "--id", name[:12]) == whole
    blocked = run_here("trace", "show", traces, "--blocked")
    assert blocked == run_here("trace", "show", traces, "--id", own[2])
    assert blocked == run_here("trace", "show", traces, "--blocked", "--nth", 1)
    assert "✕ blocked  Candidate " in blocked.out


def test_what_is_not_there_is_said(run_here: Callable, traces: Path) -> None:
    """An id of none, a place behind the last, and a beginning of several ids: a sentence, and exit code 1."""
    for words, told in (
        (["--id", "nobody"], "'nobody' is not the id of a request here"),
        (["--nth", 5], "a trace with fewer than 5 requests"),
        (["--blocked", "--nth", 2], "a trace with fewer than 2 blocked requests"),
    ):
        outcome = run_here("trace", "show", traces, *words)
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err.startswith(f"llmpost trace show: {told}")
    alike = traces.parent / "alike.jsonl"
    with TraceWriter(alike) as writer:
        for name in ("ab1", "ab2", "ab"):
            writer.add(answered(id=name))
    assert run_here("trace", "show", alike, "--id", "ab").out.splitlines()[0] == "A request · ab"
    assert "is not the beginning of one id alone" in run_here("trace", "show", alike, "--id", "a").err


def test_lines_say_what_the_page_says(run_here: Callable, traces: Path) -> None:
    """Texts with their marks, findings with what was done, stages with their times, and settings."""
    out = run_here("trace", "show", traces, "--nth", 2).out
    assert "│ Of course! I have written to" in out
    assert "«¹maria.chen@example.com»" in out
    assert "│ «¹[EMAIL_ADDRESS]»" in out
    assert re.search(r"^1 +EMAIL_ADDRESS +mail +~ redact +29–51 +29–44 +0\.95", out, re.M)
    assert re.search(r"^decoding +forward +[·█]{24} +[0-9.]+ [mµ]?s", out, re.M)
    assert re.search(r"^Policy +support-bot@[0-9a-f]{12}$", out, re.M)
    assert max(map(len, out.splitlines())) <= 100


def test_colours_are_for_terminals(run_here: Callable, traces: Path) -> None:
    """A terminal sees colours; without them the same is said, and guillemets stand around what they marked."""
    plain = run_here("trace", "show", traces, "--nth", 2)
    coloured = run_here("trace", "show", traces, "--nth", 2, terminal=("stdout",))
    assert "\x1b" not in plain.out
    assert "\x1b[33;4mmaria.chen@example.com\x1b[0m" in coloured.out
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured.out)
    assert sorted(re.sub(r"[«»│\s]", "", plain.out)) == sorted(re.sub(r"[│\s]", "", bare))


@pytest.mark.parametrize(("own", "has_colours"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_no_colour_is_obeyed(own: dict[str, str], has_colours: bool, traces: Path) -> None:
    """On a real terminal there are colours, unless NO_COLOR is set or the terminal says that it is dumb."""
    told, terminal = pty.openpty()
    around = {name: value for name, value in environment().items() if name != "NO_COLOR"} | {"TERM": "xterm"} | own
    done = subprocess.run(command("trace", "stats", traces), stdout=terminal, stderr=subprocess.PIPE, env=around)
    os.close(terminal)
    assert (done.returncode, b"\x1b" in os.read(told, 4096)) == (0, has_colours)
    os.close(told)


def test_a_page_is_written(run_here: Callable, traces: Path, tmp_path: Path) -> None:
    """To a file, or to standard output: one document, the same."""
    path = tmp_path / "request.html"
    outcome = run_here("trace", "show", traces, "--nth", 2, "--html", path)
    assert (outcome.code, outcome.out) == (0, "")
    assert path.read_text("utf-8") == run_here("trace", "show", traces, "--nth", 2, "--html", "-").out
    assert path.read_text("utf-8").startswith("<!doctype html>")
    nowhere = run_here("trace", "show", traces, "--html", tmp_path / "no" / "page.html")
    assert (nowhere.code, nowhere.out) == (2, "")


def test_json_is_the_records(run_here: Callable, traces: Path) -> None:
    """All candidates of the request, whole, as one object."""
    told = json.loads(run_here("trace", "show", traces, "--nth", 3, "--json").out)
    assert [record["candidate"] for record in told["records"]] == [0, 1, 2]
    assert {record["id"] for record in told["records"]} == {told["id"]}
    assert {record["raw"]["text"] for record in told["records"]} <= {"no swordfish", "no comment"}


def test_sealed_texts_are_opened(run_here: Callable, tmp_path: Path) -> None:
    """With the key they are shown, the prompt that guards were handed too; with another one none is, and it is said."""
    guards = [{**entry, "on": ["input", "output"]} for entry in POLICY["guards"]]
    engine = speaking(
        [f"I am {MAIL}"],
        policy={**POLICY, "guards": guards, "trace": {"store": "raw"}},
        trace=tmp_path / "traces",
        seal_key=bytes.fromhex(SEAL),
    )
    engine.generate(f"Is it {MAIL}?>", seed=1)
    key, other = tmp_path / "key", tmp_path / "other"
    key.write_text(f"{SEAL}\n")
    other.write_text("00" * 32)
    sealed = run_here("trace", "show", tmp_path / "traces")
    assert (sealed.code, sealed.out.count(MAIL)) == (0, 0)
    assert "sealed: --seal-key-file opens it." in sealed.out
    opened = run_here("trace", "show", tmp_path / "traces", "--seal-key-file", key)
    assert (opened.code, opened.out.count(MAIL)) == (0, 2)
    wrong = run_here("trace", "show", tmp_path / "traces", "--seal-key-file", other)
    assert (wrong.code, wrong.out) == (1, "")
    assert "is not readable" in wrong.err


def test_wrong_use_is_said_at_once(run_here: Callable, traces: Path, tmp_path: Path) -> None:
    """No path, one that leads nowhere, options that speak against each other, keys that are none: exit code 2."""
    empty, large, short = tmp_path / "empty", tmp_path / "large", tmp_path / "short"
    short.write_text("a passphrase")
    empty.write_text("")
    large.write_text("k" * 5000)
    for words in (
        [], ["show"], ["stats"], ["verify"], ["show", tmp_path / "nowhere"], ["show", traces, "--id", "a", "--last"],
        ["show", traces, "--nth", 0], ["show", traces, "--id", ""], ["show", traces, "--html", "a", "--json"],
        ["show", traces, "--id", "a", "--blocked"], ["show", traces, "--key-file", empty], ["lint", traces],
        ["show", traces, "--key-file", large], ["show", traces, "--seal-key-file", short],
        ["show", traces, "--key-file", tmp_path],
        ["stats", traces, "--since", "x"], ["stats", traces, "--until", "2026-13-01"],
        ["show", traces, "--nth", "x"], ["verify", traces, "--html", "x"],
    ):  # fmt: skip
        outcome = run_here("trace", *words)
        assert (outcome.code, outcome.out) == (2, ""), words
        assert re.fullmatch(r".+: .+ is not .+\. .+\n", outcome.err), words


def test_statistics_count(run_here: Callable, traces: Path) -> None:
    """Requests and records, ends, verdicts, policies, guards, times; as lines and as JSON."""
    told = json.loads(run_here("trace", "stats", traces, "--json").out)
    assert (told["requests"], told["records"], told["damage"]) == (4, 6, {})
    assert told["kinds"] == {"generate": 5, "check": 1}
    assert sum(told["finish_reasons"].values()) == 5
    assert told["guards"]["mail"]["outcomes"] == {"changed": 3}
    assert told["guards"]["mail"]["seconds"]["count"] == 3
    assert told["seconds"]["decoding"]["count"] == 3
    assert {"forward", "draw"} <= set(told["stage_seconds"])
    lines = run_here("trace", "stats", traces).out
    assert lines.startswith("4 requests, 6 records\n")
    assert re.search(r"^mail +0 +3 +0 +0 +0 +[0-9.]+ [mµ]s", lines, re.M)


def test_statistics_of_some(run_here: Callable, tmp_path: Path) -> None:
    """Of a time and of a policy: since is within, until is not."""
    with TraceWriter(tmp_path / "days.jsonl") as writer:
        for day in range(5):
            writer.add(checked(at=86400.0 * day))
        writer.add(checked(at=86400.0, trace=replace(checked().trace, policy="other")))

    def number(*words: object) -> int:
        return json.loads(run_here("trace", "stats", tmp_path / "days.jsonl", "--json", *words).out)["records"]

    digest = checked().trace.policy_digest
    assert number() == 6
    assert number("--since", "1970-01-02", "--until", "1970-01-03T00:00:00+00:00") == 2
    assert number("--since", "1970-01-04T01:00+01:00") == 2
    assert number("--since", "24h") == 0
    assert number("--policy", "other") == 1
    assert number("--policy", f"support-bot@{digest[:8]}") == 5
    assert number("--policy", "support") == 0


def test_damage_is_found(run_here: Callable, traces: Path) -> None:
    """An intact trace is exit code 0; an edited line is 1, with its place on standard error, and stats count it."""
    whole = run_here("trace", "verify", traces)
    assert (whole.code, whole.err, whole.out.splitlines()[-1]) == (0, "", "6 records: intact")
    file = sorted(traces.iterdir())[1]
    file.write_bytes(file.read_bytes().replace(b"Of course!", b"Of horses!"))
    outcome = run_here("trace", "verify", traces)
    assert outcome.code == 1
    assert re.match(rf"{re.escape(str(file))}:2: edited: ", outcome.err)
    told = json.loads(run_here("trace", "verify", traces, "--json").out)
    assert (told["is_intact"], told["damage"][0]["what"]) == (False, "edited")
    assert json.loads(run_here("trace", "stats", traces, "--json").out)["damage"]["edited"] == 1
    shown = run_here("trace", "show", traces)
    assert (shown.code, "damaged: see `llmpost trace verify`" in shown.err) == (0, True)


def test_hostile_files_break_nothing(run_here: Callable, tmp_path: Path) -> None:
    """Garbage, escape sequences in names and ids, and halves of pairs come out as words, or as damage."""
    path = tmp_path / "bad.jsonl"
    with TraceWriter(path) as writer:
        writer.add(answered(id="\x1b[31m\ud800\nA forged line", error="\x1b]0;x\x07\nA forged line"))
    path.write_bytes(path.read_bytes() + b"\x00\xff{\n" + b"[" * 100_000)
    for words in (["show"], ["stats"], ["show", "--json"], ["show", "--html", "-"]):
        outcome = run_here("trace", words[0], path, *words[1:])
        assert (outcome.code, "\x1b" in outcome.out) == (0, False), outcome.err
        assert words[-1] == "-" or "\nA forged line" not in outcome.out
    assert run_here("trace", "verify", path).code == 1
