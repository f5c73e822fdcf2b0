"""What each decode preset does to the bundled model's law, and to a handful of answers to one prompt.

    python benchmarks/presets.py [--candidates 8] [--out benchmarks/results/presets.md]

*Left*: how many tokens may still be written at a step, and *best*: with what probability the likeliest of them is, both
over the steps of what was written. *Distinct 2, 3*: of all pairs and triples of tokens in the answers to a prompt, the
share that are different ones. *As greedy*: the share of answers that are the greedy one, token by token, and how many
tokens the others share with it before they part. The model is very small and was taught three tasks: what is the more
and what the less is the same with others, the numbers are not.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from statistics import mean
from typing import Any

from measuring import machine_line, number, table

from llmpost.contracts.result import Result
from llmpost.engine import Engine
from llmpost.policy.presets import PRESETS

MOST_TOKENS, MOST_LEFT, SEED = 48, 1000, 8
PROMPTS = {
    "extraction": [
        "Extract the person: Maria Chen, 34, lives in Lisbon.",
        "Extract the order: 3 desk lamps at 24.50 each, to be sent on 4 May.",
        "Extract the event: Concert on Friday, 12 June at 19:30 in the town hall.",
        "Extract the person: our new colleague Omar Haddad is 41 and comes from Oslo.",
    ],
    "support": [
        "My parcel has not arrived yet. What can I do?",
        "How do I change the address of my order?",
        "The lamp I bought is broken. Can I send it back?",
        "When do you open on Saturday?",
    ],
}


def answers(engine: Engine, prompt: str, preset: str, candidates: int) -> list[Result]:
    """As many as asked for; greedy decoding has one to give."""
    own: dict[str, Any] = {
        "preset": preset,
        "seed": SEED,
        "max_new_tokens": MOST_TOKENS,
        "top_logprobs": MOST_LEFT,
        "logprobs": True,
    }
    if is_greedy(preset):
        return [engine.generate(prompt, **own)] * candidates
    return list(engine.generate(prompt, **own, n=candidates).candidates)


def is_greedy(preset: str) -> bool:
    return not PRESETS[preset]["temperature"]


def row(engine: Engine, task: str, preset: str, candidates: int) -> list[object]:
    by_prompt = [answers(engine, prompt, preset, candidates) for prompt in PROMPTS[task]]
    greedy = [answers(engine, prompt, "precise", 1)[0] for prompt in PROMPTS[task]]
    laws = [step.top_staged for results in by_prompt for result in results for step in result.logprobs or ()]
    pairs = list(zip(by_prompt, greedy, strict=True))
    equal = [[result.token_ids == best.token_ids for result in results] for results, best in pairs]
    shared = [shared_tokens(result, best) for results, best in pairs for result in results]
    return [
        task,
        preset,
        "1" if is_greedy(preset) else number(mean(sum(math.isfinite(each.logprob) for each in law) for law in laws)),
        "1" if is_greedy(preset) else number(mean(math.exp(law[0].logprob) for law in laws)),
        number(mean(distinct(results, 2) for results in by_prompt)),
        number(mean(distinct(results, 3) for results in by_prompt)),
        f"{100 * mean(mean(each) for each in equal):.0f} %",
        number(mean(shared)),
    ]


def distinct(results: Sequence[Result], size: int) -> float:
    grams = [
        tuple(result.token_ids[start : start + size])
        for result in results
        for start in range(len(result.token_ids) - size + 1)
    ]
    return len(set(grams)) / len(grams) if grams else 0.0


def shared_tokens(result: Result, other: Result) -> int:
    pairs = zip(result.token_ids, other.token_ids, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=8)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    engine = Engine.load("tiny", policy="bare")
    heads = ["task", "preset", "left", "best", "distinct 2", "distinct 3", "as greedy", "tokens shared"]
    rows = [row(engine, task, preset, options.candidates) for task in PROMPTS for preset in PRESETS]
    title = f"# Presets on the bundled model: {options.candidates} answers to each of {len(PROMPTS['support'])} prompts"
    text = "\n\n".join([title, machine_line(), table(heads, rows, num_names=2)]) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
