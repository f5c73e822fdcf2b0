"""Page: what a ledger knows of one candidate, from its first token to its end, or to where it was given up.

It looks at the output where the engine writes it down, so nothing is told twice on the way. What may be kept of what
stands here is decided where the record is made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from llmpost.contracts.guard import Verdict
from llmpost.contracts.record import KeptRow, KeptTokens
from llmpost.contracts.result import Result, Timings, Trace, Usage
from llmpost.contracts.tokens import TokenId
from llmpost.engine.output import Output
from llmpost.engine.recording.seen import Seen, handed_in, let_out
from llmpost.guards.checking import Checked


@dataclass(frozen=True, slots=True)
class End:
    """How a candidate ended, as its record says it."""

    trace: Trace
    verdict: Verdict
    finish_reason: str
    usage: Usage
    timings: Timings | None
    released: Seen
    error: str


@dataclass(slots=True)
class Page:
    """Of one candidate."""

    output: Output | None = None
    """None: no model was asked."""
    checked: Checked | None = None
    is_stream: bool = False
    """Whether guards looked at it as it came, and no further than it went."""
    shown: list[str] = field(default_factory=list)

    @property
    def raw(self) -> Seen | None:
        if self.output is None:
            return None
        text = "".join(self.output.pieces)
        return Seen(text) if self.checked is None else handed_in(text, self.checked, self.is_stream)

    @property
    def num_tokens(self) -> int:
        return 0 if self.output is None else len(self.output.picks)

    @property
    def log_mass(self) -> float | None:
        """Of all tokens together, where it was asked for."""
        if self.output is None or not any(pick.log_mass is not None for pick in self.output.picks):
            return None
        return math.fsum(pick.log_mass or 0.0 for pick in self.output.picks)

    def tokens(self, prompt_ids: tuple[TokenId, ...], num_best: int) -> KeptTokens | None:
        """With the best tokens of each row; None where none are wanted."""
        if not num_best or self.output is None:
            return None
        picks = self.output.picks
        rows = (() if pick.logprobs is None else pick.logprobs.top_raw[:num_best] for pick in picks)
        return KeptTokens(
            prompt_ids,
            tuple(pick.token for pick in picks),
            tuple(KeptRow(tuple(each.token for each in row), tuple(each.logprob for each in row)) for row in rows),
        )

    def ended(self, result: Result) -> End:
        """As the result says."""
        released = Seen(result.text) if self.checked is None else let_out(self.checked)
        return End(
            trace=result.trace,
            verdict=result.verdict,
            finish_reason=result.finish_reason,
            usage=result.usage,
            timings=result.timings,
            released=released if released.text == result.text else Seen(result.text),
            error="" if result.error is None else type(result.error).__name__,
        )

    def given_up(self) -> Seen:
        """What was shown until now, and nothing more will be: guards that had not finished with it have not passed."""
        shown = Seen("".join(self.shown))
        gate = None if self.output is None else self.output.gate
        if gate is None or self.checked is not None:
            return shown
        before = gate.checked
        gate.cancel()
        self.checked, self.is_stream = gate.checked, True
        return let_out(before) if before.text == shown.text else shown
