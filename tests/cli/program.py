"""What runs of the program are made of and leave behind."""

import io
import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What a run left behind."""

    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def environment() -> dict[str, str]:
    """The tests' own, without what makes libraries louder or quieter; small models are fastest on one thread."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("HF_HUB_DISABLE", "TRANSFORMERS_"))
    }
    return own | {"OMP_NUM_THREADS": "1"}


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "llmpost", *map(str, words)]
