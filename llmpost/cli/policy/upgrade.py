"""``llmpost policy upgrade``: a policy file of an older version as one of the newest.

The text goes to standard output, or, where that is asked for, takes the file's place at once. What is edited is the
business of `policy.upgrading`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from llmpost.cli.console import Console
from llmpost.cli.policy.upgrade_options import Order
from llmpost.cli.printing import visible
from llmpost.errors import RequestError
from llmpost.policy.files.library import Library
from llmpost.policy.files.place import Place
from llmpost.policy.upgrading import Upgraded, upgraded

_MARK = b"\xef\xbb\xbf"
"""With which some programs begin a file of UTF-8."""


def run(order: Order, console: Console) -> int:
    """The exit code."""
    path = order.path
    text = Library().text(path, Place("", str(path)))
    made = upgraded(text, str(path))
    if not order.is_written:
        console.stdout.write(visible(made.text) if console.stdout.isatty() else made.text)
    elif made.text != text:
        _write(path, text, made.text)
    console.complain(_told(path, made))
    return 0


def _told(path: Path, made: Upgraded) -> str:
    if made.before == made.after:
        return f"{path}: version {made.after}, the newest"
    return f"{path}: version {made.before} → {made.after}"


def _write(path: Path, before: str, after: str) -> None:
    """All of it or nothing: who reads the file meanwhile reads one or the other. A link stays one."""
    place = Path(os.path.realpath(path))
    try:
        data = place.read_bytes()
        if data.removeprefix(_MARK) != before.encode():
            raise RequestError(str(path), "a file that was changed meanwhile", "written", "Run this again.")
        mark = _MARK if data.startswith(_MARK) else b""
        _replace(place, mark + after.encode())
    except OSError as error:
        given = f"a path that cannot be written ({error.strerror})"
        raise RequestError(str(path), given, "a policy file", "Check the path.") from None


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(path.stat().st_mode & 0o7777)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
