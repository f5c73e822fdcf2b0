"""Library: the files that one policy is made of, each read once and in full, and remembered by what was in it.

What cannot be read is told at the place where it was asked for. What the files say is their readers' business.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from llmpost.errors import PolicyError
from llmpost.policy.files.json_text import read_json
from llmpost.policy.files.node import Node
from llmpost.policy.files.place import Place
from llmpost.policy.files.source import Source
from llmpost.policy.files.yaml_text import read_yaml

ENDINGS: Final = (".yaml", ".yml", ".json")
"""What tells the name of a file from that of a policy that ships."""
MOST_BYTES: Final = 1_000_000
MOST_LIST_BYTES: Final = 16_000_000
_MOST_LINES: Final = 500_000
_NOT_WAITING: Final[int] = getattr(os, "O_NONBLOCK", 0)  # a pipe would be waited for
_BINARY: Final[int] = getattr(os, "O_BINARY", 0)


def read_tree(text: str, place: Place) -> Node:
    """Of YAML or JSON, as the name of its file says."""
    return read_json(text, place) if place.file.endswith(".json") else read_yaml(text, place)


class Library:
    """Belongs to whoever reads a policy, for as long as that takes."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[bytes, Source]] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        """In the order in which they were asked for."""
        return tuple(source for _, source in self._read.values())

    def tree(self, path: Path, asked: Place, keys: str = "") -> Node:
        """Of a file of YAML or JSON, as its name says; `asked`: where it was asked for, `keys`: what it is there."""
        return read_tree(self.text(path, asked), Place(keys, str(path)))

    def text(self, path: Path, asked: Place) -> str:
        """Of a file of YAML or JSON, without the mark that some begin with."""
        return self._text(path, asked, "a file of YAML or JSON", MOST_BYTES)

    def lines(self, path: Path, asked: Place) -> Node:
        """Of a list with a text on each line; empty ones, and those that begin with a number sign, are none."""
        lines = self._text(path, asked, "a list with a text on each line", MOST_LIST_BYTES).splitlines()
        if len(lines) > _MOST_LINES:
            hint = "Make it shorter."
            raise PolicyError(str(asked), f"a list of {len(lines):,} lines", f"one of at most {_MOST_LINES:,}", hint)
        said = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
        items = (
            Node(line, Place(f"{asked.keys}[{place}]", str(path), number)) for place, (number, line) in enumerate(said)
        )
        return Node(tuple(items), asked)

    def _text(self, path: Path, asked: Place, allowed: str, most_bytes: int) -> str:
        data = self._bytes(path, asked, allowed, most_bytes)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8", "replace")
            place = Place("", str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))
            given = f"the byte 0x{data[error.start]:02x}"
            raise PolicyError(str(place), given, "text in UTF-8", "Save the file as UTF-8.") from None

    def _bytes(self, path: Path, asked: Place, allowed: str, most_bytes: int) -> bytes:
        absolute = path.absolute()
        if absolute not in self._read:
            try:
                data = _content(path, most_bytes)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else "no name of a file"
                given = f"'{_shown(path)}', which cannot be read ({reason}),"
                raise PolicyError(str(asked), given, allowed, "Check the path.") from None
            self._read[absolute] = data, Source(absolute, hashlib.sha256(data).hexdigest())
        data = self._read[absolute][0]
        if len(data) > most_bytes:
            given = f"'{_shown(path)}', of more than {most_bytes:,} bytes"
            raise PolicyError(str(asked), given, allowed, "Make it shorter, or several files of it.")
        return data


def _content(path: Path, most_bytes: int) -> bytes:
    """One byte more than it may have, where it has more; OSError where it is no file that can be read."""
    handle = os.open(path, os.O_RDONLY | _NOT_WAITING | _BINARY)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "no regular file")
        return file.read(most_bytes + 1)


def _shown(path: Path) -> str:
    return str(path)[:200]
