"""Replaying recorded traffic: the same policy changes nothing, another what it would have changed, and what was not
kept is counted and not guessed at."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from recorded_traffic import DOCUMENTS, KEY, SCHEMA, SHIPPED, TEXTS, raw, record

import llmpost
from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.engine import Checker
from llmpost.engine.replaying.parts import parts_of
from llmpost.engine.replaying.replay import replay
from llmpost.errors import LlmpostError, PolicyError, TraceError
from llmpost.traces import TraceWriter, read_traces

SEAL = bytes(range(32))
ASKING_AGAIN = {
    "version": 1,
    "name": "asking",
    "guards": [
        {"use": "pii", "action": {"retry": {"times": 2}}},
        {"use": "secrets", "action": {"reroute": {"policy": "other"}}},
        {"use": "profanity", "action": "review", "on": ["input", "output"]},
    ],
}
NAMING = {
    "version": 1,
    "name": "naming",
    "guards": [
        {"use": "pii", "on": ["input", "output"], "action": "pseudonymise"},
        {"use": "secrets", "action": "hash"},
        {"use": "profanity", "action": "truncate"},
    ],
}
BREAKING = {"version": 1, "name": "breaking", "guards": [{"use": "broken"}]}
STRICTER = {"version": 1, "name": "stricter", "guards": [{"use": "pii", "action": "block"}]}


class Broken:
    """A guard that never answers a text with an address in it."""

    name, reach, context = "broken", 0, 0

    def inspect(self, text: str, context: Any) -> tuple[()]:
        if "@" in text:
            raise OSError
        return ()


def differences(report: Any) -> dict[str, int]:
    """Of both sides, what is not the same."""
    both = [report.answers.kinds, report.prompts.kinds]
    return {
        kind: sum(kinds[kind] for kinds in both) for kind in both[0] if kind != "same" and any(k[kind] for k in both)
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_the_policy_that_made_a_trace_changes_nothing(name: str, tmp_path: Path) -> None:
    """Of every shipped policy: beside what was recorded, and asked again, each text comes out as it did."""
    policy = raw(name)
    record(policy, tmp_path / "traces")
    for against in (None, policy):
        report = replay(tmp_path / "traces", policy, against, key=KEY, schemas=[SCHEMA])
        assert differences(report) == {}
        assert report.totals.not_reproduced == 0
        assert report.totals.left_out.keys() <= {"nothing was written"}
        assert report.answers.count > 50
        assert report.totals.read == report.answers.count + sum(report.totals.left_out.values()) + len(TEXTS)


@pytest.mark.parametrize("policy", [ASKING_AGAIN, NAMING], ids=["asking again", "naming"])
@pytest.mark.parametrize("is_reviewed", [True, False])
def test_what_depends_on_a_request_changes_nothing(policy: dict[str, Any], is_reviewed: bool, tmp_path: Path) -> None:
    """Retries and reroutes stand as what they asked for, pseudonyms as what they hide, and reviews as they went."""
    policy = raw(policy)
    review = (lambda text, verdict: None) if is_reviewed else None
    record(policy, tmp_path / "traces", on_review=review, policies={"other": policy | {"name": "other"}})
    assert {"retry", "reroute", "truncate", "pseudonymise"} & {
        each.verdict.action for record in records(tmp_path / "traces") for each in record.trace.inspections
    }
    for against in (None, policy):
        report = replay(tmp_path / "traces", policy, against, key=KEY, schemas=[SCHEMA])
        assert differences(report) == {}
        assert report.totals.not_reproduced == 0


def test_a_guard_that_breaks_settles_nothing(tmp_path: Path) -> None:
    """Where a guard broke on one side alone the difference may be its doing: it is counted apart."""
    policy, guards = raw(BREAKING), {"broken": Broken()}
    check_all(Checker.load(policy, guards=guards, trace=tmp_path / "traces"))
    assert differences(replay(tmp_path / "traces", policy, guards=guards)) == {}
    assert differences(replay(tmp_path / "traces", "bare")) == {"unsettled": sum("@" in text for text in TEXTS)}


def test_deadlines_are_lifted(tmp_path: Path) -> None:
    """What a guard finds counts, however long it takes, and whatever time its policy gives it."""
    policy = raw({"version": 1, "name": "hurried", "guards": [{"use": "pii", "timeout_ms": 0.000001}]})
    check_all(Checker.load(raw("default"), trace=tmp_path / "traces"))
    hurried = replay(tmp_path / "traces", policy, raw({"version": 1, "guards": [{"use": "pii"}]}))
    assert differences(hurried) == {}


def test_a_stricter_policy_is_told(tmp_path: Path) -> None:
    """Each text of which something else becomes is counted once, by the gravest of its differences, with an example
    that has id, labels and spans, and no word of the text."""
    check_all(Checker.load(raw("default"), trace=tmp_path / "traces"))
    report = replay(tmp_path / "traces", STRICTER)
    found = [bool(Checker(STRICTER).check(text).verdict.findings) for text in TEXTS]
    secret = [text for text, has_it in zip(TEXTS, found, strict=True) if not has_it and "ghp_" in text]
    assert differences(report) == {"newly_blocked": sum(found), "fewer_changed": len(secret)}
    assert report.answers.blocked.only_after == sum(found)
    example = report.answers.examples["newly_blocked"][0]
    assert example.id in {record.id for record in records(tmp_path / "traces")}
    assert example.after.action == "block"
    assert example.text is None
    assert not any(word in json.dumps(report.to_dict()) for word in ("ada@", "4111", "ghp_", "noon"))
    shown = replay(tmp_path / "traces", STRICTER, show_text=True)
    assert shown.answers.examples["newly_blocked"][0].text in TEXTS


def test_what_was_not_kept_is_counted(tmp_path: Path) -> None:
    """By why: only a digest, labels in the place of what was found, sealed and no key or another one."""
    stores: list[tuple[dict[str, Any], dict[str, Any], str]] = [
        ({"store": "digest"}, {}, "only a digest was kept"),
        ({"store": "redacted"}, {}, "it was kept with labels in the place of what was found"),
        ({"store": "raw"}, {"seal_key": SEAL}, "it is sealed, and there is no key"),
    ]
    for place, (trace, surroundings, why) in enumerate(stores):
        policy = raw({"version": 1, "guards": [{"use": "pii"}]}) | {"trace": trace}
        check_all(Checker.load(policy, trace=tmp_path / str(place), **surroundings))
        report = replay(tmp_path / str(place), policy)
        assert dict(report.totals.left_out) == {why: len(TEXTS)}
        assert report.answers.count == 0
    other = replay(tmp_path / "2", "default", seal_key=SEAL[::-1])
    assert dict(other.totals.left_out) == {"it is sealed, and the key does not open it": len(TEXTS)}
    opened = replay(tmp_path / "2", {"version": 1, "guards": [{"use": "pii"}]}, seal_key=SEAL)
    assert (opened.answers.count, differences(opened)) == (len(TEXTS), {})


def test_documents_need_their_schema(tmp_path: Path) -> None:
    """Where a change may break a document, what becomes of it is not told without the schema."""
    checker = Checker.load(raw("default"), trace=tmp_path / "traces")
    for document in DOCUMENTS:
        checker.check(document, schema=SCHEMA)
    without = replay(tmp_path / "traces", "default")
    assert dict(without.totals.left_out) == {"a JSON document whose schema is not at hand": 1}
    assert differences(replay(tmp_path / "traces", "default", schemas=[SCHEMA])) == {}
    held = raw({"version": 1, "guards": [{"use": "pii"}], "constraint": {"json_schema": SCHEMA}})
    assert not replay(tmp_path / "traces", held).totals.left_out


@pytest.mark.parametrize("part_bytes", [1, 700, 5_000, 1 << 20])
def test_parts_are_the_file(part_bytes: int, tmp_path: Path) -> None:
    """However large parts are, each record is in one of them, in order; also when the file has grown meanwhile."""
    path = tmp_path / "traces.jsonl"
    checker = Checker.load(raw("default"), trace=path)
    check_all(checker)
    size = path.stat().st_size
    parts = parts_of(str(path), size, None, part_bytes)
    check_all(checker)
    assert parts == parts_of(str(path), size, None, part_bytes)
    assert [part.segment.start for part in parts[1:]] == [part.segment.end for part in parts[:-1]]
    assert sum(part.num_bytes for part in parts) == size
    texts = [record.raw.text for part in parts for record in records(part.segment) if record.raw is not None]
    assert texts == list(TEXTS)


def test_a_limit_is_the_first_records_and_a_sample_is_of_requests(tmp_path: Path) -> None:
    """Of a sample all candidates are taken, the same each time, by another seed others; a limit cuts it short."""
    write(tmp_path / "traces.jsonl", 300)
    limited = replay(tmp_path / "traces.jsonl", "default", limit=123)
    assert (limited.totals.read, limited.answers.count) == (123, 123)
    sampled = [replay(tmp_path / "traces.jsonl", "default", sample=0.25, seed=seed) for seed in (1, 1, 2)]
    assert sampled[0] == sampled[1] != sampled[2]
    assert 40 < sampled[0].totals.chosen < 110
    assert sampled[0].totals.read == 300


def test_damage_is_told_and_read_past(tmp_path: Path) -> None:
    """Torn, garbled and empty lines are counted and named; what stands between them is replayed."""
    path = tmp_path / "traces.jsonl"
    write(path, 6)
    lines = path.read_bytes().splitlines(keepends=True)
    hostile = [
        b"{\n",
        b"\xff\x00\n",
        b"[" * 100_000 + b"\n",
        b'{"hash":"\n',
        lines[2].replace(b'"record"', b'"rec0rd"'),
    ]
    path.write_bytes(b"".join([*lines[:3], *hostile, *lines[3:5], lines[5][:50]]))
    report = replay(path, "default")
    assert report.totals.read == 4
    assert report.totals.damaged == len(hostile) + 1
    assert all(str(path) in place for place in report.totals.damages)


def test_hostile_records_end_as_numbers(tmp_path: Path) -> None:
    """Lone surrogates, spans beyond the text, inspections that do not match what was kept, a flood of names: nothing of
    that ends a replay, and what is kept of it is bounded."""
    path = tmp_path / "traces.jsonl"
    write(path, 3)
    (record, *_) = records(path)
    looked_at = (dataclasses.replace(record.trace.inspections[0], side="input"),) * 3
    odd = [
        dataclasses.replace(record, id="\ud800\x00", raw=Kept(3, "", "\ud800\u202e\x00")),
        dataclasses.replace(record, kind="generate", prompt=Kept(1, "", "x"), inputs=(Kept(1, "", "x"),)),
        dataclasses.replace(record, raw=Kept(5), store="raw"),
        dataclasses.replace(record, kind="generate", prompt=Kept(1, "", "x"), system=Kept(1, "", "y")),
        dataclasses.replace(
            record, trace=dataclasses.replace(record.trace, inspections=looked_at), kind="generate",
            prompt=Kept(1, "", "x"), inputs=(Kept(1, "", "x"),),
        ),
    ]  # fmt: skip
    policies = [
        dataclasses.replace(record, trace=dataclasses.replace(record.trace, policy=f"p{number}"))
        for number in range(700)
    ]
    with TraceWriter(tmp_path / "odd.jsonl") as writer:
        for each in (*odd, *policies):
            writer.add(each)
    both = {"version": 1, "guards": [{"use": "pii", "on": ["input", "output"]}]}
    report = replay(tmp_path / "odd.jsonl", both, both)
    assert report.totals.read == len(odd) + len(policies)
    assert len(report.totals.policies) == 256
    assert sum(report.totals.left_out.values()) == 1
    assert sum(report.totals.left_out_prompts.values()) == 2


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"workers": 0}, "replay.workers"), ({"sample": 0}, "replay.sample"), ({"sample": True}, "replay.sample"),
        ({"limit": 0}, "replay.limit"), ({"wrokers": 2}, "'wrokers'"), ({"seal_key": b"short"}, "seal"),
        ({"schemas": ["{"]}, "schema"), ({"examples": -1}, "replay.examples"),
    ],
)  # fmt: skip
def test_wrong_use_is_said_before_anything_is_read(said: dict[str, Any], where: str, tmp_path: Path) -> None:
    """Four parts, and the name of what is wrong."""
    write(tmp_path / "traces.jsonl", 1)
    with pytest.raises(LlmpostError, match=where):
        replay(tmp_path / "traces.jsonl", "default", **said)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """A trace, a policy, a key that a policy's hashes need."""
    with pytest.raises(TraceError, match="nowhere"):
        replay(tmp_path / "nowhere", "default")
    write(tmp_path / "traces.jsonl", 1)
    with pytest.raises(PolicyError, match="ships"):
        replay(tmp_path / "traces.jsonl", "no-such")
    with pytest.raises(PolicyError, match="hash without a key"):
        replay(tmp_path / "traces.jsonl", {"version": 1, "guards": [{"use": "pii", "action": "hash"}]})


def test_a_policy_that_reroutes_needs_no_model(tmp_path: Path) -> None:
    """Nobody is asked, so that whom it would ask need not be there."""
    write(tmp_path / "traces.jsonl", 3)
    routing = {"version": 1, "guards": [{"use": "pii", "action": {"reroute": {"model": "large", "policy": "careful"}}}]}
    assert llmpost.replay(tmp_path / "traces.jsonl", routing).answers.kinds["newly_asked_again"] == 2


def records(path: Any) -> list[Record]:
    return [entry.record for entry in read_traces(path, KEY) if hasattr(entry, "record")]


def check_all(checker: Checker) -> None:
    for text in TEXTS:
        checker.check(text)


def write(path: Path, count: int, policy: Any = "default") -> None:
    """So many checks, closed."""
    checker = Checker.load(raw(policy), trace=(writer := TraceWriter(path)))
    for number in range(count):
        checker.check(f"{number}: {TEXTS[number % len(TEXTS)]}")
    writer.close()
