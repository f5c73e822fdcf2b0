"""Shape: what of a text a reader, or the program that shows it, may take for a URL.

Wider than any standard, so that what some program makes a link of is looked at: any scheme with slashes of either kind,
schemes that run or carry something, and names from ``www.`` on. A full stop, a comma or a closing bracket at the end
belongs to the sentence.
"""

from __future__ import annotations

from string import ascii_letters, digits
from typing import Final

from llmpost.automata.entities.bounds import WORD, Bounds, characters
from llmpost.automata.entities.written import written
from llmpost.automata.finding.match import Sought

_PLAIN: Final = r"""[^\s\x00-\x20"'<>`{}|()\[\],.;:!?]"""
_INNER: Final = r"""[^\s\x00-\x20"'<>`{}|()\[\]]"""
_BRACKETS: Final = rf"(?:\({_INNER}*\)|\[{_INNER}*\])"
_REST: Final = rf"(?:(?:{_INNER}|{_BRACKETS})*(?:{_PLAIN}|{_BRACKETS}))"
_OTHER: Final = r"(?:javascript|vbscript|livescript|blob|filesystem|intent|view-source)"
_LABEL: Final = r"[0-9a-z\u00a1-\U0010ffff][0-9a-z\u00a1-\U0010ffff-]{0,62}"
_TOP: Final = r"[a-z\u00a1-\U0010ffff]{2,63}"
_BEHIND: Final = rf"(?:\.?[:/\\?#]{_REST})?"

COMMON_TOPS: Final = (
    "com net org info biz edu gov mil int io ai app dev co me tv us uk de fr es it nl pl ru ua cn jp in br au ca ch at "
    "be se no dk fi cz gr tr kr tw hk sg za mx ar cl eu asia xyz online site shop store club top icu live link click "
    "cloud tech space website page blog news zip mov"
)
"""Behind a dot, these make a host of a name alone. There are a thousand others."""

_SCHEMED: Final = written(
    rf"[a-z][a-z0-9+-]{{1,30}}:[/\\]{{2,}}{_REST}|(?:https?|ftp|wss?):[/\\]?{_REST}|{_OTHER}:{_REST}"
    rf"|data:(?:[a-z]{{1,20}}/[a-z0-9.+-]{{1,60}})?(?:;[a-z0-9=-]{{1,40}}){{0,3}},{_REST}?",
    WORD,
)
_SCHEMELESS: Final = written(
    rf"[/\\]{{2,4}}(?:[^\s/\\@<>\"'`]{{0,100}}@)?(?:{_LABEL}\.)+{_TOP}{_BEHIND}",
    Bounds(characters(f"{ascii_letters}{digits}#&-/:\\_")),
)
_NAMED: Final = written(rf"www\.(?:{_LABEL}\.)+{_TOP}{_BEHIND}", WORD)
_UNNAMED: Final = written(
    rf"(?:{_LABEL}\.)+(?:{'|'.join(COMMON_TOPS.split())}){_BEHIND}", Bounds(characters(f"{ascii_letters}{digits}@-"))
)


def sought(*, has_bare: bool) -> list[Sought]:
    """`has_bare`: also names of hosts without anything before them."""
    forms = (_SCHEMED, _SCHEMELESS, _NAMED, *((_UNNAMED,) if has_bare else ()))
    return [Sought(form, 0) for form in forms]
