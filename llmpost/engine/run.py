"""One batch from requests to results: jobs for the driver, and what becomes of them.

Candidates of a request are jobs with equal prompts, so the driver reads the prompt once and forks. Knows nothing of
where requests come from or where text goes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from llmpost.contracts.decoder import Decoder, Finish
from llmpost.contracts.pick import Pick
from llmpost.contracts.result import FieldDone, Result, TextDelta, Timings, TokenLogprob, Trace, Usage, frozen
from llmpost.contracts.tokens import TokenId
from llmpost.decoding import (
    Assignment,
    Driver,
    Job,
    News,
    decode_conditionally,
    decode_plainly,
    decode_tentatively,
)
from llmpost.engine.assemble import Recipe
from llmpost.engine.gate import Gate
from llmpost.engine.held import Held
from llmpost.engine.output import Output
from llmpost.engine.recording.ledger import FORGETFUL, Ledger
from llmpost.engine.released import Looked, finished, released
from llmpost.engine.watch import Watch
from llmpost.engine.wishes import masked_tokens
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
    held: Held | None = None
    """What its output is held to."""
    watch: Watch | None = None
    """Who looks at its output; None: nobody."""
    decode_seconds: float | None = None
    """So long it may be written, by its policy's budget."""
    ledger: Ledger = FORGETFUL
    """Who is told what becomes of it."""

    @property
    def is_windowed(self) -> bool:
        """Whether its text may be seen piece by piece, as far as its guards let it. A JSON document is judged whole."""
        return self.watch is not None and self.watch.guarding.release == "window" and not self.is_document

    @property
    def is_shown_on_the_way(self) -> bool:
        return self.watch is None or self.is_windowed

    @property
    def is_document(self) -> bool:
        return self.held is not None and self.held.kind == "schema"

    def most_tokens(self, loaded: LoadedModel) -> int:
        """What was asked for, as far as there is room in the model's context."""
        room = loaded.context_length - len(self.prompt)
        return min(self.recipe.settings.max_new_tokens or room, room)


class BatchRun:
    """Runs requests side by side. Iterate :meth:`events` to the end, or :meth:`finish`, and ask for :meth:`results`."""

    def __init__(self, loaded: LoadedModel, requests: Sequence[Request], clock: Callable[[], float]) -> None:
        self._requests = requests
        self._vocabulary = loaded.vocabulary
        self._clock = clock
        self._start = clock()
        self._driver = Driver({"main": loaded.model}, Sampler, clock)
        self._places = [
            (place, n) for place, request in enumerate(requests) for n in range(request.recipe.settings.n or 1)
        ]
        self._outputs = [Output(candidate) for _, candidate in self._places]
        for (place, candidate), output in zip(self._places, self._outputs, strict=True):
            requests[place].ledger.follow(candidate, output)
        self._first_token_seconds: list[float | None] = [None] * len(self._places)
        self._jobs = [self._job(requests[place], loaded, candidate) for place, candidate in self._places]
        self._total_seconds = 0.0

    def events(self) -> Iterator[tuple[int, TextDelta | FieldDone]]:
        """What may be shown, with the place of its request; everything is freed when this is closed. Of an output that
        is judged as a whole nothing is told before."""
        for number, (place, _) in enumerate(self._places):
            request = self._requests[place]
            if request.watch is not None and request.is_windowed:
                self._outputs[number].gate = Gate(request.watch.window())
        for number, news in self._news():
            place, output = self._places[number][0], self._outputs[number]
            if not self._requests[place].is_shown_on_the_way:
                continue
            for event in output.events(news):
                yield place, event
            if output.is_over:
                self._driver.drop(number)

    def finish(self) -> None:
        """To the end, without looking at what happens on the way."""
        for _ in self._news():
            pass

    def results(self) -> list[Result]:
        """One for each request, in order; for several candidates the first, holding all."""
        return list(map(joined, self.candidates()))

    def candidates(self) -> list[list[Result]]:
        """Those of each request, in order, as their guards leave them."""
        candidates: list[list[Result]] = [[] for _ in self._requests]
        for number, (place, _) in enumerate(self._places):
            candidates[place].append(self._result(self._requests[place], number))
        return candidates

    def _news(self) -> Iterator[News]:
        """The driver's, each written down before it is handed on."""
        for number, news in self._driver.run(self._jobs):
            if self._outputs[number].is_over:
                continue  # somebody ended it, and the driver has not heard yet
            if self._first_token_seconds[number] is None:
                self._first_token_seconds[number] = self._clock() - self._start
            self._outputs[number].take(news)
            yield number, news
        self._total_seconds = self._clock() - self._start

    def _job(self, request: Request, loaded: LoadedModel, candidate: int) -> Job:
        settings, recipe, most = request.recipe.settings, request.recipe, request.most_tokens(loaded)
        assignment = Assignment(
            prompt=request.prompt,
            detokenizer=Detokenizer(loaded.vocabulary),
            max_new_tokens=most,
            end_ids=recipe.end_ids,
            stop=settings.stop or (),
            seed=request.seed,
            candidate=candidate,
            num_top_logprobs=_num_top_logprobs(request),
            measures_mass=bool(settings.log_mass),
            num_masked=settings.trace_masked or 0,
            remembering=recipe.remembering,
            constraint=None if request.held is None else request.held.constraint.start(),
            finish_from=None if settings.finish_after is None else math.ceil(settings.finish_after * most),
        )
        limits = [limit for limit in (settings.max_time, request.decode_seconds) if limit is not None]
        deadline = self._start + min(limits) if limits else None
        return Job(_decoder(request, assignment), recipe.chain, deadline)

    def _result(self, request: Request, number: int) -> Result:
        output = self._outputs[number]
        end = output.end
        assert end is not None, "results are asked for before the run is over"
        num_top = request.recipe.settings.top_logprobs or 0
        result = Result(
            text="".join(output.pieces),
            token_ids=tuple(pick.token for pick in output.picks),
            finish_reason="error" if isinstance(end, LlmpostError) else end.reason,
            usage=Usage(len(request.prompt), len(output.picks)),
            timings=self._timings(number),
            trace=request.trace,
            stop=None if isinstance(end, LlmpostError) else end.stop,
            logprobs=tuple(_logprob(pick, num_top) for pick in output.picks) if _wants_logprobs(request) else None,
            log_mass=tuple(pick.log_mass or 0.0 for pick in output.picks) if request.recipe.settings.log_mass else None,
            tries=None if isinstance(end, LlmpostError) else end.tries,
            error=end if isinstance(end, LlmpostError) else None,
        )
        if request.held is not None and request.recipe.settings.trace_masked:
            masked = masked_tokens(request.held.constraint, self._vocabulary, output.picks, self._clock)
            result = replace(result, trace=replace(result.trace, masked=masked))
        return self._looked_at(request, result, output)

    def _looked_at(self, request: Request, raw: Result, output: Output) -> Result:
        assert output.end is not None
        if request.watch is None:
            return finished(raw, output.end, request.held)
        is_stream = output.gate is not None and not isinstance(output.end, LlmpostError)
        if output.gate is not None and is_stream:
            looked = Looked(request.watch, output.gate.checked, output.gate.held_back)
        else:
            accepts = request.held.accepts if request.held is not None and request.is_document else None
            looked = Looked(request.watch, request.watch.check(raw.text, accepts))
        request.ledger.looked_at(output.candidate, looked.checked, is_stream=is_stream)
        return released(raw, output.end, request.held, looked)

    def _timings(self, number: int) -> Timings:
        ends = [output.end for output in self._outputs]
        return Timings(
            total_seconds=self._total_seconds,
            first_token_seconds=self._first_token_seconds[number] if self._outputs[number].picks else None,
            seconds_by_stage=frozen(self._driver.laps.seconds),
            num_forwards=self._driver.num_forwards,
            num_redrawn=self._driver.laps.num_redrawn,
            num_rollbacks=sum(end.num_rollbacks for end in ends if isinstance(end, Finish)),
        )


def _decoder(request: Request, assignment: Assignment) -> Decoder:
    settings = request.recipe.settings
    if settings.conditional:
        return decode_conditionally(assignment, settings.conditional_tries or 0)
    is_tentative = request.held is not None and request.held.is_tentative
    return decode_tentatively(assignment) if is_tentative else decode_plainly(assignment)


def joined(candidates: Sequence[Result]) -> Result:
    """The result of a request: that of its first candidate, holding all."""
    if len(candidates) == 1:
        return candidates[0]
    written = sum(result.usage.completion_tokens for result in candidates)
    usage = replace(candidates[0].usage, completion_tokens=written)
    error = next((result.error for result in candidates if result.error is not None), None)
    return replace(candidates[0], usage=usage, candidates=tuple(candidates), error=error)


def _num_top_logprobs(request: Request) -> int | None:
    """As many as somebody wants: the caller, or the record."""
    num_kept = request.ledger.num_logits
    is_wanted = _wants_logprobs(request) or num_kept
    return max(request.recipe.settings.top_logprobs or 0, num_kept) if is_wanted else None


def _wants_logprobs(request: Request) -> bool:
    """Whether the caller does: also who asks for none but the chosen token's."""
    settings = request.recipe.settings
    return bool(settings.logprobs) or settings.top_logprobs is not None


def _logprob(pick: Pick, num_top: int) -> TokenLogprob:
    read = pick.logprobs
    assert read is not None, "log-probabilities were asked for and not drawn"
    return TokenLogprob(pick.token, read.raw, read.staged, read.top_raw[:num_top], read.top_staged[:num_top])
