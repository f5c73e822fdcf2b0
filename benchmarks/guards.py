"""What guards find, what they cost, and how far a stream lags behind, beside rivals in the same run.

    pip install 'llmpost[pii,secrets]' llm-guard
    python benchmarks/guards.py [--data FOLDER] [--rounds 5] [--out FILE.md]

Rivals: Presidio's own `AnalyzerEngine` over a blank pipeline (no language model), with all that it brings and with the
seven entities that both know; detect-secrets' plugins for tokens, line by line; the scanners of llm-guard that download
nothing. Who is not installed is left out by name. Everything runs on one thread; rounds are interleaved.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import logging
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from measuring import interleaved, machine_line, number, seconds_of, table
from pii import ENTITIES, measured, read_rows

from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.engine import Checker
from llmpost.guards.options import Options
from llmpost.guards.pii import detector
from llmpost.guards.release_window import ReleaseWindow
from llmpost.guards.secrets import detect_secrets
from llmpost.guards.tools import Tools

RIVALS = ("presidio-analyzer", "detect-secrets", "llm-guard")
SIZES = (1, 4, 16, 64)
"""Kilobytes of a text."""
Scan = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class PresidioEngine:
    """Presidio as its users call it, without a language model."""

    engine: Any
    entities: list[str] | None = None

    name = "presidio"
    reach = None
    context = 0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        found = self.engine.analyze(text, language="en", entities=self.entities)
        return [Finding("presidio", one.entity_type, Span(one.start, one.end), one.score) for one in found]


def presidio_engine() -> Any:
    """All recognisers but spaCy's; the list of domains that one of them wants is the one it brings, from no network."""
    analyzer = importlib.import_module("presidio_analyzer")
    nlp = importlib.import_module("presidio_analyzer.nlp_engine")
    spacy = importlib.import_module("spacy")
    tldextract = importlib.import_module("tldextract")
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[attr-defined]  # a module
    engine = nlp.SpacyNlpEngine()
    engine.nlp = {"en": spacy.blank("en")}
    registry = analyzer.RecognizerRegistry()
    registry.load_predefined_recognizers()
    registry.remove_recognizer("SpacyRecognizer")
    return analyzer.AnalyzerEngine(registry=registry, nlp_engine=engine)


def detect_secrets_scan() -> Scan:
    """Its plugins that know the shape of a token; the ad-hoc scan with all plugins flags everything."""
    made = detect_secrets.load_plugins(detect_secrets.PLUGINS, "benchmark")

    def scan(text: str) -> int:
        return sum(1 for line in text.splitlines() for plugin in made for _ in plugin.analyze_string(line))

    return scan


def llm_guard_scans() -> dict[str, Scan]:
    logging.disable(logging.CRITICAL)
    scanners = importlib.import_module("llm_guard.input_scanners")
    structlog = importlib.import_module("structlog")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return {"llm-guard, Secrets": scanners.Secrets().scan}


def is_installed(package: str) -> bool:
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False


def rivals() -> dict[str, Scan]:
    """Whoever is installed."""
    found: dict[str, Scan] = {}
    for make in (_presidio_scans, lambda: {"detect-secrets, tokens": detect_secrets_scan()}, llm_guard_scans):
        try:
            found |= make()
        except ImportError as error:
            print(f"left out: {error}")
    return found


def _presidio_scans() -> dict[str, Scan]:
    engine = presidio_engine()
    nothing = GuardContext()
    return {
        "Presidio, all": lambda text: PresidioEngine(engine).inspect(text, nothing),
        "Presidio, the same seven": lambda text: PresidioEngine(engine, list(ENTITIES)).inspect(text, nothing),
    }


def texts_of(data: Path) -> dict[str, str]:
    """A megabyte or so of either kind: answers of assistants, and texts made to be full of personal data."""
    return {
        "prose": "\n\n".join(replies(data / "hh_dialog_prompts.jsonl.gz")),
        "dense": "\n".join(row.text for row in read_rows(data) if row.id.startswith("pii_patterns")),
    }


def replies(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if reply := (json.loads(line).get("meta") or {}).get("final_reply"):
                yield reply


def accuracy(data: Path) -> str:
    """Recall and precision by entity, of both."""
    rows = read_rows(data)
    own = measured(detector.build(Options({}, "guards[0]")), rows)
    try:
        other = measured(PresidioEngine(presidio_engine(), list(ENTITIES)), rows)
    except ImportError:
        other = {}
    lines = []
    for name, one in own.items():
        theirs = [f"{other[name].recall:.3f}", f"{other[name].precision:.3f}"] if other else ["–", "–"]
        lines.append([name, one.gold, f"{one.recall:.3f}", f"{one.precision:.3f}", *theirs])
    heads = ["entity", "gold", "recall", "precision", "Presidio's recall", "its precision"]
    return table(heads, lines)


def costs(texts: Mapping[str, str], rounds: int) -> str:
    """Milliseconds a kilobyte, by kind and size of text."""
    checker = Checker("default")
    pii = Checker({"version": 1, "name": "pii", "guards": [{"use": "pii"}]})
    arms: dict[str, Scan] = {"llmpost, default policy": checker.check, "llmpost, pii alone": pii.check, **rivals()}
    seen: dict[tuple[str, int], dict[str, float]] = {}
    for kind, text in texts.items():
        for size in SIZES:
            piece = text[: size << 10]
            seen[kind, size] = interleaved({name: _calling(arm, piece) for name, arm in arms.items()}, rounds)
    lines = [[name, *(number(1000 * seconds[name] / size) for (_, size), seconds in seen.items())] for name in arms]
    return table(["ms a KB", *(f"{kind}, {size} KB" for kind, size in seen)], lines)


def _calling(arm: Scan, text: str) -> Callable[[], object]:
    return lambda: arm(text)


def phrase_lists(text: str, rounds: int) -> str:
    """Lists of phrases, none of which is in the text but the last."""
    piece = text[: 16 << 10]
    lines = []
    for size in (100, 10_000, 100_000):
        phrases = [f"forbidden phrase {place:06d}" for place in range(size - 1)] + ["the"]
        policy = {"version": 1, "name": "list", "guards": [{"use": "phrases", "phrases": phrases, "action": "log"}]}
        made = seconds_of(lambda policy=policy: Checker(policy).check(""))  # type: ignore[misc]  # bound now
        checker = Checker(policy)
        arms: dict[str, Callable[[], object]] = {"llmpost": lambda checker=checker: checker.check(piece)}  # type: ignore[misc]
        try:
            ban = importlib.import_module("llm_guard.input_scanners").BanSubstrings
            scanner = ban(substrings=phrases, match_type="word", case_sensitive=True)
            if size <= 10_000:
                arms["llm-guard"] = lambda scanner=scanner: scanner.scan(piece)  # type: ignore[misc]
        except ImportError:
            pass
        seconds = interleaved(arms, rounds)
        each = [number(1000 * seconds[name] / 16) if name in seconds else "–" for name in ("llmpost", "llm-guard")]
        lines.append([f"{size:,}", number(1000 * made), *each])
    return table(["phrases", "made, ms", "ms a KB", "llm-guard BanSubstrings"], lines)


def many_guards(count: int) -> dict[str, Any]:
    """So many guards of all kinds, the cheap ones many times over."""
    kinds: list[dict[str, Any]] = [
        {"use": "pii"},
        {"use": "secrets"},
        {"use": "profanity"},
        {"use": "repetition", "action": "log"},
    ]
    guards = [
        {**kinds[place], "name": f"g{place}"}
        if place < len(kinds)
        else {
            "use": "phrases",
            "name": f"g{place}",
            "phrases": [f"project {place}", f"code word {place}"],
            "action": "redact",
        }
        for place in range(count)
    ]
    return {"version": 1, "name": f"{count} guards", "guards": guards, "release": "window"}


def streaming(texts: Mapping[str, str]) -> str:
    """Pieces of four characters, as tokens are: what is held back, the first character shown, and what it costs."""
    lines = []
    for kind, text in texts.items():
        piece = text[: 32 << 10]
        pieces = [piece[place : place + 4] for place in range(0, len(piece), 4)]
        for count in (1, 2, 5, 10, 25, 50):
            policy = many_guards(count)
            checker = Checker(policy)
            guarding = checker.guarding(checker.policy)
            ReleaseWindow(guarding, GuardContext(), Tools()).feed(piece)  # what is made once is made now
            lines.append([kind, count, *_streamed(guarding, pieces)])
    heads = ["text", "guards", "held, mean", "held, most", "first character after", "its time, ms", "ms a KB"]
    return table(heads, lines, num_names=1)


def _streamed(guarding: Any, pieces: Sequence[str]) -> list[str]:
    window = ReleaseWindow(guarding, GuardContext(), Tools())
    begun = time.perf_counter()
    first: tuple[int, float] | None = None
    read = 0
    for piece in pieces:
        shown = window.feed(piece)
        read += len(piece)
        if shown and first is None:
            first = read, time.perf_counter() - begun
    window.close()
    seconds = time.perf_counter() - begun
    after, when = first or (read, seconds)
    held, ms_per_kb = window.held, 1000 * seconds / (read / 1024)
    return [number(held.mean), str(held.most), f"{after} characters", number(1000 * when), number(ms_per_kb)]


def throughput(data: Path, count: int = 10_000) -> str:
    """So many texts through the default policy, and the memory after each quarter."""
    rows = [row.text for row in read_rows(data)] + list(replies(data / "hh_dialog_prompts.jsonl.gz"))
    checker = Checker("default")
    size = sum(len(rows[place % len(rows)]) for place in range(count)) / 1024
    memory = []
    begun = time.perf_counter()
    for place in range(count):
        checker.check(rows[place % len(rows)])
        if place % (count // 4) == count // 4 - 1:
            memory.append(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
    seconds = time.perf_counter() - begun
    return (
        f"{count:,} texts of {size:,.0f} KB in {number(seconds)} s: {count / seconds:,.0f} texts and "
        f"{size / seconds:,.0f} KB a second. Most memory after each quarter: {', '.join(memory)} MB."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "datasets")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="write the report here, too")
    options = parser.parse_args()
    texts = texts_of(options.data)
    parts = ["# Guards", machine_line(*filter(is_installed, RIVALS)), "## Throughput", throughput(options.data)]
    parts += ["## Found", accuracy(options.data), "## Cost", costs(texts, options.rounds)]
    parts += ["## Lists of phrases", phrase_lists(texts["prose"], options.rounds), "## Streams", streaming(texts)]
    report = "\n\n".join(parts)
    print(report)
    if options.out:
        options.out.write_text(report + "\n", "utf-8")


if __name__ == "__main__":
    main()
