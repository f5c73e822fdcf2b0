"""Guard models for tests: tiny ones with random weights of each architecture that there is, saved as folders.

Their tokenizer is a real one, trained here. Their chat templates say what is read of a template, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    Llama4ForCausalLM,
    Llama4TextConfig,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
)

HAZARDS = {
    2: "Violent Crimes|Non-Violent Crimes|Sex-Related Crimes|Child Sexual Exploitation|Specialized Advice|Privacy|"
    "Intellectual Property|Indiscriminate Weapons|Hate|Suicide & Self-Harm|Sexual Content",
    3: "Violent Crimes|Non-Violent Crimes|Sex Crimes|Child Exploitation|Defamation|Specialized Advice|Privacy|"
    "Intellectual Property|Indiscriminate Weapons|Hate|Self-Harm|Sexual Content|Elections|Code Interpreter Abuse",
}
"""By version, as templates list them."""
_TURNS = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}<|answer|>"
_TRAINED_ON = ["safe unsafe S1,S2 Safety: Unsafe Categories: None Refusal: Yes No Harmful request: yes no response"]
_SIZES: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "bos_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": 1,
}


def hazards_template(version: int) -> str:
    """A chat template of Llama Guard's that lists its hazards."""
    listed = "".join(f"S{at}: {name}.\n" for at, name in enumerate(HAZARDS[version].split("|"), 1))
    return f"Say safe or unsafe.\n{listed}{_TURNS}"


QWEN_TEMPLATE = f"Say Safety: Safe, Safety: Unsafe or Safety: Controversial.\n{_TURNS}"

_MAKERS: Mapping[str, Callable[[int], Any]] = {
    "llama": lambda size: LlamaForCausalLM(LlamaConfig(vocab_size=size, **_SIZES)),
    "llama4": lambda size: Llama4ForCausalLM(
        Llama4TextConfig(vocab_size=size, intermediate_size_mlp=32, moe_layers=[], **_SIZES)
    ),
    "qwen3": lambda size: Qwen3ForCausalLM(Qwen3Config(vocab_size=size, **_SIZES)),
    "gemma2": lambda size: Gemma2ForCausalLM(Gemma2Config(vocab_size=size, query_pre_attn_scalar=8, **_SIZES)),
    "mistral": lambda size: MistralForCausalLM(MistralConfig(vocab_size=size, **_SIZES)),
}


def save_guard_model(folder: Path, architecture: str, template: str | None = None, *, is_broken: bool = False) -> str:
    """The folder, as a policy names it. A broken one has weights that are no numbers."""
    tokenizer = _tokenizer()
    tokenizer.chat_template = template
    torch.manual_seed(0)
    model = _MAKERS[architecture](len(tokenizer))
    model.config.max_position_embeddings = 2048
    if is_broken:
        with torch.no_grad():
            model.get_input_embeddings().weight.fill_(float("nan"))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def _tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>", "</s>", "<|answer|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_TRAINED_ON * 10, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")
