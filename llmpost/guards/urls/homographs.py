"""Homographs: names of hosts that look like other names, because letters of several scripts look alike.

Found are labels that mix Latin with letters of scripts that look like it, and labels of such letters alone, each of
which can be taken for a Latin one. A name that resembles another in Latin itself, with rn for m, is not found.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_LOOKALIKES: Final = frozenset(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf\u0475\u0433\u043a"
    "\u03bf\u03bd\u03b1\u03c1\u03b9\u03ba\u0585\u057d\u0578\u0581\u0570\u0566\u0561\u217c"
)
"""Small letters of Cyrillic, Greek and Armenian that look like Latin ones."""
_ALIKE: Final = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


def is_homograph(host: str) -> bool:
    """Of a host in ASCII.

    >>> is_homograph("xn--80ak6aa92e.com"), is_homograph("xn--bcher-kva.example")
    (True, False)
    """
    return any(_is_alike(label) for label in map(_decoded, host.split(".")) if not label.isascii())


def _is_alike(label: str) -> bool:
    letters = [one for one in label if one.isalpha()]
    scripts = {_script(one) for one in letters}
    is_mixed = "LATIN" in scripts and bool(scripts & _ALIKE)
    return is_mixed or all(one in _LOOKALIKES for one in letters)


@lru_cache(maxsize=1 << 12)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except ValueError:
        return label
