"""Trains the moderation classifier from one seed: `python -m tools.moderation.train --data FOLDER --out FILE.npz`.

A few minutes on one core. Opinions are fitted first; the network that makes scores of them is taught by what each
opinion says of examples that it was not fitted to. `--without-fold K` leaves a fifth of all examples out, kin together,
so that what comes out can be measured on them (`benchmarks/moderation.py`).
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize

from llmpost.guards.moderation.classifier import Classifier
from llmpost.guards.moderation.lexicon import lexicon
from llmpost.guards.moderation.network import Network
from llmpost.guards.moderation.running import Opinions

from .corpus import Corpus
from .example import CATEGORIES, Example
from .labelled import labelled
from .linear import Told, fitted
from .network import trained
from .written import OPINIONS, written

NUM_FOLDS = 5
NUM_PARTS = 4
"""Opinions are asked about a quarter of the examples that they were not fitted to."""

SHARED = tuple(name for name in CATEGORIES if name != "toxicity")
COLUMNS = (*SHARED, "said_toxic", "said_hateful", "tweet_hate", "tweet_offensive", *OPINIONS)
"""The opinions: those of the first names are about the categories, as the moderation set labels them."""
_WRITTEN_WEIGHT = 0.04
"""Of a written sentence in a column of the moderation set: there to fill gaps, not to outnumber."""
_PENALTIES = dict.fromkeys(SHARED, 5.0)

WEIGHTS = {
    "openai_moderation": 1.0,
    "surge_toxicity": 1.0,
    "toxigen_demos": 0.5,
    "written": 0.05,
    "hh_dialog_prompts": 0.1,
}
"""What an example of each source counts where scores are taught; of others, no score is."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plan:
    seed: int = 0
    times: int = 14
    """Fillings of each written template."""
    fold: int | None = None


def fold_of(example: Example) -> int:
    return zlib.crc32(example.kin.encode()) % NUM_FOLDS


def part_of(example: Example) -> int:
    return zlib.crc32(example.kin.encode()) // NUM_FOLDS % NUM_PARTS


def taught(folder: Path, plan: Plan) -> list[Example]:
    every = [*labelled(folder, plan.seed), *written(plan.times, plan.seed)]
    return [example for example in every if fold_of(example) != plan.fold]


def told(examples: Sequence[Example]) -> Told:
    values = np.full((len(examples), len(COLUMNS)), np.nan, np.float32)
    weights = np.ones_like(values)
    for number, example in enumerate(examples):
        known = dict(example.opinions)
        if example.source in ("openai_moderation", "written"):
            known |= {name: value for name, value in example.labels.items() if name in SHARED}
        for column, name in enumerate(COLUMNS):
            if name in known:
                values[number, column] = known[name]
                if example.source == "written" and name in SHARED:
                    weights[number, column] = _WRITTEN_WEIGHT
    penalties = np.array([_PENALTIES.get(name, 1.0) for name in COLUMNS], np.float32)
    return Told(values, weights, penalties)


def opinions_of(features: object, known: Told, rows: NDArray[np.bool_]) -> tuple[NDArray[np.int8], Opinions]:
    """Fitted to some of the rows, and rounded to what a byte holds."""
    part = Told(known.values[rows], known.weights[rows], known.penalties)
    weights, added = fitted(features[rows], part)  # type: ignore[index]
    # the few that weigh most are cut, for all others to be told finer
    scale = np.maximum(np.quantile(np.abs(weights), 0.9999, axis=0) * 1.5, 1e-6) / 127
    table = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    return table, Opinions(scale.astype(np.float64), added.astype(np.float64))


def train(examples: Sequence[Example], plan: Plan) -> Classifier:
    corpus = Corpus.of(examples)
    features, known = corpus.features(), told(examples)
    parts = np.array([part_of(example) for example in examples])
    inputs = np.zeros(0)
    for part in range(NUM_PARTS):
        begun = time.monotonic()
        asked = corpus.inputs(*opinions_of(features, known, parts != part))
        inputs = np.where((parts == part)[:, None], asked, inputs if len(inputs) else 0)
        print(f"opinions without part {part}: {time.monotonic() - begun:.0f} s", flush=True)
    table, opinions = opinions_of(features, known, parts >= 0)
    network = _network(examples, inputs, parts, plan.seed)
    return Classifier(CATEGORIES, table, opinions, network, lexicon())


def _network(examples: Sequence[Example], inputs: Values, parts: NDArray[np.int64], seed: int) -> Network:
    """Taught by all that has scores, and calibrated on what each was not taught by."""
    weights = np.array([WEIGHTS.get(example.source, 0.0) for example in examples])
    values = np.array([[example.labels.get(name, np.nan) for name in CATEGORIES] for example in examples])
    rows = weights > 0
    inputs, values, weights, parts = inputs[rows], values[rows], weights[rows], parts[rows]
    logits = np.zeros(values.shape)
    for part in range(NUM_PARTS):
        away = parts == part
        logits[away] = trained(inputs[~away], values[~away], weights[~away], seed).logits(inputs[away])
    return calibrated(trained(inputs, values, weights, seed), logits, values, weights)


def calibrated(network: Network, logits: Values, values: Values, weights: Values) -> Network:
    """By category the line through the logits that makes them say how often they are right."""
    lines = [_line(logits[:, at], values[:, at], weights) for at in range(values.shape[1])]
    slopes, shifts = np.array(lines).T
    weight, added = network.second
    return replace(network, second=(np.round(weight * slopes * 4096) / 4096, added * slopes + shifts))


def _line(logits: Values, values: Values, weights: Values) -> Values:
    known = ~np.isnan(values)
    logits, values, weights = logits[known], values[known], weights[known]

    def loss(line: Values) -> float:
        said = line[0] * logits + line[1]
        return float((weights * (np.logaddexp(0, said) - values * said)).sum())

    return np.asarray(minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/datasets"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without-fold", type=int, choices=range(NUM_FOLDS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    begun, plan = time.monotonic(), Plan(fold=options.without_fold)
    examples = taught(options.data, plan)
    print(f"{len(examples):,} examples", flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    train(examples, plan).save(options.out)
    print(f"{time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
