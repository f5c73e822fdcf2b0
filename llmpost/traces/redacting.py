"""A text with labels in the place of what was found in it. It knows no rules: whatever a guard flagged is taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llmpost.contracts.guard import Finding


def redacted(text: str, findings: Sequence[Finding]) -> str:
    """No character of any finding's span is left; where spans overlap, the labels of all stand in the place of all.

    >>> from llmpost.contracts.guard import Span
    >>> redacted("I am Ann.", [Finding("names", "NAME", Span(5, 8))])
    'I am [NAME].'
    """
    pieces, shown = [], 0
    for start, end, labels in _hulls(len(text), findings):
        pieces += [text[shown:start], f"[{'|'.join(labels)}]"]
        shown = end
    return "".join([*pieces, text[shown:]])


def _hulls(length: int, findings: Sequence[Finding]) -> Iterator[tuple[int, int, dict[str, None]]]:
    """Spans that overlap as one, from left to right. What a guard says of places that are not in the text is cut."""
    spans = sorted((max(one.span.start, 0), min(one.span.end, length), one.label) for one in findings)
    first, last, labels = 0, 0, dict[str, None]()
    for start, end, label in spans:
        if start >= end:
            continue  # it concerns a place, and no characters
        if labels and start >= last:
            yield first, last, labels
            labels = {}
        first = first if labels else start
        last = max(last, end)
        labels[label] = None
    if labels:
        yield first, last, labels
