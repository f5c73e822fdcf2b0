"""Connection: one line to one server, over which one thing is asked at a time, and on which nobody waits for ever.

The standard library's own HTTP is used, because it lets every single read, also of headers, have the end of the whole
question: a server that sends a byte now and then is not waited for longer than one that is silent. It knows nothing of
what is asked; redirects are not followed, and nothing is unpacked.
"""

from __future__ import annotations

import io
import selectors
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from llmpost.models.openai.address import Address

_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited."""

    connect_seconds: float
    read_seconds: float
    """For the next byte."""
    end: float
    """For everything, by `time.monotonic`."""

    def for_next(self, seconds: float) -> float:
        """TimeoutError where the end has come."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(seconds, left)


class BrokenConnection(OSError):
    """The line broke, or what came over it is no HTTP."""


class Connection:
    """One line, opened when first used."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._http = HTTPConnection(address.host, address.port)
        self._socket: socket.socket | None = None
        self._line: _Line | None = None
        self._response: HTTPResponse | None = None
        self.num_asked = 0

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], patience: Patience) -> Answer:
        """What is answered, its body still to come. TimeoutError, or another OSError, where there is no answer."""
        try:
            self._open(patience)
            self._http.request(method, self._address.path + path, body, dict(headers))
            self._response = self._http.getresponse()
        except TimeoutError:
            self.close()
            raise
        except (OSError, HTTPException, ValueError) as error:
            self.close()
            raise BrokenConnection(type(error).__name__) from None
        self.num_asked += 1
        return Answer(self, self._response)

    @property
    def is_idle(self) -> bool:
        """Whether it can be asked again: all was read, and the other side has not hung up, or said more."""
        if self._socket is None or self._http.sock is None or self._response is None:
            return False
        if not self._response.isclosed():
            return False
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return not selector.select(0)

    def hurry(self, seconds: float) -> None:
        """All that is waited for from now on has so long."""
        if self._line is not None:
            self._line.patience = Patience(seconds, seconds, time.monotonic() + seconds)

    def close(self) -> None:
        self._http.close()
        if self._response is not None:
            self._response.close()
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __del__(self) -> None:
        """Whoever shares an endpoint does not know who is the last: a line that nobody has any more is closed."""
        self.close()

    def _open(self, patience: Patience) -> None:
        """The line as it is, or a new one; all that follows on it has this patience."""
        if self._socket is None or self._http.sock is None:
            self._socket = self._opened(patience)
        self._http.sock = self._line = _Line(self._socket, patience)

    def _opened(self, patience: Patience) -> socket.socket:
        seconds = patience.for_next(patience.connect_seconds)
        plain = socket.create_connection((self._address.host, self._address.port), seconds)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self._address.is_secure:
            return plain
        try:
            return _certificates().wrap_socket(plain, server_hostname=self._address.host)
        except OSError:
            plain.close()
            raise


class Answer:
    """What came: a status, headers, and a body that is read piece by piece."""

    def __init__(self, connection: Connection, response: HTTPResponse) -> None:
        self._connection = connection
        self._response = response
        self.status = response.status

    def header(self, name: str) -> str:
        """Empty where there is none."""
        return str(self._response.getheader(name, ""))

    def piece(self) -> bytes:
        """The next bytes, as soon as there are any; none at the end. An OSError where it was cut off before."""
        try:
            piece = self._response.read1(_PIECE)
            if piece:
                return piece
            if self._response.length:
                raise BrokenConnection("IncompleteRead")
            self._response.read()  # nothing: it is told that it is over
            return b""
        except TimeoutError:
            self._connection.close()
            raise
        except (OSError, HTTPException, ValueError) as error:
            self._connection.close()
            raise BrokenConnection(type(error).__name__) from None

    def ends_within(self, seconds: float) -> bool:
        """Whether nothing more comes; what comes is thrown away."""
        self._connection.hurry(seconds)
        try:
            while self.piece():
                pass
        except OSError:
            return False
        return True


class _Line:
    """As much of a socket as `http.client` needs, on which every wait has its end. It does not own the socket: answers
    are read when the client has given up its own."""

    def __init__(self, line: socket.socket, patience: Patience) -> None:
        self.socket = line
        self.patience = patience

    def sendall(self, data: Any) -> None:
        self.socket.settimeout(self.patience.for_next(self.patience.read_seconds))
        self.socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self), _PIECE)

    def close(self) -> None:
        """The connection does."""


class _Reader(io.RawIOBase):
    """Reads what comes over a line."""

    def __init__(self, line: _Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        patience = self._line.patience
        self._line.socket.settimeout(patience.for_next(patience.read_seconds))
        return self._line.socket.recv_into(buffer)


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
