"""The verbs of ``llmpost policy``: a row for each. Knows their options, and of what carries them out the name alone."""

from __future__ import annotations

from llmpost.cli.command import Command, Family
from llmpost.cli.policy import (
    diff_options,
    lint_options,
    schema_options,
    show_options,
    test_options,
    upgrade_options,
)

POLICY = Family(
    "check, show, compare and test policies",
    {
        "lint": Command(lint_options, lint_options.read_order, "llmpost.cli.policy.lint"),
        "show": Command(show_options, show_options.read_order, "llmpost.cli.policy.show"),
        "diff": Command(diff_options, diff_options.read_order, "llmpost.cli.policy.diff"),
        "upgrade": Command(upgrade_options, upgrade_options.read_order, "llmpost.cli.policy.upgrade"),
        "schema": Command(schema_options, schema_options.read_order, "llmpost.cli.policy.schema"),
        "test": Command(test_options, test_options.read_order, "llmpost.cli.policy.test"),
    },
)
