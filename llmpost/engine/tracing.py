"""The trace of a request: which rules, which model, which versions made a text.

Effects of its own: none. Raw text is not stored here; a trace names what ran, not what was said.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from llmpost.contracts.result import Trace, frozen
from llmpost.engine.assemble import Recipe
from llmpost.engine.request import Asked
from llmpost.policy import Policy

_UNGUARDED = "no guard looked at this text"
_UNCONSTRAINED = "nothing was constrained: the first JSON value of the text was read and checked"


def make_trace(model: str, policy: Policy, recipe: Recipe, seed: int, asked: Asked) -> Trace:
    settings = {**recipe.settings.given(), "do_sample": not recipe.chain.is_greedy}
    notes = [_UNGUARDED]
    if asked.output_type is not None:
        settings["schema"] = f"sha256:{asked.output_type.digest}"
        notes.append(_UNCONSTRAINED)
    if asked.language is not None:
        settings[asked.language.kind] = f"sha256:{asked.language.digest}"
        notes.append(f"each token was held to the {asked.language.kind}")
    return Trace(
        model=model,
        policy=policy.name,
        policy_digest=policy.digest,
        seed=seed,
        settings=frozen(settings),
        versions=frozen(_versions()),
        notes=(*notes, *recipe.notes),
    )


def refused_trace(model: str, policy: Policy) -> Trace:
    """The trace of a request that was refused before anything ran."""
    return Trace(model, policy.name, policy.digest, None, frozen({}), frozen(_versions()), ("refused before it ran",))


@cache
def _versions() -> dict[str, str]:
    return {name: _version(name) for name in ("llmpost", "torch", "transformers")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
