"""Trial: what came of all cases that a policy was tried on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from llmpost.engine.cases.running import CaseOutcome
from llmpost.policy import Policy


@dataclass(frozen=True, slots=True)
class Trial:
    """Outcomes in the order of the cases."""

    policy: Policy
    outcomes: tuple[CaseOutcome, ...]

    @property
    def failed(self) -> tuple[CaseOutcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.is_passed)

    @property
    def seconds(self) -> float:
        return math.fsum(outcome.seconds for outcome in self.outcomes)
