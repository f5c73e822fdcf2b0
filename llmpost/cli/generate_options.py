"""The options of ``llmpost generate``. Knows no engine, so help and wrong use are answered at once."""

from __future__ import annotations

import argparse

from llmpost.cli.guard_options import add_guard_options
from llmpost.cli.record_options import add_record_options
from llmpost.cli.setting_options import add_settings, option_of
from llmpost.errors import RequestError

USAGE = "llmpost generate PROMPT|- [options]"
HELP = "write text from a prompt"
EPILOG = """\
prompts:
  llmpost generate 'Once upon a time'         one prompt
  llmpost generate - < story.txt              all of standard input is one prompt, without its last line end
  llmpost generate --messages chat.json       a chat: [{"role": "user", "content": "Hello"}]
  llmpost generate --prompts prompts.txt      one prompt a line; a line that begins with { is read as JSON,
                                              {"prompt": "..."} or {"messages": [...]}

Standard output carries the text alone, or JSON with --json. Exit code: 0 fine, 1 something failed on the way
(no way to an answer that fits --schema was found, too), 2 wrong use, 3 an answer was blocked by its policy.
"""
LATER = ("grammar", "speculate", "select", "num_beams")
CONSTRAINTS = ("schema", "regex", "choice", "quote")
JSON_OPTIONS = ("strict", "whitespace", "key_order", "escapes", "formats")
MODEL_OPTIONS = ("device", "dtype", "adapter", "compile", "attn_implementation", "revision", "trust_remote_code")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="?", metavar="PROMPT", help="the prompt; - reads it from standard input")
    parser.add_argument("--prompts", metavar="FILE", help="a file of prompts, run in batches; - is standard input")
    parser.add_argument("--messages", metavar="FILE", help="a JSON file of chat messages; - is standard input")
    parser.add_argument(
        "--policy", default="default", metavar="NAME", help="a policy that ships with llmpost, or a file"
    )
    parser.add_argument("--no-template", action="store_true", help="plain text, whatever chat template there is")
    parser.add_argument("--batch-size", default="8", metavar="N", help="how many of --prompts run side by side (8)")
    _add_output_options(parser)
    add_json_options(parser)
    add_guard_options(parser)
    add_record_options(parser)
    _add_model_options(parser)
    add_settings(parser)
    for name in LATER:
        parser.add_argument(option_of(name), help=argparse.SUPPRESS)


def check_options(options: argparse.Namespace) -> None:
    """What argparse cannot say; RequestError before anything is read or loaded."""
    for name in LATER:
        if getattr(options, name) is not None:
            raise RequestError(option_of(name), f"'{option_of(name)}'", "in this version yet", "Leave it out for now.")
    check_language(options)
    sources = [name for name in ("prompt", "prompts", "messages") if getattr(options, name) is not None]
    if len(sources) != 1:
        given = " and ".join("PROMPT" if name == "prompt" else option_of(name) for name in sources) or "nothing"
        raise RequestError(
            "llmpost generate", given, "one of PROMPT, --prompts and --messages", "A PROMPT of - reads standard input."
        )
    if not options.batch_size.isdecimal() or int(options.batch_size) < 1:
        raise RequestError("--batch-size", f"'{options.batch_size}'", "a whole number from 1 up", "Leave it out for 8.")
    if options.stream and options.prompts is not None:
        raise RequestError("--stream", "a file of prompts", "one prompt", "Leave --stream out.")


def check_language(options: argparse.Namespace) -> None:
    """At most one language, and options of a schema beside a schema alone."""
    held = [option_of(name) for name in CONSTRAINTS if getattr(options, name) is not None]
    if len(held) > 1:
        raise RequestError(
            held[1], f"{held[1]} beside {held[0]}", "possible: one constraint a call", "Drop one of them."
        )
    idle = [option_of(name) for name in JSON_OPTIONS if getattr(options, name) is not None and options.schema is None]
    if idle:
        raise RequestError(
            idle[0], f"{idle[0]} without --schema", "possible: it says how a schema is meant", "Drop it."
        )


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument(
        "--schema", metavar="FILE", help="a JSON Schema (a file, or its text) that the answer is an instance of"
    )
    group.add_argument("--regex", metavar="R", help="a regular expression that the whole answer matches")
    group.add_argument("--choice", metavar="A,B", help="the answer is one of these texts; also as a JSON list")
    group.add_argument("--quote", metavar="FILE", help="the answer stands in this file; - is standard input")
    forbid = "no match of this is in the answer: a regular expression, or a rule as JSON; several times for several"
    group.add_argument("--forbid", metavar="RULE", action="append", help=forbid)
    group.add_argument("--stream", action="store_true", help="write text as it comes; with --json one event a line")
    group.add_argument("--json", action="store_true", help="one JSON object a line: text, tokens, timings, trace")


def add_json_options(parser: argparse.ArgumentParser) -> None:
    """What says how --schema is meant. Which words each takes is checked where the schema is."""
    group = parser.add_argument_group("JSON, beside --schema")
    strict = "refuse a schema of which a part cannot be enforced (the default), or leave such parts out"
    group.add_argument("--strict", action=argparse.BooleanOptionalAction, default=None, help=strict)
    whitespace = 'flexible (the default), compact, or {"indent": N}: as json.dumps prints it'
    group.add_argument("--whitespace", metavar="HOW", help=whitespace)
    order = "schema (the default): listed keys in the schema's order; any: in every order"
    group.add_argument("--key-order", metavar="HOW", help=order)
    escapes = "minimal (the default): what json.dumps prints; any: every escape that JSON has"
    group.add_argument("--escapes", metavar="HOW", help=escapes)
    group.add_argument("--formats", metavar="HOW", help="assert (the default), or annotate: formats are not enforced")


def _add_model_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("model")
    group.add_argument("--model", default="tiny", metavar="MODEL", help="a model folder or a hub name")
    group.add_argument("--device", metavar="NAME", help="where it runs: cpu, cuda, cuda:1, mps")
    group.add_argument("--dtype", metavar="NAME", help="float32, bfloat16 or float16")
    group.add_argument("--adapter", metavar="MODEL", help="a LoRA adapter, merged into the weights")
    group.add_argument("--compile", action="store_true", help="torch.compile: slow to start, faster after")
    group.add_argument("--attn-implementation", metavar="NAME", help="transformers' name of an attention kernel")
    group.add_argument("--revision", metavar="NAME", help="branch, tag or commit of a hub model")
    group.add_argument("--trust-remote-code", action="store_true", help="run the code that a hub model brings")
