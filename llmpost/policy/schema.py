"""The JSON Schema of policy files, for editors: names to choose from, what each key says, what cannot be.

It is put together from the tables that readers use; detectors and entities are handed in by whoever knows them. A
schema says less than the readers do (names that must differ, tiers in order, what goes together): `policy lint` says
the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from llmpost.contracts.action import KINDS as ACTIONS
from llmpost.contracts.guard import Side
from llmpost.contracts.keeping import Store
from llmpost.policy.actions import ARGUMENTS, NEEDY
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
_SCORE = number(least=0, most=1)
_MILLISECONDS = number(above=0)
_OTHERWISE: Shape = {"$ref": "#/$defs/otherwise"}
_ACTION: Shape = {"$ref": "#/$defs/action"}
_ENVIRONMENT = record({"env": told(TEXT, "the name of the environment's variable that holds the key")}, ["env"])

_GUARD: Mapping[str, Shape] = {
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


def policy_schema(detectors: Mapping[str, Mapping[str, Shape]], entities: Iterable[str]) -> dict[str, Any]:
    """`detectors`: by name, the options of each; `entities`: those that can be forbidden."""
    return {
        "$schema": DIALECT,
        "title": "a policy of llmpost",
        **record(_keys(tuple(entities)), ["version"]),
        "$defs": {
            "guard": _guard(detectors),
            "action": _action(),
            "tiers": mapping(_SCORE, one_of(kind for kind in ACTIONS if kind not in NEEDY), least=1),
            "otherwise": either(one_of(("block", "skip")), {"$ref": "#/$defs/guard"}),
        },
    }


def _keys(entities: tuple[str, ...]) -> dict[str, Shape]:
    settings = {name: told(or_nothing(row.read.shape), f"{row.help} ({row.allowed})") for name, row in SETTINGS.items()}
    return {
        "version": told({"const": VERSION}, "the version of this format"),
        "name": told(TEXT, "traces and responses show it"),
        "decode": told(record(settings), "how tokens are drawn, where a call says nothing else"),
        "constraint": told(_constraint(), "what every output is held to, where a call names no language of its own"),
        "forbid": told(listed(_rule(entities)), "what no output may contain: masked while it is written"),
        "guards": told(or_nothing(listed({"$ref": "#/$defs/guard"})), "who looks at texts, in this order"),
        "budget": told(_budget(), "what all guards of a text have together"),
        "release": told(
            or_nothing(one_of(RELEASES)),
            "window: piece by piece, as far as no guard can change its mind; at_end: when all of it was checked. "
            "Not given: window where the guards allow it",
        ),
        "notice": told({"type": "string"}, "what a blocked text ends with, or is replaced by"),
        "trace": told(_trace(), "how much of its texts may be kept"),
    }


def _constraint() -> Shape:
    kinds: dict[str, Shape] = {
        "json_schema": told(
            {"type": ["object", "boolean", "null"]}, "a JSON Schema that every output is an instance of"
        ),
        "regex": told(or_nothing(TEXT), "a regular expression that every output matches as a whole"),
        "choice": told(or_nothing(listed(TEXT, least=1)), "the texts of which every output is one"),
        "quote": told(or_nothing(TEXT), "a text that every output is a part of"),
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
        **or_nothing(record({**kinds, **beside})),
        "if": {"type": "object"},
        "then": {"oneOf": one, "if": is_schema, "else": alone},
    }


_THERE: Shape = {"not": {"type": "null"}}


def _rule(entities: tuple[str, ...]) -> Shape:
    ignoring = {"ignore_case": told(FLAG, "whether case makes no difference")}
    return either(
        one_of(entities),
        record({"entity": one_of(entities)}, ["entity"]),
        record({"regex": TEXT, **ignoring}, ["regex"]),
        record({"phrase": TEXT, **ignoring}, ["phrase"]),
        record({"phrases": listed(TEXT), **ignoring}, ["phrases"]),
    )


def _budget() -> Shape:
    keys = {
        "total_ms": told(_MILLISECONDS, "so long all guards of a text may take together"),
        "on_timeout": told(or_nothing(_OTHERWISE), "what happens where they took longer; block where it is not given"),
    }
    return or_nothing(record(keys, ["total_ms"]))


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
    return {**or_nothing(record(keys)), "if": {"type": "object", **wants_raw}, "then": is_raw}


def _guard(detectors: Mapping[str, Mapping[str, Shape]]) -> Shape:
    """A detector of ours with its own options and no others; of a guard of one's own the common keys are known."""
    named = either(one_of(detectors), TEXT)
    own = [
        {
            "if": {"required": ["use"], "properties": {"use": {"const": name}}},
            "then": record({**dict.fromkeys(("use", *_GUARD), _ANY), **_with_nothing(options)}),
        }
        for name, options in detectors.items()
    ]
    return {
        "type": "object",
        "properties": {"use": told(named, "a detector, or a guard that was handed in, by its name"), **_GUARD},
        "required": ["use"],
        "allOf": own,
    }


def _with_nothing(options: Mapping[str, Shape]) -> dict[str, Shape]:
    return {name: or_nothing(shape) for name, shape in options.items()}


def _action() -> Shape:
    spelled = {
        kind: ARGUMENTS[kind].shape if kind in NEEDY else or_nothing(ARGUMENTS[kind].shape) for kind in ARGUMENTS
    }
    others: dict[str, Shape] = {kind: {"type": "null"} for kind in ACTIONS if kind not in ARGUMENTS}
    with_argument = {**record({**spelled, **others}), "minProperties": 1, "maxProperties": 1}
    return either(one_of(kind for kind in ACTIONS if kind not in NEEDY), with_argument)
