"""Which decode settings can stand together: what can be told without a model.

`assemble` asks it about a request, with the model's own settings in, and `meaning` about a policy alone. Stages it
knows by the names that an order uses, and never as what they do to a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from llmpost.errors import RequestError, suggestion
from llmpost.policy import Settings

STAGES: Mapping[str, tuple[str, ...]] = {
    "no_repeat_ngram": ("no_repeat_ngram_size",),
    "min_length": ("min_new_tokens",),
    "forced": ("forced_tokens",),
    "bias": ("logit_bias", "sequence_bias", "bad_words_ids", "suppress_tokens", "begin_suppress_tokens"),
    "repetition": ("repetition_penalty",),
    "presence": ("presence_penalty",),
    "frequency": ("frequency_penalty",),
    "temperature": ("temperature",),
    "top_k": ("top_k",),
    "top_p": ("top_p",),
    "min_p": ("min_p",),
}
"""In the default order, each with the settings that switch it on."""
_SAMPLING = STAGES["temperature"] + STAGES["top_k"] + STAGES["top_p"] + STAGES["min_p"]
_IDLE: Mapping[str, tuple[Any, ...]] = {"repetition_penalty": (1.0,), "temperature": (0.0, 1.0), "top_p": (1.0,)}
"""Values at which a setting does nothing; of the others it is 0, and what is empty."""
_SAMPLED = Settings(do_sample=True)
"""A model that samples unless told otherwise: with another one no more is possible."""


def check_alone(given: Settings) -> None:
    """RequestError for settings that no model could be asked with, unless a call says otherwise."""
    check_together(given, is_greedy(given, _SAMPLED))
    if given.order is not None:
        check_order(given.order, stages_in_force(given))


def is_greedy(given: Settings, own: Settings) -> bool:
    """An explicit word counts first, then any sampling setting somebody gave, then the model's own habit."""
    if given.temperature == 0:
        if given.do_sample:
            raise RequestError("temperature", "0 with do_sample", "a way to sample", "Drop one of the two.")
        return True
    if given.do_sample is not None:
        return not given.do_sample
    if given.conditional or any(getattr(given, name) is not None for name in _SAMPLING):
        return False
    return not own.do_sample or own.temperature == 0


def check_together(settings: Settings, greedy: bool) -> None:
    """RequestError where one of them makes another meaningless."""
    if greedy and (settings.n or 1) > 1:
        raise RequestError(
            "n", f"{settings.n} with greedy decoding", "more than one text", "Sample: give a temperature above 0."
        )
    if settings.conditional:
        _check_conditional(settings, greedy)


def check_order(order: Sequence[str], in_force: Iterable[str]) -> None:
    """RequestError where a name is no stage's, stands twice, or a stage in force is not named."""
    for name in order:
        if name not in STAGES or order.count(name) > 1:
            hint = suggestion(name, STAGES) if name not in STAGES else "Name each stage once."
            raise RequestError("order", f"'{name}'", "the name of a stage, once", hint)
    missing = [name for name in in_force if name not in order]
    if missing:
        raise RequestError(
            "order", f"an order without {', '.join(missing)}", "one that names every stage in force",
            f"Add {missing[0]}, or switch it off.",
        )  # fmt: skip


def stages_in_force(settings: Settings) -> list[str]:
    """Those that these settings switch on."""
    return [stage for stage, names in STAGES.items() if any(_is_on(name, settings) for name in names)]


def _is_on(name: str, settings: Settings) -> bool:
    value = getattr(settings, name)
    return bool(value) and value not in _IDLE.get(name, ())


def _check_conditional(settings: Settings, greedy: bool) -> None:
    """Sampling from a conditional law, and what cannot stand beside it."""
    refused = {
        "greedy decoding": ("Sample: give a temperature above 0.", greedy),
        "stop": ("Leave it out: it may cut a text in the middle of what it is held to.", settings.stop),
        "log_mass": ("Leave it out: what is drawn from the law itself needs no weight.", settings.log_mass),
    }
    for given, (hint, is_given) in refused.items():
        if is_given:
            raise RequestError("conditional", f"conditional beside {given}", "possible", hint)
