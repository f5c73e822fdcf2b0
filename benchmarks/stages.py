"""The sampling stack alone: transformers' processors, softmax and multinomial, against llmpost's sampler.

    python benchmarks/stages.py [--rounds 7] [--vocab 131072] [--out benchmarks/results/stages.md]

The recipe (repetition penalty 1.1 over 200 tokens of context, temperature 0.8, top-k 50, top-p 0.9) and pure top-p
(temperature 0.8, top-p 0.9) on rows that look like a language model's (a power law; nucleus about 7), peaked ones
(nucleus 2) and flat ones (normal noise; nucleus half of the vocabulary). Both sides take float32 logits on the host
and end with token ids on the host. All arms run in one process, three calls of each in turn, round after round; numbers
are medians.
llmpost also runs with settings that differ from row to row; transformers cannot.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from measuring import machine_line
from transformers import (
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from llmpost.contracts.laps import Laps
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context, Logits
from llmpost.logits import Chain, RepetitionPenalty, Sampler, Temperature, TopK, TopP

CONTEXT = 200
CALLS = 3  # of an arm in a row
SHAPES = ("LLM-like", "peaked", "flat")


def make_rows(shape: str, rows: int, vocab: int) -> Logits:
    """A power law with the best ids at random places; its exponent makes the nucleus. Or plain normal noise."""
    generator = torch.Generator().manual_seed(rows)
    if shape == "flat":
        return torch.randn(rows, vocab, generator=generator)
    exponent = 1.55 if shape == "LLM-like" else 2.2
    law = -exponent * torch.arange(1, vocab + 1).log() + 0.1 * torch.randn(rows, vocab, generator=generator)
    return torch.stack([row[torch.randperm(vocab, generator=generator)] for row in law])


def nucleus(logits: Logits, temperature: float = 0.8, p: float = 0.9) -> int:
    """The median number of ids that top-p keeps."""
    masses = (logits / temperature).softmax(1).sort(dim=1, descending=True).values
    return int(((masses.cumsum(1) - masses) < p).sum(1).median())


def chain(arm: str, row: int) -> Chain:
    """Row 0's settings are those of transformers; each further row has its own."""
    temperature, top_k, top_p, penalty = 0.8 + 0.001 * row, 50 - row % 16, 0.9 - 0.001 * row, 1.1 + 0.001 * row
    if arm == "top-p":
        return Chain((Temperature(temperature), TopP(top_p)))
    return Chain((RepetitionPenalty(penalty), Temperature(temperature), TopK(top_k), TopP(top_p)))


def theirs(arm: str, contexts: torch.Tensor) -> Callable[[Logits], object]:
    """What ``generate()`` does between a row of logits and its token."""
    processors = LogitsProcessorList()
    if arm == "recipe":
        processors.append(RepetitionPenaltyLogitsProcessor(1.1))
    processors.append(TemperatureLogitsWarper(0.8))
    if arm == "recipe":
        processors.append(TopKLogitsWarper(50))
    processors.append(TopPLogitsWarper(0.9))

    def sample(logits: Logits) -> object:
        probabilities = processors(contexts, logits).softmax(-1)
        return torch.multinomial(probabilities, num_samples=1).squeeze(1).tolist()

    return sample


def ours(chains: Sequence[Chain], contexts: torch.Tensor) -> Callable[[Logits], object]:
    sampler, laps = Sampler(chains), Laps(lambda: 0.0)
    steps = [Step(Context.of(ids), seed=row) for row, ids in enumerate(contexts.tolist())]

    def sample(logits: Logits) -> object:
        picks = sampler.draw(logits, steps, laps)
        return [pick.token for pick in picks if isinstance(pick, Pick)]

    return sample


def medians(arms: dict[str, Callable[[Logits], object]], logits: Logits, rounds: int) -> list[float]:
    """Seconds of each arm. Whoever is called owns the rows, so each call gets them anew, before its time starts."""
    seconds: dict[str, list[float]] = {name: [] for name in arms}
    room = logits.clone()
    for _ in range(rounds):
        for name, sample in arms.items():
            for _ in range(CALLS):
                room.copy_(logits)
                start = time.perf_counter()
                sample(room)
                seconds[name].append(time.perf_counter() - start)
    return [statistics.median(values) for values in seconds.values()]


def measure(arm: str, shape: str, rows: int, vocab: int, rounds: int) -> tuple[list[str], float]:
    """A line of the table, and how much of transformers' time llmpost takes."""
    logits = make_rows(shape, rows, vocab)
    contexts = torch.randint(vocab, (rows, CONTEXT), generator=torch.Generator().manual_seed(0))
    arms = {
        "transformers": theirs(arm, contexts),
        "equal": ours([chain(arm, 0)] * rows, contexts),
        "different": ours([chain(arm, row) for row in range(rows)], contexts),
    }
    rival, equal, different = medians(arms, logits, rounds)
    times = [f"{rival * 1e3:.2f}", f"{equal * 1e3:.2f}", f"{rival / equal:.1f}x"]
    cells = [arm, str(rows), shape, str(nucleus(logits)), *times, f"{different / equal:.2f}" if rows > 1 else ""]
    return cells, equal / rival


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--vocab", type=int, default=131072)
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    head = [
        "stack",
        "rows",
        "logits",
        "nucleus",
        "transformers ms",
        "llmpost ms",
        "transformers / llmpost",
        "different / equal",
    ]
    lines = [
        f"# The sampling stack on {options.vocab} ids",
        "",
        f"`python benchmarks/stages.py --rounds {options.rounds} --vocab {options.vocab}`; medians. "
        f"{machine_line('torch', 'transformers')}, {torch.get_num_threads()} threads.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * 3}{'--:|' * (len(head) - 3)}",
    ]
    ratios = []
    for arm in ("recipe", "top-p"):
        for rows in options.rows:
            for shape in SHAPES:
                cells, ratio = measure(arm, shape, rows, options.vocab, options.rounds)
                ratios.append(ratio)
                lines.append(f"| {' | '.join(cells)} |")
                print(lines[-1], flush=True)
    mean = math.exp(-sum(map(math.log, ratios)) / len(ratios))
    lines += ["", f"Geometric mean of the ratios: {mean:.1f}x."]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
