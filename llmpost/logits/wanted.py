"""Wanted: ids that a model held likelier than the one that was drawn, and that the row's constraint does not allow.

Read from the row as the model gave it, before any stage, of its best ids alone; only done on request. It asks the
constraint's state and makes no mask, so it changes nothing in how a row is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from llmpost.contracts.constraint import ConstraintState
from llmpost.contracts.pick import Candidate, Pick
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Logits, TokenId
from llmpost.errors import LlmpostError
from llmpost.logits.ranking import Blocks, rank

NUM_LOOKED_AT = 64
"""Best ids of a row among which the refused ones are looked for."""


def with_masked(
    picks: Sequence[Pick | LlmpostError], raw: Mapping[int, Logits], steps: Sequence[Step]
) -> list[Pick | LlmpostError]:
    """The picks; those of rows that ask for it with the refused ids that stand above them, the likeliest first. `raw`
    has their rows, ``[1, vocab]`` each."""
    told = list(picks)
    for row, values in raw.items():
        pick, step = told[row], steps[row]
        if isinstance(pick, Pick) and step.constraint is not None and step.num_masked:
            refused = _refused(values, pick.token, step.constraint)
            told[row] = replace(pick, masked=tuple(refused[: step.num_masked]))
    return told


def _refused(values: Logits, drawn: TokenId, state: ConstraintState) -> list[Candidate]:
    best, ids = rank(*Blocks(values).candidates(NUM_LOOKED_AT), NUM_LOOKED_AT)
    above = best > values[:, drawn : drawn + 1]
    logprobs = best.double() - values.double().logsumexp(1, keepdim=True)
    candidates = [
        Candidate(int(token), logprob)
        for token, logprob, is_above in zip(ids[0].tolist(), logprobs[0].tolist(), above[0].tolist(), strict=True)
        if is_above
    ]
    return [one for one in candidates if not state.allows(one.token)]
