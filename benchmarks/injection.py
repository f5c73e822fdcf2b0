"""Injections and jailbreaks: what is caught of attacks that were left out of training, and what is flagged in error.

    make evaluate-injection
    python benchmarks/injection.py [--data ../shared/datasets] [--out benchmarks/results/injection.md]

Every line is of a model that was trained without what the line counts: all attacks of a kind, all of a source, a fifth
of the variants of CyberSecEval's, all texts of an origin of harmless ones. `taught` is the shipped model on its own
training texts, an illusion, for comparison. Development halves only; 95 % intervals are Wilson's, and rows are counted
one by one though translations of a prompt are kin: where kin are many they are too narrow.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import torch
from measuring import machine_line, table

from llmpost.contracts.guard import GuardContext
from llmpost.guards.injection.features import Features, features
from llmpost.guards.injection.guard import SIZE, injection, trained
from llmpost.guards.injection.scorer import Scorer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for what trains it, which is not installed
from tools.injection.examples import Example, emails, examples
from tools.injection.fitting import fit

Seen = Sequence[tuple[Example, Features]]
THRESHOLDS = (0.5, 0.7, 0.9)
HARMLESS = ("notinject", "system_prompts", "xstest", "cyber_benign", "harmful_requests", "emails", "dialog_prompts",
            "replies", "comments", "assistant_texts")  # fmt: skip
CYBERSECEVAL = ("direct", "indirect")
NUM_FOLDS = 5


def interval(hits: int, total: int) -> str:
    """A share with Wilson's interval.

    >>> interval(0, 100)
    '0.000 (0.000-0.037)'
    """
    z, share = 1.96, hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{share:.3f} ({max(0.0, middle - half):.3f}-{min(1.0, middle + half):.3f})"


def highest(scorer: Scorer, seen: Seen) -> list[float]:
    return [max(scorer.scores(found)) for _, found in seen]


def row(name: str, scores: Sequence[float]) -> list[object]:
    return [name, len(scores), *(interval(sum(s >= least for s in scores), len(scores)) for least in THRESHOLDS)]


def without(seen: Seen, origins: Collection[str]) -> Scorer:
    return fit([each for each in seen if each[0].origin not in origins])


def of(seen: Seen, origins: Collection[str]) -> Seen:
    return [each for each in seen if each[0].origin in origins]


def attacks(seen: Seen, injected: Seen) -> list[list[object]]:
    """Each kind and source without itself; variants by fifths; e-mails that somebody added an order to."""
    rows = [
        row(f"{kind}, its kind left out", highest(without(seen, [kind]), of(seen, [kind])))
        for kind in ("direct", "indirect", "jailbreak")
    ]
    rows.append(row("CyberSecEval, source left out", highest(without(seen, CYBERSECEVAL), of(seen, CYBERSECEVAL))))
    variants = sorted({example.variant for example, _ in of(seen, CYBERSECEVAL)})
    scores: list[float] = []
    for fold in range(NUM_FOLDS):
        held = variants[fold::NUM_FOLDS]
        scorer = fit([each for each in seen if each[0].variant not in held])
        scores += highest(scorer, [each for each in seen if each[0].variant in held])
    rows.append(row("CyberSecEval, variant left out", scores))
    rows.append(row("e-mails with an order added", highest(without(seen, ["emails"]), injected)))
    rows.append(row("taught: all attacks", highest(trained(), [each for each in seen if each[0].label])))
    return rows


def harmless(seen: Seen) -> list[list[object]]:
    return [row(origin, highest(without(seen, [origin]), of(seen, [origin]))) for origin in HARMLESS]


def speed(seen: Seen) -> str:
    guard, context = injection(), GuardContext()
    texts = [example.text for example, _ in of(seen, ["replies"])]
    start = time.process_time()
    for text in texts:
        guard.inspect(text, context)
    return f"{1e6 * (time.process_time() - start) / sum(map(len, texts)):.2f} ms of processor time for a KB of replies."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/datasets"))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"{options.data} is not there: name a folder of labelled sets with --data")
        return
    torch.set_num_threads(1)
    seen = [(example, features(example.text[:SIZE])) for example in examples(options.data)]
    injected = [(example, features(example.text[:SIZE])) for example in emails(options.data) if example.label]
    heads = ["left out of training", "texts", *(f"score from {least}" for least in THRESHOLDS)]
    sections = [
        "# Injections and jailbreaks",
        machine_line("numpy", "torch"),
        f"## Attacks that are caught\n\n{table(heads, attacks(seen, injected))}",
        f"## Harmless texts that are flagged\n\n{table(heads, harmless(seen))}",
        f"## Speed\n\n{speed(seen)}",
    ]
    text = "\n\n".join(sections) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
