"""The examples in the documentation of refusals and of what finds them."""

import doctest
import importlib

import pytest

from llmpost.automata.reference import ReferenceAlgebra

GIVEN = {"ReferenceAlgebra": ReferenceAlgebra}


@pytest.mark.parametrize(
    "name",
    [
        "contracts.refusal",
        "constraints.explaining.characters",
        "constraints.explaining.pattern",
        "constraints.json_schema.explaining.without",
    ],
)
def test_refusal_examples(name: str) -> None:
    """They say what happens."""
    result = doctest.testmod(importlib.import_module(f"llmpost.{name}"), extraglobs=GIVEN)
    assert result.attempted > 0
    assert result.failed == 0
