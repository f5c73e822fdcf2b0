"""Emission: the events of a text that was judged as a whole, all at once, when it is over.

Fields are read from the text that is shown, so they say nothing that it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.fields import fields_between
from llmpost.contracts.result import FieldDone, Result, TextDelta
from llmpost.engine.held import Held

AS_A_WHOLE = "guards looked at the JSON document as a whole: nothing of it was shown before its end"


def whole_text(result: Result, candidate: int, held: Held | None) -> Iterator[TextDelta | FieldDone]:
    """The text, then the fields that it ends, the inner ones first."""
    if held is None or held.kind != "schema" or result.finish_reason == "blocked":
        if result.text:
            yield TextDelta(result.text, candidate)
        return
    before = Cursor.start()
    cursor = before.after(result.text.encode())
    cursor = cursor.ended() if held.accepts(result.text) else cursor
    if result.text:
        yield TextDelta(result.text, candidate, cursor)
    for done in fields_between(before, cursor):
        yield replace(done, candidate=candidate)
