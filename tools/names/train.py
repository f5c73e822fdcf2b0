"""Trains the finder of names from one seed: `python -m tools.names.train --data FOLDER --out FILE.npz`.

A few minutes on one core. `--without` leaves a labelled set out, `--without-fold K` every fifth template, so
that what comes out can be measured on them (`benchmarks/names.py`).
"""

from __future__ import annotations

import argparse
import random
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from llmpost.guards.names.features import CASED, NUM_FEATURES, WHOLE, features
from llmpost.guards.names.tagger import FIELD
from llmpost.guards.names.words import words_of

from .draw import Draw, lines
from .example import LABELS, Example
from .labelled import PATTERNS, PRESIDIO, labelled, varied
from .network import NOTHING, VALUE_STEP, WEIGHT_STEP, Network
from .prose import Usage, carried, prose
from .slots import filled, whole

NUM_FOLDS = 5
UNTAUGHT = -100


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is taught, and how."""

    seed: int = 0
    num_drawn: int = 60_000
    num_variants: int = 3
    num_epochs: int = 3
    rows_in_batch: int = 4096
    rate: float = 4e-3
    without: tuple[str, ...] = ()
    fold: int | None = None


def is_held_out(example: Example, fold: int | None) -> bool:
    """An example of unknown template never is: leave its whole set out."""
    return fold is not None and example.key != "" and zlib.crc32(example.key.encode()) % NUM_FOLDS == fold


def taught(folder: Path, plan: Plan) -> list[Example]:
    """All examples of one training, in an order that the seed decides."""
    dice = random.Random(plan.seed)
    given = [
        example
        for name in (PRESIDIO, PATTERNS)
        if name not in plan.without
        for example in labelled(folder, name)
        if not is_held_out(example, plan.fold)
    ]
    draw, texts = Draw(dice, _known(given)), prose(folder)
    usage = Usage.of(texts)
    chosen = [*given, *(varied(example, draw) for _ in range(plan.num_variants) for example in given)]
    chosen += [whole(filled(_unescaped(draw.pick(lines("templates"))), draw)) for _ in range(plan.num_drawn)]
    chosen += [carried(text, draw, usage) for _ in range(2) for text in texts]
    dice.shuffle(chosen)
    return [_cased(example, dice) for example in chosen]


def _known(given: Iterable[Example]) -> dict[str, Sequence[str]]:
    known: dict[str, set[str]] = {}
    for example in given:
        for entity in example.entities:
            known.setdefault(entity.label, set()).add(example.text[entity.start : entity.end])
    return {label: sorted(spelling for spelling in known[label] if len(spelling) > 2) for label in known}


def _unescaped(template: str) -> str:
    return template.replace("\\n", "\n").replace("\\t", "\t")


def _cased(example: Example, dice: random.Random) -> Example:
    """At times people write all small, or all in capitals."""
    drawn, text = dice.random(), example.text
    changed = text.lower() if drawn < 0.15 else text.upper() if drawn < 0.2 else text
    return replace(example, text=changed) if len(changed) == len(text) else example


@dataclass(frozen=True, slots=True)
class Stream:
    """Words of many examples, one below the other, with rows of nothing between them."""

    ids: NDArray[np.int64]
    labels: NDArray[np.int64]
    joins: NDArray[np.float32]
    """Whether a word goes on with the entity of the word before; not a number where that is not taught."""


def stream(chosen: Iterable[Example]) -> Stream:
    rows = [_rows(example) for example in chosen]
    ids, labels, joins = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return Stream(ids, labels, joins)


def _rows(example: Example) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    words = words_of(example.text, is_end=True)
    at = np.arange(len(words)) + FIELD * np.cumsum(words.is_first)
    size = (int(at[-1]) + 1 if len(at) else 0) + FIELD
    owner = np.full(len(words), -1)
    for i, entity in enumerate(example.entities):
        owner[(words.starts < entity.end) & (words.ends > entity.start)] = i
    of_entity = np.array([LABELS.index(e.label) for e in example.entities] + [0])
    label = of_entity[owner]
    for start, end in example.untaught:
        label[(words.starts < end) & (words.ends > start)] = UNTAUGHT
    ids, labels = np.full((size, NUM_FEATURES), NOTHING), np.full(size, UNTAUGHT)
    joins = np.full(size, np.nan, np.float32)
    ids[at], labels[at] = features(words), label
    before = np.append(-1, owner[:-1])[: len(owner)]
    both = (owner >= 0) & (before >= 0)
    joins[at[both]] = (owner == before)[both]
    return ids, labels, joins


def train(data: Stream, plan: Plan) -> Network:
    """Deterministic on one thread of one machine."""
    torch.manual_seed(plan.seed)
    network = Network(len(LABELS) + 1)
    ids, labels, joins = (torch.from_numpy(array) for array in (data.ids, data.labels, data.joins))
    optimizer = torch.optim.Adam(network.parameters(), lr=plan.rate, betas=(0.9, 0.98))
    starts = torch.arange(0, len(ids), plan.rows_in_batch)
    num_steps, step = len(starts) * plan.num_epochs, 0
    for epoch in range(plan.num_epochs):
        begun, total = time.monotonic(), 0.0
        for start in starts[torch.randperm(len(starts))].tolist():
            piece = slice(start, start + plan.rows_in_batch)
            loss = _loss(network(_dropped(ids[piece])), labels[piece], joins[piece])
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * min(1.0, step / 100) * (1 - step / num_steps) + 1e-6
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            step, total = step + 1, total + loss.item()
        print(f"epoch {epoch}: loss {total / len(starts):.4f}, {time.monotonic() - begun:.0f} s", flush=True)
    return network


def _dropped(ids: torch.Tensor) -> torch.Tensor:
    """Some words are not known: what they end with, their shape and their neighbours must do."""
    ids, unknown = ids.clone(), torch.rand(len(ids)) < 0.3
    ids[unknown, WHOLE] = ids[unknown, CASED] = NOTHING
    ids[torch.rand(ids.shape) < 0.05] = NOTHING
    return ids


def _loss(logits: torch.Tensor, labels: torch.Tensor, joins: torch.Tensor) -> torch.Tensor:
    told = ~torch.isnan(joins)
    loss = F.cross_entropy(logits[:, :-1], labels, ignore_index=UNTAUGHT, label_smoothing=0.02)
    return loss + 0.3 * F.binary_cross_entropy_with_logits(logits[told, -1], joins[told])


def save(network: Network, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = network.arrays()
    np.savez_compressed(out, labels=np.array(LABELS), scale=np.float64(WEIGHT_STEP * VALUE_STEP), **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/datasets"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", action="append", default=[], choices=[PRESIDIO, PATTERNS])
    parser.add_argument("--without-fold", type=int, choices=range(NUM_FOLDS))
    parser.add_argument("--epochs", type=int, default=Plan().num_epochs)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    plan = Plan(without=tuple(options.without), fold=options.without_fold, num_epochs=options.epochs)
    begun = time.monotonic()
    data = stream(taught(options.data, plan))
    print(f"{len(data.ids):,} rows in {time.monotonic() - begun:.0f} s", flush=True)
    save(train(data, plan), options.out)


if __name__ == "__main__":
    main()
