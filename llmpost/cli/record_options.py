"""Where records of what is done go, and what texts in them are sealed with, as options."""

from __future__ import annotations

import argparse
from typing import Any


def add_record_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("records")
    trace = "a record of each result, with as much of its texts as the policy lets be kept: a folder, or a .jsonl file"
    group.add_argument("--trace", metavar="F", help=trace)
    group.add_argument("--seal-key-file", metavar="FILE", help="what raw texts in records are encrypted with")


def given_recording(options: argparse.Namespace) -> dict[str, Any]:
    """As keywords of ``Engine.load`` and ``Checker.load``, once `recording.with_seal_key` has read the key."""
    return {"trace": options.trace, "seal_key_file": options.seal_key_file}
