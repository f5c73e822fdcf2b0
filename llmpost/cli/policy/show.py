"""``llmpost policy show``: a policy as it stands when everything it refers to is read, in words or in full.

What the words are is `engine`'s and the policy's own; here they are set out.
"""

from __future__ import annotations

import json

import yaml

from llmpost.cli.console import Console
from llmpost.cli.policy.show_options import Order
from llmpost.policy import Policy


def run(order: Order, console: Console) -> int:
    """The exit code."""
    policy = Policy.found(order.word)
    if order.form == "json":
        shown = json.dumps({**policy.canonical, "digest": policy.digest}, ensure_ascii=False, indent=2)
    else:
        shown = yaml.safe_dump(policy.canonical, allow_unicode=True, sort_keys=False, width=100).rstrip("\n")
    console.stdout.write(f"{shown}\n")
    return 0
