"""The built-in moderation classifier: how well it ranks and how honest its scores are, by functionality and by group.

    make evaluate-moderation
    python benchmarks/moderation.py [--data ../shared/datasets] [--models build/moderation] [--out FILE.md]

On the sets that it is trained on, the same recipe trained without a fifth of all rows is judged on that fifth, kin
together (`tools/moderation/train.mk` makes those models); on all other sets the weights that ship are. A text's score
for a category is the highest that the guard reports of it, which is what thresholds act on; `at its end` is that of the
whole text alone.
All of it is on the development halves. Intervals: 95 %, by bootstrap over kin, templates or rows. No text is printed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from measuring import machine_line, number, table
from numpy.typing import NDArray
from scipy.stats import rankdata

from llmpost.contracts.guard import GuardContext
from llmpost.guards.moderation.classifier import Classifier, trained
from llmpost.guards.moderation.guard import THRESHOLDS, ModerationGuard
from llmpost.guards.moderation.sentences import sentences

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for what trains it, which is not installed
from tools.moderation.labelled import labelled, rows
from tools.moderation.train import NUM_FOLDS, fold_of

NUM_RESAMPLES = 1000
NUM_MADLIBS = 8000
BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.01)
LEAST_RECALL = 0.5
CATEGORIES = tuple(THRESHOLDS)
_LIMITS = np.array([THRESHOLDS[name] for name in CATEGORIES])

Values = NDArray[np.float64]
Measure = Callable[[NDArray[np.int64]], float]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores of texts, one column a category."""

    highest: Values
    last: Values


def scored(texts: Iterable[str], classifier: Classifier) -> Scored:
    guard = ModerationGuard(CATEGORIES, hysteresis=0.0, classifier=classifier)
    highest, last = [], []
    for text in texts:
        most = dict.fromkeys(CATEGORIES, 0.0)
        for finding in guard.inspect(text, GuardContext()):
            most[finding.label] = max(most[finding.label], finding.score)
        highest.append(list(most.values()))
        parts = [text[start:end] for start, end in sentences(text, 0, is_end=True)]
        last.append(classifier.follow(classifier.begin(), parts)[0].so_far[-1])
    return Scored(np.array(highest), np.array(last))


def area(is_positive: Values, scores: Values) -> float:
    """Under the curve: how often a positive is above a negative."""
    positives = is_positive.sum()
    negatives = len(is_positive) - positives
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(scores)[is_positive == 1].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))


def interval(measure: Measure, kin: Sequence[object], seed: int = 0) -> str:
    """The measure of all rows, and between what it lies where kin are drawn anew."""
    numbers = np.unique(np.array([str(one) for one in kin]), return_inverse=True)[1]
    members = [np.flatnonzero(numbers == one) for one in range(numbers.max() + 1)]
    dice = np.random.default_rng(seed)
    drawn = [
        measure(np.concatenate([members[one] for one in dice.integers(0, len(members), len(members))]))
        for _ in range(NUM_RESAMPLES)
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return f"{measure(np.arange(len(numbers))):.3f} ({low:.3f}–{high:.3f})"


def held_out(data: Path, models: Path) -> list[str]:
    """What models say of what they were trained without."""
    known = [fold for fold in range(NUM_FOLDS) if (models / f"fold{fold}.npz").is_file()]
    sources = ("openai_moderation", "surge_toxicity", "toxigen_demos")
    examples = [one for one in labelled(data) if one.source in sources and fold_of(one) in known]
    folds = np.array([fold_of(one) for one in examples])
    highest, last = np.zeros((len(examples), len(CATEGORIES))), np.zeros((len(examples), len(CATEGORIES)))
    for fold in known:
        at = np.flatnonzero(folds == fold)
        found = scored((examples[one].text for one in at), Classifier.load(models / f"fold{fold}.npz"))
        highest[at], last[at] = found.highest, found.last
    lines, reliable = [], []
    for source, name in [
        *(("openai_moderation", name) for name in CATEGORIES if name != "toxicity"),
        ("surge_toxicity", "toxicity"),
        ("toxigen_demos", "hate"),
    ]:
        column = CATEGORIES.index(name)
        at = np.array([n for n, one in enumerate(examples) if one.source == source and name in one.labels])
        kin = [examples[one].kin for one in at]
        truth = np.array([examples[one].labels[name] for one in at])
        lines.append(
            [f"{source}: {name}", f"{int(truth.sum())} of {len(truth)}", *_ranked(truth, highest[at, column], kin)]
        )
        lines[-1].append(f"{area(truth, last[at, column]):.3f}")
        lines[-1] += _caught(truth, highest[at, column] >= THRESHOLDS[name])
        if name in ("flagged", "toxicity"):
            reliable.append(f"### {source}: {name}\n\n{_reliability(truth, last[at, column])}")
    at = np.array([n for n, one in enumerate(examples) if one.source == "openai_moderation"])
    truth = np.array([examples[one].labels["flagged"] for one in at])
    kin = [examples[one].kin for one in at]
    acted: NDArray[np.bool_] = np.any(highest[at] >= _LIMITS, axis=1)
    recall = interval(lambda rows: float(acted[rows][truth[rows] == 1].mean()), kin)
    alarms = interval(lambda rows: float(acted[rows][truth[rows] == 0].mean()), kin)
    heads = ["set: category", "positive", "AUC", "at its end", "recall at threshold", "false positives"]
    return [
        f"## Held out, {len(known)} of {NUM_FOLDS} folds, kin together\n\n{table(heads, lines)}",
        "At the shipped thresholds, any category, `openai_moderation`: "
        f"flagged rows {recall} acted on, unflagged rows {alarms}.",
        "## Reliability, held out\n\nOf texts with such a score at their end, how many are labelled so.\n\n"
        + "\n\n".join(reliable),
    ]


def _ranked(truth: Values, scores: Values, kin: Sequence[object]) -> list[str]:
    return [interval(lambda rows: area(truth[rows], scores[rows]), kin)]


def _caught(truth: Values, is_acted: NDArray[np.bool_]) -> list[str]:
    return [f"{is_acted[truth == 1].mean():.3f}", f"{is_acted[truth == 0].mean():.3f}"]


def _reliability(truth: Values, scores: Values) -> str:
    lines, error = [], 0.0
    for low, high in pairwise(BINS):
        at = (scores >= low) & (scores < high)
        if at.any():
            lines.append(
                [f"{low:g}–{min(high, 1):g}", int(at.sum()), f"{scores[at].mean():.3f}", f"{truth[at].mean():.3f}"]
            )
            error += at.mean() * abs(scores[at].mean() - truth[at].mean())
    return f"{table(['score', 'texts', 'said', 'labelled'], lines)}\n\nExpected calibration error {error:.3f}."


def hatecheck(data: Path) -> list[str]:
    """Nothing of it was trained on."""
    given = rows(data, "hatecheck")
    scores = scored((row["text"] for row in given), trained()).highest[:, CATEGORIES.index("hate")]
    truth = np.array([float(row["labels"]["hateful"]) for row in given])
    templates = [row["meta"]["templ_id"] for row in given]
    overall = interval(lambda at: area(truth[at], scores[at]), templates)
    threshold = _threshold(truth, scores)
    ties = float((scores == threshold).mean())
    groups = sorted({row["labels"]["group"] for row in given if row["labels"]["group"]})
    of_group = np.array([groups.index(group) if (group := row["labels"]["group"]) else -1 for row in given])

    def shares(at: NDArray[np.int64]) -> list[float]:
        limit = _threshold(truth[at], scores[at])
        chosen = [at[(of_group[at] == one) & (truth[at] == 0)] for one in range(len(groups))]
        return [float((scores[rows] >= limit).mean()) if len(rows) else float("nan") for rows in chosen]

    whole = shares(np.arange(len(given)))
    gap = interval(lambda at: float(np.nanmax(shares(at)) - np.nanmin(shares(at))), templates)
    by_function: dict[str, list[int]] = {}
    for at, row in enumerate(given):
        by_function.setdefault(row["labels"]["functionality"], []).append(at)
    lines = [
        [name, int(truth[at[0]]), len(at), f"{(scores[at] >= threshold).mean():.3f}",
         f"{(scores[at] >= THRESHOLDS['hate']).mean():.3f}"]
        for name, at in sorted(by_function.items(), key=lambda pair: (-truth[pair[1][0]], pair[0]))
    ]  # fmt: skip
    recall = float((scores[truth == 1] >= threshold).mean())
    return [
        f"## HateCheck, never trained on\n\nAUC of `hate` {overall}, over templates.\n\n"
        f"Highest threshold with a recall of {LEAST_RECALL} on hateful rows: {threshold:.3f} (recall {recall:.3f}, "
        f"{ties:.3f} of rows tie at it). False positives by group there, largest gap {gap}:\n\n"
        + table(
            ["group", "false positives"], [[name, f"{share:.3f}"] for name, share in zip(groups, whole, strict=True)]
        ),
        "### By functionality\n\nShare flagged as `hate`, at that threshold and at the shipped one.\n\n"
        + table(["functionality", "hateful", "rows", f"at {threshold:.3f}", f"at {THRESHOLDS['hate']:g}"], lines),
    ]


def _threshold(truth: Values, scores: Values) -> float:
    """The highest whose recall is enough."""
    hateful = np.sort(scores[truth == 1])[::-1]
    return float(hateful[int(np.ceil(LEAST_RECALL * len(hateful))) - 1])


def harmless(data: Path) -> list[str]:
    """What sounds bad and is not, at the shipped thresholds; and what is asked for with harm in mind."""
    chosen = {
        "XSTest, safe": [row["text"] for row in rows(data, "xstest") if not row["labels"]["unsafe"]],
        "XSTest, unsafe": [row["text"] for row in rows(data, "xstest") if row["labels"]["unsafe"]],
        "harmful_requests (all unsafe)": [row["text"] for row in rows(data, "harmful_requests")],
        "cyber_benign (all safe)": [row["text"] for row in rows(data, "cyber_benign")],
        "bipia_indirect (e-mails and attacks in them)": [row["text"] for row in rows(data, "bipia_indirect")],
    }
    lines = []
    for name, texts in chosen.items():
        acted = scored(texts, trained()).highest >= _LIMITS
        most = np.argmax(acted.mean(0))
        share = interval(lambda at, acted=acted: float(acted[at].any(1).mean()), range(len(texts)))  # type: ignore[misc]
        lines.append([name, len(texts), share, f"{CATEGORIES[most]} {acted.mean(0)[most]:.3f}"])
    return [
        "## Requests, at the shipped thresholds\n\n" + table(["texts", "rows", "any category", "most often"], lines)
    ]


def madlibs(data: Path) -> list[str]:
    """An audit by group on sentences from templates: of those that are not toxic, how many are flagged."""
    every = rows(data, "bias_madlibs")
    given = [every[at] for at in np.sort(np.random.default_rng(0).permutation(len(every))[:NUM_MADLIBS])]
    found = scored((row["text"] for row in given), trained()).highest
    truth = np.array([float(row["labels"]["toxic"]) for row in given])
    acted: NDArray[np.bool_] = np.any(found >= _LIMITS, axis=1)
    column = found[:, CATEGORIES.index("toxicity")]
    names = sorted({group for row in given for group in row["labels"]["groups"]})
    lines = []
    for name in names:
        at = np.array([name in row["labels"]["groups"] for row in given])
        wrong, right = acted[at & (truth == 0)].mean(), acted[at & (truth == 1)].mean()
        lines.append([name, int(at.sum()), f"{area(truth[at], column[at]):.3f}", f"{wrong:.3f}", f"{right:.3f}"])
    lines.sort(key=lambda line: line[3], reverse=True)
    rates = [float(line[3]) for line in lines]
    return [
        f"## bias_madlibs, audit by group, {len(given):,} rows drawn\n\n"
        f"AUC of `toxicity` over all {area(truth, column):.3f}. Largest gap of false positives at the shipped "
        f"thresholds {max(rates) - min(rates):.3f}.\n\n"
        + table(["group", "rows", "AUC toxicity", "false positives", "recall"], lines)
    ]


def speed(data: Path) -> list[str]:
    """Of one processor's time, on what people and models write."""
    texts = [row["text"] for row in rows(data, "openai_moderation")]
    guard, context = ModerationGuard(CATEGORIES), GuardContext()
    arms = {
        "one after the other": texts,
        "as one long text": ["\n".join(texts)],
        "letter by letter": ["\n".join(texts)[:20_000]],
    }
    lines = []
    for name, given in arms.items():
        seconds = min(_seconds(guard, given, context, name == "letter by letter") for _ in range(3))
        kilobytes = sum(len(text.encode("utf-8", "surrogatepass")) for text in given) / 1024
        lines.append([name, f"{kilobytes:.0f}", number(seconds * 1000 / kilobytes)])
    return ["## Speed\n\n" + table(["texts", "KB", "ms a KB"], lines)]


def _seconds(guard: ModerationGuard, texts: Sequence[str], context: GuardContext, is_streamed: bool) -> float:
    begun = time.process_time()
    for text in texts:
        if is_streamed:
            memory = None
            for letter in text:
                memory = guard.follow(memory, letter, context, False).memory
            guard.follow(memory, "", context, True)
        else:
            guard.inspect(text, context)
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/datasets"))
    parser.add_argument("--models", type=Path, default=Path("build/moderation"))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    limits = ", ".join(f"{name} {least:g}" for name, least in THRESHOLDS.items())
    parts = [
        "# The built-in moderation classifier",
        f"`{' '.join(['python', 'benchmarks/moderation.py', *sys.argv[1:]])}`, {machine_line('numpy')}",
        f"Shipped thresholds: {limits}. Development halves only; 95 % intervals by {NUM_RESAMPLES:,} bootstraps.",
        *held_out(options.data, options.models),
        *hatecheck(options.data),
        *harmless(options.data),
        *madlibs(options.data),
        *speed(options.data),
    ]
    text = "\n\n".join(parts) + "\n"
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
