"""``llmpost policy lint``: what is wrong with policies, and where.

Problems go to standard error, a line each; a policy that is fine is passed over in silence. Finding them is the
business of `llmpost.policy` (shape) and of the engine (meaning); here they are told.
"""

from __future__ import annotations

from llmpost.cli.console import Console
from llmpost.cli.policy.lint_options import Order
from llmpost.engine import Checker
from llmpost.errors import PolicyError
from llmpost.policy import Policy

_FINE, _BROKEN = 0, 2


def run(order: Order, console: Console) -> int:
    """The exit code: of the worst of the policies."""
    return max(_lint(word, order, console) for word in order.words)


def _lint(word: str, order: Order, console: Console) -> int:
    try:
        Checker(Policy.found(word))
    except PolicyError as error:
        console.complain(error)
        return _BROKEN
    if order.is_verbose:
        console.stdout.write(f"{word}: fine\n")
    return _FINE
