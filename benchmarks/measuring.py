"""Shared by the benchmarks: interleaved rounds, medians, and a line that says on what machine."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path


def interleaved(arms: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each arm. Every round runs every arm once, so that noise falls on all alike."""
    for arm in arms.values():
        arm()
    seconds: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, arm in arms.items():
            seconds[name].append(seconds_of(arm))
    return {name: statistics.median(values) for name, values in seconds.items()}


def seconds_of(arm: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    arm()
    return time.perf_counter() - start


def number(value: float) -> str:
    """Three digits or so.

    >>> [number(value) for value in (0.0, 0.123, 12.34, 123.4, -12345.6)]
    ['0', '0.12', '12.3', '123', '-12,346']
    """
    size = abs(value)
    return "0" if not size else f"{value:.2f}" if size < 10 else f"{value:.1f}" if size < 100 else f"{value:,.0f}"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], num_names: int = 1) -> str:
    """Markdown: the names that a line begins with to the left, the rest to the right."""
    lines = [heads, ["---"] * num_names + ["--:"] * (len(heads) - num_names), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def machine_line(*packages: str) -> str:
    """Machine, versions and date, for the head of a result."""
    processor = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    versions = ", ".join(f"{name} {version(name)}" for name in ("llmpost", *packages))
    return f"{date.today()}: {processor}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.is_file() else []
