"""A real HTTP server on the loopback that speaks OpenAI's protocol, as told: whole, in pieces, badly, or not at all.

What it answers is a list of scripts, each for one request, the last for all that come after. It keeps what it was
asked. Nobody waits longer than until it is closed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, TypeAlias

USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    line: tuple[str, int]
    """From where: the same for requests over one connection."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, body: Any) -> None:
        asked = Asked(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            body,
            self.client_address,
        )
        script = self.server.speaking.next_script(asked)
        with suppress(OSError):  # the client has gone
            script(self, asked)

    def send_whole(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_piece(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    speaking: SpeakingServer

    def handle_error(self, *_: Any) -> None:
        """A client that goes is no error here."""


Script: TypeAlias = Callable[[_Handler, Asked], None]


@dataclass
class SpeakingServer:
    """Open as a context; `model` names it as the package does."""

    scripts: Sequence[Script]
    asked: list[Asked] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_script(self, asked: Asked) -> Script:
        if asked.path == "/v1/models" and asked.method == "GET":
            return gives({}, 404) if self.owner is None else models(self.owner)
        with self._lock:
            self.asked.append(asked)
            return self.scripts[min(len(self.asked), len(self.scripts)) - 1]

    owner: str | None = "nobody"
    """What it says of itself, where it is asked; None: it has no list of models."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def model(self) -> str:
        return f"openai:{self.url}#small"

    def __enter__(self) -> SpeakingServer:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.speaking = self
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()


def whole(content: str | None, finish_reason: str = "stop", **more: Any) -> dict[str, Any]:
    """An answer as the protocol has it; `more` stands in its choice."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish_reason, **more}
    return {"id": "1", "object": "chat.completion", "model": "small-1", "choices": [choice], "usage": USAGE}


def chunk(content: str | None = None, finish_reason: str | None = None) -> dict[str, Any]:
    """A piece of an answer."""
    delta = {} if content is None else {"content": content}
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {"id": "1", "object": "chat.completion.chunk", "model": "small-1", "choices": [choice]}


def says(content: str, finish_reason: str = "stop", **more: Any) -> Script:
    return gives(whole(content, finish_reason, **more))


def gives(value: Any, status: int = 200, **headers: str) -> Script:
    """Any value, as JSON."""
    return lambda handler, _: handler.send_whole(status, "application/json", json.dumps(value).encode(), **headers)


def sends(kind: str, body: bytes, status: int = 200, **headers: str) -> Script:
    """Any bytes, as whatever they are said to be."""
    return lambda handler, _: handler.send_whole(status, kind, body, **headers)


def models(owner: str) -> Script:
    return gives({"object": "list", "data": [{"id": "small", "object": "model", "owned_by": owner}]})


def answers(reply: Callable[[Asked], str]) -> Script:
    """What follows from what was asked, whole or streamed as that says."""

    def script(handler: _Handler, asked: Asked) -> None:
        text = reply(asked)
        (streams(list(text)) if asked.body.get("stream") else says(text))(handler, asked)

    return script


def streams(pieces: Sequence[str], *, is_cut: bool = False, is_closed: bool = False) -> Script:
    """Pieces of a text, and its end; `is_cut`: the line breaks instead of the end; `is_closed`: it ends without one."""
    events = [json.dumps(chunk(piece)) for piece in pieces]
    if not (is_cut or is_closed):
        events += [json.dumps(chunk(None, "stop")), json.dumps({**chunk(), "choices": [], "usage": USAGE}), "[DONE]"]
    return streams_bytes([f"data: {event}\n\n".encode() for event in events], is_cut=is_cut)


def streams_bytes(pieces: Sequence[bytes], *, is_cut: bool = False) -> Script:
    """Any bytes as a stream of events."""

    def script(handler: _Handler, _: Asked) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in pieces:
            if piece:
                handler.send_piece(piece)
        if is_cut:
            handler.close_connection = True
        else:
            handler.wfile.write(b"0\r\n\r\n")

    return script


def writes(*pieces: bytes) -> Script:
    """Bytes that need be no HTTP, then nothing more."""

    def script(handler: _Handler, _: Asked) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
        handler.close_connection = True

    return script


def hangs(handler: _Handler, _: Asked) -> None:
    """No answer, ever."""
    handler.server.speaking.is_over.wait(30)
    handler.close_connection = True


def drips(data: bytes) -> Script:
    """A byte now and then, each long before anybody calls it a silence."""

    def script(handler: _Handler, _: Asked) -> None:
        for place in range(len(data)):
            handler.wfile.write(data[place : place + 1])
            if handler.server.speaking.is_over.wait(0.005):
                break
        handler.close_connection = True

    return script
