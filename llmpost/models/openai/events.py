"""Events: bytes of a stream to the data of server-sent events, however they are cut into pieces.

Bounded: an event longer than `most_bytes` is an error. Fields other than data are passed over, and so are comments.
"""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.errors import ModelError

_MARK = b"\xef\xbb\xbf"


class EventReader:
    """Of one stream.

    >>> list(EventReader("model", 100).feed(b"data: 1\\n\\ndata: 2\\r\\n\\r\\n"))
    ['1', '2']
    """

    def __init__(self, where: str, most_bytes: int) -> None:
        self._where = where
        self._most_bytes = most_bytes
        self._line = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._is_first_line = True
        self._skips_line_feed = False

    def feed(self, piece: bytes) -> Iterator[str]:
        """The data of the events that the piece ends."""
        if self._skips_line_feed and piece:
            self._skips_line_feed = False
            piece = piece.removeprefix(b"\n")
        self._skips_line_feed = piece.endswith(b"\r")
        *lines, rest = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            self._line += line
            self._check_size()
            data = self._ended_line()
            if data is not None:
                yield data
        self._line += rest
        self._check_size()

    def _ended_line(self) -> str | None:
        """What a line says; the data of an event where it ends one."""
        line = bytes(self._line)
        self._line.clear()
        if self._is_first_line:
            self._is_first_line = False
            line = line.removeprefix(_MARK)
        if not line:
            return self._ended_event()
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
            self._size += len(value) + 1
        return None

    def _ended_event(self) -> str | None:
        if not self._data:
            return None
        data = b"\n".join(self._data).decode("utf-8", "replace")
        self._data, self._size = [], 0
        return data

    def _check_size(self) -> None:
        if len(self._line) + self._size > self._most_bytes:
            allowed = f"at most {self._most_bytes} bytes long"
            raise ModelError(self._where, "an event of its stream", allowed, "Ask for less, or look at the server.")
