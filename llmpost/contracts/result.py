"""What a call gives back: text, how it came about, and what it cost. Frozen, printable, and plain data on request."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias

from pydantic import TypeAdapter

from llmpost.contracts.guard import Verdict
from llmpost.contracts.inspection import Inspection
from llmpost.contracts.pick import Candidate
from llmpost.contracts.tokens import TokenId
from llmpost.contracts.tries import Tries
from llmpost.errors import LlmpostError

ALLOWED = Verdict()
ResultReason: TypeAlias = Literal["stop", "length", "time", "blocked", "constraint_failed", "error"]
"""How an output ended. ``blocked``: a guard kept it back, as the verdict says, or every way on was forbidden, and the
trace says by what; ``constraint_failed``: no
way was found to what was asked for, or the text is no instance of the type, and the trace says why; ``error`` only in a
batch, where one request's failure leaves the others alone."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written (of all candidates)."""

    prompt_tokens: int
    completion_tokens: int

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time went, and how often the model was called: both of the whole batch that the request ran in."""

    total_seconds: float
    first_token_seconds: float | None
    seconds_by_stage: Mapping[str, float]
    num_forwards: int
    num_redrawn: int = 0
    """Rows drawn without the mask of their constraint that had to be drawn again with it."""
    num_rollbacks: int = 0
    """How often an output went back out of a dead end of its constraint."""


@dataclass(frozen=True, slots=True)
class MaskedToken:
    """A token that the model held likelier than the one it was left with, and that was not allowed."""

    step: int
    """The index of the token that was written in its place."""
    token_id: TokenId
    name: str
    probability: float
    """Under the model alone."""
    why: str
    """What was expected, and by which rule; empty behind the first hundred, and where it took too long to find out."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What ran: enough to run it again and to say later under which rules a text was made."""

    model: str
    policy: str
    policy_digest: str
    seed: int | None
    settings: Mapping[str, Any]
    """The decode settings in force, of call, policy and model together."""
    versions: Mapping[str, str]
    notes: tuple[str, ...] = ()
    """What a reader must know about what did not run."""
    masked: tuple[MaskedToken, ...] = ()
    """What the model wanted and was not allowed, where `trace_masked` asks for it. It spells tokens."""
    inspections: tuple[Inspection, ...] = ()
    """Each text that guards looked at, in order: prompt, attempts, answer."""
    id: str = field(default="", compare=False)
    """By which the record of this is found, where one is kept: the same for all candidates of a request."""


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """A written token's log-probability: under the model alone, and under what the stages left of it."""

    token_id: TokenId
    raw: float
    staged: float
    top_raw: tuple[Candidate, ...] = ()
    top_staged: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One request's outcome; for ``n > 1`` that of the first candidate, with all of them in `candidates`.

    `text` is what may be shown. `token_ids` are the tokens written, the end id included.
    """

    text: str
    token_ids: tuple[TokenId, ...]
    finish_reason: ResultReason
    usage: Usage
    timings: Timings
    trace: Trace
    parsed: Any = None
    """The instance of the schema or type that was asked for, read from `text`."""
    stop: str | None = None
    logprobs: tuple[TokenLogprob, ...] | None = None
    log_mass: tuple[float, ...] | None = None
    """For each written token ln p/q, where that was asked for: p its probability under the same settings without the
    constraint, q the one it was drawn with. 0 where nothing was masked."""
    tries: Tries | None = None
    """How it was drawn from the conditional law, where that was asked for."""
    candidates: tuple[Result, ...] = ()
    error: LlmpostError | None = None
    """What ended it before its time, or ended any of its candidates."""
    verdict: Verdict = ALLOWED
    """What guards decided about the text, and how each of them fared, with those that looked at the prompt."""

    @property
    def log_weight(self) -> float | None:
        """The logarithm of the text's importance weight: `log_mass` added up."""
        return None if self.log_mass is None else math.fsum(self.log_mass)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON, which has no infinities: a log-probability of -inf becomes None."""
        own: dict[str, Any] = plain(self)
        return own | {"parsed": plain_value(self.parsed), "log_weight": plain(self.log_weight)}

    def __repr__(self) -> str:
        text = self.text if len(self.text) <= 60 else f"{self.text[:57]}…"
        more = f", {len(self.candidates)} candidates" if self.candidates else ""
        return f"Result({text!r}, {self.finish_reason}, {len(self.token_ids)} tokens{more})"


class Reading(Protocol):
    """Where a JSON output stands. A value: it stays what it is when the output goes on."""

    def partial(self) -> Any:
        """The value so far: containers closed, strings as far as they go, numbers once they have ended."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of text that may be shown now."""

    text: str
    candidate: int = 0
    reading: Reading | None = field(default=None, repr=False, compare=False)

    def partial(self) -> Any:
        """The valid JSON value so far, made when asked for: what the output says when everything open is closed. None
        before anything was said, and where no schema was asked for."""
        return None if self.reading is None else self.reading.partial()


@dataclass(frozen=True, slots=True)
class FieldDone:
    """A member or item of a JSON output that is whole, the inner ones first; the whole value last, at an empty path."""

    path: tuple[str | int, ...]
    value: Any
    candidate: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a stream."""

    result: Result


Event: TypeAlias = TextDelta | FieldDone | Finished


def frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """The mapping as nobody can change it."""
    return MappingProxyType(dict(mapping))


def plain_value(value: Any) -> Any:
    """An instance of whatever type as JSON writes it."""
    return plain(TypeAdapter(Any).dump_python(value, mode="json", fallback=str))


def plain(value: Any) -> Any:
    """Of values of ours the fields, of JSON's kinds themselves."""
    if isinstance(value, LlmpostError):
        return {"type": type(value).__name__, "message": str(value), "hint": value.hint}
    if isinstance(value, Candidate):
        return {"token_id": value.token, "logprob": value.logprob}
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
