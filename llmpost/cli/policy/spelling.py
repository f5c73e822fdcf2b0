"""A value on one line, as a policy file spells it."""

from __future__ import annotations

import re
from typing import Any

import yaml

from llmpost.policy.plain import thawed

_NO_END = "\n...\n"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class _Dumper(yaml.SafeDumper):
    """Writes what nobody sees as an escape."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if _UNSEEN.search(text) else None)


def _number(dumper: yaml.SafeDumper, number: float) -> yaml.Node:
    return dumper.represent_data(int(number)) if number.is_integer() else dumper.represent_float(number)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)


def spelled(value: Any) -> str:
    """
    >>> spelled({"mask": {"keep": 4}}), spelled(("a", "b, c")), spelled("redact"), spelled(3000.0)
    ('{mask: {keep: 4}}', "[a, 'b, c']", 'redact', '3000')
    """
    flow = yaml.dump(
        thawed(value), Dumper=_Dumper, default_flow_style=True, width=float("inf"), allow_unicode=True, sort_keys=False
    )
    return flow.removesuffix(_NO_END).removesuffix("\n")
