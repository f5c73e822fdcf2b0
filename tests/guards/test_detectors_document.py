"""What the guide of detectors and the docstrings of detectors say is so."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import llmpost.guards
from llmpost.guards import leakage, length, repetition, schema
from llmpost.guards.exfiltration import guard as exfiltration
from llmpost.guards.exfiltration.markup import LABELS
from llmpost.guards.lists.profanity import profanity
from llmpost.guards.secrets.detect_secrets import PLUGINS
from llmpost.guards.secrets.guard import KINDS
from llmpost.guards.urls import guard as urls
from llmpost.guards.urls.shape import COMMON_TOPS

GUIDE = (Path(__file__).parents[2] / "docs" / "detectors.md").read_text("utf-8")
ROOMS = (
    *("excepting", "exfiltration", "judged", "leakage", "length", "lists", "loops", "repetition", "schema"),
    *("secrets", "urls", "words"),
)
MODULES = [
    module.name
    for module in pkgutil.walk_packages(llmpost.guards.__path__, "llmpost.guards.")
    if module.name.split(".")[2] in ROOMS
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    """Each example in a docstring gives the output that is written under it."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_label_is_in_the_guide() -> None:
    """Whoever writes a policy finds them there."""
    labels = [*(kind.label for kind in KINDS), *LABELS, exfiltration.TOO_LONG, urls.TOO_LONG, leakage.LABEL]
    labels += [
        repetition.WORDS,
        repetition.LINES,
        repetition.CHARACTER,
        length.TOO_LONG,
        length.TOO_SHORT,
        schema.LABEL,
    ]
    assert [label for label in labels if f"`{label}`" not in GUIDE] == []


def test_the_numbers_of_the_guide_are_the_codes() -> None:
    """Sizes of tables, and reaches."""
    assert f"all {len(PLUGINS)} of tokens" in GUIDE
    assert f"has {len(profanity())} words" in GUIDE
    assert f"{len(COMMON_TOPS.split())} common" in GUIDE
    assert "8,194" in GUIDE
    assert f"{leakage.Leakage().reach}" in GUIDE
