"""``llmpost explain``: a text, and where and why it leaves a constraint.

The language is compiled over single bytes, so no model and no tokenizer is looked for. That a text is outside is an
answer and no error: it goes to standard output, and the exit code tells scripts.
"""

from __future__ import annotations

from llmpost.cli.console import Console
from llmpost.cli.explain_options import Order
from llmpost.cli.printing import json_line, visible
from llmpost.constraints import compile_constraint
from llmpost.vocabulary import Vocabulary

_INSIDE, _REFUSED = 0, 3  # 3 as for a text that a policy blocks; 1 stays the word for a program that failed
_MAX_SECONDS = 5.0  # of compiling: as for the schema of a call


def run(order: Order, console: Console) -> int:
    """The exit code."""
    octets = Vocabulary.from_tokens([bytes([octet]) for octet in range(256)])
    constraint = compile_constraint(octets, max_seconds=_MAX_SECONDS, **order.language)
    refusal = constraint.explain_text(order.text)
    if order.is_json:
        told = None if refusal is None else refusal.to_dict()
        answer = json_line({"is_inside": refusal is None, "refusal": told})
    else:
        answer = "The text is inside the constraint." if refusal is None else str(refusal)
    console.stdout.write(f"{visible(answer) if console.stdout.isatty() else answer}\n")
    return _INSIDE if refusal is None else _REFUSED
