"""One batch from requests to results: jobs for the driver, and what becomes of them.

Candidates of a request are jobs with equal prompts, so the driver reads the prompt once and forks. Knows nothing of
where requests come from or where text goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from llmpost.constraints import Constraint
from llmpost.contracts.decoder import Commit, Finish
from llmpost.contracts.pick import Pick
from llmpost.contracts.result import Result, TextDelta, Timings, TokenLogprob, Trace, Usage, frozen
from llmpost.contracts.tokens import TokenId
from llmpost.decoding import Assignment, Driver, Job, decode_plainly
from llmpost.engine.assemble import Recipe
from llmpost.engine.output_type import NotOfType, OutputType
from llmpost.errors import LlmpostError
from llmpost.logits import Sampler
from llmpost.models import LoadedModel
from llmpost.vocabulary import Detokenizer


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt, ready to run."""

    prompt: tuple[TokenId, ...]
    recipe: Recipe
    seed: int
    trace: Trace
    output_type: OutputType | None = None
    constraint: Constraint | None = None


@dataclass(slots=True)
class _Output:
    """What one candidate has written so far."""

    picks: list[Pick] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    first_token_seconds: float | None = None
    end: Finish | LlmpostError | None = None


class BatchRun:
    """Runs requests side by side. Iterate :meth:`deltas` to the end, then ask for :meth:`results`."""

    def __init__(self, loaded: LoadedModel, requests: Sequence[Request], clock: Callable[[], float]) -> None:
        self._requests = requests
        self._clock = clock
        self._start = clock()
        self._driver = Driver({"main": loaded.model}, Sampler, clock)
        self._places = [
            (place, n) for place, request in enumerate(requests) for n in range(request.recipe.settings.n or 1)
        ]
        self._outputs = [_Output() for _ in self._places]
        self._jobs = [self._job(requests[place], loaded, candidate) for place, candidate in self._places]
        self._total_seconds = 0.0

    def deltas(self) -> Iterator[tuple[int, TextDelta]]:
        """Text as it may be shown, with the place of its request; everything is freed when this is closed."""
        for number, news in self._driver.run(self._jobs):
            place, candidate = self._places[number]
            if text := self._take(self._outputs[number], news):
                yield place, TextDelta(text, candidate)
        self._total_seconds = self._clock() - self._start

    def results(self) -> list[Result]:
        """One for each request, in order; for several candidates the first, holding all."""
        candidates: list[list[Result]] = [[] for _ in self._requests]
        for (place, _), output in zip(self._places, self._outputs, strict=True):
            candidates[place].append(self._result(self._requests[place], output))
        return [_joined(results) for results in candidates]

    def _job(self, request: Request, loaded: LoadedModel, candidate: int) -> Job:
        settings, recipe = request.recipe.settings, request.recipe
        room = loaded.context_length - len(request.prompt)
        assignment = Assignment(
            prompt=request.prompt,
            detokenizer=Detokenizer(loaded.vocabulary),
            max_new_tokens=min(settings.max_new_tokens or room, room),
            end_ids=recipe.end_ids,
            stop=settings.stop or (),
            seed=request.seed,
            candidate=candidate,
            num_top_logprobs=(settings.top_logprobs or 0) if settings.logprobs or settings.top_logprobs else None,
            remembering=recipe.remembering,
            constraint=None if request.constraint is None else request.constraint.start(),
        )
        deadline = None if settings.max_time is None else self._start + settings.max_time
        return Job(decode_plainly(assignment), recipe.chain, deadline)

    def _take(self, output: _Output, news: Commit | Finish | LlmpostError) -> str:
        """Write the news down; the text in it."""
        if isinstance(news, Commit):
            if not output.picks:
                output.first_token_seconds = self._clock() - self._start
            output.picks.append(news.pick)
        else:
            output.end = news
        text = "" if isinstance(news, LlmpostError) else news.text
        output.pieces.append(text)
        return text

    def _result(self, request: Request, output: _Output) -> Result:
        end = output.end
        assert end is not None, "results are asked for before the run is over"
        wants_logprobs = request.recipe.settings.logprobs or request.recipe.settings.top_logprobs is not None
        result = Result(
            text="".join(output.pieces),
            token_ids=tuple(pick.token for pick in output.picks),
            finish_reason="error" if isinstance(end, LlmpostError) else end.reason,
            usage=Usage(len(request.prompt), len(output.picks)),
            timings=Timings(
                self._total_seconds, output.first_token_seconds,
                frozen(self._driver.laps.seconds), self._driver.num_forwards, self._driver.laps.num_redrawn,
            ),
            trace=request.trace,
            stop=None if isinstance(end, LlmpostError) else end.stop,
            logprobs=tuple(map(_logprob, output.picks)) if wants_logprobs else None,
            error=end if isinstance(end, LlmpostError) else None,
        )  # fmt: skip
        return result if result.error else _parsed(result, request)


def _parsed(result: Result, request: Request) -> Result:
    if request.output_type is not None:
        return _typed(result, request.output_type)
    return result if request.constraint is None else _checked(result, request.constraint)


def _checked(result: Result, constraint: Constraint) -> Result:
    """The result with its text as the value, if it is complete. If not, something cut it off before its end, which is
    no failure of the constraint: the reason stays, and the trace says what it means."""
    if constraint.accepts(result.text):
        return replace(result, parsed=result.text)
    end = f"the stop string {result.stop!r}" if result.stop is not None else f"'{result.finish_reason}'"
    note = f"the text is not complete under the {constraint.source.name}: it ended by {end}"
    return replace(result, trace=replace(result.trace, notes=(*result.trace.notes, note)))


def _typed(result: Result, output_type: OutputType) -> Result:
    """The result with its text read as the type asked for, or with the reason why it cannot be."""
    try:
        return replace(result, parsed=output_type.parse(result.text))
    except NotOfType as failure:
        note = f"the text is not of the type asked for: {failure}; it ended by '{result.finish_reason}'"
        trace = replace(result.trace, notes=(*result.trace.notes, note))
        return replace(result, finish_reason="constraint_failed", trace=trace)


def _joined(candidates: Sequence[Result]) -> Result:
    if len(candidates) == 1:
        return candidates[0]
    written = sum(result.usage.completion_tokens for result in candidates)
    usage = replace(candidates[0].usage, completion_tokens=written)
    error = next((result.error for result in candidates if result.error is not None), None)
    return replace(candidates[0], usage=usage, candidates=tuple(candidates), error=error)


def _logprob(pick: Pick) -> TokenLogprob:
    read = pick.logprobs
    assert read is not None, "log-probabilities were asked for and not drawn"
    return TokenLogprob(pick.token, read.raw, read.staged, read.top_raw, read.top_staged)
