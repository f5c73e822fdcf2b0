"""Which patterns can be read: most are seen to be at a glance, the others are read.

Reading one costs as much as fifty keywords, and happens again where a text gets to it; so what is plainly well formed
is not read here. It knows nothing of what patterns mean.
"""

from __future__ import annotations

import re

from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.reader import read_regex
from llmpost.errors import ConstraintError

MAX_GLANCE = 1_000  # characters

_CHARACTER = r"[\w \t,:;@/<>=!~#%&'\"`-]|\\[dwsDWS.\-+*?()\[\]{}^$|/\\tnr]|\."
_RANGE = r"(?:a-z|A-Z|0-9|a-f|A-F|1-9)(?!-)"
_MEMBER = r"(?:[\w .,:;@/+*?=!~#%&$()|']|\\[dwsDWS./\\])(?!-[^\]])"
_CLASS = rf"\[\^?(?:{_RANGE}|{_MEMBER})++-?\]"
_COUNT = r"(?:[*+?]|\{\d{1,3}\}|\{\d{1,3},\})?+"
_ATOM = rf"(?:(?:{_CHARACTER}|{_CLASS}){_COUNT})"
_GROUP = rf"(?:\((?:\?:)?{_ATOM}++(?:\|{_ATOM}++)*+\){_COUNT})"
_WELL_FORMED = re.compile(rf"\^?+(?:{_ATOM}|{_GROUP})*+\$?", re.ASCII)

_DOUBTFUL = re.compile(r"\\[bBpPk]|\\u[dD]|\(\?[=!<]|\[\^?\]|\[\^(?:[^\]\\]|\\.)*?\\[DSWxu0]")
_ESCAPES = re.compile(r"\\.")
_CLASSES = re.compile(r"\[[^\]]*\]")


def pattern_fault(pattern: str) -> ConstraintError | None:
    """Why it cannot be read; None where it can."""
    if len(pattern) <= MAX_GLANCE and _WELL_FORMED.fullmatch(pattern):
        return None
    try:
        read_regex(pattern, Dialect.ECMA)
    except ConstraintError as error:
        return error
    return None


def is_plainly_met(pattern: str) -> bool:
    """Whether it can be seen without reading it that some string matches: it looks at nothing but what it reads, unless
    at its ends, and leaves none of its classes empty."""
    if not pattern.isascii() or _DOUBTFUL.search(pattern):
        return False
    bare = _CLASSES.sub("a", _ESCAPES.sub("a", pattern)).removeprefix("^").removesuffix("$")
    branches = [bare] if "(" in bare else bare.split("|")
    return any("^" not in branch and "$" not in branch for branch in branches)
