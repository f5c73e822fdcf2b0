"""The verbs of ``llmpost trace``: a row for each. Knows their options, and of what carries them out the name alone."""

from __future__ import annotations

from llmpost.cli.command import Command, Family
from llmpost.cli.trace import show_options, stats_options, verify_options

TRACE = Family(
    "look into traces: one request, all of them in numbers, and whether they are as they were written",
    {
        "show": Command(show_options, show_options.read_order, "llmpost.cli.trace.show"),
        "stats": Command(stats_options, stats_options.read_order, "llmpost.cli.trace.stats"),
        "verify": Command(verify_options, verify_options.read_order, "llmpost.cli.trace.verify"),
    },
)
