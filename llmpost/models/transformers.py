"""Any causal language model of transformers as a :class:`~llmpost.contracts.model.Model`.

It feeds batches of slots in one forward and keeps their caches. Architectures whose layers all attend to keys and
values by position share one joint cache; the others (recurrent, ALiBi, …) keep a cache a slot and are fed one
by one: slower, never wrong. Loading is `loading`'s business; text is the vocabulary's.
"""

from __future__ import annotations

import copy
import inspect
import itertools
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import torch
from transformers import PreTrainedModel
from transformers.cache_utils import DynamicCache, get_layer_types_and_kwargs

from llmpost.contracts.model import Feed, Slot
from llmpost.contracts.tokens import Logits, TokenId
from llmpost.errors import ModelError
from llmpost.models.joint_cache import JointCache


class _Cache(Protocol):
    """A model with its cache: what the two kinds have in common."""

    def open(self, slot: Slot) -> None: ...
    def length(self, slot: Slot) -> int: ...
    def forward(self, feeds: Sequence[tuple[Slot, Feed]]) -> Logits: ...
    def fork(self, slot: Slot, copy_slot: Slot) -> None: ...
    def close(self, slot: Slot) -> None: ...


class TransformersModel:
    """A loaded ``PreTrainedModel``. One lock guards it: callers in several threads take turns, a forward each.

    `forward` is what is called in place of the model itself: a compiled one, say.
    """

    def __init__(self, model: PreTrainedModel, forward: Any = None) -> None:
        self._model = model.eval()
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._open: set[Slot] = set()
        kind = _Joint if _can_be_joint(model) else _OneByOne
        self._cache: _Cache = kind(model, model if forward is None else forward)
        self.vocab_size = int(model.get_output_embeddings().weight.shape[0])

    def open(self) -> Slot:
        with self._lock:
            slot = Slot(next(self._numbers))
            self._cache.open(slot)
            self._open.add(slot)
            return slot

    def forward(self, feeds: Sequence[tuple[Slot, Feed]]) -> Logits:
        with self._lock, torch.no_grad():
            for slot, feed in feeds:
                self._check(slot, feed)
            return self._cache.forward(feeds)

    def fork(self, slot: Slot) -> Slot:
        with self._lock:
            self._known(slot)
            copy_slot = Slot(next(self._numbers))
            self._cache.fork(slot, copy_slot)
            self._open.add(copy_slot)
            return copy_slot

    def close(self, slot: Slot) -> None:
        with self._lock:
            self._known(slot)
            self._open.remove(slot)
            self._cache.close(slot)

    def _known(self, slot: Slot) -> None:
        if slot not in self._open:
            raise ModelError("model", f"slot {slot}", "an open slot", "Open one; a closed slot cannot be used again.")

    def _check(self, slot: Slot, feed: Feed) -> None:
        self._known(slot)
        length = self._cache.length(slot)
        if not 0 <= feed.keep <= length:
            raise ModelError(
                "model.forward", f"keep={feed.keep}", f"between 0 and the {length} tokens in the cache", "Keep fewer."
            )
        if not 1 <= feed.rows <= len(feed.tokens):
            raise ModelError(
                "model.forward",
                f"rows={feed.rows}",
                f"between 1 and the {len(feed.tokens)} tokens fed",
                "Ask for rows of tokens that are fed.",
            )
        if min(feed.tokens) < 0 or max(feed.tokens) >= self.vocab_size:
            bad = next(token for token in feed.tokens if not 0 <= token < self.vocab_size)
            raise ModelError(
                "model.forward",
                f"token id {bad}",
                f"in the vocabulary of {self.vocab_size}",
                "Use this model's own tokenizer.",
            )


class _Joint:
    """All slots in one cache, all feeds in one forward."""

    def __init__(self, model: PreTrainedModel, forward: Any) -> None:
        self._model = model
        self._forward = forward
        self._config = model.config.get_text_config(decoder=True)
        self._cache = JointCache(self._config.num_hidden_layers)
        self._rows: dict[Slot, int] = {}

    def open(self, slot: Slot) -> None:
        self._rows[slot] = self._cache.add_row()

    def length(self, slot: Slot) -> int:
        return self._cache.lengths[self._rows[slot]]

    def fork(self, slot: Slot, copy_slot: Slot) -> None:
        self._rows[copy_slot] = self._cache.copy_row(self._rows[slot])

    def close(self, slot: Slot) -> None:
        row = self._rows.pop(slot)
        last = self._cache.remove_row(row)
        for other, other_row in self._rows.items():
            if other_row == last:
                self._rows[other] = row

    def forward(self, feeds: Sequence[tuple[Slot, Feed]]) -> Logits:
        order = sorted(range(len(feeds)), key=lambda place: self._rows[feeds[place][0]])
        ordered = [feeds[place][1] for place in order]
        rows = [self._rows[feeds[place][0]] for place in order]
        keeps, counts = [feed.keep for feed in ordered], [len(feed.tokens) for feed in ordered]
        write = self._cache.plan(rows, keeps, counts, self._model.device)
        longest = max(counts)
        padded = [[0] * (longest - len(feed.tokens)) + list(feed.tokens) for feed in ordered]
        if write.columns is None:
            start = keeps[0]
            positions = torch.arange(start, start + longest, device=self._model.device).unsqueeze(0)
            mask = None
        else:
            positions = write.columns.where(write.columns < write.width, 0)
            mask = self._masks(positions, write.width)
        logits = self._forward(
            input_ids=torch.tensor(padded, device=self._model.device),
            attention_mask=mask,
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=max(feed.rows for feed in ordered),
        ).logits.float()
        self._cache.settle(rows, [keep + count for keep, count in zip(keeps, counts, strict=True)])
        return _in_order(logits, [feed.rows for feed in ordered], order)

    def _masks(self, positions: torch.Tensor, width: int) -> Any:
        """What each query of an uneven batch may see: one mask, or one for each kind of layer."""
        kinds = sorted(set(get_layer_types_and_kwargs(self._config)[0]))
        masks = {kind: self._mask(positions, width, kind) for kind in kinds}
        return masks if len(masks) > 1 else masks[kinds[0]]

    def _mask(self, positions: torch.Tensor, width: int, kind: str) -> torch.Tensor:
        queries, keys = positions[:, None, :, None], torch.arange(width, device=positions.device)
        seen = keys <= queries
        if kind == "sliding_attention":
            seen = seen & (keys > queries - self._config.sliding_window)
        if self._config._attn_implementation == "sdpa":
            return seen
        dtype = self._model.dtype
        return torch.zeros((), dtype=dtype, device=seen.device).where(seen, torch.finfo(dtype).min)


class _OneByOne:
    """Each slot with its own cache, each feed its own forward. A cache that cannot be cut back is built anew."""

    def __init__(self, model: PreTrainedModel, forward: Any) -> None:
        self._model = model
        self._forward = forward
        self._config = model.config.get_text_config(decoder=True)
        taken = inspect.signature(model.forward).parameters
        self._cache_name = next((name for name in ("past_key_values", "cache_params") if name in taken), None)
        self._can_keep = "logits_to_keep" in taken
        self._caches: dict[Slot, Any] = {}
        self._tokens: dict[Slot, list[TokenId]] = {}

    def open(self, slot: Slot) -> None:
        self._caches[slot] = DynamicCache(config=self._config)
        self._tokens[slot] = []

    def length(self, slot: Slot) -> int:
        return len(self._tokens[slot])

    def fork(self, slot: Slot, copy_slot: Slot) -> None:
        self._caches[copy_slot] = copy.deepcopy(self._caches[slot])
        self._tokens[copy_slot] = list(self._tokens[slot])

    def close(self, slot: Slot) -> None:
        del self._caches[slot], self._tokens[slot]

    def forward(self, feeds: Sequence[tuple[Slot, Feed]]) -> Logits:
        return torch.cat([self._one(slot, feed) for slot, feed in feeds])

    def _one(self, slot: Slot, feed: Feed) -> Logits:
        kept, new = self._tokens[slot][: feed.keep], list(feed.tokens)
        if self._cache_name is None or not self._can_crop(slot, len(self._tokens[slot]) - feed.keep):
            self.open(slot)
            kept, new = [], kept + new
        # A recurrent layer starts afresh when it is given several tokens: behind others they go in one at a time.
        alone = bool(kept) and any(self._caches[slot].is_linear)
        rows = [self._logits(slot, part, feed.rows) for part in ([[token] for token in new] if alone else [new])]
        self._tokens[slot] = kept + new
        return torch.cat(rows)[-feed.rows :].float()

    def _logits(self, slot: Slot, tokens: Sequence[TokenId], rows: int) -> torch.Tensor:
        """Rows of the last tokens; where the model can, only those wanted: the others are wide and unused."""
        options: dict[str, Any] = {"logits_to_keep": rows} if self._can_keep else {}
        if self._cache_name:
            options |= {self._cache_name: self._caches[slot], "use_cache": True}
        logits: torch.Tensor = self._forward(
            input_ids=torch.tensor([tokens], device=self._model.device), **options
        ).logits
        return logits[0]

    def _can_crop(self, slot: Slot, surplus: int) -> bool:
        """Cut the slot's cache back if its layers can do that."""
        cache = self._caches[slot]
        if surplus and all(getattr(layer, "is_croppable", False) for layer in cache.layers):
            cache.crop(-surplus)
            return True
        return surplus == 0


def _can_be_joint(model: PreTrainedModel) -> bool:
    """Whether every layer attends by position to keys and values, and the forward takes positions from outside."""
    config = model.config.get_text_config(decoder=True)
    taken: Mapping[str, Any] = inspect.signature(model.forward).parameters
    if not {"position_ids", "past_key_values", "logits_to_keep"} <= taken.keys():
        return False
    if getattr(config, "_attn_implementation", None) not in {"sdpa", "eager"} or getattr(config, "alibi", False):
        return False
    try:
        layer_types, _ = get_layer_types_and_kwargs(config)
    except AttributeError:
        return False
    return set(layer_types) <= {"full_attention", "sliding_attention"}


def _in_order(logits: torch.Tensor, rows: Sequence[int], order: Sequence[int]) -> Logits:
    """The wanted rows of ``[feeds, most rows, vocab]``, in the order in which the feeds came."""
    if list(order) == list(range(len(order))) and len(set(rows)) == 1:
        return logits.flatten(0, 1)
    pieces = dict(
        zip(order, (logits[place, logits.shape[1] - count :] for place, count in enumerate(rows)), strict=True)
    )
    return torch.cat([pieces[place] for place in range(len(order))])
