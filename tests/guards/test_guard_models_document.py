"""What the page on guard models says is so: its tables, and its policy's shape."""

import doctest
import importlib
import re
from pathlib import Path

import pytest
import yaml

from llmpost.guards.guard_models.llama_guard import HAZARDS
from llmpost.guards.guard_models.openai_moderation import CATEGORIES as MODERATED
from llmpost.guards.guard_models.qwen3guard import CATEGORIES
from llmpost.guards.guard_models.shieldgemma import GUIDELINES
from llmpost.guards.known_options import KNOWN_OPTIONS
from llmpost.policy import Policy

PAGE = (Path(__file__).parents[2] / "docs" / "guard-models.md").read_text("utf-8")


def test_the_table_of_labels_is_the_codes() -> None:
    """Row by row: what a hazard or a category of each family is called here."""
    tables = (HAZARDS[2], HAZARDS[3], CATEGORIES)
    two, three, qwen = ({label: theirs for theirs, label in table.items()} for table in tables)
    for label in dict.fromkeys([*three, *qwen]):
        assert f"| `{label}` | {two.get(label, '')} | {three.get(label, '')} | {qwen.get(label, '')} |" in PAGE
    assert all(f"`{label}`" in PAGE for label in GUIDELINES)
    assert len(MODERATED) == 13


def test_the_policy_is_one() -> None:
    """Its shape is right, and every option is known."""
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    policy = Policy.from_dict(yaml.safe_load(block))
    for entry in policy.guards:
        assert set(entry.options) <= set(KNOWN_OPTIONS[entry.use])


@pytest.mark.parametrize("module", ["answer", "exchange", "llama_guard", "pieces"])
def test_examples_run(module: str) -> None:
    """Each example in a docstring gives the output that is written under it."""
    done = doctest.testmod(importlib.import_module(f"llmpost.guards.guard_models.{module}"))
    assert done.attempted
    assert done.failed == 0
