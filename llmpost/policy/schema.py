"""The JSON Schema of policy files, for editors: names to choose from, what each key says, what cannot be.

It is put together from the tables that readers use; detectors and entities are handed in by whoever knows them. A
schema says less than the readers do (names that must differ, tiers in order, what goes together): `policy lint` says
the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from llmpost.contracts.action import KINDS as ACTIONS
from llmpost.contracts.guard import Side
from llmpost.contracts.keeping import Store
from llmpost.policy.actions import ARGUMENTS, NEEDY
from llmpost.policy.budget import LIMITS
from llmpost.policy.files.resolved import VERSION
from llmpost.policy.policy import RELEASES
from llmpost.policy.settings import SETTINGS
from llmpost.policy.shapes import (
    FLAG,
    TEXT,
    Shape,
    either,
    listed,
    mapping,
    number,
    one_of,
    or_nothing,
    record,
    told,
    whole,
)
from llmpost.policy.tracing import MOST_LOGITS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ANY: Shape = {}
_STRING: Shape = {"type": "string"}
_SCORE = number(least=0, most=1)
_MILLISECONDS = number(above=0)
_OTHERWISE: Shape = {"$ref": "#/$defs/otherwise"}
_ACTION: Shape = {"$ref": "#/$defs/action"}
_GUARD: Shape = {"$ref": "#/$defs/guard"}
_CHANGE: Shape = {"$ref": "#/$defs/change"}
_RULE: Shape = {"$ref": "#/$defs/rule"}
_ENVIRONMENT = record({"env": told(TEXT, "the name of the environment's variable that holds the key")}, ["env"])

_KEYS: Mapping[str, Shape] = {
    "name": told(or_nothing(TEXT), "under which findings and outcomes are told; that of `use` where it is not given"),
    "action": told(or_nothing(_ACTION), "what is done about what it finds"),
    "actions": told(or_nothing(mapping(_ACTION, least=1)), "what is done, by label"),
    "thresholds": told(
        or_nothing(mapping({"$ref": "#/$defs/tiers"}, least=1)),
        "by label, from which score up what is done; `any` is the highest category",
    ),
    "on": told(
        or_nothing(either(one_of(get_args(Side)), listed(one_of(get_args(Side)), least=1))),
        "which texts it looks at: output (where it is not given), input, or a list of both",
    ),
    "timeout_ms": told(or_nothing(_MILLISECONDS), "so long it may take for a text"),
    "on_timeout": told(or_nothing(_OTHERWISE), "what happens where it took longer; block where it is not given"),
    "on_failure": told(or_nothing(_OTHERWISE), "what happens where it broke; block where it is not given"),
    "on_invalid": told(
        or_nothing(one_of(("block", "skip"))), "where a change would break a JSON document; block where it is not given"
    ),
}
"""What every guard may be told besides `use`."""


@dataclass(frozen=True, slots=True)
class Described:
    """A detector, as a schema tells of it."""

    words: str
    options: Mapping[str, Shape]


def policy_schema(detectors: Mapping[str, Described], entities: Iterable[str]) -> dict[str, Any]:
    """`detectors`: by name; `entities`: those that can be forbidden."""
    return {
        "$schema": DIALECT,
        "title": "a policy of llmpost",
        **record(_keys(), ["version"]),
        "if": {"required": ["extends"], "properties": {"extends": _THERE}},
        "then": {"properties": {"guards": _behind_null(_CHANGE), "forbid": _behind_null(_RULE)}},
        "else": {"properties": {"guards": _listed(_GUARD), "forbid": _listed(_RULE)}},
        "$defs": {
            "guard": {"$ref": "#/$defs/entry", "required": ["use"], "properties": {"drop": False}},
            "change": _change(),
            "entry": _entry(detectors),
            "rule": _rule(entities),
            "action": _action(),
            "tiers": mapping(_SCORE, one_of(kind for kind in ACTIONS if kind not in NEEDY), least=1),
            "otherwise": either(one_of(("block", "skip")), _GUARD),
        },
    }


def _keys() -> dict[str, Shape]:
    settings = {name: told(or_nothing(row.read.shape), f"{row.help} ({row.allowed})") for name, row in SETTINGS.items()}
    keys: dict[str, Shape] = {
        "extends": told(TEXT, "a policy that this one changes: a file, one beside this, or one that ships"),
        "name": told(TEXT, "traces and responses show it"),
        "decode": told(record(settings), "how tokens are drawn, where a call says nothing else"),
        "constraint": told(_constraint(), "what every output is held to, where a call names no language of its own"),
        "forbid": told({"type": "array"}, "what no output may contain: masked while it is written"),
        "guards": told({"type": "array"}, "who looks at texts, in this order"),
        "budget": told(_budget(), "how long a request may take, and its guards"),
        "release": told(
            one_of(RELEASES),
            "window: piece by piece, as far as no guard can change its mind; at_end: when all of it was checked. "
            "Not given: window where the guards allow it",
        ),
        "notice": told({"type": "string"}, "what a blocked text ends with, or is replaced by"),
        "trace": told(_trace(), "how much of its texts may be kept"),
    }
    version = told({"const": VERSION}, "the version of this format")
    return {"version": version, **{name: or_nothing(shape) for name, shape in keys.items()}}


def _listed(item: Shape) -> Shape:
    return or_nothing(listed(item))


def _behind_null(item: Shape) -> Shape:
    """A null before all others takes away what was there."""
    return or_nothing({**listed(item), "prefixItems": [either(item, {"type": "null"})]})


def _constraint() -> Shape:
    kinds: dict[str, Shape] = {
        "json_schema": told(
            {"type": ["object", "boolean", "string", "null"]},
            "a JSON Schema that every output is an instance of, or a file of one",
        ),
        "regex": told(or_nothing(_STRING), "a regular expression that every output matches as a whole"),
        "choice": told(or_nothing(listed(_STRING, least=1)), "the texts of which every output is one"),
        "quote": told(
            or_nothing(either(_STRING, listed(_STRING, least=1))), "a text, or several, that every output is a part of"
        ),
    }
    options: dict[str, Shape] = {
        "strict": told(FLAG, "refuse a schema of which a part cannot be enforced (true), or leave such parts out"),
        "whitespace": told(
            either(one_of(("flexible", "compact")), record({"indent": whole(0)}, ["indent"])), "blanks between values"
        ),
        "key_order": told(one_of(("schema", "any")), "listed keys in the schema's order, or in every order"),
        "escapes": told(one_of(("minimal", "any")), "what json.dumps prints, or every escape that JSON has"),
        "formats": told(one_of(("assert", "annotate")), "whether formats are enforced"),
    }
    beside = {name: or_nothing(shape) for name, shape in options.items()}
    alone: Shape = {"properties": {name: {"type": "null"} for name in options}}
    is_schema: Shape = {"required": ["json_schema"], "properties": {"json_schema": _THERE}}
    one = [{"required": [kind], "properties": {kind: _THERE}} for kind in kinds]
    return {
        **record({**kinds, **beside}),
        "if": {"type": "object"},
        "then": {"oneOf": one, "if": is_schema, "else": alone},
    }


_THERE: Shape = {"not": {"type": "null"}}


def _rule(entities: Iterable[str]) -> Shape:
    names = one_of(entities)
    ignoring = {"ignore_case": told(FLAG, "whether case makes no difference")}
    return either(
        names,
        record({"entity": names}, ["entity"]),
        record({"regex": _STRING, **ignoring}, ["regex"]),
        record({"phrase": TEXT, **ignoring}, ["phrase"]),
        record({"phrases": either(TEXT, listed(TEXT)), **ignoring}, ["phrases"]),
    )


def _budget() -> Shape:
    keys = {
        "total_ms": told(or_nothing(_MILLISECONDS), "a request from its beginning to its end"),
        "decode_ms": told(or_nothing(_MILLISECONDS), "writing; then the output ends with what there is"),
        "guards_ms": told(or_nothing(_MILLISECONDS), "all guards of one text together"),
        "on_timeout": told(or_nothing(_OTHERWISE), "what happens where guards took longer; block where not given"),
    }
    has_limit = either(*({"required": [name], "properties": {name: _THERE}} for name in LIMITS))
    return {**record(keys), "if": {"type": "object"}, "then": has_limit}


def _trace() -> Shape:
    keys = {
        "store": told(
            or_nothing(one_of(get_args(Store))),
            "digest: lengths and keyed digests; redacted: with labels in the place of what was found; raw: everything",
        ),
        "key": told(or_nothing(_ENVIRONMENT), "the key of digests"),
        "seal": told(or_nothing(_ENVIRONMENT), "the key that raw texts are encrypted with"),
        "logits": told(or_nothing(whole(0, MOST_LOGITS)), "so many of the best tokens are kept for each step"),
    }
    is_raw = {"required": ["store"], "properties": {"store": {"const": "raw"}}}
    wants_raw = either(
        {"required": ["seal"], "properties": {"seal": _THERE}},
        {"required": ["logits"], "properties": {"logits": {"type": "integer", "minimum": 1}}},
    )
    return {**record(keys), "if": {"type": "object", **wants_raw}, "then": is_raw}


def _entry(detectors: Mapping[str, Described]) -> Shape:
    """A detector of ours with its own options and no others; of a guard of one's own the common keys are known."""
    named = either(*(told({"const": name}, detector.words) for name, detector in detectors.items()), TEXT)
    common = dict.fromkeys(("use", "drop", *_KEYS), _ANY)
    own = [
        {
            "if": {"required": ["use"], "properties": {"use": {"const": name}}},
            "then": record({**common, **_with_nothing(detector.options)}),
        }
        for name, detector in detectors.items()
    ]
    return {
        "type": "object",
        "properties": {"use": told(named, "a detector, or a guard that was handed in, by its name"), **_KEYS},
        "allOf": own,
    }


def _change() -> Shape:
    """An entry, or what another policy's entry of this name is changed by."""
    dropped = record({"name": TEXT, "use": TEXT, "drop": told({"const": True}, "leave that guard out")}, ["drop"])
    return {"anyOf": [dropped, _GUARD, {"$ref": "#/$defs/entry", "required": ["name"], "properties": {"drop": False}}]}


def _with_nothing(options: Mapping[str, Shape]) -> dict[str, Shape]:
    return {name: or_nothing(shape) for name, shape in options.items()}


def _action() -> Shape:
    spelled = {
        kind: ARGUMENTS[kind].shape if kind in NEEDY else or_nothing(ARGUMENTS[kind].shape) for kind in ARGUMENTS
    }
    others: dict[str, Shape] = {kind: {"type": "null"} for kind in ACTIONS if kind not in ARGUMENTS}
    with_argument = {**record({**spelled, **others}), "minProperties": 1, "maxProperties": 1}
    return either(one_of(kind for kind in ACTIONS if kind not in NEEDY), with_argument)
