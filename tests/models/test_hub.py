"""A hub name: downloaded over the hub's own protocol, from a server on this machine that speaks it."""

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

COMMIT = "0" * 39 + "1"
REPOSITORY = "somebody/small-model"


class Hub(BaseHTTPRequestHandler):
    """Files of one repository, with the headers by which a hub client knows their version."""

    folder: Path
    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        path = self.path.split("?")[0]
        self.asked.append(path)
        prefix = f"/{REPOSITORY}/resolve/"
        file = self.folder / path.rsplit("/", 1)[-1]
        if path == f"/api/models/{REPOSITORY}/tree/{path.rsplit('/', 1)[-1]}":
            files = [
                {"type": "file", "path": f.name, "size": f.stat().st_size, "oid": "0"} for f in self.folder.iterdir()
            ]
            return self._send(200, json.dumps(files).encode(), body)
        if path == f"/api/models/{REPOSITORY}":
            siblings = [{"rfilename": f.name} for f in self.folder.iterdir()]
            return self._send(200, json.dumps({"id": REPOSITORY, "sha": COMMIT, "siblings": siblings}).encode(), body)
        if path.startswith(prefix) and path.count("/") == prefix.count("/") + 1 and file.is_file():
            return self._send(200, file.read_bytes(), body)
        return self._send(404, b"", body, {"X-Error-Code": "EntryNotFound"})

    def _send(self, status: int, content: bytes, body: bool, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def hub(random_model_folder: Path) -> Iterator[tuple[str, list[str]]]:
    handler = type("ThisHub", (Hub,), {"folder": random_model_folder, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", handler.asked  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def load_and_generate(endpoint: str, home: Path, name: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the hub client reads its endpoint once, when it is imported."""
    generate = "generate('a', temperature=0, max_new_tokens=4).token_ids"
    code = f"from llmpost import Engine; print(Engine.load({name!r}).{generate})"
    environment = {
        "HF_ENDPOINT": endpoint,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.slow
def test_a_hub_name_is_downloaded_and_runs(
    hub: tuple[str, list[str]], random_model_folder: Path, tmp_path: Path
) -> None:
    """A name that is no folder is fetched from the hub, file by file, and generates what the folder generates."""
    from_hub = load_and_generate(hub[0], tmp_path, REPOSITORY)
    assert from_hub.returncode == 0, from_hub.stderr
    from_folder = load_and_generate("http://127.0.0.1:9", tmp_path, str(random_model_folder))
    assert from_hub.stdout == from_folder.stdout
    assert any(path.endswith("model.safetensors") for path in hub[1])


@pytest.mark.slow
def test_a_hub_name_that_does_not_exist_is_a_clear_error(hub: tuple[str, list[str]], tmp_path: Path) -> None:
    """A name the hub does not know ends in ModelError with its name, not in a half-loaded model."""
    missing = load_and_generate(hub[0], tmp_path, "nobody/nothing")
    assert missing.returncode == 1
    assert "llmpost.errors.ModelError: nobody/nothing: a source whose weights cannot be read" in missing.stderr
