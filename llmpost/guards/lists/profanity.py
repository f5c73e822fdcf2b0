"""The built-in list of profanity and insults: English, short, and kept where nobody reads it by accident.

It is made for chat that anybody may see, knows no context and no other language, and leaves out words that mean
something harmless as often as not.
"""

from __future__ import annotations

import codecs
from pathlib import Path


def profanity() -> tuple[str, ...]:
    lines = Path(__file__).with_name("profanity.rot13").read_text("utf-8").splitlines()
    return tuple(codecs.decode(line, "rot13") for line in lines if not line.startswith("#"))
