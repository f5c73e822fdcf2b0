"""Ledger: what those who answer a request tell of it, from its prompt to its end.

The one here forgets it all: it is for requests of which no record is kept, and says what there is to be told. `written`
has the other. The ledgers of a call are in one book, and when that is closed every candidate has its record, whatever
happened. Ledgers know nothing of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from llmpost.contracts.result import Result, Trace
from llmpost.contracts.tokens import TokenId
from llmpost.engine.output import Output
from llmpost.engine.watch import Watch
from llmpost.errors import TraceError
from llmpost.guards.checking import Checked
from llmpost.policy import Policy


class Ledger:
    """Of one request. Told in the order of what happens; nothing that it is told changes what that is."""

    id = ""
    """Of its records."""
    is_written = False

    @property
    def num_logits(self) -> int:
        """Of so many of the model's best tokens the log-probabilities are wanted at each step."""
        return 0

    def watched(self, watch: Watch) -> None:
        """Under which policy the request is now, and what guards are told around its texts."""

    def admitted(self, text: str, checked: Checked) -> None:
        """What guards made of a text of the prompt."""

    def begins(
        self, trace: Trace, prompt_ids: Sequence[TokenId], num_candidates: int, *, is_document: bool = False
    ) -> None:
        """What is known before anything is written."""

    def follow(self, candidate: int, output: Output) -> None:
        """Where it will be seen what has been written."""

    def looked_at(self, candidate: int, checked: Checked, *, is_stream: bool = False) -> None:
        """What guards made of all that was written, or of a stream, as far as it went."""

    def shows(self, candidate: int, text: str) -> None:
        """A piece that whoever asked is given now."""

    def alone(self, candidate: int) -> Ledger:
        """For this candidate asked once more, by itself."""
        return self

    def recorded(self, candidate: int, result: Result) -> Result:
        """The result as it may go out, its record kept."""
        return result

    def close(self, error: BaseException | None) -> Sequence[TraceError]:
        """Records of all candidates that have none yet, because of `error`. What kept any of them from being kept."""
        return ()


FORGETFUL = Ledger()


class Book:
    """The ledgers of one call. This one has forgetful ones."""

    def ledger(self, policy: Policy) -> Ledger:
        """For a request that begins now, under a policy."""
        return FORGETFUL

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left without its record."""
