"""Time and memory of masks as the pattern, the vocabulary and the number of live sequences grow.

    python benchmarks/growth.py --vocabularies FOLDER [--tokens 1000000] [--out benchmarks/results/growth.md]

Every line is a process of its own, so that its memory is its own: RSS is that of the process at the end, vocabulary
and imports included. *Compile* and *first mask* begin with nothing in store; *a token* is one mask and one step. In
the first two tables tokens are drawn at random from the masks; in the others sequences follow texts of the language
that were cut into tokens beforehand, each at a place of its own, and take one token after the other in turn.
*Automaton* is what the generation holds in which texts begin now.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from masks import WORDS
from measuring import machine_line, number, table
from rivals import Tokens, longest_matches, read_vocabulary

from llmpost.constraints.compiling import Budget, compile_in
from llmpost.constraints.space import Space
from llmpost.errors import ConstraintError

NUM_DRAWN = 300
NUM_LIVE = (1, 64, 1_024, 8_192)
NUM_TEXTS = 10_000
NUM_WORDS = 40
MIB = 1 << 20
Row: TypeAlias = list[str]
Job: TypeAlias = Callable[[], list[Row]]


def words(n: int) -> str:
    """(w1|w2|…), all different."""
    return "|".join(f"{WORDS[i % len(WORDS)]}{i}" for i in range(n))


def letters(n: int) -> str:
    return f"[a-z]{{0,{n}}}"


def nested(n: int) -> str:
    """Groups inside groups, each to be had again and again."""
    return "([a-f]" * n + "z" + ")*[0-9]" * n


def mails(n: int) -> str:
    return "|".join(rf"[a-z0-9._-]{{1,64}}@{WORDS[i % len(WORDS)]}{i}\.[a-z]{{2,4}}" for i in range(n))


PATTERNS: dict[str, tuple[Callable[[int], str], tuple[int, ...]]] = {
    "n words": (words, (10, 100, 1_000, 10_000)),
    "[a-z]{0,n}": (letters, (10, 100, 1_000, 10_000)),
    "n nested groups": (nested, (1, 4, 16, 64)),
    "n e-mails": (mails, (1, 4, 16, 64, 256)),
}
FIXED = {"any 2,000": ".{0,2000}", "16 e-mails": mails(16), "JSON string": r'"([^"\\\x00-\x1f]|\\["\\/bfnrt])*"'}
VOCABULARIES = (("tekken_131k", 32_768), ("cl100k_100k", None), ("tekken_131k", None), ("o200k_200k", None))
"""A list of tokens, and how many of it; None: all."""
STEP_HEADS = ["token, µs", "99 %", "worst", "automaton MiB", "masks MiB", "evicted", "RSS MiB"]


def step_cells(space: Space, micros: Sequence[float]) -> Row:
    """The median token, the 99th percentile and the worst; then what is kept."""
    kept = space.generation().algebra.bytes_used / MIB, space.store.num_bytes / MIB
    evicted, resident = f"{space.store.num_evicted:,}", number(resident_bytes() / MIB)
    return [*map(number, np.quantile(micros, (0.5, 0.99, 1.0))), *map(number, kept), evicted, resident]


def resident_bytes() -> float:
    """What the process has in memory now; where the system does not say, no number."""
    file = Path("/proc/self/statm")
    return int(file.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if file.is_file() else float("nan")


def pattern_row(path: Path, name: str, n: int) -> list[Row]:
    make, _ = PATTERNS[name]
    return [[name, f"{n:,}", *drawn(Space(read_vocabulary(str(path)).vocabulary), make(n))]]


def vocabulary_row(path: Path, num_tokens: int | None, name: str) -> list[Row]:
    vocabulary = read_vocabulary(str(path), num_tokens).vocabulary
    start = time.perf_counter()
    space = Space(vocabulary)
    seconds = time.perf_counter() - start
    return [[f"{vocabulary.size:,}", name, number(seconds), *drawn(space, FIXED[name])]]


def drawn(space: Space, pattern: str) -> Row:
    """Compile, find a mask, and go on at random."""
    start = time.perf_counter()
    try:
        begin = compile_in(space, Budget(), regex=pattern).start()
    except ConstraintError:
        return [f"refused after {number((time.perf_counter() - start) * 1e3)}"]
    compiled = time.perf_counter()
    begin.mask()
    first = time.perf_counter()
    draw, state, micros = random.Random(1), begin, []
    for _ in range(NUM_DRAWN):
        start_of_token = time.perf_counter()
        mask = state.mask()
        masked = time.perf_counter()
        token = int(draw.choice(mask.ids()))
        drawn_at = time.perf_counter()
        state = state.advance(token)
        micros.append((time.perf_counter() - drawn_at + masked - start_of_token) * 1e6)
        state = begin if state.is_finished else state
    return [number((compiled - start) * 1e3), number((first - compiled) * 1e3), *step_cells(space, micros)]


class Live:
    """Sequences of one choice of long texts that take turns."""

    def __init__(self, tokens: Tokens, num_live: int) -> None:
        pieces = {word: longest_matches(tokens.vocabulary, f" {word}".encode()) for word in WORDS}
        draw = random.Random(1)
        texts = [draw.choices(WORDS, k=NUM_WORDS) for _ in range(NUM_TEXTS)]
        self._lines = [[token for word in text for token in pieces[word]] + [tokens.end_id] for text in texts]
        self._draw = draw
        self._micros: list[float] = []
        self.space = Space(tokens.vocabulary)
        given = ["".join(f" {word}" for word in text) for text in texts]
        self._constraint = compile_in(self.space, Budget(), choice=given)
        self._running = [self._sequence(draw.randrange(NUM_WORDS)) for _ in range(num_live)]

    def walk(self, num_tokens: int) -> list[float]:
        """Microseconds of each of the next tokens."""
        self._micros = []
        while len(self._micros) < num_tokens:
            for sequence in self._running:
                next(sequence)
        return self._micros

    def _sequence(self, num_done: int) -> Iterator[None]:
        """One text after the other; of the first one, so many tokens are behind us."""
        while True:
            state, line = self._constraint.start(), self._draw.choice(self._lines)
            for token in line[:num_done]:
                state = state.advance(token)
            for token in line[num_done:]:
                start = time.perf_counter()
                state.mask()
                state = state.advance(token)
                self._micros.append((time.perf_counter() - start) * 1e6)
                yield
            num_done = 0


def live_row(path: Path, num_live: int, num_tokens: int) -> list[Row]:
    live = Live(read_vocabulary(str(path)), num_live)
    return [[f"{num_live:,}", *step_cells(live.space, live.walk(num_tokens))]]


def walk_rows(path: Path, num_tokens: int) -> list[Row]:
    """One process all along: what is kept after a hundredth, a tenth, and all of the way."""
    live = Live(read_vocabulary(str(path)), 64)
    rows, done = [], 0
    for end in (num_tokens // 100, num_tokens // 10, num_tokens):
        rows.append([f"{end:,}", *step_cells(live.space, live.walk(end - done))])
        done = end
    return rows


def in_processes(jobs: Iterable[Job]) -> list[Row]:
    """One process for each job, one after the other."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        return [row for future in [pool.submit(job) for job in jobs] for row in future.result()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocabularies", type=Path, default=Path("../shared/vocab"))
    parser.add_argument("--tokens", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    folder, num_tokens = options.vocabularies, options.tokens
    path = folder / "tekken_131k.npz"
    if not path.is_file():
        print(f"{path} is not there: name the folder with --vocabularies")
        return
    found = [(folder / f"{name}.npz", size) for name, size in VOCABULARIES if (folder / f"{name}.npz").is_file()]
    tables: dict[str, tuple[list[str], list[Job]]] = {
        "The pattern grows (131k tokens)": (
            ["pattern", "n", "compile, ms", "first mask, ms", *STEP_HEADS],
            [partial(pattern_row, path, name, n) for name, (_, sizes) in PATTERNS.items() for n in sizes],
        ),
        "The vocabulary grows": (
            ["tokens", "pattern", "tables, s", "compile, ms", "first mask, ms", *STEP_HEADS],
            [partial(vocabulary_row, *one, name) for one in found for name in FIXED],
        ),
        f"Live sequences of one choice of {NUM_TEXTS:,} texts (131k tokens)": (
            ["sequences", *STEP_HEADS],
            [partial(live_row, path, num_live, num_tokens // 10) for num_live in NUM_LIVE],
        ),
        "A long walk of 64 such sequences, under 64 MiB of masks": (
            ["tokens so far", *STEP_HEADS],
            [partial(walk_rows, path, num_tokens)],
        ),
    }
    parts = [f"# Growth of time and memory: {path.stem}", machine_line("numpy")]
    for title, (heads, jobs) in tables.items():
        parts += [f"## {title}", table(heads, in_processes(jobs))]
    text = "\n\n".join(parts) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
