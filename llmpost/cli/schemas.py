"""A schema as the command line names it: a file, its text, or standard input."""

from __future__ import annotations

from typing import BinaryIO

from llmpost.cli.prompts import read_text


def schema_of(word: str, stdin: BinaryIO) -> str:
    """The text of the schema; RequestError where its file cannot be read."""
    is_text = word.lstrip()[:1] == "{" or word.strip() in ("true", "false")
    return word if is_text else read_text(word, stdin)
