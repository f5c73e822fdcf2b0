"""The options of ``llmpost trace stats``, and the order they make."""

from __future__ import annotations

import argparse
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from llmpost.cli.console import Console
from llmpost.cli.trace.trace_options import add_trace_options, given_paths
from llmpost.errors import RequestError

USAGE = "llmpost trace stats TRACES... [--since TIME] [--until TIME] [--policy NAME] [--json]"
HELP = "tell traces in numbers: ends, verdicts, guards, times"
EPILOG = """\
  llmpost trace stats traces/
  llmpost trace stats traces/ --since 24h --policy support-bot
  llmpost trace stats traces/ --since 2026-11-01 --until 2026-11-08T12:00 --json

A TIME is a date, a date and a time (of UTC, where no other zone is said), or how long ago: 30m, 24h, 7d. Quantiles are
off by one per cent at most. Standard output carries the answer. Exit code: 0 told, also of traces that are damaged,
1 something failed on the way, 2 wrong use.
"""
_AGO = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Order:
    """Of which records, and in which form."""

    paths: tuple[str, ...]
    since: float | None
    until: float | None
    policy: str | None
    is_json: bool
    key_file: str | None


def add_options(parser: argparse.ArgumentParser) -> None:
    add_trace_options(parser)
    parser.add_argument("--since", metavar="TIME", help="only of what was over at this time or later")
    parser.add_argument("--until", metavar="TIME", help="only of what was over before this time")
    parser.add_argument("--policy", metavar="NAME", help="only of this policy: its name, or name@digest")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there is none."""
    return Order(
        paths=given_paths(options),
        since=None if options.since is None else _moment(options.since, "--since"),
        until=None if options.until is None else _moment(options.until, "--until"),
        policy=options.policy,
        is_json=options.json,
        key_file=options.key_file,
    )


def _moment(given: str, where: str) -> float:
    """Seconds since 1970."""
    if ago := _AGO.fullmatch(given):
        return time.time() - int(ago["number"]) * _SECONDS[ago["unit"]]
    try:
        at = datetime.fromisoformat(given)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise RequestError(where, f"{given!r:.60}", "a time", "Write 2026-11-21, 2026-11-21T18:30 or 24h.") from None
