"""Recording: the options of records as an engine is given them, read when there is something to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmpost.cli.trace.keys import seal_key


def with_seal_key(given: Mapping[str, Any]) -> dict[str, Any]:
    """With the key in the place of its file; RequestError or TraceError where there is none in it."""
    return {
        **{name: value for name, value in given.items() if name != "seal_key_file"},
        "seal_key": seal_key(given["seal_key_file"]),
    }
