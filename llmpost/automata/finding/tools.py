"""Tools: which algebra and which scan a finder works with, compiled where they were built, else the plain ones.

Both kinds mean the same; tests choose one by hand. Nothing else in this room knows that there are two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from llmpost.automata.algebra import Algebra
from llmpost.automata.finding.candidates import Candidate
from llmpost.automata.finding.scan import Advance, State, Thread, scan
from llmpost.automata.finding.table import Shelf
from llmpost.automata.reference import ReferenceAlgebra

try:
    from llmpost.automata._native import Algebra as CompiledAlgebra
    from llmpost.automata._native import scan as compiled_scan
except ImportError:  # built without a compiler: slower, and nothing else
    HAS_COMPILED = False
else:
    HAS_COMPILED = True

Scan: TypeAlias = Callable[[Shelf, int, State, str, int, int], Advance]


@dataclass(frozen=True, slots=True)
class Tools:
    make_algebra: Callable[[], Algebra]
    scan: Scan


MAX_STEPS = 100_000  # derivatives for one question of liveness
MAX_TERMS = 50_000_000  # bytes run out first
MAX_BYTES = 1 << 30
"""Only a scan that has had a live thread ever since its table was full gets an algebra so far: it ends in an error."""

PLAIN = Tools(lambda: ReferenceAlgebra(MAX_TERMS, MAX_STEPS), scan)


def best_tools() -> Tools:
    """The compiled ones where they are there."""
    if not HAS_COMPILED:
        return PLAIN
    kinds = Advance, State, Thread, Candidate
    return Tools(lambda: CompiledAlgebra(MAX_TERMS, MAX_STEPS, MAX_BYTES), partial(compiled_scan, kinds))
