"""A call's arguments, one set for each request of a batch.

In a batch any setting may be given once for all or as a list with one value for each request. Names that later
versions will know are refused by name; unknown ones with a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.engine.forbidding import read_forbidden
from llmpost.engine.json_options import JSON_OPTIONS
from llmpost.engine.language import KINDS, Language
from llmpost.engine.output_type import OutputType, as_output_type
from llmpost.errors import LlmpostError, RequestError, suggestion
from llmpost.guards.vault import Vault
from llmpost.policy import SETTINGS, Settings, read_settings

_LATER = ("grammar", "speculate", "select", "num_beams")


@dataclass(frozen=True, slots=True)
class Beside:
    """The arguments of a call that are no settings: they cannot stand in a policy."""

    template: bool = True
    logits_processor: tuple[Any, ...] = ()
    vault: Vault | None = None
    """Whose pseudonyms hold; without one each request has its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call says about one request."""

    settings: Settings
    output_type: OutputType | None
    """How the text becomes a value, where a schema or a type was asked for."""
    language: Language | None
    forbidden: Forbidden | None = None
    """What its output must not contain, besides what the policy forbids."""


_BESIDE = tuple(Beside.__slots__)
_CONSTRAINTS = (*KINDS, *JSON_OPTIONS, "forbid")
_KEYWORDS = (*SETTINGS, *_BESIDE, *_CONSTRAINTS, "policy")


def asked_of_batch(given: Mapping[str, Any], size: int | None) -> tuple[list[Asked | LlmpostError], Beside]:
    """For each request what is asked of it, or the error that it ends with; and what else the call said.

    `size` is None for one prompt that is no list: then no argument is a list of values either. An error in what all
    requests share is raised at once.
    """
    _check_names(given)
    beside = _beside(given)
    shared: dict[str, Any] = {}
    own: dict[str, Sequence[Any]] = {}
    for name, value in given.items():
        if name not in (*_BESIDE, *_CONSTRAINTS):
            target = own if size is not None and _is_one_for_each(name, value, size) else shared
            target[name] = value
    read_settings(shared, "generate", RequestError)
    constraints = _constraints(given, size)
    return [
        _asked({**shared, **{name: values[row] for name, values in own.items()}}, constraint)
        for row, constraint in enumerate(constraints)
    ], beside


def _asked(given: Mapping[str, Any], constraint: Mapping[str, Any]) -> Asked | LlmpostError:
    """All settings of a request are read together: those of all requests, too, lie over what its own preset means."""
    try:
        schema = constraint.get("schema")
        output_type = None if schema is None else as_output_type(schema)
        language = Language.of({**constraint, "schema": output_type})
        settings = read_settings(given, "generate", RequestError)
        return Asked(settings, output_type, language, read_forbidden(constraint))
    except LlmpostError as error:
        return error


def _constraints(given: Mapping[str, Any], size: int | None) -> list[dict[str, Any]]:
    """What each request is held to, by keyword. What all share is read once, and its errors are raised."""
    named = {name: given[name] for name in _CONSTRAINTS if given.get(name) is not None}
    own = {} if size is None else {name: value for name, value in named.items() if _is_list_of_constraints(name, value)}
    for name, values in own.items():
        _check_size(name, values, size or 0)
    shared = {name: value for name, value in named.items() if name not in own}
    if "schema" in shared:
        shared["schema"] = as_output_type(shared["schema"])
    if "forbid" in shared:
        shared["forbid"] = read_forbidden(shared)
    if size is not None and not own.keys() & set(KINDS):
        Language.of(shared)
    rows = [{**shared, **{name: values[row] for name, values in own.items()}} for row in range(size or 1)]
    return [_without_idle_options(row, own) if "schema" in own else row for row in rows]


def _without_idle_options(row: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What is said for all schemas of a batch is not said of a request that has none."""
    idle = [name for name in JSON_OPTIONS if name not in own] if row["schema"] is None else []
    return {name: value for name, value in row.items() if name not in idle}


def _is_list_of_constraints(name: str, value: Any) -> bool:
    """Whether it is one for each request: a list is no schema, no regex and no option, and a list of texts is one
    choice, several documents, or one set of rules."""
    if not isinstance(value, list):
        return False
    if name not in ("choice", "quote", "forbid"):
        return True
    return bool(value) and all(item is None or isinstance(item, list | tuple) for item in value)


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
    vault = given.get("vault")
    if not (vault is None or isinstance(vault, Vault)):
        raise RequestError("generate.vault", f"a {type(vault).__name__}", "a Vault", "Make one: Vault().")
    return Beside(template, tuple(processors), vault)


def _check_names(given: Mapping[str, Any]) -> None:
    for name in given:
        if name in _LATER:
            raise RequestError(f"generate({name}=…)", f"'{name}'", "in this version yet", "Leave it out for now.")
        if name not in _KEYWORDS:
            raise RequestError("generate", f"'{name}'", "a known keyword", suggestion(name, _KEYWORDS))


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
    _check_size(name, value, size)
    return True


def _check_size(name: str, values: list[Any], size: int) -> None:
    if len(values) != size:
        raise RequestError(
            f"generate.{name}", f"a list of {len(values)}",
            f"one value, or a list with one for each of {size} requests", "Give as many values as prompts.",
        )  # fmt: skip


def _is_readable(name: str, value: Any) -> bool:
    try:
        return value is None or SETTINGS[name].read(value) is not None
    except ValueError:
        return False
