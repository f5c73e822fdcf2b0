"""The options of ``llmpost replay``, and the order they make. Knows no guard: help is there at once."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from typing import Any

from llmpost.cli.console import Console
from llmpost.cli.schemas import schema_of
from llmpost.cli.trace.trace_options import given_paths
from llmpost.errors import RequestError

USAGE = "llmpost replay TRACES... --policy NEW [--against OLD] [options]"
HELP = "tell what a policy would have done to recorded texts"
EPILOG = """\
  llmpost replay traces/ --policy stricter.yaml                    beside what was done when they were recorded
  llmpost replay traces/ --policy stricter.yaml --against default  beside what another policy would have done
  llmpost replay traces/ --policy stricter.yaml --sample 0.01 --html report.html
  llmpost replay traces/ --policy stricter.yaml --resume state.json     and the same again after an interruption

Traces must have been recorded with store: raw. No model is asked. Standard output carries the report. Exit code: 0
told, whatever would change, 1 something failed on the way, 2 wrong use.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """Which traces before which policies, and where the report goes."""

    paths: tuple[str, ...]
    policy: str
    against: str | None
    json: str | None
    html: str | None
    key_file: str | None
    seal_key_file: str | None
    options: dict[str, Any]
    """As keywords of `replay`."""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="TRACES", help="trace files, or folders of them")
    parser.add_argument("--policy", metavar="NEW", help="the policy to be tried: one that ships, or a file")
    parser.add_argument("--against", metavar="OLD", help="compare with this policy, and not with what was recorded")
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON; - is standard output")
    parser.add_argument("--html", metavar="FILE", help="write the report as a page; - is standard output")
    parser.add_argument("--model", metavar="M", help="whose tokens are drawn once more, where logits were kept")
    parser.add_argument("--schema", metavar="FILE", action="append", help="of JSON documents in them; several times")
    parser.add_argument(
        "--examples", type=int, metavar="N", help="so many of each kind of difference; 5 where not said"
    )
    parser.add_argument("--show-text", action="store_true", help="examples bear the beginning of their texts")
    _add_amount(parser)
    group = parser.add_argument_group("keys")
    group.add_argument("--key-file", metavar="FILE", help="what hashes and keyed pseudonyms depend on")
    group.add_argument("--seal-key-file", metavar="FILE", help="what opens texts that were sealed")


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there is none."""
    if options.policy is None:
        hint = "Write --policy strict, or --policy FILE."
        raise RequestError("llmpost replay", "no policy", "one to be tried", hint)
    if options.json == "-" == options.html:
        raise RequestError("--html", "standard output for both", "possible", "Name a file for one of them.")
    schemas = options.schema or []
    return Order(
        paths=given_paths(options),
        policy=options.policy,
        against=options.against,
        json=options.json,
        html=options.html,
        key_file=options.key_file,
        seal_key_file=options.seal_key_file,
        options={
            "schemas": [schema_of(schema, console.stdin) for schema in schemas],
            "show_text": options.show_text,
            "workers": _num_cores() if options.workers is None else options.workers,
            **{name: value for name in _AMOUNTS if (value := getattr(options, name)) is not None},
        },
    )


_AMOUNTS = ("sample", "seed", "limit", "resume", "examples", "model")


def _add_amount(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how much")
    group.add_argument("--sample", type=float, metavar="SHARE", help="of requests, chosen by their ids: 0.01, say")
    group.add_argument("--seed", type=int, metavar="S", help="of the sample: another seed, other requests")
    group.add_argument("--limit", type=int, metavar="N", help="read no more than so many records")
    group.add_argument("--workers", type=int, metavar="N", help="so many processes; as many as there are cores")
    group.add_argument("--resume", metavar="FILE", help="keep there how far it is, and go on from there")


def _num_cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
