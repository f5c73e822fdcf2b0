"""The decode settings: their names, what each may be, and what it means. One table for every face.

Python keywords, policy keys, command-line options and HTTP fields are all checked against this table, so a name
means one thing everywhere and an error reads the same. Names are transformers' where it has one, OpenAI's else.
What the settings do is `engine.assemble`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias

from llmpost.errors import LlmpostError, suggestion
from llmpost.policy import shapes
from llmpost.policy.plain import is_finite
from llmpost.policy.presets import PRESETS
from llmpost.policy.shapes import Shape

TokenId: TypeAlias = int
PenaltyWindow: TypeAlias = Literal["all", "output"] | int


@dataclass(frozen=True, slots=True)
class Settings:
    """Decode settings that somebody gave; None: not given, so whoever comes next decides."""

    do_sample: bool | None = None
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    penalty_window: PenaltyWindow | None = None
    no_repeat_ngram_size: int | None = None
    logit_bias: tuple[tuple[TokenId, float], ...] | None = None
    sequence_bias: tuple[tuple[tuple[TokenId, ...], float], ...] | None = None
    bad_words_ids: tuple[tuple[TokenId, ...], ...] | None = None
    suppress_tokens: tuple[TokenId, ...] | None = None
    begin_suppress_tokens: tuple[TokenId, ...] | None = None
    forced_tokens: tuple[TokenId, ...] | None = None
    forced_eos_token_id: TokenId | None = None
    eos_token_id: tuple[TokenId, ...] | None = None
    min_new_tokens: int | None = None
    max_new_tokens: int | None = None
    finish_after: float | None = None
    stop: tuple[str, ...] | None = None
    max_time: float | None = None
    order: tuple[str, ...] | None = None
    seed: int | None = None
    n: int | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    log_mass: bool | None = None
    conditional: bool | None = None
    conditional_tries: int | None = None
    trace_masked: int | None = None

    def over(self, base: Settings) -> Settings:
        """These settings, and those of `base` where these say nothing."""
        own = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}
        return replace(base, **own)

    def given(self) -> dict[str, Any]:
        """The settings somebody gave, by name, in the order of the table."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}

    @property
    def said(self) -> dict[str, Any]:
        """The same, as a policy spells them: read again they are equal."""
        given = self.given()
        if self.logit_bias is not None:
            given["logit_bias"] = {str(token): bias for token, bias in self.logit_bias}
        return given


class _Refused(ValueError):
    """A value that a setting cannot take."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How a value is read, and the shape of what can be."""

    read: Callable[[Any], Any]
    shape: Shape

    def __call__(self, value: Any) -> Any:
        return self.read(value)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: what is allowed, in words; how a value is read; what it does; how to switch it off."""

    allowed: str
    read: Reader
    help: str
    hint: str = "Leave it out to keep the model's own setting."


def read_settings(given: Mapping[str, Any], where: str, error: type[LlmpostError]) -> Settings:
    """Check names and values; every problem is a four-part error that names ``where.key``. What a preset stands for is
    filled in here, under what else is said in the same place."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in SETTINGS:
            raise error(where, f"'{name}'", "a setting", suggestion(name, SETTINGS))
        if value is not None:
            values[name] = _read(name, value, where, error)
    meant_by_preset = values.pop("preset", {})
    return Settings(**{**meant_by_preset, **values})


def _read(name: str, value: Any, where: str, error: type[LlmpostError]) -> Any:
    setting = SETTINGS[name]
    try:
        return setting.read(value)
    except _Refused:
        raise error(f"{where}.{name}", _shown(value), setting.allowed, setting.hint) from None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _reads(shape: Shape) -> Callable[[Callable[[Any], Any]], Reader]:
    """A function that reads what has this shape."""

    def reading(read: Callable[[Any], Any]) -> Reader:
        return Reader(read, shape)

    return reading


@_reads(shapes.FLAG)
def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Refused
    return value


def _number(least: float | None = None, above: float | None = None, most: float | None = None) -> Reader:
    @_reads(shapes.number(least, above, most))
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
            raise _Refused
        if (least is not None and value < least) or (above is not None and value <= above):
            raise _Refused
        if most is not None and value > most:
            raise _Refused
        return float(value)

    return read


def _integer(least: int | None = None, most: int | None = None) -> Reader:
    @_reads(shapes.whole(least, most))
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _Refused
        if (least is not None and value < least) or (most is not None and value > most):
            raise _Refused
        return value

    return read


_token = _integer(0)
_finite = _number()


@_reads(shapes.listed(_token.shape))
def _tokens(value: Any) -> tuple[TokenId, ...]:
    if isinstance(value, str | bytes | Mapping):
        raise _Refused
    try:
        items = list(value)
    except TypeError:
        raise _Refused from None
    return tuple(map(_token, items))


@_reads(shapes.either(_token.shape, _tokens.shape))
def _token_or_tokens(value: Any) -> tuple[TokenId, ...]:
    return (_token(value),) if isinstance(value, int) else tuple(_tokens(value))


@_reads(shapes.listed({**_tokens.shape, "minItems": 1}))
def _sequences(value: Any) -> tuple[tuple[TokenId, ...], ...]:
    if not isinstance(value, list | tuple):
        raise _Refused
    sequences = tuple(map(_tokens, value))
    if not all(sequences):
        raise _Refused
    return sequences


@_reads(shapes.mapping(_finite.shape, names={"pattern": "^[0-9]+$"}))
def _logit_bias(value: Any) -> tuple[tuple[TokenId, float], ...]:
    if not isinstance(value, Mapping):
        raise _Refused
    # JSON has no integer keys: "50256" is how OpenAI's clients send a token id.
    pairs = [(int(key) if isinstance(key, str) and key.isdecimal() else key, bias) for key, bias in value.items()]
    return tuple(sorted((_token(token), _finite(bias)) for token, bias in pairs))


_BIAS_OF_TOKENS = {
    "type": "array",
    "prefixItems": [{**_tokens.shape, "minItems": 1}, _finite.shape],
    "minItems": 2,
    "maxItems": 2,
}
_NO_BIAS = {"type": "object", "maxProperties": 0}  # a mapping of tuples can be written in Python alone


@_reads(shapes.either(shapes.listed(_BIAS_OF_TOKENS), _NO_BIAS))
def _sequence_bias(value: Any) -> tuple[tuple[tuple[TokenId, ...], float], ...]:
    pairs = list(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(pairs, list | tuple) or not all(isinstance(p, list | tuple) and len(p) == 2 for p in pairs):
        raise _Refused
    read = tuple((_tokens(tokens), _finite(bias)) for tokens, bias in pairs)
    if not all(tokens for tokens, _ in read):
        raise _Refused
    return read


@_reads(shapes.either(shapes.TEXT, shapes.listed(shapes.TEXT)))
def _stop(value: Any) -> tuple[str, ...]:
    stops = (value,) if isinstance(value, str) else value
    if not isinstance(stops, list | tuple) or not all(isinstance(stop, str) and stop for stop in stops):
        raise _Refused
    return tuple(stops)


@_reads(shapes.one_of(PRESETS))
def _preset(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, str) or value not in PRESETS:
        raise _Refused
    return PRESETS[value]


@_reads(shapes.either(shapes.one_of(("all", "output")), shapes.whole(1)))
def _window(value: Any) -> PenaltyWindow:
    window: PenaltyWindow = value if value in ("all", "output") else _integer(1)(value)
    return window


@_reads(shapes.listed({"type": "string"}))
def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise _Refused
    return tuple(value)


_MOST_CANDIDATES = 1024
_MOST_TOP_LOGPROBS = 1000
_MOST_TRIES = 10_000
_MOST_MASKED = 16

SETTINGS: dict[str, Setting] = {
    "preset": Setting(
        f"one of {', '.join(PRESETS)}",
        _preset,
        "a way to draw tokens by its name; settings beside it win",
        "Leave it out, or see docs/decode-presets.md for which is for what.",
    ),
    "do_sample": Setting("true or false", _boolean, "sample, instead of taking the most likely token"),
    "temperature": Setting(
        "a number from 0 up", _number(least=0), "divides the logits; 0 is greedy", "Use 0 for greedy decoding."
    ),
    "top_k": Setting(
        "a whole number from 0 up", _integer(0), "sample from the k best; 0 is all", "Use 0 to switch it off."
    ),
    "top_p": Setting(
        "a number above 0 and at most 1",
        _number(above=0, most=1),
        "sample from the nucleus of this mass",
        "Use 1 to switch it off.",
    ),
    "min_p": Setting(
        "a number from 0 to 1",
        _number(least=0, most=1),
        "drop what is less than this share as likely as the best",
        "Use 0 to switch it off.",
    ),
    "repetition_penalty": Setting(
        "a number above 0", _number(above=0), "factor against tokens seen before", "Use 1 to switch it off."
    ),
    "presence_penalty": Setting(
        "a finite number", _finite, "off the logit of tokens seen before", "Use 0 to switch it off."
    ),
    "frequency_penalty": Setting(
        "a finite number", _finite, "off the logit of a token for each time it was seen", "Use 0 to switch it off."
    ),
    "penalty_window": Setting(
        "'all', 'output' or a whole number of tokens from 1 up",
        _window,
        "what penalties look back at: prompt and output, output, or the last tokens",
        "Left out, the repetition penalty sees all, presence and frequency see the output.",
    ),
    "no_repeat_ngram_size": Setting(
        "a whole number from 0 up", _integer(0), "no n-gram of this size occurs twice", "Use 0 to switch it off."
    ),
    "logit_bias": Setting("a mapping of token id to finite number", _logit_bias, "added to these tokens' logits"),
    "sequence_bias": Setting(
        "a list of [token ids, finite number]", _sequence_bias, "added to the last token once the others are written"
    ),
    "bad_words_ids": Setting("a list of lists of token ids, none empty", _sequences, "token sequences never written"),
    "suppress_tokens": Setting("a list of token ids", _tokens, "tokens never written"),
    "begin_suppress_tokens": Setting("a list of token ids", _tokens, "tokens not written first"),
    "forced_tokens": Setting("a list of token ids", _tokens, "tokens the output begins with"),
    "forced_eos_token_id": Setting("a token id", _token, "the token forced at max_new_tokens"),
    "eos_token_id": Setting("a token id or a list of them", _token_or_tokens, "tokens that end the output"),
    "min_new_tokens": Setting("a whole number from 0 up", _integer(0), "no end before this many tokens"),
    "max_new_tokens": Setting("a whole number from 1 up", _integer(1), "the most tokens written"),
    "finish_after": Setting(
        "a number above 0 and at most 1",
        _number(above=0, most=1),
        "past this share of max_new_tokens nothing optional is begun under a constraint",
        "Leave it out: the output is completed in time all the same.",
    ),
    "stop": Setting(
        "a string or a list of strings, none empty",
        _stop,
        "text that ends the output and is not shown",
        "An empty stop string would end every output at once; leave it out.",
    ),
    "max_time": Setting("a number of seconds above 0", _number(above=0), "finish with what there is after this time"),
    "order": Setting("a list of stage names", _names, "the order of the stages, in place of the default one"),
    "seed": Setting("a whole number", _integer(), "same seed, same tokens", "Leave it out to have one drawn."),
    "n": Setting(
        f"a whole number from 1 to {_MOST_CANDIDATES}", _integer(1, _MOST_CANDIDATES), "how many candidates to write"
    ),
    "logprobs": Setting("true or false", _boolean, "report the chosen tokens' log-probabilities"),
    "top_logprobs": Setting(
        f"a whole number from 0 to {_MOST_TOP_LOGPROBS}",
        _integer(0, _MOST_TOP_LOGPROBS),
        "report so many of the best tokens beside each chosen one",
    ),
    "log_mass": Setting("true or false", _boolean, "report the importance weight of each token under a constraint"),
    "conditional": Setting("true or false", _boolean, "sample from the model's law given the constraint, in tries"),
    "conditional_tries": Setting(
        f"a whole number from 1 to {_MOST_TRIES}",
        _integer(1, _MOST_TRIES),
        "the most tries for a conditional sample; 64 where nobody says",
        "Leave it out for 64.",
    ),
    "trace_masked": Setting(
        f"a whole number from 0 to {_MOST_MASKED}",
        _integer(0, _MOST_MASKED),
        "trace up to so many tokens a step that the model wanted more and was not allowed",
        "Leave it out to trace none.",
    ),
}
