"""Time per token of the whole loop, over the raw cached forward plus arg-max, beside transformers' ``generate()``.

    python benchmarks/loop.py [--rounds 7] [--out benchmarks/results/loop.md]

A random tiny Llama (hidden 256, 4 layers, float32), 32 tokens of prompt, 64 new ones. Its head is scaled so that
logits are about as peaked as a trained model's: the median nucleus (p = 0.9, temperature 0.8) is in the table. All
arms run in one process, a round of each in turn; numbers are medians. The floor is the model's own forward with its
own cache and ``argmax``, nothing else.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from measuring import interleaved, machine_line
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM

from llmpost.engine import Engine
from llmpost.models import LoadedModel, TransformersModel
from llmpost.vocabulary import Vocabulary

HEAD_SCALES = {32_000: 5.0, 131_072: 6.0}  # for a median nucleus of about 7 ids
NUM_NEW = 64
NUM_PROMPT = 32
RECIPE = {"temperature": 0.8, "top_k": 50, "top_p": 0.9, "repetition_penalty": 1.1}
NUCLEUS = {"temperature": 0.8, "top_k": 0, "top_p": 0.9}
LIMITS = {"greedy": 1.05, "recipe": 1.15, "top-p alone": 1.25}


class NoPrompts:
    """Prompts here are token ids; there is no text to encode."""

    has_template = False


def make_model(vocab: int) -> LlamaForCausalLM:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=vocab, hidden_size=256, intermediate_size=688, num_hidden_layers=4, num_attention_heads=4,
        max_position_embeddings=512, bos_token_id=None, eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    model = LlamaForCausalLM(config).eval().requires_grad_(False)
    model.lm_head.weight.mul_(HEAD_SCALES.get(vocab, 5.5) / (config.initializer_range * config.hidden_size**0.5))
    return model


def load(model: LlamaForCausalLM, vocab: int) -> Engine:
    tokens = [token.to_bytes(3, "big").hex().encode() for token in range(vocab)]
    loaded = LoadedModel("tiny-random", TransformersModel(model), Vocabulary.from_tokens(tokens), NoPrompts(), 512)  # type: ignore[arg-type]  # no text
    return Engine(loaded, "bare")


def floor(model: LlamaForCausalLM, prompts: torch.Tensor) -> None:
    """The bare loop."""
    cache, tokens = DynamicCache(config=model.config), prompts
    with torch.no_grad():
        for _ in range(NUM_NEW):
            output = model(input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1)
            tokens = output.logits[:, -1].argmax(-1, keepdim=True)


def theirs(model: LlamaForCausalLM, prompts: torch.Tensor, settings: dict[str, Any]) -> None:
    model.generate(prompts, attention_mask=torch.ones_like(prompts), max_new_tokens=NUM_NEW, **settings)


def ours(engine: Engine, prompts: torch.Tensor, settings: dict[str, Any]) -> None:
    engine.generate(prompts.tolist(), max_new_tokens=NUM_NEW, seed=1, **settings)


def arms(model: LlamaForCausalLM, engine: Engine, prompts: torch.Tensor) -> dict[str, Callable[[], object]]:
    return {
        "floor": lambda: floor(model, prompts),
        "generate greedy": lambda: theirs(model, prompts, {"do_sample": False}),
        "generate recipe": lambda: theirs(model, prompts, {"do_sample": True, **RECIPE}),
        "generate top-p alone": lambda: theirs(model, prompts, {"do_sample": True, **NUCLEUS}),
        "ours greedy": lambda: ours(engine, prompts, {"temperature": 0}),
        "ours recipe": lambda: ours(engine, prompts, RECIPE),
        "ours top-p alone": lambda: ours(engine, prompts, NUCLEUS),
    }


def nucleus_size(model: LlamaForCausalLM, prompts: torch.Tensor) -> int:
    """How many ids the nucleus of the benchmark's settings holds, the median over the prompts' positions."""
    probabilities = (model(prompts).logits / NUCLEUS["temperature"]).softmax(-1).sort(-1, descending=True).values
    return int((probabilities.cumsum(-1) < NUCLEUS["top_p"]).sum(-1).add(1).median())


def measure(vocab: int, batch: int, rounds: int) -> list[str]:
    model = make_model(vocab)
    engine = load(model, vocab)
    prompts = torch.randint(0, vocab, (batch, NUM_PROMPT), generator=torch.Generator().manual_seed(batch))
    seconds = interleaved(arms(model, engine, prompts), rounds)
    base, nucleus = seconds["floor"], nucleus_size(model, prompts)
    rows = []
    for kind, limit in LIMITS.items():
        generate, own = seconds[f"generate {kind}"], seconds[f"ours {kind}"]
        rows.append(
            f"| {vocab // 1000}k, {batch} | {kind} | {base / NUM_NEW * 1e3:.2f} | {own / NUM_NEW * 1e3:.2f} | "
            f"{own / base:.2f} (≤ {limit:.2f}) | {generate / base:.2f} | {generate / own:.2f} | "
            f"{(generate - base) / NUM_NEW * 1e3:+.2f} | {(own - base) / NUM_NEW * 1e3:+.2f} | {nucleus} |"
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--vocab", type=int, nargs="*", default=[32_000, 131_072])
    parser.add_argument("--batch", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    lines = [
        "# Time per token over the bare loop",
        "",
        machine_line("torch", "transformers"),
        "",
        "| vocab, rows | settings | floor ms | ours ms | ours / floor | generate / floor | generate / ours "
        "| generate − floor | ours − floor | nucleus |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for vocab in options.vocab:
        for batch in options.batch:
            lines += measure(vocab, batch, options.rounds)
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
