"""The decode settings as options: one for each row of the table, under the same name with dashes.

Names, ranges and help texts are `policy.SETTINGS`'; here is only how a word of the command line is read. Whether a
setting makes sense for a model is the engine's business.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any, get_args, get_type_hints

from llmpost.errors import RequestError
from llmpost.policy import SETTINGS, Settings

_TEXTS = tuple[str, ...]
_TOKENS = tuple[int, ...]
_METAVARS = {str: "NAME", int: "N", float: "X", _TEXTS: "TEXT", _TOKENS: "ID"}


def option_of(name: str) -> str:
    """
    >>> option_of("top_p")
    '--top-p'
    """
    return "--" + name.replace("_", "-")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """An option for each setting. What is not given is not in the namespace."""
    group = parser.add_argument_group(
        "decode settings", "Not given, the policy decides, then the model's own generation settings."
    )
    for name in SETTINGS:
        kind = _kind(name)
        text = _help(name, kind).replace("%", "%%")
        if kind is bool:
            group.add_argument(
                option_of(name), help=text, action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS
            )
        else:
            action = "append" if kind in (_TEXTS, _TOKENS) else "store"
            metavar = _METAVARS.get(kind, "JSON")
            group.add_argument(option_of(name), help=text, action=action, metavar=metavar, default=argparse.SUPPRESS)


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings on the command line, as keywords of ``Engine.generate``; RequestError for a value out of range."""
    return {name: _value(name, getattr(options, name)) for name in SETTINGS if hasattr(options, name)}


def _value(name: str, given: Any) -> Any:
    """The value as the table reads it from a policy: here it is only checked, so that nothing is loaded in vain."""
    value = _read(_kind(name), given)
    try:
        SETTINGS[name].read(value)
    except ValueError:
        raise RequestError(option_of(name), repr(value), SETTINGS[name].allowed, SETTINGS[name].hint) from None
    return value


def _read(kind: Any, given: str | bool | Sequence[str]) -> Any:
    if isinstance(given, bool) or kind == _TEXTS:
        return given
    if isinstance(given, str):
        return _json_or_text(given)
    read = [_json_or_text(word) for word in given]
    return [item for value in read for item in (value if isinstance(value, list) else [value])]


def _json_or_text(word: str) -> Any:
    """Numbers, lists and mappings are written as in JSON; anything else stays the word it is."""
    try:
        return json.loads(word)
    except ValueError:
        return word


def _kind(name: str) -> Any:
    """The type of a setting, without the None that says nobody gave it; what stands for settings is a word."""
    kinds = [kind for kind in get_args(get_type_hints(Settings).get(name, str | None)) if kind is not type(None)]
    return kinds[0] if len(kinds) == 1 else None


def _help(name: str, kind: Any) -> str:
    setting = SETTINGS[name]
    if kind == _TEXTS:
        return f"{setting.help}; may be given several times"
    if kind == _TOKENS:
        return f"{setting.help}; a token id or a JSON list of them, may be given several times"
    return setting.help if kind is bool else f"{setting.help} ({setting.allowed})"
