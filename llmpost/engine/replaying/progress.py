"""Progress: how far a replay is, kept in a file, so that one that was interrupted goes on where it was.

The file is put in the place of the one before in one move, so that a process may be killed at any time. What was
counted is in it; where texts are to be shown, so are the beginnings of some, and nobody else may read it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from llmpost.engine.replaying.tally import Tally
from llmpost.errors import RequestError

_VERSION = 1
_MOST_BYTES = 256 << 20
_OWN = 0o600


@dataclass(slots=True)
class Progress:
    """The first `done` parts of the work, counted."""

    digest: str
    """Of what was asked for."""
    files: list[tuple[str, int]]
    """And their sizes, as they were in the beginning: what is added while it runs is left for another time."""
    done: int = 0
    tally: Tally = field(default_factory=Tally)
    version: int = _VERSION

    def write(self, path: Path) -> None:
        """In the place of what was there; RequestError where that cannot be."""
        new = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _OWN)
            with os.fdopen(file, "wb") as out:
                out.write(_PROGRESS.dump_json(self))
                out.flush()
                os.fsync(out.fileno())
            new.replace(path)
        except OSError as error:
            given = f"a path that cannot be written ({error.strerror})"
            raise RequestError(str(path), given, "a file to go on from", "Name another one.") from None


_PROGRESS = TypeAdapter(Progress)


def read_progress(path: Path) -> Progress | None:
    """None where there is none yet; RequestError where there is something else."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _no_progress(path, "a file of another kind")
        return _PROGRESS.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _no_progress(path, f"a path that cannot be read ({error.strerror})") from None
    except ValidationError:
        raise _no_progress(path, "a file of another kind") from None


def goes_on(progress: Progress, digest: str, path: Path) -> None:
    """RequestError where it is the progress of another replay, or its files are no longer what they were."""
    if progress.digest != digest or progress.version != _VERSION:
        hint = "Name another file, or ask for the same policies and options."
        raise RequestError(str(path), "the progress of another replay", "to go on from", hint)
    for name, size in progress.files:
        if not Path(name).is_file() or Path(name).stat().st_size < size:
            hint = "Begin anew: remove the file with the progress."
            raise RequestError(name, "a file that is gone or shorter than it was", "what was replayed before", hint)


def _no_progress(path: Path, given: str) -> RequestError:
    return RequestError(str(path), given, "the progress of a replay", "Name another one; it is made where none is.")
