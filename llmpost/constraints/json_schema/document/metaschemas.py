"""The metaschemas of JSON Schema itself, the only documents that a reference may lead to outside of its own.

They come with the package that has them; nothing is opened by its address.
"""

from __future__ import annotations

from typing import Any

from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # it has no types


def metaschema(address: str) -> Any | None:
    """The one with this address, not to be written; None where it is none."""
    found = REGISTRY.get(address)
    return None if found is None else found.contents
