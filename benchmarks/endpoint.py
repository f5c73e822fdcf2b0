"""What asking a server costs besides the server: per call, beside a bare HTTP call over a connection that is kept.

    python benchmarks/endpoint.py [--rounds 40] [--calls 25] [--out FILE.md]

The server is a thread of the same process that answers at once with the same bytes, so it is in every time; arms are
interleaved, round by round. Figures are medians over rounds of the mean of a round's calls, with 95 % intervals by
bootstrap.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from measuring import machine_line, table

from llmpost.contracts.text_model import Message, Question
from llmpost.engine import Engine
from llmpost.models.openai.endpoint import Endpoint

TEXT = "It arrives on Monday, as it was promised. " * 5
_BODY = {
    "model": "small",
    "messages": [{"role": "user", "content": "When?"}],
}


def _answer() -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}
    return json.dumps({"choices": [choice], "model": "small", "usage": {}}).encode()


class _Server(BaseHTTPRequestHandler):
    """Answers at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    answer = _answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def arms(port: int) -> Mapping[str, Callable[[], object]]:
    """By name one call."""
    bare = HTTPConnection("127.0.0.1", port)
    name = f"openai:http://127.0.0.1:{port}/v1#small"
    endpoint, question = Endpoint.of(name), Question((Message("user", "When?"),))
    engines = {policy: Engine.load(name, policy) for policy in ("bare", "default")}

    def call() -> object:
        bare.request("POST", "/v1/chat/completions", json.dumps(_BODY), {"Content-Type": "application/json"})
        return json.loads(bare.getresponse().read())

    return {
        "http.client, connection kept": call,
        "Endpoint.complete": lambda: endpoint.complete(question),
        "Engine.generate, policy bare": lambda: engines["bare"].generate("When?"),
        "Engine.generate, policy default": lambda: engines["default"].generate("When?"),
    }


def measured(calls: Mapping[str, Callable[[], object]], rounds: int, number: int) -> dict[str, list[float]]:
    """By arm the seconds of a call in each round."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            begun = time.perf_counter()
            for _ in range(number):
                call()
            seconds[name].append((time.perf_counter() - begun) / number)
    return seconds


def interval(values: Sequence[float], draw: random.Random) -> tuple[float, float]:
    """Of the median, at 95 %."""
    medians = sorted(statistics.median(draw.choices(values, k=len(values))) for _ in range(2_000))
    return medians[49], medians[-50]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--calls", type=int, default=25)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seconds = measured(arms(server.server_port), options.rounds, options.calls)
    server.shutdown()
    draw, first = random.Random(1), next(iter(seconds))
    rows = []
    for name, own in seconds.items():
        low, high = interval(own, draw)
        more = [one - other for one, other in zip(own, seconds[first], strict=True)]
        least, most = interval(more, draw)
        added = "" if name == first else f"{statistics.median(more) * 1e3:.2f} ({least * 1e3:.2f} to {most * 1e3:.2f})"
        rows.append([name, f"{statistics.median(own) * 1e3:.2f} ({low * 1e3:.2f} to {high * 1e3:.2f})", added])
    text = f"{machine_line()}\n\n{table(['a call', 'ms', 'ms more than the first'], rows)}\n"
    print(text)
    if options.out is not None:
        options.out.write_text(f"# What asking a server costs\n\n{text}", "utf-8")


if __name__ == "__main__":
    main()
