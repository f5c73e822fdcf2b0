"""What the laws of JSON strings share: both algebras, random strings, and their spellings, made without the package."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.constraints.json_schema.strings.strings import Strings
from llmpost.constraints.tools import HAS_COMPILED, best_tools

STYLES = ("minimal", "any")
ALGEBRAS = ("plain", "compiled") if HAS_COMPILED else ("plain",)
LETTERS = 'ab1_ "\\/\n\x01\x7féß\u2028\ud7ff\ue000￿😀'
"""Characters of every kind that is spelled in its own way, and neighbours of the surrogates."""

texts = st.text(LETTERS, max_size=6)


def algebra_of(kind: str) -> Algebra:
    return ReferenceAlgebra() if kind == "plain" else best_tools().make_algebra(1 << 28)


@cache
def strings_of(style: str, kind: str = "plain") -> Strings:
    """Shared: what was built in one example serves the others."""
    return Strings(algebra_of(kind), style)  # type: ignore[arg-type]  # one of the two


def accepts(strings: Strings, term: Term | None, body: bytes) -> bool:
    """Whether the spelled body is in the language."""
    assert term is not None
    algebra: Any = strings._algebra
    return bool(algebra.can_end(algebra.after(term, body)))


def takes(strings: Strings, term: Term | None, text: str) -> bool:
    """Whether the string is in the language, by the spelling of `json.dumps`."""
    return accepts(strings, term, json.dumps(text, ensure_ascii=False)[1:-1].encode())


def spellings(character: str, style: str) -> list[str]:
    """All of one character: what `json.dumps` prints, or all that JSON allows."""
    printed = {json.dumps(character, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    if style == "any":
        units = character.encode("utf-16-be")
        numbers = [units[place : place + 2].hex() for place in range(0, len(units), 2)]
        lower = "".join(f"\\u{number}" for number in numbers)
        mixed = "".join(f"\\u{number[:2].upper()}{number[2:]}" for number in numbers)
        printed |= {lower, mixed, lower.upper().replace("U", "u")}
        printed |= {"\\/"} & {f"\\{character}"}
    return sorted(printed)


@st.composite
def spelled(draw: st.DrawFn, text: str, style: str) -> bytes:
    """One of the text's spellings."""
    return "".join(draw(st.sampled_from(spellings(character, style))) for character in text).encode()
