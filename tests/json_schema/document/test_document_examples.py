"""The examples in the documentation of this package."""

import doctest
import importlib

import pytest

HERE = "llmpost.constraints.json_schema.document"


@pytest.mark.parametrize("name", ["dialect", "document", "node", "pointers", "text"])
def test_examples(name: str) -> None:
    """They say what happens."""
    module = importlib.import_module(f"{HERE}.{name}")
    result = doctest.testmod(module, extraglobs=vars(importlib.import_module(f"{HERE}.document")))
    assert result.attempted > 0
    assert result.failed == 0
