"""The trace of a request: which rules, which model, which versions made a text.

Effects of its own: none. Raw text is not stored here; a trace names what ran, not what was said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from llmpost.contracts.constraint import Guarantee
from llmpost.contracts.decoder import Finish
from llmpost.contracts.result import Trace, frozen
from llmpost.contracts.tries import Tries
from llmpost.engine.assemble import Recipe
from llmpost.engine.guarding import packages_of
from llmpost.engine.request import Asked
from llmpost.engine.versions import versions
from llmpost.engine.watch import UNGUARDED
from llmpost.policy import Policy

_NOTES = {
    "sound": "sound, not exact, so that a dead end was possible and nothing was shown before the end: ",
    "refused": "not enforced: ",
}
_MOST_NAMED = 10  # parts in a note


def make_trace(model: str, policy: Policy, recipe: Recipe, seed: int, asked: Asked) -> Trace:
    """What is known before anything runs; `asked` has what the policy forbids, too."""
    settings = {**recipe.settings.given(), "do_sample": not recipe.chain.is_greedy}
    notes = [] if any("output" in entry.sides for entry in policy.guards) else [UNGUARDED]
    if asked.language is not None:
        settings[asked.language.kind] = f"sha256:{asked.language.digest}"
        settings |= {} if asked.language.options is None else asked.language.options.given()
        whose = " of the policy" if asked.language.is_policys else ""
        notes.append(f"each token was held to the {asked.language.kind}{whose}")
    if asked.forbidden is not None:
        settings["forbid"] = f"sha256:{asked.forbidden.digest}"
        notes.append(f"no text contains {asked.forbidden}")
    return Trace(
        model=model,
        policy=policy.name,
        policy_digest=policy.digest,
        seed=seed,
        settings=frozen(settings),
        versions=versions(packages_of(policy)),
        notes=(*notes, *recipe.notes),
    )


def notes_on(parts: Mapping[str, Guarantee]) -> list[str]:
    """What a reader must know of the parts of a constraint that are not exact."""
    return [_note(word, [part for part, own in parts.items() if own == word]) for word in dict.fromkeys(parts.values())]


def notes_on_end(end: Finish, kind: str) -> list[str]:
    """What was done to come to this end, under a constraint of this kind."""
    notes = [f"{end.num_rollbacks} dead ends were taken back"] if end.num_rollbacks else []
    return notes if end.tries is None else [*notes, _note_on_tries(end.tries, kind)]


def _note_on_tries(tries: Tries, kind: str) -> str:
    share = f"at most {math.exp(tries.log_share):.3g} of what the model writes fits"
    if tries.is_exact:
        return f"try {tries.count} was taken: it follows the model's law given the {kind}, of which {share}"
    return (
        f"{tries.count} tries did not come to a text that follows the model's law given the {kind}, of which {share}: "
        "the last was taken as it came, under masks weighed by what the others had found"
    )


def _note(word: Guarantee, parts: Sequence[str]) -> str:
    more = f" and {len(parts) - _MOST_NAMED} more" if len(parts) > _MOST_NAMED else ""
    return f"{_NOTES[word]}{', '.join(parts[:_MOST_NAMED])}{more}"


def refused_trace(model: str, policy: Policy, *why: str) -> Trace:
    """The trace of a request for which no model was asked."""
    return Trace(model, policy.name, policy.digest, None, frozen({}), versions(packages_of(policy)), why)
