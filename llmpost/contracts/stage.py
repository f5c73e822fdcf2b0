"""What a sampling stage is: logits in, logits out, a batch at a time.

A stage is a value. What it must know of a request it reads from the row's :class:`Step`; it never counts anything
up inside, because under speculation and beams one stage sees several futures of the same request. Stages are put
in order by `logits.chain` and driven by the sampler; they know neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from llmpost.contracts.constraint import ConstraintState
from llmpost.contracts.tokens import Context, Logits, TokenId

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


class Phase(IntEnum):
    """The order in which stages run unless a policy gives its own."""

    MASK = 1
    ADJUST = 2
    SCALE = 3
    TRUNCATE = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One row about to be sampled: everything of its request that a stage or the sampler may use."""

    context: Context
    seed: int = 0
    candidate: int = 0
    num_top_logprobs: int | None = None
    """How many of the best ids to report log-probabilities of, besides the chosen one's; None: report none at all."""
    companions: Mapping[str, Logits] = field(default_factory=_nothing)
    """Rows of the same position from the request's other models, by role (guidance, contrast, ensembles)."""
    memories: Mapping[str, Any] = field(default_factory=_nothing)
    """What this request's remembering stages know after the tokens of `context`, by stage name."""
    constraint: ConstraintState | None = None
    """Where the output stands in what it is held to: only tokens that this state allows are drawn."""
    tokens_left: int | None = None
    """How many tokens may still be drawn, this one counted; None where nothing has to be completed."""
    measures_mass: bool = False
    """Whether to report what the constraint took from the row: ``Pick.log_mass``."""
    prospects: Mapping[TokenId, float] | None = None
    """Of a row drawn from the law without its constraint, conditioned on it: for tokens tried before, the logarithm of
    how much of what follows may still fit; of the others all may. None: the constraint is a mask, before all stages."""
    num_masked: int = 0
    """How many ids to report that the model held likelier than the drawn one and that `constraint` forbids."""


class LogitsStage(Protocol):
    """One edit of the logits. Pure but for the array: it may overwrite the rows it is given, and returns them."""

    @property
    def phase(self) -> Phase:
        """Where it belongs in the default order."""

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        """The rows after this stage; ``steps[i]`` belongs to ``logits[i]``."""


@runtime_checkable
class RememberingStage(Protocol):
    """A stage whose edit depends on how earlier tokens fared (mirostat, for one).

    Its memory is a value handed on by the decoder, one for each position, so that a rejected draft leaves no trace.
    """

    @property
    def name(self) -> str:
        """The key of its memory in ``Step.memories``."""

    def remember(self, memory: Any, token: TokenId, logprob: float) -> Any:
        """The memory after `token` was drawn with this log-probability under the stages; `memory` is None at first."""
