"""Opening: what surroundings say of records, put together when an engine is. Files are opened nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from llmpost.contracts.record import Recorder
from llmpost.engine.recording.keys import keys_of
from llmpost.engine.recording.recording import Recording
from llmpost.engine.surroundings import Surroundings
from llmpost.policy import Policy
from llmpost.traces.writer import TraceWriter


def recording_in(surroundings: Surroundings, policy: Policy, environment: Mapping[str, str]) -> Recording | None:
    """None where nobody wants records. A path is written to under the key that digests of the policy have."""
    if surroundings.trace is None and surroundings.telemetry is None:
        return None
    recorders: list[Recorder] = []
    if surroundings.trace is not None:
        keys = keys_of(policy, surroundings, environment)  # what is missing is said before a file is made
        recorders.append(_recorder(surroundings.trace, keys.digest))
    return Recording(recorders, surroundings, environment)


def _recorder(trace: Recorder | str | PathLike[str], key: bytes) -> Recorder:
    return TraceWriter(trace, key=key) if isinstance(trace, str | PathLike) else trace
