"""The engine: a loaded model and a policy, ready to answer.

``generate`` and ``stream`` turn arguments into orders, orders into requests, and let one driver run them as a batch;
what guards look at goes through the checker. An engine may be called from several threads; nothing of a request is kept
in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast, overload

from llmpost.contracts.check_result import CheckResult
from llmpost.contracts.result import Event, Finished, Result, TextDelta, Timings, Usage, frozen
from llmpost.engine.answering import asked_again, results_of
from llmpost.engine.check_stream import CheckStream
from llmpost.engine.checker import NOTHING_AROUND, Checker
from llmpost.engine.emission import whole_text
from llmpost.engine.order import Order, Prepared, Station, prepare
from llmpost.engine.policies import PolicyLike
from llmpost.engine.prompt import Prompt, is_batch
from llmpost.engine.recording.ledger import Book, Ledger
from llmpost.engine.recording.written import WrittenBook
from llmpost.engine.reloading.history import PolicyChange
from llmpost.engine.reloading.in_force import InForce
from llmpost.engine.reloading.policy_watch import PolicyWatch
from llmpost.engine.request import asked_of_batch
from llmpost.engine.run import BatchRun, joined
from llmpost.engine.surroundings import NAMES, Surroundings
from llmpost.engine.tracing import refused_trace
from llmpost.errors import ConstraintError, LlmpostError, PolicyError, RequestError
from llmpost.guards.vault import Vault
from llmpost.models import LoadedModel, LoadOptions, load_model
from llmpost.policy import Policy

_OF_ALL = (ConstraintError, PolicyError)
"""Errors that all requests of a batch may share."""


class Engine:
    """Generates under a policy.

    >>> engine = Engine(load_model("path/to/a/model", LoadOptions()))     # doctest: +SKIP
    >>> engine.generate("Hello", max_new_tokens=8).text                   # doctest: +SKIP
    """

    def __init__(
        self,
        loaded: LoadedModel,
        policy: PolicyLike | Checker = "default",
        surroundings: Surroundings = NOTHING_AROUND,
    ) -> None:
        """Several engines may share a checker: it brings its policy and its surroundings."""
        self.loaded = loaded
        self.checker = policy if isinstance(policy, Checker) else Checker(policy, surroundings)

    @classmethod
    def load(cls, model: str, policy: PolicyLike = "default", **options: Any) -> Engine:
        """Load `model` (a folder or hub name); `options` are those of :class:`~llmpost.models.LoadOptions`, and what
        there is besides a policy: ``guards``, ``on_review``, ``key``, ``policies``, ``models``, and ``trace``, who is
        handed a record of each answer (:class:`Surroundings`)."""
        around = Surroundings(**{name: options.pop(name) for name in NAMES if name in options})
        checker, load_options = Checker(policy, around), LoadOptions.of(**options)  # wrong use is said at once
        return cls(load_model(model, load_options), checker)

    @property
    def policy(self) -> Policy:
        """The one that holds where a call names none."""
        return self.checker.policy

    @overload
    def generate(self, prompt: Prompt, *, policy: PolicyLike | None = ..., **arguments: Any) -> Result: ...

    @overload
    def generate(
        self, prompt: Sequence[Prompt], *, policy: PolicyLike | Sequence[PolicyLike] | None = ..., **arguments: Any
    ) -> list[Result]: ...

    def generate(self, prompt: Any, *, policy: Any = None, **arguments: Any) -> Result | list[Result]:
        """One result for one prompt; for a list of prompts a list, in order.

        `arguments` are the decode settings of a policy, which they override (in a batch each may be a list with one
        value for each prompt, and so may `policy`), one of ``schema``, ``regex``, ``choice``, ``quote`` and
        ``language`` (without one the policy's ``constraint`` holds), and ``template``, ``logits_processor`` and
        ``vault``.
        ``forbid``: patterns, phrases and entities that the output must not contain, besides what the policy forbids.
        Beside a schema: ``whitespace``, ``key_order``, ``escapes``, ``formats`` and ``strict``.
        A prompt that fails raises; in a batch it ends alone, in a result with ``finish_reason == "error"``.
        """
        with self._book() as book:
            results = self._run(self._prepared(prompt, policy, arguments, book))
        return results if is_batch(prompt) else _raised(results[0])

    def stream(self, prompt: Prompt, *, policy: PolicyLike | None = None, **arguments: Any) -> Iterator[Event]:
        """Pieces of text as they may be shown, under a schema each field behind the piece that ends it, then the
        result. Closing the iterator frees everything at once. A schema whose report calls a part sound comes as a
        whole, because what leads into a dead end is taken back, and so does what is drawn by ``conditional``; so does
        a JSON document that guards look into, and every text under a policy that releases it at its end."""
        if is_batch(prompt):
            raise RequestError("stream", "a list of prompts", "one prompt", "Open a stream for each.")
        events = self._events(prompt, policy, arguments)
        next(events)  # what is wrong is said at once, and from here on the stream hears of it when it is closed
        return events

    def check(self, text: str, *, policy: PolicyLike | None = None, **said: Any) -> CheckResult:
        """The guards alone, on any text: :meth:`Checker.check` under this engine's policy."""
        return self.checker.check(text, policy=policy, **said)

    def check_stream(self, chunks: Iterable[str], *, policy: PolicyLike | None = None, **said: Any) -> CheckStream:
        """The same on a text that comes in pieces: :meth:`Checker.check_stream`."""
        return self.checker.check_stream(chunks, policy=policy, **said)

    @property
    def policy_history(self) -> tuple[PolicyChange, ...]:
        """:attr:`Checker.policy_history`."""
        return self.checker.policy_history

    @property
    def policy_files(self) -> tuple[Path, ...]:
        """:attr:`Checker.policy_files`."""
        return self.checker.policy_files

    def reload(self) -> tuple[PolicyChange, ...]:
        """Read the policies' files anew: :meth:`Checker.reload`."""
        return self.checker.reload()

    def watch(
        self, seconds: float | None = 1.0, on_change: Callable[[PolicyChange], object] | None = None
    ) -> PolicyWatch:
        """The same whenever they have changed: :meth:`Checker.watch`."""
        return self.checker.watch(seconds, on_change)

    def close(self) -> None:
        """:meth:`Checker.close`."""
        self.checker.close()

    def _book(self) -> Book:
        recording = self.checker.recording
        return Book() if recording is None else WrittenBook(recording, self.loaded.name)

    def _events(self, prompt: Prompt, policy: PolicyLike | None, arguments: Mapping[str, Any]) -> Iterator[Event]:
        """One that says nothing, as soon as all is ready; then those of the answer."""
        with self._book() as book:
            (prepared,) = self._prepared(prompt, policy, arguments, book)
            if isinstance(prepared, _Refused):
                _raised(self._refused(prepared))
            else:
                yield TextDelta("")
                yield from self._answer(prepared)

    def _answer(self, prepared: Prepared) -> Iterator[Event]:
        request, ledger = prepared.outcome, prepared.order.ledger
        if isinstance(request, Result):
            held, is_shown, candidates = None, False, [list(request.candidates or (request,))]
        else:
            run = BatchRun(prepared.order.station.loaded, [request], time.perf_counter)
            for _, event in run.events():
                if isinstance(event, TextDelta):
                    ledger.shows(event.candidate, event.text)
                yield event
            held, is_shown, candidates = request.held, request.is_shown_on_the_way, run.candidates()
        (results,) = asked_again([prepared], candidates)
        if not is_shown:
            for number, result in enumerate(results):
                yield from whole_text(result, number, held)
        yield Finished(_raised(joined(results)))

    def _run(self, prepared: Sequence[Prepared | _Refused]) -> list[Result]:
        results = iter(results_of([each for each in prepared if isinstance(each, Prepared)]))
        return [next(results) if isinstance(each, Prepared) else self._refused(each) for each in prepared]

    def _prepared(
        self,
        prompt: Any,
        policy: PolicyLike | Sequence[PolicyLike] | None,
        arguments: Mapping[str, Any],
        book: Book,
    ) -> list[Prepared | _Refused]:
        """Each prompt's request, or the error it ends with; no model has been asked yet."""
        prompts = prompt if is_batch(prompt) else [prompt]
        in_force = self.checker.in_force
        policies = self._policies(policy, len(prompts) if is_batch(prompt) else None, in_force)
        asked, beside = asked_of_batch(arguments, len(prompts) if is_batch(prompt) else None)
        station, begun = Station.of(self.loaded), self.checker.clock()
        prepared: list[Prepared | _Refused] = []
        for text, own, chosen in zip(prompts, asked, policies, strict=True):
            ledger = book.ledger(chosen)
            try:
                if isinstance(own, LlmpostError):
                    raise own
                vault = beside.vault or Vault()
                order = Order(text, own, beside, chosen, in_force, station, self.checker, vault, begun, ledger=ledger)
                prepared.append(prepare(order))
            except LlmpostError as error:
                prepared.append(_Refused(error, chosen, ledger))
        first = prepared[0]
        shared = first.error if isinstance(first, _Refused) else None
        if isinstance(shared, _OF_ALL) and all(_is_refused_for(shared, each) for each in prepared):
            raise shared  # a language that all share is compiled once, and nobody has it
        return prepared

    def _policies(
        self, policy: PolicyLike | Sequence[PolicyLike] | None, size: int | None, in_force: InForce
    ) -> list[Policy]:
        """One for each prompt. What is wrong with any of them, or with its guards, is raised."""
        if policy is None:
            return [in_force.policy] * (size or 1)
        if not isinstance(policy, list | tuple):
            return [self._guarded(in_force.policy_of(cast("PolicyLike", policy)))] * (size or 1)
        if size != len(policy):
            allowed = "one policy" if size is None else f"one policy, or a list with one for each of {size} requests"
            raise RequestError("generate.policy", f"a list of {len(policy)}", allowed, "Give as many as prompts.")
        return [self._guarded(in_force.policy_of(each)) for each in policy]

    def _guarded(self, policy: Policy) -> Policy:
        self.checker.guarding(policy)
        return policy

    def _refused(self, refused: _Refused) -> Result:
        """The result of a request that never ran."""
        trace = refused_trace(self.loaded.name, refused.policy, "refused before it ran")
        trace = replace(trace, id=refused.ledger.id)
        result = Result("", (), "error", Usage(0, 0), Timings(0.0, None, frozen({}), 0), trace, error=refused.error)
        return refused.ledger.recorded(0, result)


@dataclass(frozen=True, slots=True)
class _Refused:
    """An order that cannot be carried out."""

    error: LlmpostError
    policy: Policy
    ledger: Ledger


def _is_refused_for(error: LlmpostError, prepared: Prepared | _Refused) -> bool:
    return isinstance(prepared, _Refused) and prepared.error is error


def generate(prompt: Any, *, model: str = "tiny", policy: PolicyLike = "default", **arguments: Any) -> Any:
    """Load `model` once and generate: :meth:`Engine.generate` in one call."""
    return _engine(model).generate(prompt, policy=policy, **arguments)


@cache
def _engine(model: str) -> Engine:
    return Engine.load(model)


def _raised(result: Result) -> Result:
    """The result, or its error, which then holds what had been written until it happened."""
    if result.error is not None:
        result.error.result = result
        raise result.error
    return result
