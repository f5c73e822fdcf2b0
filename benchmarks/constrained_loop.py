"""What a constraint adds to an answer, end to end: the loop with a constraint less the same loop without one.

    python benchmarks/constrained_loop.py --vocabulary FILE.npz [--rounds 3] [--out FILE.md]

A random Llama of next to no size over a real vocabulary; it never writes the end, and no language here can end within
the 64 tokens of an answer. A cell says three things: the milliseconds that the first request adds, with nothing in
store and compiling included; the milliseconds that the same request adds later until it has its first token; the
microseconds that each further token of a row adds. *Lazy* is the default, *full* makes every mask by hand of a stage.
A random model agrees with a narrow language as little as a model can: what it likes best is hardly ever allowed, which
is the worst that lazy masks can meet.

Counted is the time outside the model's forward, as the loop's own laps tell it: the microseconds asked for would
drown in the rest. Arms take turns, numbers are medians over rounds of the difference within a round, and the line
"none", the free loop against itself, is the noise. Rivals that are installed run in transformers' ``generate()``; of
them the time inside their logits processor is counted and nothing around it, greedy alone, as a processor does the
same whatever draws.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from arms import NUM_NEW, Arm, Costs, added
from loop import NUCLEUS, NoPrompts
from masks import WORDS
from measuring import machine_line, number, table
from plugged import Rival, installed
from rivals import Tokens, read_vocabulary
from transformers import LlamaConfig, LlamaForCausalLM

from llmpost.constraints.space import Space
from llmpost.engine import Engine
from llmpost.logits import Constrained
from llmpost.models import LoadedModel, TransformersModel

HIDDEN = 16
HEAD_SCALE = 6.0  # the deviation of logits: about as peaked as a trained model's
NUM_PROMPT = 32
COMPILE_SECONDS = 3.0  # for a rival's pattern, before it is given up
SETTINGS: dict[str, dict[str, Any]] = {
    "greedy": {"temperature": 0},
    "recipe": {"temperature": 0.8, "top_k": 50, "top_p": 0.9},
    "top-p alone": NUCLEUS,
}
KINDS = ("lazy", "full")


def make_texts(count: int, num_words: int) -> list[str]:
    draw = random.Random(1)
    return [" ".join(draw.choices(WORDS, k=num_words)) for _ in range(count)]


RECORD = r'\{"name": "[^"\\\x00-\x1f]{1,40}", "age": [0-9]{1,3}, "tags": \[("[a-z]{1,10}", ){0,3}"[a-z]{1,10}"\]\}\n'
LANGUAGES: dict[str, dict[str, Any]] = {
    "any 2,000": {"regex": r".{0,2000}"},
    "JSON lines": {"regex": f"({RECORD}){{64,}}"},
    "choice of 10,000": {"choice": make_texts(10_000, 40)},
    "digits": {"regex": r"[0-9]{400}"},
}


@dataclass(frozen=True, slots=True)
class Bench:
    """A model over a vocabulary, in llmpost's loop and in transformers'; the prompts of all rows."""

    tokens: Tokens
    model: LlamaForCausalLM
    engine: Engine
    prompts: torch.Tensor

    @classmethod
    def of(cls, tokens: Tokens, num_rows: int) -> Bench:
        torch.manual_seed(0)
        size = tokens.vocabulary.size
        config = LlamaConfig(
            vocab_size=size, hidden_size=HIDDEN, intermediate_size=2 * HIDDEN, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=512, bos_token_id=None, eos_token_id=None, pad_token_id=0,
        )  # fmt: skip
        model = LlamaForCausalLM(config).eval().requires_grad_(False)
        model.lm_head.weight.mul_(HEAD_SCALE / (config.initializer_range * config.hidden_size**0.5))
        model.lm_head.weight[tokens.end_id] = 0  # never near the best of so many
        loaded = LoadedModel("tiny-random", TransformersModel(model), tokens.vocabulary, NoPrompts(), 512)  # type: ignore[arg-type]  # no text
        return cls(tokens, model, Engine(loaded, "bare"), torch.randint(size, (num_rows, NUM_PROMPT)))

    def ours(self, **arguments: Any) -> Arm:
        prompts: list[list[int]] = self.prompts.tolist()

        def run(num_new: int) -> float:
            start = time.perf_counter()
            results = self.engine.generate(prompts, max_new_tokens=num_new, seed=1, **arguments)
            seconds = time.perf_counter() - start
            for result in results:
                if len(result.token_ids) != num_new:
                    raise ValueError(f"{len(result.token_ids)} tokens were written: {result.error or result.text}")
            return seconds - results[0].timings.seconds_by_stage["forward"]

        return Arm(run, self._forget if arguments.keys() & {"regex", "choice"} else lambda: None)

    def theirs(self, rival: Rival, pattern: str) -> Arm:
        mask = torch.ones_like(self.prompts)

        def run(num_new: int) -> float:
            start = time.perf_counter()
            processor = rival.processor(pattern)
            seconds = time.perf_counter() - start
            self.model.generate(
                self.prompts, attention_mask=mask, max_new_tokens=num_new, do_sample=False, logits_processor=[processor]
            )
            return seconds + processor.seconds

        return Arm(run, rival.forget)

    def _forget(self) -> None:
        vocabulary = self.tokens.vocabulary
        vocabulary.companions[Space] = Space(vocabulary)


def our_rows(bench: Bench, rounds: int) -> Iterator[list[str]]:
    """For each way to draw and each language: lazy and full masks."""
    for name, settings in SETTINGS.items():
        arms = {("none", "lazy"): bench.ours(**settings)}
        for language, keyword in LANGUAGES.items():
            arms[language, "lazy"] = bench.ours(**settings, **keyword)
            arms[language, "full"] = bench.ours(**settings, **keyword, logits_processor=[Constrained()])
        costs = added(arms, rounds, bench.ours(**settings))
        for language in ("none", *LANGUAGES):
            yield [_heading(bench, name), language, *(_cell(costs, (language, kind), bench) for kind in KINDS)]


def their_rows(bench: Bench, rivals: Mapping[str, Rival], rounds: int) -> Iterator[list[str]]:
    """For each language: every rival, or why it could not take part."""
    patterns = {language: given.get("regex") or "|".join(given["choice"]) for language, given in LANGUAGES.items()}
    reasons: dict[tuple[str, str], str] = {}
    arms: dict[tuple[str, str], Arm] = {}
    for language, pattern in patterns.items():
        for name, rival in rivals.items():
            reason = rival.why_not(pattern, COMPILE_SECONDS)
            if reason is None:
                arms[language, name] = bench.theirs(rival, pattern)
            else:
                reasons[language, name] = reason
    for arm in arms.values():
        arm.run(2)  # kernels that are compiled when first used are ready
    costs = added(arms, rounds)
    for language in LANGUAGES:
        cells = [reasons.get((language, name)) or _cell(costs, (language, name), bench) for name in rivals]
        yield [_heading(bench, "greedy"), language, *cells]


def _cell(costs: Costs, key: tuple[str, str], bench: Bench) -> str:
    rounds = costs.get(key)
    if rounds is None:
        return ""
    token = statistics.median(cost.again - cost.start for cost in rounds) / (NUM_NEW - 1) / len(bench.prompts)
    first, start = (statistics.median(getattr(cost, name) for cost in rounds) for name in ("first", "start"))
    return f"{number(first * 1e3)} / {number(start * 1e3)} / {number(token * 1e6)}"


def _heading(bench: Bench, settings: str) -> str:
    return f"{len(bench.prompts)}, {settings}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocabulary", type=Path, default=Path("../shared/vocab/tekken_131k.npz"))
    parser.add_argument("--rows", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not options.vocabulary.is_file():
        print(f"{options.vocabulary} is not there: name a vocabulary with --vocabulary")
        return
    tokens, names = read_vocabulary(str(options.vocabulary)), installed()
    benches = [Bench.of(tokens, num_rows) for num_rows in options.rows]
    ours = [row for bench in benches for row in our_rows(bench, options.rounds)]
    parts = [
        f"# What a constraint adds in the loop: {options.vocabulary.stem}",
        machine_line("torch", "transformers", *names),
        "First request, ms / start of a later one, ms / a further token, µs.",
        table(["rows, settings", "language", *KINDS], ours, 2),
    ]
    if names:
        rivals = {name: Rival(name, tokens) for name in names}
        rows = [row for bench in benches for row in their_rows(bench, rivals, options.rounds)]
        parts += [
            "## Rivals as logits processors of generate()",
            table(["rows, settings", "language", *names], rows, 2),
        ]
    text = "\n\n".join(parts) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
