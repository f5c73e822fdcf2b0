"""Log-mass: what a constraint takes from a row, as an importance weight of the token that was drawn.

Two laws of the row are compared, each after all stages: the one it would have been drawn from without its constraint,
and the one it was drawn from. Where no stage truncates, the weight is the probability of everything that the constraint
allows, whatever the token. The sampler finds the laws; who multiplies the weights of a text is no concern here.
"""

from __future__ import annotations

from dataclasses import replace

from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import Step
from llmpost.errors import LlmpostError
from llmpost.logits.law import Law


def is_measured(step: Step) -> bool:
    return step.measures_mass and step.constraint is not None


def measure(pick: Pick | LlmpostError, free: Law | LlmpostError, held: Law) -> Pick | LlmpostError:
    """The pick with ``ln p/q``: p of its token under the `free` law, q under that which it was drawn from.

    It is -inf for a token that truncation would not have let through, and exactly 0 where both laws are one. A row that
    has no law without its constraint ends with the reason for that.
    """
    if isinstance(pick, LlmpostError):
        return pick
    if isinstance(free, LlmpostError):
        return free
    return replace(pick, log_mass=float(free.logprob_of(pick.token) - held.logprob_of(pick.token)))
