"""A check of a text that comes in pieces: an iterator over what may be shown, and its result when that is over.

What comes out depends on the text alone and not on how it was cut. A text that was ended by a guard is not read on.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from llmpost.contracts.check_result import CheckResult
from llmpost.engine.checked_text import check_result
from llmpost.engine.gate import Gate
from llmpost.engine.json_document import JsonDocument
from llmpost.engine.watch import Watch
from llmpost.errors import RequestError


class CheckStream:
    """Iterate it to its end, and ask for its `result`. Closing it ends it where it is: nothing more leaves."""

    def __init__(self, chunks: Iterable[str], watch: Watch, document: JsonDocument | None = None) -> None:
        self._watch = watch
        self._result: CheckResult | None = None
        self._pieces = self._released(chunks) if document is None else self._document_of(chunks, document)

    @property
    def result(self) -> CheckResult:
        """RequestError as long as there are pieces to come."""
        if self._result is None:
            raise RequestError("check_stream.result", "a stream under way", "one that has ended", "Iterate to the end.")
        return self._result

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        self._pieces.close()

    def _released(self, chunks: Iterable[str]) -> Generator[str, None, None]:
        gate = Gate(self._watch.window())
        try:
            for chunk in chunks:
                if text := gate.feed(chunk):
                    yield text
                if gate.is_over:
                    break
            if text := gate.close():
                yield text
        finally:
            gate.cancel()
        self._result = check_result(gate.checked, self._watch, None, gate.held_back)

    def _document_of(self, chunks: Iterable[str], document: JsonDocument) -> Generator[str, None, None]:
        """A document is judged as a whole."""
        checked = self._watch.check("".join(chunks), document.accepts)
        self._result = check_result(checked, self._watch, document)
        if checked.text:
            yield checked.text
