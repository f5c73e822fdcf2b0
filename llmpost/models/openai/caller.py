"""Caller: asks a server for JSON, or for a stream of it, in time, and again where that may help.

Lines that are open are used again. What is tried again, and how long is waited before, is told by the server's status
and its `Retry-After`; nothing is tried again of which a piece was handed out. Errors name a status and what can be done
about it. They quote neither what was asked nor what was answered, which may quote it, and never the key.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias, TypeVar

from llmpost.errors import ModelError
from llmpost.models.openai.address import Address
from llmpost.models.openai.connection import Answer, BrokenConnection, Connection, Patience
from llmpost.models.openai.events import EventReader
from llmpost.models.openai.options import EndpointOptions
from llmpost.models.openai.refusal import Passing, Unwilling, refusal, retry_after

_MOST_IDLE = 8
_MOST_OF_AN_ERROR = 65_536
_FIRST_WAIT_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 8.0
_SECONDS_TO_END = 0.05
_JSON, _EVENTS = "application/json", "text/event-stream"
_T = TypeVar("_T")
_Read: TypeAlias = Callable[[Connection, Answer], _T]


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """One thing that is asked."""

    method: str
    path: str
    body: bytes | None
    kind: str
    """What the answer must be, as a content type."""


class Caller:
    """Asks one server. Calls may come from several threads; each has a line of its own."""

    def __init__(self, address: Address, options: EndpointOptions, environment: Mapping[str, str]) -> None:
        self._address = address
        self._options = options
        self._key = options.key_for(address.host, environment)
        self._idle: list[Connection] = []
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Caller({self._address.name!r})"

    @property
    def name(self) -> str:
        return self._address.name

    def get(self, path: str, deadline: float | None = None) -> Any:
        """What is there, as JSON says it."""
        inquiry = _Inquiry("GET", path, None, _JSON)
        return self._tried(inquiry, self._end(deadline), self._value)

    def ask(self, path: str, body: Mapping[str, Any], deadline: float | None = None) -> Any:
        """The answer, as JSON says it; ModelError where there is none, or none in time."""
        inquiry = _Inquiry("POST", path, self._written(body), _JSON)
        return self._tried(inquiry, self._end(deadline), self._value)

    def listen(self, path: str, body: Mapping[str, Any], deadline: float | None = None) -> EventStream:
        """The data of the events that are answered. It is open: whoever has enough closes it."""
        inquiry = _Inquiry("POST", path, self._written(body), _EVENTS)
        return self._tried(inquiry, self._end(deadline), self._stream)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _end(self, deadline: float | None) -> float:
        end = time.monotonic() + self._options.total_ms / 1000
        return end if deadline is None else min(end, deadline)

    def _written(self, body: Mapping[str, Any]) -> bytes:
        written = json.dumps(body, allow_nan=False).encode()
        if len(written) > self._options.most_bytes:
            given = f"a question of {len(written)} bytes"
            raise ModelError(self.name, given, f"at most {self._options.most_bytes} bytes long", "Ask for less.")
        return written

    def _tried(self, inquiry: _Inquiry, end: float, read: _Read[_T]) -> _T:
        """What is made of the answer to the first try that has one."""
        for attempt in range(self._options.retries + 1):
            try:
                return self._once(inquiry, end, read)
            except Passing as passing:
                wait = passing.wait_seconds
                wait = _backoff(attempt) if wait is None else wait
                if attempt == self._options.retries or time.monotonic() + wait >= end:
                    raise passing.error from None
                time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _once(self, inquiry: _Inquiry, end: float, read: _Read[_T]) -> _T:
        options = self._options
        patience = Patience(options.connect_ms / 1000, options.read_ms / 1000, end)
        connection = self._lent()
        try:
            try:
                answer = self._asked(connection, inquiry, patience)
            except BrokenConnection:
                if not connection.num_asked:
                    raise
                connection = Connection(self._address)  # the server hung up on the old line before it heard anything
                answer = self._asked(connection, inquiry, patience)
            self._check(answer, inquiry.kind)
            return read(connection, answer)
        except TimeoutError:
            connection.close()
            raise self._too_slow(end) from None
        except OSError as error:
            connection.close()
            raise Passing(self._unreachable(error)) from None
        except BaseException:
            connection.close()
            raise

    def _asked(self, connection: Connection, inquiry: _Inquiry, patience: Patience) -> Answer:
        headers = {"Accept": inquiry.kind, "Accept-Encoding": "identity", "User-Agent": "llmpost"}
        if inquiry.body is not None:
            headers["Content-Type"] = _JSON
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        return connection.ask(inquiry.method, inquiry.path, inquiry.body, headers, patience)

    def _check(self, answer: Answer, kind: str) -> None:
        if answer.status != 200:
            body = b"".join(_pieces(answer, _MOST_OF_AN_ERROR))
            raise refusal(self.name, answer.status, body, retry_after(answer.header("Retry-After")))
        given = answer.header("Content-Type").partition(";")[0].strip().lower()
        if given != kind or answer.header("Content-Encoding").lower() not in ("", "identity"):
            what = "an HTML page" if given == "text/html" else "an answer of another kind"
            hint = "Check that the address ends where /chat/completions follows, as a rule with /v1."
            raise Unwilling(self.name, what, f"{kind}, as it is", hint)

    def _value(self, connection: Connection, answer: Answer) -> Any:
        most = self._options.most_bytes
        body = b"".join(_pieces(answer, most + 1))
        if len(body) > most:
            raise ModelError(self.name, "its answer", f"at most {most} bytes long", "Ask for less.")
        self._give_back(connection)
        return self.parsed(body)

    def _stream(self, connection: Connection, answer: Answer) -> EventStream:
        return EventStream(self, connection, answer)

    def parsed(self, body: bytes | str) -> Any:
        """What JSON says; ModelError where it is none."""
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            hint = "Look at the server, or at what stands before it."
            raise ModelError(self.name, "an answer that cannot be read", "JSON", hint) from None

    def _lent(self) -> Connection:
        """An open line, or a new one. Those on which the other side has hung up are closed."""
        while True:
            with self._lock:
                if not self._idle:
                    return Connection(self._address)
                connection = self._idle.pop()
            if connection.is_idle:
                return connection
            connection.close()

    def _give_back(self, connection: Connection) -> None:
        if connection.is_idle:
            with self._lock:
                if len(self._idle) < _MOST_IDLE:
                    self._idle.append(connection)
                    return
        connection.close()

    def _too_slow(self, end: float) -> ModelError | Passing:
        """Where there is time left it was but a silence, which may be over."""
        error = ModelError(self.name, "a server that did not answer", "in time", "Give it more time, or look at it.")
        return error if time.monotonic() >= end else Passing(error)

    def _unreachable(self, error: OSError) -> ModelError:
        kind = str(error) if isinstance(error, BrokenConnection) else type(error).__name__
        given = f"a server with which no connection was had, or which broke it ({kind})"
        return ModelError(self.name, given, "one that answers", "Check that it runs, and its address.")


class EventStream:
    """The data of events as they come. Reading ends with the stream, with an error, or when it is closed."""

    def __init__(self, caller: Caller, connection: Connection, answer: Answer) -> None:
        self._caller = caller
        self._connection = connection
        self._answer = answer
        self._is_closed = False

    def __iter__(self) -> Iterator[str]:
        most = self._caller._options.most_bytes
        reader = EventReader(self._caller.name, min(most, 1_000_000))
        left = most
        try:
            while not self._is_closed and (piece := self._answer.piece()):
                left -= len(piece)
                if left < 0:
                    raise ModelError(self._caller.name, "its answer", f"at most {most} bytes long", "Ask for less.")
                yield from reader.feed(piece)
            self.finish()
        except TimeoutError:
            error = self._caller._too_slow(0.0)
            raise error from None
        except OSError as error:
            raise self._caller._unreachable(error) from None

    def finish(self) -> None:
        """Nothing more will be said: the line may be used again, where the other side ends at once, too."""
        if not self._is_closed:
            self._is_closed = True
            if self._answer.ends_within(_SECONDS_TO_END):
                self._caller._give_back(self._connection)
            else:
                self._connection.close()

    def close(self) -> None:
        """The line is closed with it: whoever writes at the other side hears of it."""
        if not self._is_closed:
            self._is_closed = True
            self._connection.close()


def _pieces(answer: Answer, most: int) -> Iterator[bytes]:
    """Those of a body, until there are so many bytes."""
    while most > 0 and (piece := answer.piece()):
        most -= len(piece)
        yield piece


def _backoff(attempt: int) -> float:
    """Longer from one to the next, and never the same for all who wait."""
    longest = min(_FIRST_WAIT_SECONDS * 2**attempt, _LONGEST_WAIT_SECONDS)
    return random.uniform(longest / 2, longest)
