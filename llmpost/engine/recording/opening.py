"""Opening: what surroundings say of records, put together when an engine is. Files are opened nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from os import PathLike

from llmpost.engine.recording.keys import keys_of
from llmpost.engine.recording.recording import Destination, Recording
from llmpost.engine.recording.telemetry import telemetry_to
from llmpost.engine.surroundings import Surroundings
from llmpost.policy import Policy
from llmpost.traces.writer import TraceWriter


def recording_in(surroundings: Surroundings, policy: Policy, environment: Mapping[str, str]) -> Recording | None:
    """None where nobody wants to hear of anything."""
    observer = None if surroundings.telemetry in (None, False) else telemetry_to(surroundings.telemetry)
    if surroundings.trace is None:
        return None if observer is None else Recording(None, observer)
    return Recording(_destination(surroundings, policy, environment), observer)


def _destination(surroundings: Surroundings, policy: Policy, environment: Mapping[str, str]) -> Destination:
    """A path is written to under the key that digests of the policy have."""
    trace, on_failure = surroundings.trace, surroundings.on_trace_failure
    find_keys = partial(keys_of, surroundings=surroundings, environment=environment)
    digest = find_keys(policy).digest  # what is missing is said before a file is made
    if isinstance(trace, str | PathLike):
        writer = TraceWriter(trace, key=digest)
        return Destination(writer, find_keys, on_failure, writer.close)
    assert trace is not None, "asked for where there is none"
    return Destination(trace, find_keys, on_failure)
