"""Examples in the docstrings of the guards' floor: each says what happens."""

import doctest
import importlib

import pytest

NAMES = (
    "apply", "ending", "fields.reader", "fields.strings", "replacements.fictions", "replacements.fingerprint",
    "replacements.letters", "replacements.mark", "replacements.mask", "replacements.words", "restoring", "vault",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_examples(name: str) -> None:
    """What an example shows is what happens, and each of these has one."""
    result = doctest.testmod(importlib.import_module(f"llmpost.guards.{name}"))
    assert result.failed == 0
    assert result.attempted > 0
