"""What guards need besides a policy, as options: a file for reviewers, and a key."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from llmpost.errors import RequestError


def add_guard_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("guards")
    group.add_argument("--review-file", metavar="FILE", help="a line for each text that a person must see")
    group.add_argument(
        "--key-file", metavar="FILE", help="what hashes, keyed pseudonyms and digests in records depend on"
    )


def given_surroundings(options: argparse.Namespace) -> dict[str, Any]:
    """As keywords of ``Engine.load`` and ``Checker.load``; RequestError where there is no key in the file."""
    return {"on_review": options.review_file, "key": given_key(options)}


def given_key(options: argparse.Namespace) -> bytes:
    """Empty where none was given; RequestError where there is none in the file."""
    return b"" if options.key_file is None else _key(options.key_file)


def _key(path: str) -> bytes:
    try:
        key = Path(path).read_bytes().strip()
    except OSError as error:
        given = f"a path that cannot be read ({error.strerror})"
        raise RequestError(path, given, "a file with a key", "Check the path.") from None
    if not key:
        raise RequestError(path, "an empty file", "a key", "Write 32 random bytes into it.")
    return key
