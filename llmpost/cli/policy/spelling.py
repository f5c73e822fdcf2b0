"""A value on one line, as a policy file spells it."""

from __future__ import annotations

from typing import Any

import yaml

from llmpost.policy.plain import thawed

_NO_END = "\n...\n"


def spelled(value: Any) -> str:
    """
    >>> spelled({"mask": {"keep": 4}}), spelled(("a", "b, c")), spelled("redact")
    ('{mask: {keep: 4}}', "[a, 'b, c']", 'redact')
    """
    flow = yaml.safe_dump(
        thawed(value), default_flow_style=True, width=float("inf"), allow_unicode=True, sort_keys=False
    )
    return flow.removesuffix(_NO_END).removesuffix("\n")
