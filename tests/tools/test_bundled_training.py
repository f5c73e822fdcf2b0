"""Training and evaluation of the bundled models, run for a few steps: resumable, repeatable, and counted rightly."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import llmpost
from llmpost.engine import Engine
from tools.bundled_model import chat_tokens, distill, evaluate, shapes
from tools.bundled_model.corpus import mixture
from tools.bundled_model.train import Folders, Plan, Trainer, cross_entropy

BUNDLED = Path(llmpost.__file__).parent / "models" / "bundled"
PLAN = Plan(num_steps=4, tokens_in_batch=512)


def trainer(work: Path) -> Trainer:
    torch.manual_seed(0)
    made = Trainer(shapes.draft(), PLAN, Folders(work, work / "out", BUNDLED / "tiny", work / "PAUSE"))
    made.resume()
    return made


@pytest.mark.slow
def test_a_killed_training_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    """Two steps, a new process' worth of state, and two more: to the bit the weights of four steps in one go."""
    trainer(tmp_path / "whole").run(cross_entropy)
    trainer(tmp_path / "halves").run(cross_entropy, until=2)
    trainer(tmp_path / "halves").run(cross_entropy)
    whole, halves = ((tmp_path / name / "out" / "model.safetensors").read_bytes() for name in ("whole", "halves"))
    assert whole == halves


@pytest.mark.slow
def test_a_distilled_draft_is_a_model(tmp_path: Path) -> None:
    """What the loop stores is a folder that the engine loads; its loss against itself is only the plain part."""
    made = trainer(tmp_path)
    made.run(distill.divergence_from(shapes.load(BUNDLED / "tiny-draft")))
    assert Engine.load(str(tmp_path / "out")).generate("Hello", max_new_tokens=3).usage.completion_tokens <= 3


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 6))
def test_accepted_counts_are_those_of_a_simulation(hits: list[bool], num_draft_tokens: int) -> None:
    """Block by block: draft up to so many tokens, keep them up to the first miss, add one of the target's own."""
    place = num_accepted = num_drafted = num_blocks = 0
    while place < len(hits):
        num_blocks += 1
        for _ in range(min(num_draft_tokens, len(hits) - place)):
            num_drafted += 1
        for _ in range(num_draft_tokens):
            if place < len(hits) and hits[place]:
                place, num_accepted = place + 1, num_accepted + 1
            else:
                break
        place += 1
    assert evaluate.accepted(hits, num_draft_tokens) == (num_accepted, num_drafted, num_blocks)


@pytest.mark.parametrize(
    ("text", "found"),
    [('{"a": 1}', {"a": 1}), ('so: {"a": {"b": 2}} {', {"a": {"b": 2}}), ("none", None), ("{broken", None)],
)
def test_the_first_object_counts(text: str, found: dict | None) -> None:
    """The one that opens first, if it is whole."""
    assert evaluate.first_object(text) == found


def test_a_number_is_no_string() -> None:
    """Fields are compared by value and by kind."""
    assert evaluate.same(187.5, 187.50)
    assert not evaluate.same("34", 34)


@pytest.mark.slow
def test_the_card_says_what_the_models_do() -> None:
    """On a fresh sample of held-out forms and values both are about as good as the card has them."""
    tokenizer = chat_tokens.load(BUNDLED / "tiny")
    target, draft = (shapes.load(BUNDLED / name) for name in ("tiny", "tiny-draft"))
    counts = evaluate.Extraction()
    records = evaluate.answer_all(
        target, tokenizer, mixture.held_out("extraction", 7, 48, *evaluate.SIDES[evaluate.UNSEEN])
    )
    for one in records:
        counts.add(one)
    verdicts = evaluate.answer_all(
        target, tokenizer, mixture.held_out("judging", 7, 48, *evaluate.SIDES[evaluate.UNSEEN])
    )
    taken = [evaluate.accepted(evaluate.agreement(draft, one), 4) for one in records]
    assert counts.exact_fields / counts.fields > 0.75
    assert sum(one.said[:2] == one.wanted[:2] for one in verdicts) / len(verdicts) > 0.7
    assert sum(row[0] for row in taken) / sum(row[1] for row in taken) > 0.5
