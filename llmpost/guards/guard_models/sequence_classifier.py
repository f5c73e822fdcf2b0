"""SequenceClassifier: a classifier of transformers', loaded, that tells the scores of each window of a text.

Windows overlap, are read in batches, and say where in the text they stand. It knows its own labels alone, and not what
they mean here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal, TypeAlias

from llmpost.contracts.guard import Span
from llmpost.errors import ModelError
from llmpost.guards.guard_models.pieces import pieces
from llmpost.vocabulary.optional import optional_module

Head: TypeAlias = Literal["softmax", "sigmoid"]

_PIECE, _PIECE_OVERLAP = 50_000, 1_000
"""Characters that a tokenizer is given at once."""
_PLACES = 512
"""Tokens that a model has room for which does not say."""
_BATCH = 16
LEAST_WINDOW = 16


@dataclass(frozen=True, slots=True)
class Window:
    """What the model says of one part of the text."""

    span: Span
    scores: tuple[float, ...]
    """In the order of its labels."""


@dataclass(frozen=True, slots=True)
class Windowing:
    """How a text is cut, in tokens."""

    length: int
    overlap: int


@dataclass(frozen=True, slots=True)
class SequenceClassifier:
    """Nobody promises that threads may share one, so they take turns."""

    model: Any
    tokenizer: Any
    labels: tuple[str, ...]
    head: Head
    turn: Lock

    @classmethod
    def load(cls, name: str, head: Head | None, device: str | None) -> SequenceClassifier:
        """Of a folder or a hub name; raises what transformers raises. What it outputs is as its configuration says,
        where nobody says it."""
        transformers = optional_module("transformers", name, "ner")  # for its time to import
        tokenizer = transformers.AutoTokenizer.from_pretrained(name)
        model = transformers.AutoModelForSequenceClassification.from_pretrained(name).eval().requires_grad_(False)
        model = model if device is None else model.to(device)
        config = model.config
        labels = tuple(str(config.id2label[place]) for place in range(config.num_labels))
        return cls(model, tokenizer, labels, head or _head(config), Lock())

    @property
    def room(self) -> int:
        """How many tokens fit, with those that the tokenizer adds."""
        places = getattr(self.model.config, "max_position_embeddings", None) or _PLACES
        counts_from_two = self.model.config.model_type in ("roberta", "xlm-roberta", "camembert", "longformer")
        return int(min(places - 2 * counts_from_two, self.tokenizer.model_max_length))

    def windows(self, text: str, windowing: Windowing, deadline: float | None) -> Iterator[Window]:
        """ModelError for scores that are none; TimeoutError when the deadline is over."""
        for start, piece in pieces(text, _PIECE, _PIECE_OVERLAP):
            with self.turn:
                encoded = self._encoded(piece, windowing)
            for at in range(0, len(encoded["input_ids"]), self._batch):
                if deadline is not None and time.monotonic() >= deadline:
                    raise TimeoutError("the deadline is over")
                some = range(at, min(at + self._batch, len(encoded["input_ids"])))
                with self.turn:
                    told = self._scores(encoded, some)
                for place, scores in zip(some, told, strict=True):
                    first, end = _extent(encoded["offset_mapping"][place], len(piece))
                    yield Window(Span(start + first, start + end), scores)

    @property
    def _batch(self) -> int:
        return 1 if self.tokenizer.pad_token_id is None else _BATCH

    def _encoded(self, piece: str, windowing: Windowing) -> Any:
        added = self.tokenizer.num_special_tokens_to_add()
        return self.tokenizer(
            piece,
            truncation=True,
            max_length=windowing.length,
            stride=min(windowing.overlap, (windowing.length - added) // 2),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )

    def _scores(self, encoded: Any, places: Sequence[int]) -> list[tuple[float, ...]]:
        torch = optional_module("torch", "classifier", "ner")
        keys = [key for key in ("input_ids", "attention_mask", "token_type_ids") if key in encoded]
        rows = [{key: encoded[key][place] for key in keys} for place in places]
        padded = self.tokenizer.pad(rows, return_tensors="pt") if self._batch > 1 else _alone(torch, rows[0])
        with torch.inference_mode():
            logits = self.model(**{key: padded[key].to(self.model.device) for key in keys}).logits.float().cpu()
        scores = torch.softmax(logits, -1) if self.head == "softmax" else torch.sigmoid(logits)
        told = [tuple(row) for row in scores.tolist()]
        if not all(math.isfinite(score) for row in told for score in row):
            hint = "Look at its weights, and load it in float32."
            raise ModelError("classifier", "a score that is no number", "what a classifier may say", hint)
        return told


def _head(config: Any) -> Head:
    """As transformers trains them: one of several labels, or each for itself."""
    is_each = config.problem_type == "multi_label_classification" or config.num_labels == 1
    return "sigmoid" if is_each else "softmax"


def _alone(torch: Any, row: dict[str, list[int]]) -> dict[str, Any]:
    return {key: torch.tensor([values]) for key, values in row.items()}


def _extent(offsets: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """From the first character to the last of those that have tokens; all, where none has."""
    real = [(start, end) for start, end in offsets if end > start]
    return (min(real)[0], max(end for _, end in real)) if real else (0, length)
