"""Which versions ran: ours, those of the libraries below, and of whoever found something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from llmpost.contracts.result import frozen

_OWN = ("llmpost", "torch", "transformers")


def versions(more: Iterable[str] = ()) -> Mapping[str, str]:
    """By package; `more` are those behind the detectors of a policy."""
    return frozen({name: _version(name) for name in (*_OWN, *more)})


@cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
