"""``llmpost policy schema``: the JSON Schema of policy files, as `policies/policy.schema.json` has it."""

from __future__ import annotations

import json

from llmpost.cli.console import Console
from llmpost.cli.policy.schema_options import Order
from llmpost.engine.policy_schema import published_schema


def run(order: Order, console: Console) -> int:
    """The exit code."""
    console.stdout.write(f"{json.dumps(published_schema(), indent=2, ensure_ascii=False)}\n")
    return 0
