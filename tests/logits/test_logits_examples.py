"""The examples in the docstrings of the room are true."""

import doctest
import importlib
import pkgutil

import pytest
import torch
from toy_constraints import OneOf

import llmpost.logits
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context

MODULES = sorted(module.name for module in pkgutil.iter_modules(llmpost.logits.__path__, "llmpost.logits."))
NAMES = {name: getattr(llmpost.logits, name) for name in llmpost.logits.__all__}


@pytest.mark.parametrize("name", [*MODULES, "llmpost.contracts.tokens", "llmpost.contracts.laps"])
def test_examples_run(name: str) -> None:
    """Each example gives the output that is written under it; what a step is made of is at hand."""
    given = {"torch": torch, "Step": Step, "Context": Context, "OneOf": OneOf, **NAMES}
    assert doctest.testmod(importlib.import_module(name), extraglobs=given).failed == 0
