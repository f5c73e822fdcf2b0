"""What a decoder is: a generator that says what it wants fed and is sent what was drawn.

It does no I/O and owns no model: a driver batches many decoders over one model, and a test sends picks by hand.
Plain, beam and speculative decoding have this one form.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from llmpost.contracts.constraint import ConstraintState
from llmpost.contracts.model import Feed
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import Step
from llmpost.contracts.tries import Tries

FinishReason: TypeAlias = Literal["stop", "length", "time", "constraint_failed"]
"""stop: an end id or a stop string; length: `max_new_tokens` or the context is full; time: `max_time` is over;
constraint_failed: no way out of a dead end was found in as many tries as there are."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A token that is now part of the output, and the text that may be shown since the commit before."""

    pick: Pick
    text: str
    constraint: ConstraintState | None = None
    """Where the output stands in what it is held to; None while text before it is held back."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a decoder wants: tokens fed, and one token drawn for each of `steps` (the rows of the main model)."""

    feeds: tuple[Feed, ...]
    steps: tuple[Step, ...]
    commits: tuple[Commit, ...] = ()
    """What was committed since the ask before."""


@dataclass(frozen=True, slots=True)
class Finish:
    """How an output ended, the last commits, and text that was held back for a stop string that never came."""

    reason: FinishReason
    commits: tuple[Commit, ...] = ()
    text: str = ""
    stop: str | None = None
    """The stop string that ended it."""
    constraint: ConstraintState | None = None
    """Where all of the text stands in what it was held to, before any end id; None where a stop string cut it."""
    num_rollbacks: int = 0
    """How often it went back out of a dead end."""
    tries: Tries | None = None
    """Of an output that was drawn from a conditional law."""


class OutOfTime(Exception):
    """Finish with what there is."""


Decoder: TypeAlias = Generator[Ask, Sequence[Pick], Finish]
