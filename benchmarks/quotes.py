"""Quotations from a document of a megabyte: compiling, the first mask, later ones, memory.

    python benchmarks/quotes.py [--vocabulary FILE.npz] [--characters 1048576] [--out benchmarks/results/quotes.md]

Documents are made here: words of syllables, drawn as often as words come in a text, with punctuation; and one piece
again and again, which no sorting of suffixes by comparing them would survive. Each line has a space of its own. *Later*
masks are those of texts that are drawn at random from the masks; *memory* is what the automaton holds behind them all.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
from measuring import machine_line, number, table
from rivals import Tokens, read_vocabulary

from llmpost.constraints.compiling import Budget, compile_in
from llmpost.constraints.languages import Language, quote, regex
from llmpost.constraints.space import Space

NUM_TEXTS, NUM_STEPS = 10, 30
ONSETS = ("", "b", "c", "ch", "d", "f", "g", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w")
CODAS = ("", "", "ct", "l", "n", "nd", "ng", "r", "s", "st", "t", "y")
MIB = 1 << 20


def made_up(size: int) -> str:
    """Words, some far more often than others, in sentences and paragraphs."""
    dice = random.Random(6)
    syllables = [onset + vowel + coda for onset in ONSETS for vowel in "aeiou" for coda in CODAS]
    words = ["".join(dice.choices(syllables, k=dice.randint(1, 3))) for _ in range(20_000)]
    words = [word.capitalize() if dice.random() < 0.2 else word for word in words]
    chosen = (words[int(len(words) ** dice.random()) - 1] for _ in range(size // 4))
    text = "".join(word + dice.choices([" ", ", ", ". ", ".\n\n"], [80, 10, 8, 2])[0] for word in chosen)
    return text[:size]


def languages(size: int) -> dict[str, Language]:
    document = made_up(size)
    free = regex(r'[^"]*')
    return {
        "anything": quote(document),
        "whole words": quote(document, whole="words"),
        "whole sentences": quote(document, whole="sentences"),
        "words, 100 characters or more": quote(document, whole="words", least=100),
        "in JSON": quote(document, whole="words", in_json=True),
        "quotations in free text": free + ('"' + quote(document, whole="words") + '"' + free).repeat(),
        "words without ing": quote(document, whole="words") - regex(r"[\s\S]*ing[\s\S]*"),
        "one letter again and again": quote("a" * size),
        "one sentence again and again": quote(("All work and no play. " * size)[:size], whole="words"),
    }


def row(tokens: Tokens, name: str, language: Language) -> list[str]:
    space, dice = Space(tokens.vocabulary), random.Random(1)
    begun = time.perf_counter()
    constraint = compile_in(space, Budget(max_seconds=10.0), language=language)
    compiled = time.perf_counter()
    first = constraint.start()
    count = first.mask().count
    made = time.perf_counter()
    later: list[float] = []
    for _ in range(NUM_TEXTS):
        state = first
        for _ in range(NUM_STEPS):
            ids = [token for token in state.mask().ids().tolist() if token != tokens.end_id]
            if not ids:
                break
            state = state.advance(dice.choice(ids))
            asked = time.perf_counter()
            state.mask()
            later.append(time.perf_counter() - asked)
    microseconds = 1e6 * np.percentile(later, [50, 99])
    memory = space.generation().algebra.bytes_used / MIB
    times = [number(1e3 * (compiled - begun)), number(1e3 * (made - compiled)), *map(number, microseconds.tolist())]
    return [name, *times, f"{count:,}", number(memory)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocabulary", type=Path, default=Path("../shared/vocab/tekken_131k.npz"))
    parser.add_argument("--characters", type=int, default=MIB)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not options.vocabulary.is_file():
        print(f"{options.vocabulary} is not there: name a vocabulary with --vocabulary")
        return
    tokens = read_vocabulary(str(options.vocabulary))
    heads = [
        "quotations",
        "compile, ms",
        "first mask, ms",
        "later p50, µs",
        "p99, µs",
        "tokens at first",
        "memory, MiB",
    ]
    rows = [row(tokens, name, language) for name, language in languages(options.characters).items()]
    title = f"# Quotations from {options.characters:,} characters: {options.vocabulary.stem}"
    text = "\n\n".join([title, machine_line("numpy"), table(heads, rows)]) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
