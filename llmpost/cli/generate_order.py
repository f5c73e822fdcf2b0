"""What ``llmpost generate`` was asked for: options and prompts, read and checked before anything is computed.

Knows no engine, so whatever can be found wrong without a model is said at once. `generate` carries an order out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from llmpost.cli.console import Console
from llmpost.cli.generate_options import JSON_OPTIONS, MODEL_OPTIONS, check_options
from llmpost.cli.guard_options import given_surroundings
from llmpost.cli.prompts import Line, read_lines, read_messages, read_prompt, read_text, shown
from llmpost.cli.record_options import given_recording
from llmpost.cli.setting_options import given_settings
from llmpost.errors import RequestError
from llmpost.policy import Policy


@dataclass(frozen=True, slots=True)
class Order:
    """One prompt, or the lines of a file of prompts where `source` names one."""

    model: str
    load_options: dict[str, Any]
    policy: Policy
    arguments: dict[str, Any]
    """The keywords of ``Engine.generate``."""
    prompt: Any = None
    lines: Sequence[Line] = ()
    source: str = ""
    batch_size: int = 1
    is_stream: bool = False
    is_json: bool = False


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError or PolicyError where there is none."""
    check_options(options)
    order = Order(
        model=options.model,
        load_options={
            **{name: value for name in MODEL_OPTIONS if (value := getattr(options, name))},
            **given_surroundings(options),
            **given_recording(options),
        },
        policy=Policy.found(options.policy),
        arguments={
            **given_settings(options),
            "schema": options.schema,
            **{name: getattr(options, name) for name in JSON_OPTIONS},
            "whitespace": None if options.whitespace is None else whitespace_of(options.whitespace),
            "regex": options.regex,
            "choice": None if options.choice is None else texts_of(options.choice),
            "quote": None if options.quote is None else read_text(options.quote, console.stdin),
            "forbid": None if options.forbid is None else list(map(rule_of, options.forbid)),
            "template": not options.no_template,
        },
        batch_size=int(options.batch_size),
        is_stream=options.stream,
        is_json=options.json,
    )
    _check_stream(order)
    return _with_prompts(order, options, console)


def texts_of(given: str) -> list[str]:
    """
    >>> texts_of("yes,no"), texts_of('["yes, sir", "no"]')
    (['yes', 'no'], ['yes, sir', 'no'])
    """
    if not given.startswith("["):
        return given.split(",")
    try:
        texts = json.loads(given)
    except ValueError:
        texts = None
    if isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts):
        return texts
    hint = "A text that begins with [ must be in a JSON list, too."
    raise RequestError("--choice", f"'{given:.60}'", "texts between commas, or a JSON list of texts", hint)


def rule_of(given: str) -> Any:
    """
    >>> rule_of("[0-9]{4}"), rule_of('{"phrase": "as an AI"}')
    ('[0-9]{4}', {'phrase': 'as an AI'})
    """
    if not given.startswith("{"):
        return given
    try:
        return json.loads(given)
    except ValueError as error:
        hint = 'A pattern that begins with { is written {"regex": ...} too.'
        raise RequestError("--forbid", f"'{given:.60}'", f"JSON ({error})", hint) from None


def whitespace_of(given: str) -> Any:
    """
    >>> whitespace_of("compact"), whitespace_of('{"indent": 2}')
    ('compact', {'indent': 2})
    """
    try:
        return json.loads(given)
    except ValueError:
        return given


def _check_stream(order: Order) -> None:
    num_candidates = order.arguments.get("n") or order.policy.decode.n or 1
    if order.is_stream and num_candidates > 1 and not order.is_json:
        hint = "Add --json, whose events name their candidate, or leave --stream out."
        raise RequestError("--stream", f"--n {num_candidates}", "one text", hint)


def _with_prompts(order: Order, options: argparse.Namespace, console: Console) -> Order:
    if options.prompts is not None:
        lines = read_lines(options.prompts, console.stdin)
        return replace(order, lines=lines, source=shown(options.prompts))
    if options.messages is not None:
        return replace(order, prompt=read_messages(options.messages, console.stdin))
    return replace(order, prompt=read_prompt(options.prompt, console.stdin))
