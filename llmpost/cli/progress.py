"""A progress bar on a terminal, and nothing in a pipe."""

from __future__ import annotations

from typing import TextIO

from tqdm import tqdm


class Progress:
    """How many of a file's prompts, texts or bytes are done. Clear it before writing to the terminal it is on."""

    def __init__(self, total: int | None, stderr: TextIO, unit: str = "prompts") -> None:
        """Bytes are told in thousands of thousands."""
        is_bytes = unit == "bytes"
        own = {"unit": "B", "unit_scale": True} if is_bytes else {"unit": f" {unit}"}
        self._bar = tqdm(total=total, file=stderr, disable=not stderr.isatty(), **own)

    def clear(self) -> None:
        if not self._bar.disable:
            self._bar.clear()

    def advance(self, number: int) -> None:
        self._bar.update(number)

    def close(self) -> None:
        self._bar.close()
