"""Squeezed: characters that stand apart are read together, ``4 1 1 1`` as ``4111`` and ``s-e-c-r-e-t`` as ``secret``.

A space between two characters, each of which stands alone, is left out; so is a point, a hyphen or the like between
two such letters or digits. Two spaces between spaced words stay as they are, and so does one between a digit and a
small letter: ``is a 4 1 1 1`` has a word before the number. A bracket, a quotation mark or a colon may stand before the
first character, and the end of a sentence behind the last digit.
"""

from __future__ import annotations

import re
from typing import Final

from llmpost.guards.views.rewriting import EDGE, Reading, Rewrite, Rewriting

# what stands before a gap is looked at last: an expression that begins with few characters is searched for fast
_SPACE, _BEHIND_SPACE = r"[ \t\u00a0]", r"(?<=[\s(\[\"':=]\S[ \t\u00a0])"
_SIGN, _BEHIND_SIGN = r"[._*/\u00b7\u2022,|~+-]", r"(?<=[^0-9A-Za-z][0-9A-Za-z][._*/\u00b7\u2022,|~+-])"
_END = r"[.,;:!?)\]\"']"
_END_BEHIND_DIGIT = rf"[0-9]{_END}(?:\s|{_END})"
_ONE_KIND = rf"(?:(?<![0-9]{_SPACE})|(?![a-z]))(?:(?<![a-z]{_SPACE})|(?![0-9]))"
_GAP: Final = re.compile(
    rf"{_SPACE}(?=\S\s|{_END_BEHIND_DIGIT}){_BEHIND_SPACE}{_ONE_KIND}|{_SIGN}(?=[0-9A-Za-z][^0-9A-Za-z]){_BEHIND_SIGN}",
)
_OPEN: Final = re.compile(rf"{_SPACE}{_BEHIND_SPACE}(?:\S{_END}?)?\Z|{_SIGN}{_BEHIND_SIGN}[0-9A-Za-z]?\Z")
"""A gap, if what follows it is."""


def _read(text: str, begin: int, is_end: bool) -> Reading:
    open_gap = None if is_end else _OPEN.search(text, max(begin, len(text) - 3))
    stop = len(text) if open_gap is None else open_gap.start()
    gaps = _GAP.finditer(text + EDGE if is_end else text, begin)
    return Reading([Rewrite(gap.start(), gap.end(), "") for gap in gaps if gap.start() < stop], stop)


SQUEEZED: Final = Rewriting("squeezed", reach=3, context=2, longest=1, reader=_read, most_left_out=1)
