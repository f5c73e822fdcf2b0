"""Fields: what a JSON text has finished between two places of it, in the order it was finished.

Made from two cursors of one text and nothing else: no second parser reads it. Who streams a result asks after each
token, or after several.
"""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.constraints.json_schema.cursor import Cursor, Field, Path
from llmpost.contracts.result import FieldDone


def fields_between(before: Cursor, after: Cursor) -> list[FieldDone]:
    """A member or item for each value that was finished since, the inner ones first, the root last.

    >>> start = Cursor.start()
    >>> [done.path for done in fields_between(start, start.after(b'{"a": [1], "b": "'))]
    [('a', 0), ('a',)]
    """
    return [FieldDone(_path(field), field.value) for field in reversed(list(_since(before, after)))]


def _since(before: Cursor, after: Cursor) -> Iterator[Field]:
    known = before.last.number if before.last is not None else 0
    field = after.last
    while field is not None and field.number > known:
        yield field
        field = field.earlier


def _path(field: Field) -> Path:
    if field.container is None or field.step is None:
        return ()
    return (*field.container.path, field.step)
