"""A call's arguments, one set for each request of a batch.

In a batch any setting may be given once for all or as a list with one value for each request. Names that later
versions will know are refused by name; unknown ones with a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmpost.errors import LlmpostError, RequestError, suggestion
from llmpost.policy import SETTINGS, Settings, read_settings

_LATER = ("schema", "regex", "grammar", "choice", "forbid", "speculate", "select", "num_beams")


@dataclass(frozen=True, slots=True)
class Beside:
    """The arguments of a call that are no settings: they cannot stand in a policy."""

    template: bool = True
    logits_processor: tuple[Any, ...] = ()


_BESIDE = tuple(Beside.__slots__)


def settings_of_batch(given: Mapping[str, Any], size: int | None) -> tuple[list[Settings | LlmpostError], Beside]:
    """For each request its settings, or the error that it ends with; and what else the call said.

    `size` is None for one prompt that is no list: then no argument is a list of values either. An error in what all
    requests share is raised at once.
    """
    _check_names(given)
    beside = _beside(given)
    shared: dict[str, Any] = {}
    own: dict[str, Sequence[Any]] = {}
    for name, value in given.items():
        if name not in _BESIDE:
            target = own if size is not None and _is_one_for_each(name, value, size) else shared
            target[name] = value
    base = read_settings(shared, "generate", RequestError)
    rows = range(1 if size is None else size)
    return [_own_settings({name: values[row] for name, values in own.items()}, base) for row in rows], beside


def _own_settings(own: Mapping[str, Any], base: Settings) -> Settings | LlmpostError:
    try:
        return read_settings(own, "generate", RequestError).over(base)
    except LlmpostError as error:
        return error


def _beside(given: Mapping[str, Any]) -> Beside:
    template = given.get("template", True)
    processors = given.get("logits_processor") or ()
    if not isinstance(template, bool):
        raise RequestError(
            "generate.template", repr(template), "true or false", "Leave it out to use the chat template."
        )
    if not isinstance(processors, Sequence) or not all(callable(p) or hasattr(p, "apply") for p in processors):
        raise RequestError(
            "generate.logits_processor", repr(processors), "a list of stages or of transformers' LogitsProcessors",
            "Put it in a list.",
        )  # fmt: skip
    return Beside(template, tuple(processors))


def _check_names(given: Mapping[str, Any]) -> None:
    for name in given:
        if name in _LATER:
            raise RequestError(f"generate({name}=…)", f"'{name}'", "in this version yet", "Leave it out for now.")
        if name not in SETTINGS and name not in _BESIDE:
            raise RequestError(
                "generate", f"'{name}'", "a known keyword", suggestion(name, (*SETTINGS, *_BESIDE, "policy"))
            )


def _is_one_for_each(name: str, value: Any, size: int) -> bool:
    """Whether `value` is a list of values and not, as it stands, a value of this setting (a list of stop strings)."""
    if not isinstance(value, list):
        return False
    try:
        SETTINGS[name].read(value)
    except ValueError:
        pass
    else:
        return False
    if all(not _is_readable(name, item) for item in value):
        return False  # nothing in it is a value of this setting: the error is about the value, not about the batch
    if len(value) != size:
        raise RequestError(
            f"generate.{name}", f"a list of {len(value)}", f"one value, or a list with one for each of {size} requests",
            "Give as many values as prompts.",
        )  # fmt: skip
    return True


def _is_readable(name: str, value: Any) -> bool:
    try:
        return value is None or SETTINGS[name].read(value) is not None
    except ValueError:
        return False
