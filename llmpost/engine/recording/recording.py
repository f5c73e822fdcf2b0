"""Recording: who is handed the records of an engine, in which form its policies let texts be kept, and what becomes of
a record that nobody took.

One for all requests and threads. What a record says is made elsewhere (`written`, `slip`); lines and files are the
traces' business.
"""

from __future__ import annotations

import secrets
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, get_args

from llmpost.contracts.keeping import Store
from llmpost.contracts.record import Record, Recorder
from llmpost.engine.recording.keys import Keys
from llmpost.engine.surroundings import OnTraceFailure
from llmpost.errors import TraceError
from llmpost.policy import Policy
from llmpost.policy.tracing import Tracing
from llmpost.traces.keeping import Keeper

_STORES: tuple[Store, ...] = get_args(Store)
"""From the strictest."""
_MOST_KEEPERS = 256
"""So many are kept: a program may make up a policy for each text."""
_NOTHING_KEPT = Keeper("digest")


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a record knows of time: seconds since 1970, and seconds that only ever grow."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.perf_counter


def _nothing() -> None:
    """To be closed is nothing."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where records are kept."""

    recorder: Recorder
    keys_of: Callable[[Policy], Keys]
    """PolicyError where a key is missing."""
    on_failure: OnTraceFailure = "raise"
    close: Callable[[], None] = _nothing
    """What was opened for it."""


class Observer(Protocol):
    """Who learns from records, and keeps none."""

    def add(self, record: Record, /) -> None: ...

    def lose(self, record: Record, /) -> None:
        """It was not kept where it should have been."""


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
        self, destination: Destination | None, observer: Observer | None = None, clocks: Clocks = Clocks()
    ) -> None:
        self.clocks = clocks
        self._destination = destination
        self._observer = observer
        self._keepers: dict[Tracing, Keeper] = {}
        self._num_lost = 0

    def close(self) -> None:
        """What is recorded from now on is lost."""
        if self._destination is not None:
            self._destination.close()

    def num_logits(self, policy: Policy) -> int:
        """Of so many tokens the log-probabilities are wanted at each step."""
        return 0 if self._destination is None else policy.trace.logits

    def keeper(self, policy: Policy) -> Keeper:
        """What makes texts such as the policy lets be kept; PolicyError where a key is missing."""
        if self._destination is None:
            return _NOTHING_KEPT
        keeper = self._keepers.get(policy.trace)
        if keeper is None:
            keys = self._destination.keys_of(policy)
            keeper = Keeper(policy.trace.store, keys.digest, keys.seal)
            self._keepers = {policy.trace: keeper, **dict(list(self._keepers.items())[: _MOST_KEEPERS - 1])}
        return keeper

    def add(self, record: Record) -> str:
        """Kept. What a reader must know if it was not; TraceError where that is not to be."""
        lost = None if self._destination is None else _handed(self._destination.recorder, record)
        if self._observer is not None:
            self._observer.add(record)
            if lost is not None:
                self._observer.lose(record)
        return "" if lost is None else self._lost(lost)

    def _lost(self, error: TraceError) -> str:
        if self._destination is None or self._destination.on_failure == "raise":
            raise error
        self._num_lost += 1
        note = f"no record of this was kept ({self._num_lost} lost so far): {error}"
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
