"""Order: what was asked for one prompt, from which a request is made, and made again where a guard says so.

Preparing an order checks it, lets the guards of the input side look at its prompt, and compiles what its output is held
to. Nothing of a model runs here; what comes of a request, and whether it is asked again, is `answering`'s business.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.contracts.action import Action
from llmpost.contracts.guard import Side
from llmpost.contracts.inspection import Inspection
from llmpost.contracts.result import Result, Timings, Usage, frozen
from llmpost.contracts.tokens import TokenId
from llmpost.engine.admission import CHANGED, Admission, admitted, as_said
from llmpost.engine.assemble import Recipe, assemble
from llmpost.engine.checker import Checker
from llmpost.engine.compiler import Compiler, less_than_exact
from llmpost.engine.conversation import context_of
from llmpost.engine.emission import AS_A_WHOLE
from llmpost.engine.forbidding import forbidden_by
from llmpost.engine.held import Held
from llmpost.engine.language import KINDS
from llmpost.engine.policy_language import under
from llmpost.engine.prompt import encode_prompt, is_token_ids
from llmpost.engine.recording.ledger import FORGETFUL, Ledger
from llmpost.engine.reloading.in_force import InForce
from llmpost.engine.request import Asked, Beside
from llmpost.engine.room import too_short
from llmpost.engine.run import Request, joined
from llmpost.engine.tracing import make_trace, notes_on, refused_trace
from llmpost.engine.watch import Watch
from llmpost.errors import RequestError
from llmpost.guards.checking import Checked
from llmpost.guards.vault import Vault
from llmpost.models import LoadedModel
from llmpost.policy import Policy

_SEED_BITS = 63
_MOST_WAYS = 8
"""So often an order is handed on, whoever hands it to whom."""


@dataclass(frozen=True, slots=True)
class Station:
    """A model, and the languages that a call has compiled for it."""

    loaded: LoadedModel
    compiler: Compiler

    @classmethod
    def of(cls, loaded: LoadedModel) -> Station:
        return cls(loaded, Compiler(loaded.vocabulary))


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
        said = as_said(self.prompt, self.station.loaded.vocabulary) if is_told else None
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
        model = around.models[route["model"]] if "model" in route else self.station.loaded
        loaded: LoadedModel = getattr(model, "loaded", model)
        station = self.station if loaded is self.station.loaded else Station.of(loaded)
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
    recipe = assemble(settings, order.station.loaded, order.beside.logits_processor)
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
    return admitted(order.prompt, watch, order.station.loaded.vocabulary, order.ledger)


def _stopped(order: Order, admission: Admission, stopped: Checked, num_candidates: int) -> Prepared:
    """The prompt never comes to the model; it may come to another one, under another policy."""
    if stopped.verdict.action == "reroute":
        other = order.rerouted(admission.watch.ending(stopped.verdict))
        if other is not None:
            return prepare(other)
    trace = refused_trace(order.station.loaded.name, order.policy, "blocked before it ran", *admission.notes)
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
    loaded, own = order.station.loaded, under(order.policy, order.own)
    ids = encode_prompt(order.prompt, loaded, order.beside.template)
    forbidden = forbidden_by(order.policy, own.forbidden)
    held = _held(own, forbidden, order.station.compiler, recipe.end_ids)
    _check_held(recipe, held)
    seed = order.seed if order.seed is not None else recipe.settings.seed
    seed = secrets.randbits(_SEED_BITS) if seed is None else seed
    trace = make_trace(loaded.name, order.policy, recipe, seed, replace(own, forbidden=forbidden))
    notes = (*trace.notes, *notes, *(() if held is None else notes_on(held.weak)))
    trace = replace(trace, notes=notes, inspections=order.past.inspections, id=order.ledger.id)
    watch = order.watch("output")
    request = Request(
        ids, recipe, seed, trace, held, None if watch.is_idle else watch, order.decode_seconds, order.ledger
    )
    if request.is_document and not request.is_shown_on_the_way:
        request = replace(request, trace=replace(trace, notes=(*notes, AS_A_WHOLE)))
    error = too_short(request, loaded)
    if error is not None:
        raise error
    order.ledger.begins(request.trace, ids, recipe.settings.n or 1, is_document=request.is_document)
    return request


def _held(own: Asked, forbidden: Forbidden | None, compiler: Compiler, end_ids: frozenset[TokenId]) -> Held | None:
    if own.language is None and forbidden is None:
        return None
    constraint = compiler.compile(own.language, forbidden, end_ids)
    kind = "forbid" if own.language is None else own.language.kind
    return Held(kind, constraint, own.output_type, end_ids, forbidden is not None, less_than_exact(constraint))


def _check_held(recipe: Recipe, held: Held | None) -> None:
    if recipe.settings.conditional and held is None:
        given, hint = (
            "conditional without a constraint",
            f"Add {', '.join(KINDS[:-1])} or {KINDS[-1]}, or leave it out.",
        )
        raise RequestError("conditional", given, "possible: it is the law given one", hint)
