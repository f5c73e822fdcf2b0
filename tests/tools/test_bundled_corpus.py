"""The corpus of the bundled model: fixed by its seed, split as it says, its answers what the tasks promise."""

import json
import random
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tools.bundled_model.corpus import mixture
from tools.bundled_model.corpus.draw import Draw, Split

SIDES = [(Split.TRAIN, Split.TRAIN), (Split.HELD_OUT, Split.HELD_OUT)]


def test_a_seed_fixes_the_stream() -> None:
    """The same seed gives the same conversations, another seed others."""
    first = list(islice(mixture.stream(1), 40))
    assert list(islice(mixture.stream(1), 40)) == first
    assert list(islice(mixture.stream(2), 40)) != first


def test_training_uses_no_held_out_form() -> None:
    """A draw on the training side never takes a production that is held out."""
    draw = Draw(random.Random(0), Split.TRAIN, Split.TRAIN)
    for _ in range(300):
        mixture.conversation(draw)
    assert draw.held_out_forms_used == 0


@pytest.mark.parametrize(("forms", "values"), SIDES)
def test_extraction_answers_are_json_objects(forms: Split, values: Split) -> None:
    """The answer to an extraction is one JSON object on a line; numbers are spelt as the text spells them."""
    for turns in mixture.held_out("extraction", 0, 60, forms, values):
        answer = turns[-1].content
        assert isinstance(json.loads(answer), dict)
        assert "\n" not in answer


@pytest.mark.parametrize(("forms", "values"), SIDES)
def test_verdicts_are_yes_or_no_with_a_reason_in_one_line(forms: Split, values: Split) -> None:
    """The answer of a judge begins with its verdict and fits on a line."""
    for turns in mixture.held_out("judging", 0, 60, forms, values):
        answer = turns[-1].content
        assert answer.startswith(("yes", "no"))
        assert "\n" not in answer


def test_samples_can_be_looked_at() -> None:
    """``python -m tools.bundled_model.generate`` prints conversations."""
    command = [sys.executable, "-m", "tools.bundled_model.generate", "--count", "2", "--task", "support", "--held-out"]
    shown = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert shown.stdout.count("<assistant>") == 2
