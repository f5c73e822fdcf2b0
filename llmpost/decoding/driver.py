"""The driver: many decoders over one model, one batch a step.

It owns the slots and the clock. Each step it gathers what the decoders ask, feeds it in one forward, draws one
token for each row in one pass, and hands every decoder its own. A request that fails leaves the others alone. Equal
prompts that start together are fed once and forked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import torch

from llmpost.contracts.decoder import Ask, Commit, Decoder, Finish, OutOfTime
from llmpost.contracts.laps import Laps
from llmpost.contracts.model import Feed, Model, Slot
from llmpost.contracts.pick import Pick
from llmpost.contracts.sampling import MakeSampler, RowSampler
from llmpost.contracts.stage import LogitsStage, Step
from llmpost.contracts.tokens import Logits, TokenId
from llmpost.errors import LlmpostError, ModelError

News: TypeAlias = tuple[int, Commit | Finish | LlmpostError]
"""The number of a job, and what became of it: some commits, then one finish or one error."""


@dataclass(frozen=True, slots=True)
class Job:
    """A decoder, the chain its rows go through, and the time at which it must stop."""

    decoder: Decoder
    chain: LogitsStage
    deadline: float | None = None


@dataclass(slots=True)
class _Run:
    """A job under way."""

    number: int
    job: Job
    ask: Ask
    slots: dict[str, Slot] = field(default_factory=dict)


class Driver:
    """Runs jobs to their end. One driver serves one batch; models are shared between drivers.

    `laps` collects the time of the phases of a step: ``forward``, those of the sampler, and ``decode``.
    """

    def __init__(self, models: Mapping[str, Model], make_sampler: MakeSampler, clock: Callable[[], float]) -> None:
        self._models = models
        self._make_sampler = make_sampler
        self._clock = clock
        self._chains: list[LogitsStage] = []
        self._sampler: RowSampler | None = None
        self._dropped: set[int] = set()
        self.laps = Laps(clock)
        self.num_forwards = 0

    def run(self, jobs: Sequence[Job]) -> Iterator[News]:
        """News of all jobs as it comes. Closing the iterator frees every slot at once."""
        runs: list[_Run] = []
        try:
            for number, job in enumerate(jobs):
                yield from self._begin(runs, number, job)
            while runs:
                yield from self._stop_late(runs)
                self._let_go(runs)
                yield from self._step(runs)
        finally:
            for run in tuple(runs):  # a run that ends leaves the list
                self._end(runs, run)

    def drop(self, number: int) -> None:
        """Nobody wants more of this job: its slots are freed before the next step. There may be news of it until then,
        and none after."""
        self._dropped.add(number)

    def _let_go(self, runs: list[_Run]) -> None:
        for run in [run for run in runs if run.number in self._dropped]:
            self._end(runs, run)

    def _begin(self, runs: list[_Run], number: int, job: Job) -> Iterator[News]:
        try:
            runs.append(_Run(number, job, next(job.decoder)))
        except StopIteration as stop:
            yield number, stop.value

    def _end(self, runs: list[_Run], run: _Run) -> None:
        runs.remove(run)
        run.job.decoder.close()
        for role, slot in run.slots.items():
            self._models[role].close(slot)

    def _stop_late(self, runs: list[_Run]) -> Iterator[News]:
        now = self._clock()
        for run in [run for run in runs if run.job.deadline is not None and now >= run.job.deadline]:
            try:
                run.job.decoder.throw(OutOfTime())
            except StopIteration as stop:
                self._end(runs, run)
                yield run.number, stop.value

    def _step(self, runs: list[_Run]) -> Iterator[News]:
        """Feed, draw, send: one token for every row of every run."""
        if not runs:
            return
        self.laps.skip()
        try:
            logits, steps = self._forward(runs)
        except LlmpostError as error:
            yield from self._fail(runs, error)
            return
        except (RuntimeError, MemoryError) as cause:
            yield from self._fail(runs, _broken_forward(cause))
            return
        self.laps.lap("forward")
        drawn = iter(self._sampler_for(runs).draw(logits, steps, self.laps))
        for run in list(runs):
            yield from self._send(runs, run, [next(drawn) for _ in run.ask.steps])
        self.laps.lap("decode")

    def _send(self, runs: list[_Run], run: _Run, drawn: Sequence[Pick | LlmpostError]) -> Iterator[News]:
        errors = [pick for pick in drawn if isinstance(pick, LlmpostError)]
        decoder = run.job.decoder
        try:
            run.ask = decoder.throw(errors[0]) if errors else decoder.send([p for p in drawn if isinstance(p, Pick)])
            news: Ask | Finish = run.ask
        except StopIteration as stop:
            self._end(runs, run)
            news = stop.value
        except LlmpostError as error:
            self._end(runs, run)
            yield run.number, error
            return
        for commit in news.commits:
            yield run.number, commit
        if isinstance(news, Finish):
            yield run.number, news

    def _fail(self, runs: list[_Run], error: LlmpostError) -> Iterator[News]:
        for run in list(runs):
            self._end(runs, run)
            yield run.number, error

    def _sampler_for(self, runs: Sequence[_Run]) -> RowSampler:
        """The sampler of these rows; made anew only when the batch has changed."""
        chains = [run.job.chain for run in runs for _ in run.ask.steps]
        same = len(chains) == len(self._chains) and all(map(_is, chains, self._chains))
        if self._sampler is None or not same:
            self._chains, self._sampler = chains, self._make_sampler(chains)
        return self._sampler

    def _forward(self, runs: Sequence[_Run]) -> tuple[Logits, list[Step]]:
        """The rows of the main model, and the steps they are for, with what the other models say beside them."""
        self.num_forwards += 1
        logits = self._feed(runs, "main")
        steps = [step for run in runs for step in run.ask.steps]
        for role in self._models:
            those = [run for run in runs if role != "main" and any(feed.model == role for feed in run.ask.feeds)]
            if those:
                steps = _with_companions(runs, steps, {run.number for run in those}, role, self._feed(those, role))
        return logits, steps

    def _feed(self, runs: Sequence[_Run], role: str) -> Logits:
        """One forward of one model; rows in the order of the runs."""
        model = self._models[role]
        leaders: dict[tuple[TokenId, ...], _Run] = {}
        feeds: list[tuple[Slot, Feed]] = []
        starts: dict[int, int] = {}  # run number -> its first row in the model's answer
        followers: list[tuple[_Run, _Run]] = []
        num_rows = 0
        for run in runs:
            feed = next(feed for feed in run.ask.feeds if feed.model == role)
            if role not in run.slots:
                leader = leaders.setdefault(tuple(feed.tokens), run)
                if leader is not run:
                    followers.append((run, leader))
                    continue
                run.slots[role] = model.open()
            feeds.append((run.slots[role], feed))
            starts[run.number] = num_rows
            num_rows += feed.rows
        logits = model.forward(feeds)
        if not followers:
            return logits
        for run, leader in followers:
            run.slots[role] = model.fork(leader.slots[role])
            starts[run.number] = starts[leader.number]
        wanted = [starts[run.number] + row for run in runs for row in range(len(run.ask.steps))]
        return logits[torch.tensor(wanted, device=logits.device)]


def _is(one: object, other: object) -> bool:
    return one is other


def _with_companions(
    runs: Sequence[_Run], steps: Sequence[Step], numbers: set[int], role: str, rows: Logits
) -> list[Step]:
    """`steps` with a row of the other model beside each step of the runs that have one."""
    others = iter(rows)
    owners = [run.number for run in runs for _ in run.ask.steps]
    return [
        replace(step, companions={**step.companions, role: next(others)}) if owner in numbers else step
        for owner, step in zip(owners, steps, strict=True)
    ]


def _broken_forward(cause: BaseException) -> ModelError:
    error = ModelError(
        "model.forward",
        f"{type(cause).__name__}: {cause}",
        "a forward pass",
        "Try a smaller batch or a shorter prompt.",
    )
    error.__cause__ = cause
    return error
