"""Plain data as nobody can change it: texts, numbers, true and false, lists and mappings, and nothing else.

What a policy hands on unread is of this kind, so that it has a digest and can be shared. Knows no key by name.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from llmpost.errors import PolicyError

_SHOWN = 60
_DEEPEST = 100


def is_finite(number: float) -> bool:
    """Whether a number of any size is one that a float can be.

    >>> is_finite(10**400), is_finite(0.5)
    (False, True)
    """
    return abs(number) <= sys.float_info.max


def frozen_plain(value: Any, where: str, depth: int = 0) -> Any:
    """The value, lists as tuples and mappings read-only; PolicyError where something else is in it."""
    if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and is_finite(value)):
        return value
    if depth < _DEEPEST:
        if isinstance(value, list | tuple):
            return tuple(frozen_plain(item, f"{where}[{place}]", depth + 1) for place, item in enumerate(value))
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            items = {key: frozen_plain(item, f"{where}.{key}", depth + 1) for key, item in value.items()}
            return MappingProxyType(items)
    given = f"{value!r:.{_SHOWN}}"
    raise PolicyError(where, given, "plain data", "Write texts, numbers, true, false, lists and mappings by name.")


def thawed(value: Any) -> Any:
    """The same as lists and dicts, as JSON writes them.

    >>> thawed(frozen_plain({"keep": [1, 2]}, "here"))
    {'keep': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {key: thawed(item) for key, item in value.items()}
    return [thawed(item) for item in value] if isinstance(value, tuple) else value
