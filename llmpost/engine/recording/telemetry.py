"""Telemetry: spans and numbers for whoever watches a service, made of records when they are there. No text is in any.

A record knows how long things took and not when each began: spans of a request are laid one behind the other, what
guards read beside a stream at its beginning. Of OpenTelemetry the interface alone is used; where spans and numbers go
is the business of its providers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeAlias

from llmpost.contracts.inspection import Inspection
from llmpost.contracts.record import Record
from llmpost.errors import RequestError
from llmpost.vocabulary.optional import optional_module

_NAME = "llmpost"
_NANO = 1_000_000_000
_STEPS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds: where the bars of a histogram of times end."""
Attributes: TypeAlias = Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that took a while."""

    name: str
    begun: float
    """Seconds since 1970."""
    seconds: float
    attributes: Attributes


def telemetry_to(given: Any) -> Telemetry:
    """`given`: True for the providers that were set up for the whole program, or a pair of a tracer's and a meter's.
    MissingExtra where the package is not installed."""
    trace = optional_module("opentelemetry.trace", "telemetry", "otel")
    metrics = optional_module("opentelemetry.metrics", "telemetry", "otel")
    tracers, meters = (trace.get_tracer_provider(), metrics.get_meter_provider()) if given is True else _pair(given)
    return Telemetry(trace, tracers.get_tracer(_NAME), meters.get_meter(_NAME))


class Telemetry:
    """Learns from records, and keeps none."""

    def __init__(self, trace: ModuleType, tracer: Any, meter: Any) -> None:
        """`trace`: OpenTelemetry's own module."""
        self._trace = trace
        self._tracer = tracer
        self._requests = meter.create_counter("llmpost.requests", "{request}", "answers and checks, by their end")
        self._guards = meter.create_counter("llmpost.guard.outcomes", "{outcome}", "how guards fared")
        self._tokens = meter.create_counter("llmpost.tokens", "{token}", "tokens read and written")
        self._lost = meter.create_counter("llmpost.records.lost", "{record}", "records that were not kept")
        self._seconds, self._guard_seconds, self._first_token, self._decode = (
            meter.create_histogram(name, "s", says, explicit_bucket_boundaries_advisory=_STEPS)
            for name, says in (
                ("llmpost.request.duration", "from the call to its end"),
                ("llmpost.guard.duration", "of one guard on one text"),
                ("llmpost.first_token.duration", "to the first token"),
                ("llmpost.decode.duration", "of writing, in the batch that a request ran in"),
            )
        )

    def add(self, record: Record) -> None:
        """One span for each record, in the one that is under way; what happened in it below."""
        self._count(record)
        whole, *parts = stretches(record)
        span = self._begin(whole, None)
        for part in parts:
            self._begin(part, self._trace.set_span_in_context(span)).end(_nanoseconds(part.begun + part.seconds))
        if record.released is not None:
            left = {"llmpost.released_characters": record.released.characters}
            span.add_event("llmpost.release", left, _nanoseconds(record.at))
        if record.error:
            span.set_status(self._trace.StatusCode.ERROR, record.error)
        span.end(_nanoseconds(record.at))

    def lose(self, record: Record) -> None:
        self._lost.add(1, {"llmpost.kind": record.kind, "llmpost.policy": record.trace.policy})

    def _begin(self, stretch: Stretch, context: Any) -> Any:
        return self._tracer.start_span(
            stretch.name, context, attributes=stretch.attributes, start_time=_nanoseconds(stretch.begun)
        )

    def _count(self, record: Record) -> None:
        kind = {"llmpost.kind": record.kind, "llmpost.policy": record.trace.policy}
        end = {"llmpost.finish_reason": record.finish_reason, "llmpost.action": record.verdict.action}
        self._requests.add(1, {**kind, **end})
        self._seconds.record(record.seconds, kind)
        for inspection in record.trace.inspections:
            for outcome in inspection.verdict.outcomes:
                guard = {"llmpost.guard": outcome.guard, "llmpost.side": outcome.side}
                self._guards.add(1, {**guard, "llmpost.status": outcome.status})
                self._guard_seconds.record(outcome.seconds, guard)
        if record.kind == "generate":
            self._count_tokens(record)

    def _count_tokens(self, record: Record) -> None:
        """All candidates of a request have one prompt."""
        model = {"gen_ai.request.model": record.trace.model}
        self._tokens.add(0 if record.candidate else record.usage.prompt_tokens, {**model, "gen_ai.token.type": "input"})
        self._tokens.add(record.usage.completion_tokens, {**model, "gen_ai.token.type": "output"})
        if record.timings is not None:
            self._decode.record(record.timings.total_seconds, model)
            if record.timings.first_token_seconds is not None:
                self._first_token.record(record.timings.first_token_seconds, model)


def stretches(record: Record) -> Iterator[Stretch]:
    """The whole of it; then guards of the prompt, writing, and guards of what was written."""
    begun = record.at - record.seconds
    yield Stretch(f"llmpost.{record.kind}", begun, record.seconds, _said(record))
    at = begun
    for inspection in record.trace.inspections:
        if inspection.side == "input":
            yield from _guards(inspection, at)
            at += _seconds(inspection)
    written = at
    if record.timings is not None and record.timings.num_forwards:
        at += record.timings.total_seconds
        stages = {f"llmpost.{name}_seconds": seconds for name, seconds in record.timings.seconds_by_stage.items()}
        tokens = {"gen_ai.usage.output_tokens": record.usage.completion_tokens}
        yield Stretch("llmpost.decode", written, record.timings.total_seconds, {**tokens, **stages})
    for inspection in record.trace.inspections:
        if inspection.side == "output":
            is_beside = inspection.held_back is not None
            yield from _guards(inspection, written if is_beside else at)
            at += 0.0 if is_beside else _seconds(inspection)


def _guards(inspection: Inspection, begun: float) -> Iterator[Stretch]:
    for outcome in inspection.verdict.outcomes:
        said = {"llmpost.guard": outcome.guard, "llmpost.side": outcome.side, "llmpost.status": outcome.status}
        found = sum(finding.guard == outcome.guard for finding in inspection.verdict.findings)
        more = {"llmpost.why": outcome.why} if outcome.why else {}
        yield Stretch("llmpost.guard", begun, outcome.seconds, {**said, "llmpost.findings": found, **more})
        begun += outcome.seconds


def _seconds(inspection: Inspection) -> float:
    return sum(outcome.seconds for outcome in inspection.verdict.outcomes)


def _said(record: Record) -> Attributes:
    trace = record.trace
    said: dict[str, str | int | float | bool] = {
        "llmpost.id": record.id,
        "llmpost.policy": trace.policy,
        "llmpost.policy_digest": trace.policy_digest,
        "llmpost.action": record.verdict.action,
        "llmpost.decided_by": record.verdict.decided_by or "",
        "llmpost.finish_reason": record.finish_reason,
        "llmpost.candidate": record.candidate,
    }
    if record.kind == "generate":
        said |= {
            "gen_ai.operation.name": "generate",
            "gen_ai.request.model": trace.model,
            "gen_ai.usage.input_tokens": record.usage.prompt_tokens,
            "gen_ai.usage.output_tokens": record.usage.completion_tokens,
        }
    return said | ({"error.type": record.error} if record.error else {})


def _nanoseconds(seconds: float) -> int:
    return int(seconds * _NANO)


def _pair(given: Any) -> tuple[Any, Any]:
    is_pair = isinstance(given, tuple | list) and len(given) == 2
    if not is_pair or not hasattr(given[0], "get_tracer") or not hasattr(given[1], "get_meter"):
        hint = "Pass telemetry=True, or (tracer_provider, meter_provider)."
        raise RequestError("telemetry", f"a {type(given).__name__}", "True or a pair of providers", hint)
    return given[0], given[1]
