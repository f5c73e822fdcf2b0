"""The examples in the docstrings of the room are true."""

import doctest
import importlib
import pkgutil

import pytest

import llmpost.vocabulary

MODULES = sorted(module.name for module in pkgutil.iter_modules(llmpost.vocabulary.__path__, "llmpost.vocabulary."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    """Each example gives the output that is written under it."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_public_names() -> None:
    """The room shows these names and no others."""
    assert llmpost.vocabulary.__all__ == ["ChatTokenizer", "Detokenizer", "Message", "Prompts", "Trie", "Vocabulary"]
