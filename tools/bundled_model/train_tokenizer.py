"""Trains the tokenizer on the corpus: `python -m tools.bundled_model.train_tokenizer --out FOLDER`.

Byte-level BPE, made for copying: digits stand alone, and a blank before a capital, a digit or a quote is a token of
its own, so that a name has the same tokens in a sentence and in JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from . import chat_tokens
from .corpus import mixture

VOCABULARY_SIZE = 1536
NUM_CONVERSATIONS = 40_000
PIECES = (
    r"'(?:s|t|re|ve|m|ll|d)\b| ?\p{Ll}+|\p{Lu}\p{Ll}+|\p{Lu}+|\p{L}+|\p{M}+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+|\s+(?!\S)|\s"
)


def texts(seed: int) -> Iterator[str]:
    """The text that the merges are learnt from."""
    for turns in islice(mixture.stream(seed), NUM_CONVERSATIONS):
        yield from (turn.content for turn in turns)


def train(seed: int) -> Tokenizer:
    """A tokenizer that follows from the seed."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=chat_tokens.SPECIAL_TOKENS,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        max_token_length=12,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts(seed), trainer)
    return tokenizer


def save(tokenizer: Tokenizer, folder: Path) -> None:
    """The files that transformers loads."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": chat_tokens.MAX_TOKENS,
        "clean_up_tokenization_spaces": False,
        "pad_token": chat_tokens.PAD,
        "eos_token": chat_tokens.END,
        "padding_side": "left",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "chat_template.jinja").write_text(chat_tokens.CHAT_TEMPLATE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    tokenizer = train(arguments.seed)
    save(tokenizer, arguments.out)
    lengths = [
        len(tokenizer.encode(text).ids) / max(1, len(text.encode())) for text in islice(texts(arguments.seed + 1), 2000)
    ]
    print(f"{tokenizer.get_vocab_size()} tokens, {sum(lengths) / len(lengths):.2f} tokens for a byte")


if __name__ == "__main__":
    main()
