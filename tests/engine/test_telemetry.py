"""Spans and numbers of what an engine does, for OpenTelemetry: made of records, without a word of any text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hostile_guards import Pattern, Raising
from listing_recorder import Full, Listing
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from speaking_engine import cut, speaking

from llmpost.engine import Checker
from llmpost.engine.recording.telemetry import stretches
from llmpost.errors import RequestError, TraceError

SECRET = "swordfish"
TEXT = f"the word is {SECRET}, they say"
GUARDS = {"toy": Pattern(SECRET, "WORD", reach=len(SECRET)), "raising": Raising()}
POLICY = {"version": 1, "name": "toys", "guards": [{"use": "toy", "on": ["input", "output"], "action": "redact"}]}


@dataclass(frozen=True)
class Watching:
    """Providers, and what they were told."""

    tracers: TracerProvider
    meters: MeterProvider
    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader

    @property
    def providers(self) -> tuple[TracerProvider, MeterProvider]:
        return self.tracers, self.meters

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())

    def numbers(self, name: str) -> dict[tuple[Any, ...], float]:
        """The points of a metric, by the values of their attributes: a counter's value, a histogram's count."""
        data = self.reader.get_metrics_data()
        metrics = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics if m.name == name]
        points = [point for metric in metrics for point in metric.data.data_points]
        return {tuple(p.attributes.values()): getattr(p, "value", getattr(p, "count", None)) for p in points}


@pytest.fixture
def watching() -> Iterator[Watching]:
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider([reader])
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    yield Watching(tracers, meters, exporter, reader)
    tracers.shutdown()
    meters.shutdown()


def test_a_request_is_a_span_with_its_parts(watching: Watching) -> None:
    """Below it are the guards of its prompt, its writing with the time of each stage, and the guards of its text."""
    records = Listing()
    engine = speaking(cut(TEXT, 9), policy=POLICY, guards=GUARDS, telemetry=watching.providers, trace=records)
    result = engine.generate("tell me>", seed=1)
    *parts, whole = watching.spans
    assert [span.name for span in parts] == ["llmpost.guard", "llmpost.decode", "llmpost.guard"]
    assert [span.attributes["llmpost.side"] for span in (parts[0], parts[2])] == ["input", "output"]
    assert (parts[2].attributes["llmpost.status"], parts[2].attributes["llmpost.findings"]) == ("changed", 1)
    assert parts[1].attributes["llmpost.forward_seconds"] > 0
    assert all(span.parent.span_id == whole.context.span_id for span in parts)
    assert all(whole.start_time <= span.start_time <= span.end_time <= whole.end_time for span in parts)
    assert (whole.name, whole.attributes["llmpost.id"]) == ("llmpost.generate", result.trace.id)
    assert whole.attributes["gen_ai.usage.output_tokens"] == result.usage.completion_tokens
    assert whole.end_time - whole.start_time == pytest.approx(records.only.seconds * 1e9, abs=2000)
    (event,) = whole.events
    assert (event.name, event.attributes["llmpost.released_characters"]) == ("llmpost.release", len(result.text))


def test_it_stands_in_the_span_that_is_under_way(watching: Watching) -> None:
    """A service's own span is the parent of those of its requests."""
    made = Checker.load(POLICY, guards=GUARDS, telemetry=watching.providers)
    with watching.tracers.get_tracer("service").start_as_current_span("service"):
        made.check(TEXT)
    guard, check, service = watching.spans
    assert (guard.name, check.name, service.name) == ("llmpost.guard", "llmpost.check", "service")
    assert check.parent.span_id == service.context.span_id


def test_no_text_is_in_any_of_it(watching: Watching) -> None:
    """Neither prompt nor answer, whatever the policy lets be kept in records."""
    own = {**POLICY, "trace": {"store": "raw", "logits": 3}, "guards": [*POLICY["guards"], {"use": "raising"}]}
    engine = speaking(cut(TEXT, 9), policy=own, guards=GUARDS, telemetry=watching.providers)
    engine.generate(f"{SECRET}>", regex=TEXT, trace_masked=3)
    list(engine.stream(f"{SECRET}>", policy=POLICY))
    engine.check(TEXT)
    with pytest.raises(RequestError):
        engine.generate("")
    told = "".join(span.to_json() for span in watching.spans) + watching.reader.get_metrics_data().to_json()
    assert "swordfish" not in told
    assert "they say" not in told


def test_numbers_add_up(watching: Watching) -> None:
    """Requests by their end, guards by how they fared, tokens read once for each request, and times."""
    engine = speaking(cut(TEXT, 9), ["fine"], policy=POLICY, guards=GUARDS, telemetry=watching.providers)
    engine.generate("a>", n=3, temperature=1.0, seed=4)
    engine.generate("b>", policy="bare", regex="fine")
    engine.check(TEXT)
    events = engine.stream("a>")
    events.close()  # type: ignore[attr-defined]
    requests = watching.numbers("llmpost.requests")
    assert sum(requests.values()) == 6
    assert requests["generate", "toys", "abandoned", "allow"] == requests["check", "toys", "", "redact"] == 1
    assert watching.numbers("llmpost.tokens")["speaking", "input"] == 6
    outcomes = watching.numbers("llmpost.guard.outcomes")
    assert outcomes["toy", "output", "changed"] + outcomes.get(("toy", "output", "passed"), 0) == 4
    assert sum(watching.numbers("llmpost.guard.duration").values()) == sum(outcomes.values())
    assert sum(watching.numbers("llmpost.request.duration").values()) == 6
    assert watching.numbers("llmpost.decode.duration") == watching.numbers("llmpost.first_token.duration")


def test_errors_and_lost_records_are_told(watching: Watching) -> None:
    """A request that failed is a failed span with the kind of its error; a record that was not kept is counted."""
    engine = speaking(["fine"], telemetry=watching.providers, trace=Full())
    for prompt in ("", "a>"):
        with pytest.raises(TraceError):
            engine.generate(prompt)
    failed = watching.spans[0]
    assert (failed.status.status_code.name, failed.status.description) == ("ERROR", "RequestError")
    assert failed.attributes["error.type"] == "RequestError"
    assert watching.numbers("llmpost.records.lost") == {("generate", "bare"): 2}


def test_a_stream_is_guarded_while_it_is_written(watching: Watching) -> None:
    """What guards read beside a stream begins with it; what they looked at behind it begins after."""
    records = Listing()
    engine = speaking(cut(TEXT, 9), policy=POLICY, guards=GUARDS, trace=records)
    list(engine.stream("a>"))
    engine.generate("a>")
    for record, is_beside in zip(records, (True, False), strict=True):
        whole, _, decode, guard = stretches(record)
        assert whole.begun <= decode.begun
        assert (guard.begun == decode.begun) == is_beside
        assert is_beside or guard.begun >= decode.begun + decode.seconds


def test_telemetry_alone_needs_no_key(watching: Watching) -> None:
    """Where nothing is written a policy's keys are not asked for, no log-probability is, and the result has an id."""
    own = {"version": 1, "trace": {"store": "raw", "key": {"env": "LLMPOST_TEST_NO_SUCH_VARIABLE"}, "logits": 5}}
    engine = speaking(["fine"], policy=own, telemetry=watching.providers)
    assert engine.generate("a>").trace.id == watching.spans[-1].attributes["llmpost.id"]


def test_wrong_providers_are_wrong_use() -> None:
    """True is what the program was set up with; anything else is a pair of providers."""
    assert speaking(["fine"], telemetry=True).generate("a>").trace.id
    assert not speaking(["fine"], telemetry=False).generate("a>").trace.id
    for given in ("yes", (1, 2), 7):
        with pytest.raises(RequestError, match=r"telemetry: a \w+ is not True or a pair of providers"):
            speaking(["fine"], telemetry=given)


def test_it_is_an_extra() -> None:
    """Without the option nothing of it is imported, and without the package the option says what to install."""
    program = """
import sys
from llmpost.engine import Checker
Checker("bare").check("text")
assert not any(name.startswith("opentelemetry") for name in sys.modules)
sys.modules["opentelemetry.trace"] = None
try:
    Checker.load("bare", telemetry=True)
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "telemetry: an environment without opentelemetry is not enough here" in done.stdout
    assert "pip install 'llmpost[otel]'" in done.stdout
