"""How a policy spells an action: its name alone, or one name with what it needs, as in ``{mask: {keep: 4}}``.

Shape is checked here, against one table of kinds. What an action does to a text is the guards' business, and whether
it can stand beside the others that of `engine.guarding`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args

from llmpost.contracts.action import KINDS, Action, ActionKind
from llmpost.errors import PolicyError, suggestion
from llmpost.policy.files.library import ENDINGS
from llmpost.policy.plain import frozen_plain
from llmpost.policy.shapes import ANYTHING, TEXT, Shape, either, mapping, one_of, record, told, whole

_SHOWN = 60
_MOST_TIMES = 10
_MOST_ROUNDS = 5


def read_action(given: Any, where: str) -> Action:
    """The action meant, its argument checked and frozen.

    >>> read_action({"mask": {"keep": 4}}, "guards[0].action").argument["keep"]
    4
    """
    if isinstance(given, str):
        given = {given: None}
    if not isinstance(given, Mapping) or len(given) != 1:
        allowed = "the name of an action, or one name with what it needs"
        raise PolicyError(where, f"{given!r:.{_SHOWN}}", allowed, "Write redact, or {mask: {keep: 4}}.")
    ((name, argument),) = given.items()
    kind = _kind(name, where)
    if argument is None and kind in NEEDY:
        raise PolicyError(where, f"{kind} alone", "enough", f"Write {NEEDY[kind]}.")
    if argument is None:
        return Action(kind)
    if kind not in ARGUMENTS:
        raise PolicyError(f"{where}.{kind}", f"{argument!r:.{_SHOWN}}", "needed", f"Write {kind} alone.")
    return Action(kind, ARGUMENTS[kind].read(argument, f"{where}.{kind}"))


def _kind(given: Any, where: str) -> ActionKind:
    """The name of an action; PolicyError with a suggestion where it is none."""
    if given not in KINDS:
        raise PolicyError(where, f"{given!r:.{_SHOWN}}", "an action", suggestion(str(given), get_args(ActionKind)))
    kind: ActionKind = given
    return kind


@dataclass(frozen=True, slots=True)
class Argument:
    """What an action can be told: how it is read, and its shape."""

    read: Callable[[Any, str], Any]
    shape: Shape


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of an argument: whether a value is one, and what is, in words and as a shape."""

    is_one: Callable[[Any], bool]
    allowed: str
    shape: Shape


def _text(argument: Any, where: str) -> str:
    if not isinstance(argument, str) or not argument:
        raise PolicyError(where, f"{argument!r:.{_SHOWN}}", "a text, not empty", "Write some words.")
    return argument


def _mapping(keys: Mapping[str, _Key]) -> Argument:
    def read(argument: Any, where: str) -> Mapping[str, Any]:
        if not isinstance(argument, Mapping):
            example = f"Write {{{next(iter(keys))}: ...}}."
            raise PolicyError(where, f"{argument!r:.{_SHOWN}}", f"a mapping with {', '.join(keys)}", example)
        for name, value in argument.items():
            if name not in keys:
                raise PolicyError(where, f"'{name}'", "known here", suggestion(str(name), keys))
            if not keys[name].is_one(value):
                raise PolicyError(
                    f"{where}.{name}", f"{value!r:.{_SHOWN}}", keys[name].allowed, "Leave it out, or mend it."
                )
        return MappingProxyType(dict(argument))

    return Argument(read, record({name: key.shape for name, key in keys.items()}))


def _whole(least: int, most: int) -> _Key:
    def is_one(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return _Key(is_one, f"a whole number from {least} to {most}", whole(least, most))


NEEDY = {"replace": '{replace: "…"}', "reroute": "{reroute: {policy: ...}}"}
"""What must be told more than its name."""
_NAME = _Key(lambda value: isinstance(value, str) and bool(value), "a name", TEXT)
_POLICY = _Key(
    lambda value: isinstance(value, str) and bool(value) and not value.endswith(ENDINGS),
    "the name of a policy that ships, or of one that was handed in with policies={...}",
    {**TEXT, "not": {"pattern": rf"({'|'.join(map(re.escape, ENDINGS))})$"}},
)
"""A policy that names a file would be another one whenever that changes."""
_RUBRIC = _Key(
    lambda value: isinstance(value, Mapping) or (isinstance(value, str) and bool(value)),
    "the name of a rubric, a file with one, or a rubric",
    either(TEXT, mapping(ANYTHING)),
)
_KEEP = told(whole(0), "so many characters at the end stay")
_CHARACTER = told({"type": "string", "minLength": 1, "maxLength": 1}, "in the place of each that does not")
_STYLE = told(one_of(("numbered", "keyed", "realistic")), "how a pseudonym looks")
ARGUMENTS: Mapping[str, Argument] = {
    # whoever carries these out reads what they are told
    "mask": Argument(frozen_plain, record({"keep": _KEEP, "character": _CHARACTER})),
    "pseudonymise": Argument(frozen_plain, record({"style": _STYLE})),
    "replace": Argument(_text, TEXT),
    "refuse": Argument(_text, TEXT),
    "retry": _mapping({"times": _whole(1, _MOST_TIMES)}),
    "rewrite": _mapping({"model": _NAME, "rubric": _RUBRIC, "times": _whole(1, _MOST_ROUNDS)}),
    "reroute": _mapping({"policy": _POLICY, "model": _NAME}),
}
"""Of the actions that can be told more than their name: how that is read."""
