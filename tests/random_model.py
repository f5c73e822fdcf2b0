"""A tiny model with random weights, saved as a folder: for tests that want any model and no meaning.

    python tests/random_model.py FOLDER [--chat]

It is a real Llama with a real byte-level tokenizer, padded rows of logits and, if asked for, a chat template. Its
distributions are flat, so sampling takes every path; the bundled `tiny` is for tests that want sense. The same seed
gives the same folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

CONTEXT_LENGTH = 256
NUM_PADDED = 8  # rows of logits beyond the tokenizer's ids, as many published models have them
_TEXT = ["hello world, this is some text to train a tokenizer on", "the story of a small model that had nothing to say"]
_CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def save_random_model(folder: Path, *, chat: bool = False, seed: int = 0) -> Path:
    """Write the model and its tokenizer, with a chat template if asked for; the folder."""
    tokenizer = _tokenizer()
    if chat:
        tokenizer.chat_template = _CHAT_TEMPLATE
    _model(len(tokenizer) + NUM_PADDED, seed).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<s>", "</s>"], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(_TEXT * 10, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")


def _model(vocab_size: int, seed: int) -> LlamaForCausalLM:
    config = LlamaConfig(
        vocab_size=vocab_size,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT_LENGTH,
        bos_token_id=0,
        eos_token_id=1,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = LlamaForCausalLM(config)
    for weights in model.parameters():
        weights.data.mul_(3)  # logits about as far apart as a trained model's
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description="Save a tiny model with random weights.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chat", action="store_true", help="with a chat template")
    options = parser.parse_args()
    print(save_random_model(options.folder, chat=options.chat))


if __name__ == "__main__":
    main()
