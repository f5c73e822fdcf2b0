"""What each detector beside that of personal data costs on prose, and how much of a stream it holds back.

    python benchmarks/detectors.py [--data FOLDER] [--rounds 5] [--out FILE.md]

The text is natural replies of an assistant, joined (`hh_dialog_prompts.jsonl.gz`). *Whole* reads all of it in one
piece; *pieces* in pieces of four characters, about a token; *held* are the characters of it that had come and that the
detector had not settled, after each piece.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from measuring import machine_line, number, table

from llmpost.contracts.guard import FollowingGuard, GuardContext
from llmpost.guards.exfiltration.carrying import Carrying
from llmpost.guards.exfiltration.guard import exfiltration
from llmpost.guards.leakage import Leakage
from llmpost.guards.length import Length
from llmpost.guards.lists.entries import FOLDS, Comparison
from llmpost.guards.lists.guard import lists
from llmpost.guards.lists.profanity import profanity
from llmpost.guards.repetition import Repetition
from llmpost.guards.secrets.detect_secrets import PLUGINS, DetectSecrets, load_plugins
from llmpost.guards.secrets.guard import secrets
from llmpost.guards.urls.guard import Rules, urls
from llmpost.guards.urls.hosts import Hosts

CHARACTERS = 32 << 10
PIECE = 4


def detectors(system: str) -> tuple[Mapping[str, FollowingGuard], GuardContext]:
    many = {"NAME": [f"name {at} of a hundred thousand" for at in range(100_000)]}
    found: dict[str, FollowingGuard] = {
        "secrets": secrets(),
        "detect-secrets": DetectSecrets(load_plugins(PLUGINS, "plugins")),
        "profanity": lists("profanity", {"PROFANITY": profanity()}, Comparison.of(FOLDS[:3])),
        "phrases, 100,000": lists("phrases", many, Comparison.of(FOLDS[:2])),
        "phrases, 100,000, spacing": lists("phrases", many, Comparison.of(FOLDS)),
        "urls": urls(Rules(Hosts.of(["example.com"]))),
        "urls, bare": urls(Rules(Hosts.of(["example.com"])), has_bare=True),
        "exfiltration": exfiltration(Carrying()),
        "leakage": Leakage(),
        "repetition": Repetition(),
        "length": Length(most={"words": 100_000, "characters": 1_000_000}),
    }
    return found, GuardContext(system=system)


def prose(folder: Path) -> str:
    lines = gzip.decompress((folder / "hh_dialog_prompts.jsonl.gz").read_bytes()).decode().splitlines()
    replies = (json.loads(line).get("meta", {}).get("final_reply", "") for line in lines)
    return "\n\n".join(filter(None, replies))


def processor_seconds(arm: Callable[[], object], rounds: int) -> float:
    """Median of what a call takes of this process's time, once it has learnt: other processes do not count."""
    arm()
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        arm()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def held_back(guard: FollowingGuard, pieces: Iterable[str], context: GuardContext) -> list[int]:
    memory, read, held = None, 0, []
    for piece in pieces:
        progress = guard.follow(memory, piece, context, is_end=False)
        memory, read = progress.memory, read + len(piece)
        held.append(read - progress.settled)
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/datasets"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    replies = prose(options.data)
    text, system = replies[:CHARACTERS], replies[CHARACTERS : CHARACTERS + 4000]
    guards, context = detectors(system)
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    rows = []
    for name, guard in guards.items():
        whole = processor_seconds(partial(guard.follow, None, text, context, True), options.rounds)
        streamed = processor_seconds(partial(held_back, guard, pieces, context), options.rounds)
        held = held_back(guard, pieces, context)
        times = (whole / (len(text) / 1024) * 1e6, streamed / len(pieces) * 1e6)
        rows.append((name, *map(number, times), number(statistics.mean(held)), max(held)))
    heads = ("detector", "whole, µs/KB", "pieces, µs each", "held, mean", "held, most")
    result = f"{machine_line()}; {len(text):,} characters\n\n{table(heads, rows)}\n"
    print(result)
    if options.out:
        options.out.write_text(result, encoding="utf-8")


if __name__ == "__main__":
    main()
