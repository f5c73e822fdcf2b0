"""Statistics of traces: what is counted, that parts merged are the whole, and that memory is bounded."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from told_records import answered, checked

from llmpost.contracts.guard import Outcome, Verdict
from llmpost.contracts.inspection import Inspection
from llmpost.contracts.record import Record
from llmpost.contracts.result import Timings, Usage
from llmpost.traces.damage import Damage
from llmpost.traces.named import OTHERS
from llmpost.traces.statistics import Statistics

ANSWER, CHECK = answered(), checked()


def statistics(records: list[Record]) -> Statistics:
    own = Statistics()
    for record in records:
        own.add(record)
    return own


def asked(*outcomes: Outcome) -> Record:
    looks = tuple(Inspection(outcome.side, Verdict(outcomes=(outcome,))) for outcome in outcomes)
    return replace(CHECK, trace=replace(CHECK.trace, inspections=looks))


RECORDS = st.lists(
    st.builds(
        lambda at, reason, seconds, candidate: replace(
            ANSWER, at=at, finish_reason=reason, seconds=seconds, candidate=candidate,
            timings=Timings(seconds, seconds / 2, {"forward": seconds}, 3), usage=Usage(1, 10),
        ),
        st.floats(0, 1e9), st.sampled_from(["stop", "length", "blocked", ""]), st.floats(0, 100), st.integers(0, 2),
    )
    | st.just(CHECK),
    max_size=8,
)  # fmt: skip


@given(RECORDS, RECORDS)
def test_parts_merged_are_the_whole(first: list[Record], second: list[Record]) -> None:
    """Whatever stands in them, and wherever the stream is cut."""
    merged = statistics(first)
    merged.merge(statistics(second))
    whole = statistics(first + second)
    told, right = merged.told(), whole.told()
    for sketches in (told, right):
        for own in [*sketches["seconds"].values(), *sketches["stage_seconds"].values(), sketches["tokens_per_second"]]:
            own.pop("mean")  # added up in another order
        for guard in sketches["guards"].values():
            guard["seconds"].pop("mean")
    assert told == right


def test_guards_are_told_by_how_they_fared() -> None:
    """Each status is counted; whys are; a guard that did not run has no time."""
    late = Outcome("judge", "failed", 2.0, "no answer in its time")
    own = statistics(
        [asked(Outcome("judge", "passed", 0.5), late), asked(Outcome("judge", "skipped", 0.0, "not asked"))]
    )
    told = own.told()["guards"]["judge"]
    assert told["outcomes"] == {"failed": 1, "passed": 1, "skipped": 1}
    assert told["why"] == {"no answer in its time": 1, "not asked": 1}
    assert told["seconds"]["count"] == 2


def test_candidates_share_what_they_share() -> None:
    """Of three candidates the request, its times and the guards of its prompt count once, their answers each."""
    records = [replace(ANSWER, candidate=number) for number in range(3)]
    told = statistics(records).told()
    sides = [look.side for look in ANSWER.trace.inspections]
    assert (told["requests"], told["records"], told["seconds"]["decoding"]["count"]) == (1, 3, 1)
    assert sum(told["guards"]["mail"]["outcomes"].values()) == sides.count("input") + 3 * sides.count("output")
    assert told["finish_reasons"] == {"stop": 3}


def test_speed_is_written_tokens_by_time() -> None:
    """Tokens a second of decoding."""
    record = replace(ANSWER, timings=Timings(0.5, 0.1, {}, 9), usage=Usage(1000, 50))
    speed = statistics([record]).told()["tokens_per_second"]["p50"]
    assert abs(speed - 100) <= 1


def test_names_are_bounded() -> None:
    """Ten thousand policies, guards and reasons are told of two hundred, and of the others together."""
    own = Statistics()
    for number in range(10_000):
        name = f"{number}{'x' * 1000}"
        record = asked(Outcome(name, "failed", 0.1, name))
        own.add(replace(record, finish_reason=name, trace=replace(record.trace, policy=name)))
    told = own.told()
    for counts in (told["finish_reasons"], told["policies"]):
        assert (len(counts), counts[OTHERS], sum(counts.values())) == (201, 9800, 10_000)
    assert len(told["guards"]) == 201
    assert max(map(len, told["policies"])) <= 120


def test_damage_is_counted_by_kind() -> None:
    """Each place by what is wrong there."""
    own = Statistics()
    for what in ("torn", "edited", "edited"):
        own.add_damage(Damage("file", 0, 1, what, "so"))  # type: ignore[arg-type]  # kinds of damage
    assert own.told()["damage"] == {"edited": 2, "torn": 1}


def test_counts_are_in_one_order() -> None:
    """The most frequent first, the others by name, in whatever order they came."""
    told = statistics([replace(ANSWER, finish_reason=reason) for reason in ("b", "c", "a", "c")]).told()
    assert list(told["finish_reasons"]) == ["c", "a", "b"]
