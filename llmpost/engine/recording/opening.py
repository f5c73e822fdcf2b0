"""Opening: what surroundings say of records, put together when an engine is. Files are opened nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from llmpost.engine.recording.keys import keys_of
from llmpost.engine.recording.recording import Recording
from llmpost.engine.surroundings import Surroundings
from llmpost.policy import Policy
from llmpost.traces.writer import TraceWriter


def recording_in(surroundings: Surroundings, policy: Policy, environment: Mapping[str, str]) -> Recording | None:
    """None where nobody wants records. A path is written to under the key that digests of the policy have."""
    trace = surroundings.trace
    if trace is None:
        return None
    if not isinstance(trace, str | PathLike):
        return Recording([trace], surroundings, environment)
    keys = keys_of(policy, surroundings, environment)  # what is missing is said before a file is made
    writer = TraceWriter(trace, key=keys.digest)
    return Recording([writer], surroundings, environment, opened=[writer])
