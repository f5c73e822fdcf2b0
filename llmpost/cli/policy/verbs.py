"""The verbs of ``llmpost policy``: a row for each. Knows their options, and of what carries them out the name alone."""

from __future__ import annotations

from llmpost.cli.command import Command, Family
from llmpost.cli.policy import lint_options, show_options

POLICY = Family(
    "check, show, compare and test policies",
    {
        "lint": Command(lint_options, lint_options.read_order, "llmpost.cli.policy.lint"),
        "show": Command(show_options, show_options.read_order, "llmpost.cli.policy.show"),
    },
)
