"""Shape: where in a text of Markdown, HTML or CSS something may be loaded, run or led to.

What is found here is taken apart by `markup`; a tag with more than three hundred parts is looked into only where it
loads something by itself. Code that builds such things is not run, so nobody sees what it builds.
"""

from __future__ import annotations

from typing import Final

from llmpost.automata.entities.bounds import OPEN
from llmpost.automata.entities.written import written
from llmpost.automata.finding.match import Sought

MARKDOWN, TAG, CSS = 0, 1, 2
"""Tags of matches."""

LONGEST: Final = 4096

_ONE: Final = r"(?:[^\s<>()]|\([^\s<>()]*\))"
_TARGET: Final = rf"(?:<[^<>\n]{{1,2048}}>?|{_ONE}*[:/\\&]{_ONE}*)"
"""Without a colon, a slash or a reference to one it leads nowhere else."""
_BLANKS: Final = r"[ \t]{0,8}\n?[ \t]{0,8}"
_INLINE: Final = rf"(?:!?\[(?:[^\[\]]|\[[^\[\]]{{0,300}}\]){{0,300}})?\]\({_BLANKS}{_TARGET}"
_REFERENCE: Final = rf"\]:{_BLANKS}{_TARGET}"
_AUTOLINK: Final = r"<[a-z][a-z0-9+.-]{1,30}:[^\s<>]+>"

_LOADS: Final = (
    "img image picture iframe frame frameset script link object embed applet video audio source track input base meta "
    "svg use style portal bgsound isindex body html math template"
)
_QUOTED: Final = "\"[^\"]*\"|'[^']*'"
_LOADING: Final = rf"<(?:{'|'.join(_LOADS.split())})(?:[\s/](?:[^>\"']|{_QUOTED})*)?>"
_PART: Final = "(?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')"
_ANY_TAG: Final = rf"<[a-z][a-z0-9:-]{{0,30}}[\s/]{_PART}{{0,300}}>"
_WITH_EVENT: Final = rf"<[a-z][a-z0-9:-]{{0,30}}(?:[\s/]{_PART}{{0,300}})?[\s/\"']on[a-z]{{3,24}}\s{{0,8}}="
_URL: Final = r"""url\(\s{0,8}["']?[^\s"'()]*[:/\\&][^\s"'()]*|@import\s{1,8}["'][^"']+"""

SOUGHT: Final = (
    *(Sought(written(pattern, OPEN), MARKDOWN) for pattern in (_INLINE, _REFERENCE, _AUTOLINK)),
    *(Sought(written(pattern, OPEN), TAG) for pattern in (_LOADING, _ANY_TAG, _WITH_EVENT)),
    Sought(written(_URL, OPEN), CSS),
)
