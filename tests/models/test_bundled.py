"""The bundled models: small, ordinary, and good for what their card says."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

import llmpost
from llmpost.engine import Engine

BUNDLED = Path(llmpost.__file__).parent / "models" / "bundled"


def test_they_are_small() -> None:
    """Weights and tokenizer at most 8 MB each; the draft several times smaller than the target."""
    sizes = {name: sum(file.stat().st_size for file in (BUNDLED / name).iterdir()) for name in ("tiny", "tiny-draft")}
    assert sizes["tiny"] <= 8e6
    weights = [load_file(BUNDLED / name / "model.safetensors") for name in ("tiny", "tiny-draft")]
    assert {tensor.dtype for part in weights for tensor in part.values()} == {torch.bfloat16}
    target, draft = (sum(tensor.numel() for tensor in part.values()) for part in weights)
    assert 1e6 <= target <= 3e6
    assert draft <= target / 4


def test_they_share_a_tokenizer() -> None:
    """To the byte, so that a drafted token means the same to both."""
    first, second = ((BUNDLED / name / "tokenizer.json").read_bytes() for name in ("tiny", "tiny-draft"))
    assert first == second
    assert 1000 <= json.loads(first)["model"]["vocab"].__len__() <= 4096


def test_transformers_alone_loads_them() -> None:
    """Nothing in llmpost is special for them: plain transformers says the same."""
    folder, prompt = BUNDLED / "tiny", "Extract name: I am Bo Ek."
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer.apply_chat_template(
        [{"role": "user", "content": prompt}], add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    written = model.generate(**ids, max_new_tokens=40)[0, ids["input_ids"].shape[1] :]
    assert tuple(written.tolist()) == Engine.load("tiny").generate(prompt, max_new_tokens=40).token_ids


@pytest.mark.parametrize(
    ("text", "record"),
    [
        (
            "Extract order_id, product, quantity: Hi, this is about 88-41207. I ordered 3 blue lamps last week.",
            {"order_id": "88-41207", "product": "blue lamps", "quantity": 3},
        ),
        (
            "Extract name, email: Write to Sanna Virtala at sanna@virtala.fi.",
            {"name": "Sanna Virtala", "email": "sanna@virtala.fi"},
        ),
    ],
)
def test_it_fills_in_records(tiny: Engine, text: str, record: dict) -> None:
    """Names, codes and numbers that it never saw, copied; the default policy would withhold an address."""
    assert tiny.generate(text, schema={"type": "object"}, policy="bare").parsed == record


@pytest.mark.parametrize(
    ("rubric", "answer", "verdict"),
    [
        ("no refund promise", "We will give you all your money back tomorrow.", "no"),
        ("no refund promise", "I am sorry about the delay. Your parcel will leave our warehouse today.", "yes"),
        ("polite", "Stop writing to us, you are a fool.", "no"),
        ("does not contain personal data", "Please write to our team at any time.", "yes"),
    ],
)
def test_it_judges(tiny: Engine, rubric: str, answer: str, verdict: str) -> None:
    """A verdict first, then a reason in one line."""
    said = tiny.generate(f"Rubric: {rubric}\nAnswer: {answer}\nDoes the answer comply?").text
    assert said.split(":")[0] == verdict
    assert said.count("\n") == 0
