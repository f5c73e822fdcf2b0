"""Batches for training: rows of similar length, padded on the right, in an order that follows from the seed.

It knows examples, not models. The stream is cut into chunks, and a chunk follows from (seed, its number): training
resumes at a chunk without replaying the ones before. With causal attention, padding on the right changes no row, so
no mask is needed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from tokenizers import Tokenizer

from . import chat_tokens
from .chat_tokens import Example
from .corpus import mixture

CONVERSATIONS_IN_CHUNK = 2048
PROMPT_RATE = 0.03  # how many of the other tokens are taught too: it helps the model to read
FIRST_TOKEN_WEIGHT = 4.0  # the first token of an answer decides the rest: the verdict of a judgement is there


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids of shape [rows, length]; the flat positions whose next token is taught; those tokens, and their weights."""

    ids: torch.Tensor
    positions: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """The batch on a device."""
        return Batch(*(getattr(self, one).to(device) for one in self.__slots__))


def chunk(tokenizer: Tokenizer, seed: int, number: int, tokens_in_batch: int) -> list[Batch]:
    """The batches of one chunk of the stream."""
    rng = random.Random(f"{seed}:{number}")
    conversations = list(islice(mixture.stream(rng.getrandbits(60)), CONVERSATIONS_IN_CHUNK))
    examples = sorted(chat_tokens.encode(tokenizer, conversations), key=lambda example: len(example.ids))
    batches = [_collate(rows, rng) for rows in _rows(examples, tokens_in_batch)]
    rng.shuffle(batches)
    return batches


def _rows(examples: list[Example], tokens_in_batch: int) -> Iterator[list[Example]]:
    rows: list[Example] = []
    for example in examples:  # each at least as long as the one before
        if rows and (len(rows) + 1) * len(example.ids) > tokens_in_batch:
            yield rows
            rows = []
        rows.append(example)
    yield rows


def _collate(rows: list[Example], rng: random.Random) -> Batch:
    length = len(rows[-1].ids)
    ids = torch.full((len(rows), length), chat_tokens.PAD_ID)
    positions: list[int] = []
    targets: list[int] = []
    weights: list[float] = []
    for r, example in enumerate(rows):
        ids[r, : len(example.ids)] = torch.tensor(example.ids)
        for i in range(1, len(example.ids)):
            if example.taught[i] or rng.random() < PROMPT_RATE:
                positions.append(r * length + i - 1)
                targets.append(example.ids[i])
                starts = example.taught[i] and not example.taught[i - 1]
                weights.append(FIRST_TOKEN_WEIGHT if starts else 1.0)
    return Batch(ids, torch.tensor(positions), torch.tensor(targets), torch.tensor(weights))
