"""The options of ``llmpost explain``, and the order they make. Knows no engine and no model: bytes are enough."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from llmpost.cli.console import Console
from llmpost.cli.generate_options import CONSTRAINTS, JSON_OPTIONS, add_json_options, check_language
from llmpost.cli.generate_order import rule_of, texts_of, whitespace_of
from llmpost.cli.prompts import read_prompt, read_text
from llmpost.cli.schemas import schema_of
from llmpost.errors import RequestError

USAGE = "llmpost explain --schema F|--regex R|--choice A,B|--quote F|--forbid R --text T|- [options]"
HELP = "say where and why a text leaves a constraint"
EPILOG = """\
  llmpost explain --schema person.json --text '{"age": "3"}'
  llmpost explain --regex '[0-9]{4}-[0-9]{2}' --text 2024-1
  cat answer.json | llmpost explain --schema person.json --text - --json

Standard output carries the answer. Exit code: 0 the text is inside, 3 it leaves the constraint or is not complete,
1 something failed on the way, 2 wrong use.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: a language as keywords of `compile_constraint`, and a text."""

    language: dict[str, Any]
    text: str
    is_json: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--schema", metavar="FILE", help="a JSON Schema: a file, or its text")
    parser.add_argument("--regex", metavar="R", help="a regular expression that the whole text has to match")
    parser.add_argument("--choice", metavar="A,B", help="the texts that are allowed; also as a JSON list")
    parser.add_argument("--quote", metavar="FILE", help="a document that the text has to stand in")
    parser.add_argument("--forbid", metavar="RULE", action="append", help="what must not be in it; also several times")
    parser.add_argument("--text", metavar="TEXT", help="the text; - reads it from standard input")
    parser.add_argument("--json", action="store_true", help="the answer as one JSON object")
    add_json_options(parser)


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there is none."""
    check_language(options)
    if options.forbid is None and all(getattr(options, name) is None for name in CONSTRAINTS):
        hint = "Say what the text is held to."
        allowed = "one of --schema, --regex, --choice, --quote and --forbid"
        raise RequestError("llmpost explain", "no constraint", allowed, hint)
    if options.text is None:
        raise RequestError("llmpost explain", "no text", "a text to look at", "Add --text TEXT; - is standard input.")
    if options.schema == options.text == "-":
        both, hint = "standard input for --schema and --text", "Name a file for one of them."
        raise RequestError("--text", both, "read twice", hint)
    language = _language(options, console)
    if options.forbid is not None:
        language["forbid"] = list(map(rule_of, options.forbid))
    return Order(language, read_prompt(options.text, console.stdin), options.json)


def _language(options: argparse.Namespace, console: Console) -> dict[str, Any]:
    if options.regex is not None:
        return {"regex": options.regex}
    if options.choice is not None:
        return {"choice": texts_of(options.choice)}
    if options.quote is not None:
        return {"quote": read_text(options.quote, console.stdin)}
    if options.schema is None:
        return {}
    settings = {name: getattr(options, name) for name in JSON_OPTIONS if getattr(options, name) is not None}
    if "whitespace" in settings:
        settings["whitespace"] = whitespace_of(settings["whitespace"])
    return {"json_schema": schema_of(options.schema, console.stdin), **settings}
