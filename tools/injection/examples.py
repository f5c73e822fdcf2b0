"""Examples: texts that are attacks or none, each with where it comes from, so that kin can be left out together.

Labels of the sets are taken as they are. Prompts and replies of ordinary conversations count as no attacks, though
nobody labelled them: a few in a thousand may be some.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Label = Literal["injection", "jailbreak"]
LABELS: tuple[Label, ...] = ("injection", "jailbreak")


@dataclass(frozen=True, slots=True)
class Example:
    """One text."""

    id: str
    text: str
    origin: str
    """A source of texts that were gathered in one way; of attacks the kind."""
    label: Label | None = None
    """None: no attack."""
    variant: str = ""
    language: str = "English"


def examples(folder: Path) -> list[Example]:
    """All of them, attacks first, in the order of the files."""
    found = list(_attacks_and_lookalikes(folder))
    found += _plain(folder, "xstest", "xstest")
    found += _plain(folder, "cyber_benign", "cyber_benign")
    found += _plain(folder, "harmful_requests", "harmful_requests")
    found += (each for each in emails(folder) if each.label is None)
    found += _plain(folder, "hh_dialog_prompts", "dialog_prompts")
    found += _replies(folder)
    found += _plain(folder, "surge_toxicity", "comments")
    found += random.Random(0).sample(_plain(folder, "pii_patterns_synth", "assistant_texts"), 500)
    return found


def emails(folder: Path) -> list[Example]:
    """Everyday e-mails, and the same with an instruction to whoever reads them for somebody else. No training has
    the latter: alone they are orders like any other."""
    rows = list(rows_of(folder, "bipia_indirect"))
    contexts = [row for row in rows if not row["labels"]["injected_instruction"]]
    clean = [Example(row["id"], row["text"], "emails") for row in contexts]
    orders = [row for row in rows if row["labels"]["injected_instruction"]]
    injected = [
        Example(row["id"], f"{contexts[at % len(contexts)]['text']}\n{row['text']}", "emails_injected", "injection")
        for at, row in enumerate(orders)
    ]
    return clean + injected


def rows_of(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _attacks_and_lookalikes(folder: Path) -> Iterator[Example]:
    for row in rows_of(folder, "prompt_injection"):
        said = row["labels"]
        kind, variant = said["kind"], said["variant"] or ""
        origin = "notinject" if kind == "hard_negative" else "system_prompts" if kind == "system_prompt" else kind
        label: Label | None = None
        if said["injection"]:
            label = "jailbreak" if kind == "jailbreak" else "injection"
        yield Example(row["id"], row["text"], origin, label, variant, said["lang"])


def _plain(folder: Path, name: str, origin: str) -> list[Example]:
    return [Example(row["id"], row["text"], origin) for row in rows_of(folder, name)]


def _replies(folder: Path) -> list[Example]:
    rows = rows_of(folder, "hh_dialog_prompts")
    return [Example(row["id"], row["meta"]["final_reply"], "replies") for row in rows if row["meta"].get("final_reply")]
