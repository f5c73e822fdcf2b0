"""Recording: who is handed the records of an engine, in which form its policies let texts be kept, and what becomes of
a record that nobody took.

One for all requests and threads. What a record says is made elsewhere (`written`, `checks`); lines and files are the
traces' business.
"""

from __future__ import annotations

import secrets
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from llmpost.contracts.keeping import Store
from llmpost.contracts.record import Record, Recorder
from llmpost.engine.recording.keys import keys_of
from llmpost.engine.surroundings import OnTraceFailure, Surroundings
from llmpost.errors import TraceError
from llmpost.policy import Policy
from llmpost.policy.tracing import Tracing
from llmpost.traces.keeping import Keeper
from llmpost.traces.writer import TraceWriter

_STORES: tuple[Store, ...] = get_args(Store)
"""From the strictest."""
_MOST_KEEPERS = 256
"""So many are kept: a program may make up a policy for each text."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a record knows of time: seconds since 1970, and seconds that only ever grow."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.perf_counter


def new_id() -> str:
    """32 hexadecimal digits that nothing else has."""
    return secrets.token_hex(16)


def how_it_ended(error: BaseException | None) -> tuple[str, str]:
    """Why something has no result, as a finish reason, and the kind of error. What that says may quote a text."""
    if error is None or isinstance(error, GeneratorExit):
        return "abandoned", ""
    return "abandoned" if isinstance(error, KeyboardInterrupt) else "error", type(error).__name__


def tell_of_lost(lost: Sequence[TraceError], error: BaseException | None) -> None:
    """Of records of what has come to no end: raised, or said beside the error that ended it."""
    if lost and (error is None or isinstance(error, GeneratorExit)):
        raise lost[0]
    if lost and error is not None:
        error.add_note(f"And no record of it was kept: {lost[0]}")


def stricter(one: Policy, other: Policy) -> Policy:
    """Of two policies that a request ran under the one that lets less be kept; of equals the first."""
    return min(one, other, key=lambda policy: (_STORES.index(policy.trace.store), policy.trace.seal is None))


class Recording:
    """For all requests of an engine, and all threads."""

    def __init__(
        self,
        recorders: Sequence[Recorder],
        surroundings: Surroundings,
        environment: Mapping[str, str],
        clocks: Clocks = Clocks(),
        opened: Sequence[TraceWriter] = (),
    ) -> None:
        """`opened`: those among the recorders that nobody else will close."""
        self.clocks = clocks
        self._recorders = tuple(recorders)
        self._opened = tuple(opened)
        self._surroundings = surroundings
        self._environment = environment
        self._on_failure: OnTraceFailure = surroundings.on_trace_failure
        self._keepers: dict[Tracing, Keeper] = {}
        self._num_lost = 0

    def close(self) -> None:
        """Of what was opened for this."""
        for writer in self._opened:
            writer.close()

    def keeper(self, policy: Policy) -> Keeper:
        """What makes texts such as the policy lets be kept; PolicyError where a key is missing."""
        keeper = self._keepers.get(policy.trace)
        if keeper is None:
            keys = keys_of(policy, self._surroundings, self._environment)
            keeper = Keeper(policy.trace.store, keys.digest, keys.seal)
            self._keepers = {policy.trace: keeper, **dict(list(self._keepers.items())[: _MOST_KEEPERS - 1])}
        return keeper

    def add(self, record: Record) -> str:
        """To everybody. What a reader must know if somebody did not take it; TraceError where that is not to be."""
        lost = [error for recorder in self._recorders if (error := _handed(recorder, record)) is not None]
        if not lost:
            return ""
        if self._on_failure == "raise":
            raise lost[0]
        self._num_lost += 1
        note = f"no record of this was kept ({self._num_lost} lost so far): {lost[0]}"
        warnings.warn(note, RuntimeWarning, stacklevel=2)
        return note


def _handed(recorder: Recorder, record: Record) -> TraceError | None:
    """What it raised. It may be a program's own: what that says may quote the record, and is not told."""
    try:
        recorder.add(record)
    except TraceError as error:
        return error
    except Exception as cause:
        given = f"a record that was not taken ({type(cause).__name__})"
        lost = TraceError("trace", given, "kept", "Mend what was handed in as trace=.")
        lost.__cause__ = cause
        return lost
    return None
