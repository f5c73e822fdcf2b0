"""From settings to stages: what a call, its policy and the model's own configuration add up to.

Here the meaning of settings is checked against the model (ids in range, names of stages, what contradicts what).
Below this module nobody reads a setting by name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from llmpost.contracts.stage import LogitsStage, RememberingStage
from llmpost.contracts.tokens import TokenId
from llmpost.engine.setting_rules import check_order, check_together, is_greedy
from llmpost.errors import RequestError
from llmpost.logits import (
    ORDER,
    Biases,
    Chain,
    Forced,
    ForcedTokens,
    ForeignStage,
    FrequencyPenalty,
    MinLength,
    MinP,
    NoRepeatNgram,
    PresencePenalty,
    RepetitionPenalty,
    SequenceBias,
    Temperature,
    TopK,
    TopP,
    Window,
)
from llmpost.models import LoadedModel
from llmpost.policy import SETTINGS, Settings, read_settings

_DEFAULTS = Settings(top_k=50, max_new_tokens=256)
"""Where nobody says anything. transformers samples from the 50 best unless told otherwise, and so does llmpost; its
20 tokens of length are of no use to anybody."""
_CONDITIONAL_DEFAULTS = replace(_DEFAULTS, top_k=None, conditional_tries=64)
"""Who asks for the model's own law given a constraint has the whole of it, unless they say themselves what to cut."""

_NOT_DONE = frozenset(
    {
        "diversity_penalty",
        "encoder_no_repeat_ngram_size",
        "encoder_repetition_penalty",
        "epsilon_cutoff",
        "eta_cutoff",
        "exponential_decay_length_penalty",
        "forced_bos_token_id",
        "guidance_scale",
        "num_beam_groups",
        "num_beams",
        "penalty_alpha",
        "top_h",
        "typical_p",
        "watermarking_config",
    }
)
_NEUTRAL = (None, 0, 1)  # the values at which those settings do nothing


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides how tokens are drawn and when to stop."""

    chain: Chain
    settings: Settings
    end_ids: frozenset[TokenId]
    remembering: tuple[RememberingStage, ...]
    notes: tuple[str, ...]


def assemble(given: Settings, loaded: LoadedModel, processors: Sequence[Any] = ()) -> Recipe:
    """The recipe of a request; `given` is the call's settings over its policy's."""
    own, notes = _own_settings(loaded.generation_config)
    settings = given.over(own).over(_CONDITIONAL_DEFAULTS if given.conditional else _DEFAULTS)
    greedy = is_greedy(given, own)
    check_together(settings, greedy)
    _check_ids(settings, loaded.model.vocab_size)
    end_ids = frozenset(settings.eos_token_id) if settings.eos_token_id is not None else loaded.vocabulary.end_ids
    stages = _stages(settings, end_ids)
    custom = [item if hasattr(item, "apply") else ForeignStage(item) for item in processors]
    chain = _chain(settings, stages, custom, greedy)
    remembering = tuple(stage for stage in chain.stages if isinstance(stage, RememberingStage))
    return Recipe(chain, settings, end_ids, remembering, notes)


def _own_settings(config: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """The model's generation config as settings, and notes on what it asks for that is not done."""
    own, notes = Settings(), []
    for name, value in config.items():
        if name in _NOT_DONE and value not in _NEUTRAL:
            notes.append(f"the model's own setting {name}={value} was not applied: llmpost has no such stage yet")
        elif name in SETTINGS and name not in ("eos_token_id", "preset"):  # the vocabulary has the end ids
            try:
                own = read_settings({name: value}, "generation_config", RequestError).over(own)
            except RequestError as error:
                notes.append(f"the model's own setting was not applied: {error}")
    return own, tuple(notes)


def _stages(settings: Settings, end_ids: frozenset[TokenId]) -> dict[str, LogitsStage]:
    """The stages that do something, by the names an order uses."""
    stages: dict[str, LogitsStage] = {}
    if settings.no_repeat_ngram_size:
        stages["no_repeat_ngram"] = NoRepeatNgram(settings.no_repeat_ngram_size)
    if settings.min_new_tokens:
        stages["min_length"] = MinLength(settings.min_new_tokens, end_ids)
    if forced := _forced(settings):
        stages["forced"] = ForcedTokens(Forced(forced))
    biases = Biases(_biases(settings), settings.begin_suppress_tokens or ())
    if biases != Biases():
        stages["bias"] = SequenceBias(biases)
    return stages | _penalties(settings) | _samplers(settings)


def _penalties(settings: Settings) -> dict[str, LogitsStage]:
    seen_by_all = _window(settings.penalty_window, Window())
    seen_in_output = _window(settings.penalty_window, Window(with_prompt=False))
    stages: dict[str, LogitsStage] = {}
    if settings.repetition_penalty not in (None, 1.0):
        stages["repetition"] = RepetitionPenalty(settings.repetition_penalty, seen_by_all)
    if settings.presence_penalty:
        stages["presence"] = PresencePenalty(settings.presence_penalty, seen_in_output)
    if settings.frequency_penalty:
        stages["frequency"] = FrequencyPenalty(settings.frequency_penalty, seen_in_output)
    return stages


def _samplers(settings: Settings) -> dict[str, LogitsStage]:
    stages: dict[str, LogitsStage] = {}
    if settings.temperature not in (None, 0.0, 1.0):
        stages["temperature"] = Temperature(settings.temperature)
    if settings.top_k:
        stages["top_k"] = TopK(settings.top_k)
    if settings.top_p not in (None, 1.0):
        stages["top_p"] = TopP(settings.top_p)
    if settings.min_p:
        stages["min_p"] = MinP(settings.min_p)
    return stages


def _window(asked: str | int | None, default: Window) -> Window:
    if isinstance(asked, int):
        return Window(last=asked)
    return default if asked is None else Window(with_prompt=asked == "all")


def _biases(settings: Settings) -> dict[tuple[TokenId, ...], float]:
    """Everything that adds to logits, in one mapping; a ban outweighs any bias."""
    biases: dict[tuple[TokenId, ...], float] = dict(settings.sequence_bias or ())
    for token, bias in settings.logit_bias or ():
        biases[(token,)] = biases.get((token,), 0.0) + bias
    banned = (*(settings.bad_words_ids or ()), *((token,) for token in settings.suppress_tokens or ()))
    return biases | dict.fromkeys(banned, -math.inf)


def _forced(settings: Settings) -> dict[int, TokenId]:
    forced = dict(enumerate(settings.forced_tokens or ()))
    if settings.forced_eos_token_id is not None and settings.max_new_tokens is not None:
        forced[settings.max_new_tokens - 1] = settings.forced_eos_token_id
    return forced


def _chain(settings: Settings, stages: Mapping[str, LogitsStage], custom: Sequence[LogitsStage], greedy: bool) -> Chain:
    """In the order a policy asks for; else in the default one, a custom stage last in its phase."""
    if settings.order is None:
        in_order = [stages[name] for name in ORDER if name in stages]
        return Chain(tuple(sorted([*in_order, *custom], key=lambda stage: stage.phase)), greedy)
    check_order(settings.order, stages)
    return Chain((*custom, *(stages[name] for name in settings.order if name in stages)), greedy, own_order=True)


def _check_ids(settings: Settings, vocab_size: int) -> None:
    """Every token id that is named must exist."""
    named: dict[str, Iterable[TokenId]] = {
        "logit_bias": (token for token, _ in settings.logit_bias or ()),
        "sequence_bias": (token for tokens, _ in settings.sequence_bias or () for token in tokens),
        "bad_words_ids": (token for tokens in settings.bad_words_ids or () for token in tokens),
        "suppress_tokens": settings.suppress_tokens or (),
        "begin_suppress_tokens": settings.begin_suppress_tokens or (),
        "forced_tokens": settings.forced_tokens or (),
        "forced_eos_token_id": () if settings.forced_eos_token_id is None else (settings.forced_eos_token_id,),
        "eos_token_id": settings.eos_token_id or (),
    }
    for name, tokens in named.items():
        for token in tokens:
            if token >= vocab_size:
                raise RequestError(
                    name, f"token id {token}", f"in this model's vocabulary of {vocab_size}",
                    "Look ids up with this model's own tokenizer.",
                )  # fmt: skip
