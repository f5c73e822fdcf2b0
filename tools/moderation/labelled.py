"""Labelled: the rows of the labelled sets as examples. HateCheck, XSTest and the audits are not among them."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .example import CATEGORIES, Example

_SHINGLE: Final = 8
"""Words in succession that make two texts kin."""
_NUM_TWEETS: Final = 5000


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def labelled(folder: Path, seed: int = 0) -> Iterator[Example]:
    """Every set that is trained on, with kin told by common words in succession."""
    for name, given in (
        ("openai_moderation", list(_moderation(folder))),
        ("surge_toxicity", list(_toxicity(folder))),
        ("toxigen_demos", list(_toxigen(folder))),
        ("davidson_tweets", list(_tweets(folder, seed))),
        ("hh_dialog_prompts", list(_replies(folder))),
    ):
        texts = [text for text, _, _ in given]
        for (text, labels, opinions), kin in zip(given, kin_of(texts), strict=True):
            yield Example(text, name, labels, opinions, f"{name} {kin}")


_Told = tuple[str, dict[str, float], dict[str, float]]


def _moderation(folder: Path) -> Iterator[_Told]:
    for row in rows(folder, "openai_moderation"):
        given = {"flagged" if name == "any_flagged" else name: value for name, value in row["labels"].items()}
        yield row["text"], {name: given[name] for name in CATEGORIES if given.get(name) is not None}, {}


def _toxicity(folder: Path) -> Iterator[_Told]:
    for row in rows(folder, "surge_toxicity"):
        toxic = float(row["labels"]["toxic"])
        yield row["text"], {"toxicity": toxic}, {"said_toxic": toxic}


def _toxigen(folder: Path) -> Iterator[_Told]:
    for row in rows(folder, "toxigen_demos"):
        hateful = float(row["labels"]["hateful"])
        yield row["text"], {"hate": hateful}, {"said_hateful": hateful}


def _tweets(folder: Path, seed: int) -> Iterator[_Told]:
    """A part of them, for an opinion only: who labelled them took a dialect for an offence."""
    given = rows(folder, "davidson_tweets")
    for row in random.Random(seed).sample(given, min(_NUM_TWEETS, len(given))):
        hate, offensive = float(row["labels"]["hate"]), float(row["labels"]["offensive"])
        yield row["text"], {}, {"tweet_hate": hate, "tweet_offensive": max(hate, offensive)}


def _replies(folder: Path) -> Iterator[_Told]:
    """What an assistant answered, taken for clean."""
    for row in rows(folder, "hh_dialog_prompts"):
        reply = (row.get("meta") or {}).get("final_reply")
        if reply and reply.strip():
            yield reply, dict.fromkeys(CATEGORIES, 0.0), {"tweet_hate": 0.0, "tweet_offensive": 0.0}


def kin_of(texts: Sequence[str]) -> list[int]:
    """A number for each text, the same for those that have eight words in succession in common, and for theirs."""
    parents = list(range(len(texts)))

    def root(one: int) -> int:
        while parents[one] != one:
            one = parents[one]
        return one

    first: dict[str, int] = {}
    for number, text in enumerate(texts):
        words = re.findall(r"\w+", text.lower())
        for at in range(max(1, len(words) - _SHINGLE + 1)):
            shingle = " ".join(words[at : at + _SHINGLE])
            parents[root(number)] = root(first.setdefault(shingle, number))
    return [root(number) for number in range(len(texts))]
