"""Spaces: a view in which any run of blanks is one space, so that a phrase is found over the end of a line."""

from __future__ import annotations

import re
from typing import Final

from llmpost.guards.views.rewriting import Reading, Rewrite, Rewriting

_BLANK: Final = re.compile(r"(?<=\s)\s|[^\S ]")


def _read(text: str, begin: int, is_end: bool) -> Reading:
    blanks = [blank.start() for blank in _BLANK.finditer(text, begin)]
    return Reading([Rewrite(at, at + 1, "" if text[at - 1].isspace() else " ") for at in blanks], len(text))


SPACES: Final = Rewriting("spaces", reach=0, context=1, longest=1, reader=_read)
