"""What finding costs: all entities and a long list of phrases, in prose, in texts full of matches, and in pieces.

    python benchmarks/finding.py [--kilobytes 256] [--rounds 5] [--out FILE.md]

*First*: a text that the finder has never seen, its table empty; *again*: the median of rounds over texts of the same
kind with other words and other digits, so that what is learnt of one serves the next, and no more than that. *Plain*:
the same without what is compiled. Times are the processor's, so that a busy machine counts for less.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from masks import WORDS
from measuring import machine_line, number, table

from llmpost.automata.entities.bounds import WORD
from llmpost.automata.entities.entity import Form
from llmpost.automata.entities.table import ENTITIES
from llmpost.automata.finding.finder import Finder
from llmpost.automata.finding.match import Sought
from llmpost.automata.finding.tools import PLAIN, Tools

REACH = 400
KILOBYTE = 1024
NUM_PHRASES = 100_000
SIZES = (1, 4, 20)
"""Characters of a piece."""


def seconds_of(work: Callable[[], object]) -> float:
    """Of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


def prose(dice: random.Random, length: int) -> str:
    return " ".join(dice.choices(WORDS, k=length // 4))[:length]


def full_of_matches(dice: random.Random, length: int) -> str:
    """Examples of entities as they are, and with other digits, which as a rule do not add up."""
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        example = dice.choice(dice.choice(ENTITIES).examples)
        changed = re.sub("[0-9]", lambda _: dice.choice("0123456789"), example)
        parts.append(f"{prose(dice, 20)} {dice.choice([example, changed])}, ")
    return "".join(parts)[:length]


def one_character(dice: random.Random, length: int) -> str:
    return dice.choice("a1!") * length


KINDS = {"prose": prose, "full of matches": full_of_matches, "one character": one_character}


def phrases() -> list[str]:
    dice = random.Random(6)
    return [" ".join(dice.choices(WORDS, k=dice.choice([2, 3]))) + f" {one:x}" for one in range(NUM_PHRASES)]


def of_entities(tools: Tools | None = None) -> Finder:
    return Finder([Sought(form, tag) for tag, one in enumerate(ENTITIES) for form in one.forms], REACH, tools=tools)


def of_phrases() -> Finder:
    texts = [phrase.encode() for phrase in phrases()]
    form = Form(lambda algebra: algebra.choice(texts), WORD)
    return Finder([Sought(form, 0)], max(map(len, texts)))


FINDERS: dict[str, Callable[[], Finder]] = {
    "all entities": of_entities,
    "all entities, plain": lambda: of_entities(PLAIN),
    f"{NUM_PHRASES:,} phrases": of_phrases,
}


def row(name: str, kind: str, kilobytes: int, rounds: int) -> list[str]:
    dice = random.Random(7)
    length = kilobytes * KILOBYTE // (16 if "plain" in name else 1)
    finders: list[Finder] = []
    building = seconds_of(lambda: finders.append(FINDERS[name]()))
    finder = finders[0]
    texts = [KINDS[kind](dice, length) for _ in range(rounds + 1)]
    first, *again = [seconds_of(lambda text=text: finder.find(text)) for text in texts]  # type: ignore[misc]
    matches = sum(len(finder.find(text)) for text in texts) / len(texts)
    per_kilobyte = 1e6 * KILOBYTE / length
    times = [1e3 * building, first * per_kilobyte, statistics.median(again) * per_kilobyte]
    return [name, kind, *map(number, times), number(matches * KILOBYTE / length)]


def pieces_row(size: int) -> list[str]:
    finder, text = of_entities(), prose(random.Random(8), 32 * KILOBYTE)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    finder.find(text)

    def follow() -> None:
        memory = None
        for piece in pieces:
            memory = finder.follow(memory, piece, False).memory
        finder.follow(memory, "", True)

    return [str(size), number(1e6 * seconds_of(follow) / len(pieces))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kilobytes", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = [row(name, kind, options.kilobytes, options.rounds) for name in FINDERS for kind in KINDS]
    parts = [
        "# What finding costs",
        machine_line(),
        "## Whole texts\n\nMicroseconds a kilobyte where nothing else is said.",
        table(["finder", "text", "build ms", "first", "again", "matches a kilobyte"], rows, 2),
        "## In pieces\n\nAll entities, prose; microseconds a piece.",
        table(["characters", "µs"], map(pieces_row, SIZES)),
    ]
    report = "\n\n".join(parts) + "\n"
    print(report)
    if options.out:
        options.out.write_text(report, "utf-8")


if __name__ == "__main__":
    main()
