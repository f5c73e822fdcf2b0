"""``llmpost policy diff``: what another policy does differently, a line for each difference.

Finding differences is the engine's; here they are set out, each with the word for which way it goes.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from llmpost.cli.console import Console
from llmpost.cli.policy.diff_options import Order
from llmpost.cli.policy.spelling import spelled
from llmpost.cli.printing import json_line, visible
from llmpost.contracts.result import plain
from llmpost.engine.comparison import compared
from llmpost.policy import Policy
from llmpost.policy.difference import Difference

_SAME, _DIFFERENT = 0, 1
_WIDTH = 100
_LONGEST = 400
"""Of a value so many characters are shown; `--json` has all of them."""


def run(order: Order, console: Console) -> int:
    """The exit code."""
    before, after = Policy.found(order.before), Policy.found(order.after)
    found = compared(before, after)
    shown = _object(before, after, found) if order.is_json else "\n".join(_lines(before, after, found))
    console.stdout.write(f"{visible(shown) if console.stdout.isatty() else shown}\n")
    return _DIFFERENT if found and order.tells_by_code else _SAME


def _object(before: Policy, after: Policy, found: Sequence[Difference]) -> str:
    named = {name: {"name": policy.name, "digest": policy.digest} for name, policy in _both(before, after).items()}
    return json_line({**named, "differences": plain(list(found))})


def _both(before: Policy, after: Policy) -> dict[str, Policy]:
    return {"before": before, "after": after}


def _lines(before: Policy, after: Policy, found: Sequence[Difference]) -> Iterator[str]:
    yield " → ".join(f"{policy.name}@{policy.digest[:12]}" for policy in (before, after))
    yield ""
    if not found:
        yield "No difference in what they do."
        return
    for one in found:
        yield from _told(one)
    yield ""
    yield _summary(found)


def _told(one: Difference) -> Iterator[str]:
    """On one line where there is room."""
    where, direction = ".".join(one.where), f"   ({one.direction})" if one.direction else ""
    line = f"{where}: {_change(one)}{direction}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"{where}:{direction}"
    for sign, value in (("-", one.before), ("+", one.after)):
        if value is not None:
            yield textwrap.fill(_short(value), _WIDTH, initial_indent=f"  {sign} ", subsequent_indent="    ")


def _change(one: Difference) -> str:
    if one.before is None:
        return f"+ {_short(one.after)}"
    return f"- {_short(one.before)}" if one.after is None else f"{_short(one.before)} → {_short(one.after)}"


def _short(value: Any) -> str:
    text = spelled(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _summary(found: Sequence[Difference]) -> str:
    counts = Counter(one.direction for one in found)
    told = [f"{counts[direction]} {direction}" for direction in ("stricter", "weaker") if counts[direction]]
    told += [f"{counts[None]} neither, or nobody can tell"] if counts[None] else []
    return f"{len(found)} difference{'' if len(found) == 1 else 's'}: {', '.join(told)}."
