"""Order: what was asked for one prompt, from which a request is made, and made again where a guard says so.

Preparing an order checks it, lets the guards of the input side look at its prompt, and compiles what its output is held
to. Nothing of a model runs here; what comes of a request, and whether it is asked again, is `answering`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Side
from llmpost.contracts.inspection import Inspection
from llmpost.contracts.result import Result, Timings, Usage, frozen
from llmpost.engine.admission import CHANGED, Admission, admitted
from llmpost.engine.assemble import Recipe
from llmpost.engine.checker import Checker
from llmpost.engine.conversation import context_of
from llmpost.engine.emission import AS_A_WHOLE
from llmpost.engine.forbidding import forbidden_by
from llmpost.engine.held import Held
from llmpost.engine.language import KINDS
from llmpost.engine.policy_language import under
from llmpost.engine.prompt import is_token_ids
from llmpost.engine.recording.ledger import FORGETFUL, Ledger
from llmpost.engine.reloading.in_force import InForce
from llmpost.engine.request import Asked, Beside
from llmpost.engine.run import Request, joined
from llmpost.engine.seeds import drawn_seed
from llmpost.engine.station import Station
from llmpost.engine.stations import station_of
from llmpost.engine.tracing import make_trace, refused_trace
from llmpost.engine.watch import Watch
from llmpost.errors import RequestError
from llmpost.guards.checking import Checked
from llmpost.guards.vault import Vault
from llmpost.policy import Policy

_MOST_WAYS = 8
"""So often an order is handed on, whoever hands it to whom."""


@dataclass(frozen=True, slots=True)
class Past:
    """What became of an order before."""

    inspections: tuple[Inspection, ...] = ()
    num_attempts: int = 0
    """How often the same was asked again, under this policy."""
    num_ways: int = 0
    """How often it was handed on."""
    num_tokens: int = 0
    """Written in vain."""
    is_admitted: bool = False
    """Whether the guards of this policy have seen the prompt."""


NO_PAST = Past()


@dataclass(frozen=True, slots=True)
class Order:
    """A prompt, what was said of it, under which policy, and where it is carried out."""

    prompt: Any
    own: Asked
    beside: Beside
    policy: Policy
    in_force: InForce
    """What names of policies mean, also when it is handed on."""
    station: Station
    checker: Checker
    vault: Vault
    begun: float
    """When it was given, by the checker's clock."""
    seed: int | None = None
    """Instead of what anybody says."""
    past: Past = NO_PAST
    ledger: Ledger = FORGETFUL
    """Who is told what becomes of it."""

    def watch(self, side: Side) -> Watch:
        """The guards of a side, who are told the prompt as far as it is known."""
        is_told = bool(self.policy.guards) or self.ledger.is_written
        said = self.station.said(self.prompt) if is_told else None
        watch = self.checker.watch_under(self.policy, context_of(said, "", side), self.vault, self.begun)
        self.ledger.watched(watch)
        return watch

    @property
    def decode_seconds(self) -> float | None:
        """So long its output may be written, from now on."""
        return self.policy.budget.seconds_to_write(self.checker.clock() - self.begun)

    def rerouted(self, action: Action) -> Order | None:
        """To whom the action names; None where that was tried as often as it may be, and where one model's token ids
        would come to another."""
        route: Mapping[str, str] = action.argument or {}
        is_elsewhere = "model" in route and is_token_ids(self.prompt)
        if not route or is_elsewhere or self.past.num_ways >= _MOST_WAYS:
            return None
        around = self.checker.surroundings
        policy = self.in_force.policy_of(route["policy"]) if "policy" in route else self.policy
        model = around.models[route["model"]] if "model" in route else self.station.source
        loaded = getattr(model, "loaded", model)
        station = self.station if loaded is self.station.source else station_of(loaded)
        past = replace(self.past, num_ways=self.past.num_ways + 1, num_attempts=0, is_admitted=False)
        return replace(self, policy=policy, station=station, past=past)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order as its guards let it through, and what came of it: a request, or its result already."""

    order: Order
    outcome: Request | Result


def prepare(order: Order) -> Prepared:
    """LlmpostError where the order cannot be carried out."""
    settings = order.own.settings.over(order.policy.decode)
    recipe = order.station.recipe(settings, order.beside.logits_processor)
    admission = _admitted(order)
    past = replace(order.past, inspections=(*order.past.inspections, *admission.inspections), is_admitted=True)
    if admission.stopped is not None:
        return _stopped(replace(order, past=past), admission, admission.stopped, recipe.settings.n or 1)
    order = replace(order, prompt=admission.prompt, past=past)
    return Prepared(order, _request(order, recipe, (CHANGED,) if admission.is_changed else ()))


def _admitted(order: Order) -> Admission:
    watch = order.watch("input")
    if order.past.is_admitted:
        return Admission(watch, order.prompt)
    said = None if watch.is_idle else order.station.said(order.prompt)
    return admitted(order.prompt, said, watch, order.ledger)


def _stopped(order: Order, admission: Admission, stopped: Checked, num_candidates: int) -> Prepared:
    """The prompt never comes to the model; it may come to another one, under another policy."""
    if stopped.verdict.action == "reroute":
        other = order.rerouted(admission.watch.ending(stopped.verdict))
        if other is not None:
            return prepare(other)
    trace = refused_trace(order.station.name, order.policy, "blocked before it ran", *admission.notes)
    trace = replace(trace, inspections=order.past.inspections, id=order.ledger.id)
    order.ledger.begins(trace, (), num_candidates)
    result = Result(
        text=stopped.text,
        token_ids=(),
        finish_reason="blocked",
        usage=Usage(0, 0),
        timings=Timings(0.0, None, frozen({}), 0),
        trace=trace,
        verdict=stopped.verdict,
    )
    return Prepared(order, joined([result] * num_candidates))


def _request(order: Order, recipe: Recipe, notes: tuple[str, ...]) -> Request:
    station, own = order.station, under(order.policy, order.own)
    own = replace(own, forbidden=forbidden_by(order.policy, own.forbidden))
    task = station.task(order.prompt, order.beside.template, own, recipe)
    _check_held(recipe, task.held)
    said = order.seed if order.seed is not None else recipe.settings.seed
    seed = drawn_seed() if said is None else said
    trace = make_trace(station.name, order.policy, recipe, seed if station.draws else said, own)
    notes = (*trace.notes, *task.notes, *notes)
    trace = replace(trace, notes=notes, inspections=order.past.inspections, id=order.ledger.id)
    watch = order.watch("output")
    request = Request(
        prompt=task.ids,
        recipe=recipe,
        seed=seed,
        trace=trace,
        held=task.held,
        watch=None if watch.is_idle else watch,
        decode_seconds=order.decode_seconds,
        ledger=order.ledger,
        question=task.question,
    )
    if request.is_document and request.watch is not None:
        request = replace(request, trace=replace(trace, notes=(*trace.notes, AS_A_WHOLE)))
    station.check_room(request)
    order.ledger.begins(request.trace, task.ids, recipe.settings.n or 1, is_document=request.is_document)
    return request


def _check_held(recipe: Recipe, held: Held | None) -> None:
    if recipe.settings.conditional and held is None:
        given, hint = (
            "conditional without a constraint",
            f"Add {', '.join(KINDS[:-1])} or {KINDS[-1]}, or leave it out.",
        )
        raise RequestError("conditional", given, "possible: it is the law given one", hint)
