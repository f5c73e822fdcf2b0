"""Joined: which fields of a document a guard must be asked about, found by asking about many of them at once.

A field is a few words, and to ask costs more than to read them. So a guard that is separable is shown fields joined by
a separator, and then again, alone, every field in which it found something; what it finds there counts. Knows nothing
of what is done about a finding.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from llmpost.contracts.guard import Guard, GuardContext
from llmpost.guards.fields.reader import Field
from llmpost.guards.honesty import honest_findings

SEPARATOR = "\n\x1f\n"
"""Lines end, and between them stands a control character that nobody writes. All of ASCII: a text that was stays so."""
_MOST_CHARACTERS = 1 << 16


def is_separable(guard: Guard) -> bool:
    """Whether a guard says of itself, as `is_separable`, that it asks for no path, and that wherever it finds something
    in a text of its own it also finds something in that text between separators."""
    return bool(getattr(guard, "is_separable", False))


def worth_asking(fields: Sequence[Field], guard: Guard, context: GuardContext) -> Iterator[Field]:
    """In their order, the fields of which a separable guard may have something to say."""
    for batch in _batches(fields):
        if len(batch) == 1:
            yield batch[0]
        else:
            yield from _touched(batch, guard, context)


def _touched(batch: Sequence[Field], guard: Guard, context: GuardContext) -> Iterator[Field]:
    text = SEPARATOR.join(field.text for field in batch)
    starts = list(accumulate((len(field.text) + len(SEPARATOR) for field in batch[:-1]), initial=0))
    touched: set[int] = set()
    for finding in honest_findings(guard.inspect(text, context), guard.name, len(text)):
        first, last = (bisect_right(starts, place) - 1 for place in (finding.span.start, finding.span.end))
        touched.update(range(first, last + 1))
    return (batch[place] for place in sorted(touched))


def _batches(fields: Sequence[Field]) -> Iterator[Sequence[Field]]:
    begin, length = 0, 0
    for place, field in enumerate(fields):
        if length + len(field.text) > _MOST_CHARACTERS and place > begin:
            yield fields[begin:place]
            begin, length = place, 0
        length += len(field.text) + len(SEPARATOR)
    if fields:
        yield fields[begin:]
