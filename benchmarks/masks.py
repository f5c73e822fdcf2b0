"""Masks of regular expressions: llmpost against llguidance, XGrammar, outlines-core and lm-format-enforcer.

    python benchmarks/masks.py --vocabulary FILE.npz [--rounds 5] [--out benchmarks/results/masks.md]
    python benchmarks/masks.py --schemas FOLDER …     # JSON schemas instead: what schemas.py does

Each engine lives in a process of its own, on one thread, with the vocabulary loaded once. A round takes one pattern
after the other, and for each pattern one engine after the other: cold (every store as empty as the library allows)
and then warm (the same texts again). *First mask* is compiling, starting and the first mask; *a token* is one mask
and one step. Numbers are medians over rounds of the pattern's median, 99th percentile and worst token. A library
that is not installed is left out and named; a pattern that an engine refuses or does not finish has no numbers.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from measuring import machine_line
from rivals import ENGINES, Engine, Tokens, longest_matches, read_vocabulary
from schemas import report as report_on_schemas
from workers import Worker

SECONDS = 10.0  # for a pattern, before its engine is given up on
NAMES = """
amber birch cedar daisy ember fern ginger holly indigo juniper kelp lotus maple nutmeg orchid poppy quartz rose sage
thyme umber violet walnut xenon yarrow zinnia almond basil clover dill elder fennel garlic hazel iris jasmine kale
lemon mint nettle olive parsley quince rue saffron tulip vanilla willow yucca zest
"""
WORDS = NAMES.split()


@dataclass(frozen=True, slots=True)
class Case:
    """A pattern, and texts that match it."""

    name: str
    pattern: str
    texts: tuple[str, ...]


DISTRIBUTIONS = {"outlines_core": "outlines-core", "lmformatenforcer": "lm-format-enforcer"}
PROSE = "The quick brown fox jumps over the lazy dog. "
CASES = [
    Case("date", r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", ("2026-11-21", "1999-01-31")),
    Case(
        "e-mail",
        r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}",
        ("jane.doe+tag@mail.example.org", "a@b.co"),
    ),
    Case(
        "IPv4",
        r"((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])",
        ("192.168.0.255", "8.8.8.8"),
    ),
    Case("SSN", r"[0-9]{3}-[0-9]{2}-[0-9]{4}", ("123-45-6789",)),
    Case("choice of 50", "|".join(WORDS), ("nettle", "juniper", "zinnia")),
    Case("choice of 10,000", "|".join(f"{a}-{b}{n}" for n in range(4) for a in WORDS for b in WORDS), ("mint-rue3",)),
    Case("any 200", r".{0,200}", (PROSE * 4,)),
    Case("any 2,000", r".{0,2000}", (PROSE * 20,)),
    Case("word list", r"([a-z]{1,12}, ){0,20}[a-z]{1,12}", ("apple, pear, plum", "fig")),
    Case("letters", r"[\w ]{1,80}", ("Ångström und Größe", "Привет мир")),
    Case(
        "JSON string",
        r'"([^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-f]{4})*"',
        ('"a text with \\"quotes\\", an \\u00e9 and some more words in it"',),
    ),
    Case(
        "link in text",
        r"[^<>]*<https?://[a-z0-9.-]+(/[A-Za-z0-9._~%-]*)*>[^<>]*",
        ("See <https://docs.example.org/guide/start.html> for the rest of it.",),
    ),
    Case("nested counters", r"((a{0,30}b){0,30}c){0,30}", ("aaaabaabcaaabbc",)),
]


@dataclass(frozen=True, slots=True)
class Sample:
    """One pattern in one engine: milliseconds to the first mask, microseconds of every token, cold and warm."""

    first_ms: float
    cold: tuple[float, ...]
    warm: tuple[float, ...]


def measure(engine: Engine, case: Case, texts: Sequence[Sequence[int]]) -> Sample:
    """The engine forgets, compiles, and walks the texts twice."""
    engine.fresh()
    started = time.perf_counter_ns()
    make = engine.compile(case.pattern)
    make().mask()
    first_ms = (time.perf_counter_ns() - started) / 1e6
    cold, warm = ([step for text in texts for step in _steps(make(), text)] for _ in range(2))
    return Sample(first_ms, tuple(cold), tuple(warm))


def _steps(walker: Any, text: Sequence[int]) -> Iterator[float]:
    for token in text:
        started = time.perf_counter_ns()
        walker.mask()
        allowed = walker.advance(token)
        yield (time.perf_counter_ns() - started) / 1e3
        if allowed is False:
            raise ValueError(f"token {token} was refused")


def serve(name: str, path: str, pipe: Connection) -> None:
    """A worker: load, say how long it took, then measure what is asked for."""
    tokens = read_vocabulary(path)
    started = time.perf_counter()
    engine = ENGINES[name](tokens)
    pipe.send(time.perf_counter() - started)
    texts = {case.name: _encoded(tokens, case) for case in CASES}
    while True:
        case = CASES[pipe.recv()]
        try:
            pipe.send(measure(engine, case, texts[case.name]))
        except Exception as error:
            pipe.send(f"refused ({type(error).__name__})")


def _encoded(tokens: Tokens, case: Case) -> list[list[int]]:
    return [longest_matches(tokens.vocabulary, text.encode()) for text in case.texts]


Outcomes: TypeAlias = dict[tuple[str, str], list[Sample | str]]
"""By pattern and engine, one for each round."""


def run(names: Sequence[str], path: str, rounds: int) -> tuple[dict[str, float], Outcomes]:
    """Seconds to load, and what each engine did; one that failed on a pattern twice is not asked again."""
    workers = {name: Worker(serve, (name, path), SECONDS) for name in names}
    outcomes: Outcomes = {}
    for _ in range(rounds):
        for number, case in enumerate(CASES):
            for name, worker in workers.items():
                known = outcomes.setdefault((case.name, name), [])
                if len([one for one in known if isinstance(one, str)]) < 2:
                    known.append(worker.ask(number))
    for worker in workers.values():
        worker.stop()
    return {name: worker.load_seconds for name, worker in workers.items()}, outcomes


def tables(names: Sequence[str], outcomes: Outcomes) -> Iterator[str]:
    """One for the first mask, one cold, one warm."""
    columns = {
        "First mask, ms": lambda sample: (sample.first_ms,),
        "A token, cold, µs: median / 99th percentile / worst": lambda sample: _quantiles(sample.cold),
        "A token, warm, µs: median / 99th percentile / worst": lambda sample: _quantiles(sample.warm),
    }
    for title, read in columns.items():
        lines = [f"### {title}", "", f"| pattern | {' | '.join(names)} |", "|---|" + "--:|" * len(names)]
        for case in CASES:
            cells = [_cell(outcomes[case.name, name], read) for name in names]
            lines.append(f"| {case.name} | {' | '.join(cells)} |")
        yield "\n".join(lines)


def _cell(samples: Sequence[Sample | str], read: Any) -> str:
    whole = [read(sample) for sample in samples if isinstance(sample, Sample)]
    if not whole:
        return str(samples[-1])
    return " / ".join(_short(statistics.median(values)) for values in zip(*whole, strict=True))


def _quantiles(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(np.quantile(values, q)) for q in (0.5, 0.99, 1.0))


def _short(value: float) -> str:
    """
    >>> [_short(value) for value in (0.123, 12.34, 123.4, 12345.6)]
    ['0.12', '12.3', '123', '12,346']
    """
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def targets(names: Sequence[str], outcomes: Outcomes) -> str:
    """llmpost over llguidance: the medians of the cases' ratios, and the largest."""
    rows: dict[str, list[float]] = {}
    for case in CASES:
        pairs = [[s for s in outcomes[case.name, name] if isinstance(s, Sample)] for name in ("llmpost", "llguidance")]
        if all(pairs):
            first = [statistics.median(s.first_ms for s in samples) for samples in pairs]
            rows.setdefault("first mask", []).append(first[0] / first[1])
            for kind in ("cold", "warm"):
                ours, theirs = ([_quantiles(getattr(s, kind)) for s in samples] for samples in pairs)
                for place, quantile in enumerate(("median", "99th percentile")):
                    ratio = statistics.median(q[place] for q in ours) / statistics.median(q[place] for q in theirs)
                    rows.setdefault(f"{kind}, {quantile}", []).append(ratio)
    lines = ["| llmpost / llguidance | median of the patterns | largest |", "|---|--:|--:|"]
    lines += [f"| {name} | {statistics.median(ratios):.2f} | {max(ratios):.2f} |" for name, ratios in rows.items()]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocabulary", type=Path, default=Path("../shared/vocab/tekken_131k.npz"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, help="all; with --schemas llmpost and llguidance")
    parser.add_argument("--schemas", type=Path, help="a folder of schemas with instances, to be measured instead")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not options.vocabulary.is_file():
        print(f"{options.vocabulary} is not there: name a vocabulary with --vocabulary")
        return
    if options.schemas:
        engines = options.engines or ["llmpost", "llguidance"]
        text = report_on_schemas(options.vocabulary, options.schemas, engines, options.rounds)
    else:
        text = report(options.vocabulary, options.engines or list(ENGINES), options.rounds)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


def report(vocabulary: Path, engines: Sequence[str], rounds: int) -> str:
    """All of it, as Markdown."""
    names = [name for name in engines if importlib.util.find_spec(name) is not None]
    missing = [name for name in engines if name not in names]
    machine = machine_line(*(DISTRIBUTIONS.get(name, name) for name in names if name != "llmpost"))
    loading, outcomes = run(names, str(vocabulary), rounds)
    parts = [
        f"# Masks: {vocabulary.stem}",
        machine,
        f"Left out, not installed: {', '.join(missing)}." if missing else "",
        "Loading a vocabulary: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in loading.items()) + ".",
        targets(names, outcomes) if "llguidance" in names else "",
        *tables(names, outcomes),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


if __name__ == "__main__":
    main()
