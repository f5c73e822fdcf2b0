"""The light finder of names: what it finds of what it was not trained on, what it finds in plain prose, and how fast.

    make evaluate-names
    python benchmarks/names.py [--data ../shared/datasets] [--models build/names] [--out benchmarks/results/names.md]

`--models` holds finders that were trained without what they are measured on here (`tools/names/train.mk` makes them);
speed, and what is found in prose, are those of the finder that ships. *exact*: label and both ends agree; *overlap*:
a span of the same label overlaps; *any label*: a span of any does. A full stop that ends an abbreviation does not
count, and parts of an address with nothing but spaces, commas and line ends between them are one. Prose is not
labelled: most of what is found in it are names indeed, so what is said there is more than what is found in error.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from measuring import interleaved, machine_line, number, table

from llmpost.contracts.guard import GuardContext
from llmpost.guards.names.finder import Finder
from llmpost.guards.names.guard import DEFAULTS, WEIGHTS, NamesGuard
from llmpost.guards.names.tagger import Tagger

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for what trains it, which is not installed
from tools.names.example import Example
from tools.names.labelled import PATTERNS, PRESIDIO, labelled, rows
from tools.names.scoring import Score, added, found_at, names, scores
from tools.names.train import NUM_FOLDS, is_held_out

PROSE = ("xstest", "bipia_indirect", "surge_toxicity", "hatecheck")
"""Nothing of these was trained on."""
BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
SENTENCE = "Nobody had read the report, so Maria Chen took the train to Lisbon and asked the board for another week. "


def finder(model: Path, threshold: float = 0.5) -> Finder:
    tagger = Tagger.load(model)
    return Finder(tagger, dict.fromkeys(tagger.labels[1:], threshold))


def small(examples: Iterable[Example]) -> list[Example]:
    """All that are as long in small letters as they were."""
    lowered = ((example, example.text.lower()) for example in examples)
    return [replace(example, text=text) for example, text in lowered if len(text) == len(example.text)]


def score_table(counted: Mapping[str, Score]) -> str:
    heads = ["entity", "labelled", "recall exact", "overlap", "any label", "found", "precision exact", "overlap", "any"]
    return table(heads, [_row(label, score) for label, score in counted.items() if score.num_labelled])


def _row(label: str, score: Score) -> list[object]:
    recalls, precisions = ([f"{share:.3f}" for share in shares] for shares in (score.recalls, score.precisions))
    return [label, score.num_labelled, *recalls, score.num_found, *precisions]


def held_out(data: Path, models: Path) -> list[str]:
    """Tables of finders on what they were trained without."""
    presidio, parts, lowered, scored = labelled(data, PRESIDIO), [], [], list[tuple[float, bool]]()
    for fold in (fold for fold in range(NUM_FOLDS) if (models / f"fold{fold}.npz").is_file()):
        of_fold = [example for example in presidio if is_held_out(example, fold)]
        one = finder(models / f"fold{fold}.npz")
        parts.append(scores(one, of_fold))
        lowered.append(scores(one, small(of_fold)))
        scored += found_at(one, of_fold)
    patterns = labelled(data, PATTERNS)
    tables = {
        f"Templates of {PRESIDIO} that were held out": added(parts),
        "The same, all small": added(lowered),
        f"{PRESIDIO}, by a finder that never saw it": scores(finder(models / "no_presidio.npz"), presidio),
        f"{PATTERNS}, by a finder that never saw it": scores(finder(models / "no_patterns.npz"), patterns),
    }
    sections = [f"## {title}\n\n{score_table(counted)}" for title, counted in tables.items()]
    return [*sections, f"## Scores on held-out templates\n\n{_calibration(scored)}"]


def _calibration(scored: Iterable[tuple[float, bool]]) -> str:
    counts: dict[int, list[bool]] = {}
    for score, is_right in scored:
        counts.setdefault(sum(score >= low for low in BINS), []).append(is_right)
    return table(
        ["score from", "found", "overlap a span of their label"],
        [[BINS[i - 1], len(hits), f"{sum(hits) / len(hits):.3f}"] for i, hits in sorted(counts.items())],
    )


def prose(data: Path) -> str:
    """Findings per KB of texts that nobody labelled."""
    shipped, found_in = finder(WEIGHTS), list[list[object]]()
    for name in PROSE:
        texts = [row["text"] for row in rows(data, name)]
        counts = Counter(found.label for text in texts for found in names(shipped, text))
        size = sum(map(len, texts)) / 1000
        found_in.append([name, f"{size:.0f}", *(f"{counts[label] / size:.2f}" for label in DEFAULTS)])
    return table(["set", "KB", *DEFAULTS], found_in)


def speed(rounds: int) -> str:
    guard, context = NamesGuard(dict.fromkeys(DEFAULTS, 0.5)), GuardContext()

    def streamed(text: str, size: int) -> None:
        memory = None
        for start in range(0, len(text), size):
            memory = guard.follow(memory, text[start : start + size], context, start + size >= len(text)).memory

    arms: dict[str, tuple[int, Callable[[], object]]] = {}
    for size in (100, 1000, 10_000, 100_000):
        text = (SENTENCE * (size // len(SENTENCE) + 1))[:size]
        arms[f"{size:,} characters at once"] = (size, partial(guard.inspect, text, context))
    text = (SENTENCE * 20)[:1000]
    for size in (4, 16, 64):
        arms[f"1,000 characters, {size} at a time"] = (1000, partial(streamed, text, size))
    seconds = interleaved({name: arm for name, (_, arm) in arms.items()}, rounds)
    return table(
        ["text", "ms", "ms per KB"],
        [[name, number(1e3 * seconds[name]), number(1e6 * seconds[name] / size)] for name, (size, _) in arms.items()],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/datasets"))
    parser.add_argument("--models", type=Path, default=Path("build/names"))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"{options.data} is not there: name a folder of labelled sets with --data")
        return
    sections = ["# The light finder of names", machine_line("numpy")]
    if options.models.is_dir():
        sections += held_out(options.data, options.models)
    else:
        sections.append(f"{options.models} is not there: `make evaluate-names` trains what is measured there.")
    sections += [f"## Found in a KB of prose\n\n{prose(options.data)}", f"## Speed\n\n{speed(options.rounds)}"]
    text = "\n\n".join(sections) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
