"""The engine: a loaded model and a policy, ready to answer.

``generate`` and ``stream`` turn arguments into recipes, recipes into decoders, and let one driver run them as a
batch. An engine may be called from several threads; nothing of a request is kept in it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias, overload

from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.contracts.result import Event, Finished, Result, Timings, Usage, frozen
from llmpost.contracts.tokens import TokenId
from llmpost.engine.assemble import Recipe, assemble
from llmpost.engine.compiler import Compiler, less_than_exact
from llmpost.engine.forbidding import forbidden_by
from llmpost.engine.held import Held
from llmpost.engine.language import KINDS
from llmpost.engine.prompt import Prompt, encode_prompt, is_batch
from llmpost.engine.request import Asked, Beside, asked_of_batch
from llmpost.engine.room import too_short
from llmpost.engine.run import BatchRun, Request
from llmpost.engine.tracing import make_trace, notes_on, refused_trace
from llmpost.errors import ConstraintError, LlmpostError, PolicyError, RequestError
from llmpost.models import LoadedModel, LoadOptions, load_model
from llmpost.policy import Policy

_SEED_BITS = 63

PolicyLike: TypeAlias = str | Mapping[str, Any] | Policy
"""A policy, its content, or the name of one that ships with the package."""


class Engine:
    """Generates under a policy.

    >>> engine = Engine(load_model("path/to/a/model", LoadOptions()))     # doctest: +SKIP
    >>> engine.generate("Hello", max_new_tokens=8).text                   # doctest: +SKIP
    """

    def __init__(self, loaded: LoadedModel, policy: PolicyLike = "default") -> None:
        self.loaded = loaded
        self.policy = as_policy(policy)

    @classmethod
    def load(cls, model: str, policy: PolicyLike = "default", **options: Any) -> Engine:
        """Load `model` (a folder or hub name); `options` are those of :class:`~llmpost.models.LoadOptions`."""
        return cls(load_model(model, LoadOptions.of(**options)), policy)

    @overload
    def generate(self, prompt: Prompt, *, policy: PolicyLike | None = ..., **arguments: Any) -> Result: ...

    @overload
    def generate(
        self, prompt: Sequence[Prompt], *, policy: PolicyLike | None = ..., **arguments: Any
    ) -> list[Result]: ...

    def generate(self, prompt: Any, *, policy: PolicyLike | None = None, **arguments: Any) -> Result | list[Result]:
        """One result for one prompt; for a list of prompts a list, in order.

        `arguments` are the decode settings of a policy, which they override (in a batch each may be a list with one
        value for each prompt), one of ``schema``, ``regex``, ``choice``, ``quote`` and ``language``, and ``template``
        and ``logits_processor``.
        ``forbid``: patterns, phrases and entities that the output must not contain, besides what the policy forbids.
        Beside a schema: ``whitespace``, ``key_order``, ``escapes``, ``formats`` and ``strict``.
        A prompt that fails raises; in a batch it ends alone, in a result with ``finish_reason == "error"``.
        """
        results = self._run(self._requests(prompt, policy, arguments), self._chosen(policy))
        return results if is_batch(prompt) else _raised(results[0])

    def stream(self, prompt: Prompt, *, policy: PolicyLike | None = None, **arguments: Any) -> Iterator[Event]:
        """Pieces of text as they may be shown, under a schema each field behind the piece that ends it, then the
        result. Closing the iterator frees everything at once. A schema whose report calls a part sound comes as a
        whole, because what leads into a dead end is taken back, and so does what is drawn by ``conditional``."""
        if is_batch(prompt):
            raise RequestError("stream", "a list of prompts", "one prompt", "Open a stream for each.")
        (request,) = self._requests(prompt, policy, arguments)
        if isinstance(request, LlmpostError):
            raise request
        return self._stream(request)

    def _stream(self, request: Request) -> Iterator[Event]:
        run = BatchRun(self.loaded, [request], time.perf_counter)
        for _, event in run.events():
            yield event
        yield Finished(_raised(run.results()[0]))

    def _run(self, requests: Sequence[Request | LlmpostError], policy: Policy) -> list[Result]:
        run = BatchRun(self.loaded, [r for r in requests if isinstance(r, Request)], time.perf_counter)
        run.finish()
        results = iter(run.results())
        return [next(results) if isinstance(r, Request) else self._refused(r, policy) for r in requests]

    def _requests(
        self, prompt: Any, policy: PolicyLike | None, arguments: Mapping[str, Any]
    ) -> list[Request | LlmpostError]:
        """Each prompt's request, or the error it ends with; nothing has been computed yet."""
        chosen = self._chosen(policy)
        prompts = prompt if is_batch(prompt) else [prompt]
        asked, beside = asked_of_batch(arguments, len(prompts) if is_batch(prompt) else None)
        plan = _Plan(chosen, beside, Compiler(self.loaded.vocabulary))
        requests = [self._request(prompt, own, plan) for prompt, own in zip(prompts, asked, strict=True)]
        first = requests[0]
        if isinstance(first, ConstraintError) and all(request is first for request in requests):
            raise first  # a language that all share is compiled once, and nobody has it
        return requests

    def _chosen(self, policy: PolicyLike | None) -> Policy:
        return self.policy if policy is None else as_policy(policy)

    def _refused(self, error: LlmpostError, policy: Policy) -> Result:
        """The result of a request that never ran."""
        trace = refused_trace(self.loaded.name, policy)
        return Result("", (), "error", Usage(0, 0), Timings(0.0, None, frozen({}), 0), trace, error=error)

    def _request(self, prompt: Any, own: Asked | LlmpostError, plan: _Plan) -> Request | LlmpostError:
        if isinstance(own, LlmpostError):
            return own
        try:
            recipe = assemble(own.settings.over(plan.policy.decode), self.loaded, plan.beside.logits_processor)
            ids = encode_prompt(prompt, self.loaded, plan.beside.template)
            forbidden = forbidden_by(plan.policy, own.forbidden)
            held = _held(own, forbidden, plan.compiler, recipe.end_ids)
            _check_held(recipe, held)
        except LlmpostError as error:
            return error
        seed = secrets.randbits(_SEED_BITS) if recipe.settings.seed is None else recipe.settings.seed
        trace = make_trace(self.loaded.name, plan.policy, recipe, seed, replace(own, forbidden=forbidden))
        notes = () if held is None else notes_on(held.weak)
        request = Request(ids, recipe, seed, replace(trace, notes=(*trace.notes, *notes)), held)
        return too_short(request, self.loaded) or request


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the requests of a call share."""

    policy: Policy
    beside: Beside
    compiler: Compiler


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


def as_policy(policy: PolicyLike) -> Policy:
    """The policy meant."""
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, Mapping):
        return Policy.from_dict(policy)
    if isinstance(policy, str):
        return Policy.named(policy)
    raise PolicyError("policy", f"a {type(policy).__name__}", "a name, a mapping or a Policy", "Use Policy.from_dict.")


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
