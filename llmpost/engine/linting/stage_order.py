"""Whether an order of stages has room for what is in force where nobody says anything."""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.engine.linting.remark import Remark
from llmpost.engine.linting.subject import Subject


def stage_order(subject: Subject) -> Iterator[Remark]:
    """A warning where most models could not be asked."""
    decode = subject.policy.decode
    if decode.order is not None and "top_k" not in decode.order and decode.top_k is None and not decode.conditional:
        allowed = "possible with most models: top_k is 50 where nobody says otherwise"
        yield Remark("decode.order", "warning", "an order without top_k", allowed, "Add it, or write top_k: 0.")
