"""The shapes of the two models, and how they are stored: Llama as transformers knows it, weights in bfloat16."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

from . import chat_tokens
from .train_tokenizer import VOCABULARY_SIZE

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")


def _config(hidden: int, layers: int, inner: int, heads: int, kv_heads: int) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=VOCABULARY_SIZE,
        hidden_size=hidden,
        num_hidden_layers=layers,
        intermediate_size=inner,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        max_position_embeddings=chat_tokens.MAX_TOKENS,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=chat_tokens.END_ID,
        pad_token_id=chat_tokens.PAD_ID,
    )


def target() -> LlamaForCausalLM:
    """A new `tiny`: 2.2 million parameters."""
    return LlamaForCausalLM(_config(hidden=192, layers=6, inner=384, heads=6, kv_heads=2))


def draft() -> LlamaForCausalLM:
    """A new `tiny-draft`: about a fifth of `tiny`."""
    return LlamaForCausalLM(_config(hidden=96, layers=3, inner=192, heads=3, kv_heads=1))


def num_parameters(model: LlamaForCausalLM) -> int:
    """How many parameters a model has; tied ones count once."""
    return sum(parameter.numel() for parameter in model.parameters())


def save(model: LlamaForCausalLM, folder: Path, tokenizer_folder: Path) -> None:
    """A folder that `AutoModelForCausalLM` and `AutoTokenizer` load; the tied head is stored once."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: value.to(torch.bfloat16).contiguous()
        for name, value in model.state_dict().items()
        if name != "lm_head.weight"
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # it is written for its owner alone, and is meant for everybody
    config = model.config.to_dict() | {"architectures": ["LlamaForCausalLM"], "dtype": "bfloat16"}
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    generation = {
        "eos_token_id": chat_tokens.END_ID,
        "pad_token_id": chat_tokens.PAD_ID,
        "max_new_tokens": 256,
        "do_sample": False,
    }
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=2) + "\n")
    for name in TOKENIZER_FILES:
        if tokenizer_folder.resolve() != folder.resolve():
            shutil.copyfile(tokenizer_folder / name, folder / name)


def load(folder: Path) -> LlamaForCausalLM:
    """A stored model, in fp32."""
    return LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)
