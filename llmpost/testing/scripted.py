"""Models whose every logit is known, and an engine around them.

A :class:`ScriptedModel` is a real :class:`~llmpost.contracts.model.Model` whose logits are a pure function of the
tokens before them, so decoders, stages and drivers can be held to exact laws without weights or noise. For tests of
llmpost and of what is built on it.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from llmpost.contracts.model import Feed, Slot
from llmpost.contracts.tokens import Logits, TokenId
from llmpost.engine import Engine, PolicyLike
from llmpost.errors import ModelError
from llmpost.models import LoadedModel
from llmpost.vocabulary import Prompts, Vocabulary

Script = Callable[[tuple[TokenId, ...]], Sequence[float]]
"""From all tokens so far to the logits of the next one."""


class ScriptedModel:
    """A model that says what its script says.

    >>> model = ScriptedModel(lambda tokens: [0.0, float(len(tokens))], vocab_size=2)
    >>> slot = model.open()
    >>> model.forward([(slot, Feed((0, 0, 1), keep=0, rows=2))]).tolist()
    [[0.0, 2.0], [0.0, 3.0]]
    """

    def __init__(self, script: Script, vocab_size: int) -> None:
        self._script = script
        self.vocab_size = vocab_size
        self._numbers = itertools.count()
        self._tokens: dict[Slot, tuple[TokenId, ...]] = {}
        self.num_forwards = 0

    @property
    def num_open(self) -> int:
        """How many slots are open: nothing may be left when a run is over."""
        return len(self._tokens)

    def open(self) -> Slot:
        slot = Slot(next(self._numbers))
        self._tokens[slot] = ()
        return slot

    def forward(self, feeds: Sequence[tuple[Slot, Feed]]) -> Logits:
        if len({slot for slot, _ in feeds}) < len(feeds):
            raise ModelError("model.forward", "a slot fed twice", "one feed for each slot", "Join the feeds.")
        for slot, feed in feeds:
            self._check(slot, feed)
        self.num_forwards += 1
        rows = [row for slot, feed in feeds for row in self._rows(slot, feed)]
        return torch.tensor(np.array(rows, dtype=np.float32))

    def fork(self, slot: Slot) -> Slot:
        copy = self.open()
        self._tokens[copy] = self._tokens[slot]
        return copy

    def close(self, slot: Slot) -> None:
        del self._tokens[slot]

    def _check(self, slot: Slot, feed: Feed) -> None:
        length = len(self._tokens[slot])
        if not 0 <= feed.keep <= length:
            raise ModelError(
                "model.forward", f"keep={feed.keep}", f"between 0 and {length}", "Keep what is in the cache."
            )
        if any(not 0 <= token < self.vocab_size for token in feed.tokens):
            raise ModelError(
                "model.forward", "a token id out of range", f"below {self.vocab_size}", "Mend the decoder."
            )

    def _rows(self, slot: Slot, feed: Feed) -> list[Sequence[float]]:
        tokens = self._tokens[slot] = (*self._tokens[slot][: feed.keep], *map(int, feed.tokens))
        ends = range(len(tokens) - feed.rows + 1, len(tokens) + 1)
        return [self._script(tokens[:end]) for end in ends]


def random_script(vocab_size: int, seed: int = 0, spread: float = 3.0) -> Script:
    """Normal logits that depend on every token before them, and on nothing else."""

    def script(tokens: tuple[TokenId, ...]) -> Sequence[float]:
        digest = hashlib.sha256(repr((seed, tokens)).encode()).digest()
        generator = np.random.default_rng(int.from_bytes(digest[:8], "little"))
        return list(generator.normal(0.0, spread, vocab_size))

    return script


def table_script(table: Mapping[tuple[TokenId, ...], Sequence[float]], otherwise: Sequence[float]) -> Script:
    """Logits looked up by the tokens so far."""
    return lambda tokens: table.get(tokens, otherwise)


class LongestMatch:
    """A tokenizer for a bare list of tokens: the longest one that fits, again and again. Has no chat template."""

    chat_template = None

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._longest = max(map(len, vocabulary.tokens))

    def __call__(self, text: str) -> Any:
        rest, ids = text.encode(), []
        while rest:
            sizes = range(min(self._longest, len(rest)), 0, -1)
            size = next((size for size in sizes if self._vocabulary.token_id(rest[:size]) is not None), 0)
            if not size:
                raise ValueError(f"no token begins {rest[:8]!r}")
            ids.append(self._vocabulary.token_id(rest[:size]))
            rest = rest[size:]
        return SimpleNamespace(input_ids=ids)

    def apply_chat_template(self, conversation: Any, **options: Any) -> Any:
        raise ValueError("a scripted model has no chat template")


def scripted_engine(
    script: Script,
    tokens: Sequence[bytes],
    end_ids: Iterable[TokenId] = (),
    context_length: int = 4096,
    policy: PolicyLike = "bare",
) -> Engine:
    """An engine around a scripted model whose tokens have these bytes.

    >>> engine = scripted_engine(lambda tokens: [0.0, 1.0], [b"a", b"b"])
    >>> engine.generate("ab", max_new_tokens=3).text
    'bbb'
    """
    vocabulary = Vocabulary.from_tokens(tokens, eos_ids=end_ids)
    model = ScriptedModel(script, len(tokens))
    return Engine(LoadedModel("scripted", model, vocabulary, Prompts(LongestMatch(vocabulary)), context_length), policy)
