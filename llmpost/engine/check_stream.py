"""A check of a text that comes in pieces: an iterator over what may be shown, and its result when that is over.

What comes out depends on the text alone and not on how it was cut. A text that was ended by a guard is not read on.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from llmpost.contracts.check_result import CheckResult
from llmpost.engine.checked_text import check_result
from llmpost.engine.gate import Gate
from llmpost.engine.json_document import JsonDocument
from llmpost.engine.recording.slip import FORGETFUL, Slip
from llmpost.engine.watch import Watch
from llmpost.errors import RequestError
from llmpost.guards.checking import Checked


class CheckStream:
    """Iterate it to its end, and ask for its `result`. Closing it ends it where it is: nothing more leaves."""

    def __init__(
        self, chunks: Iterable[str], watch: Watch, document: JsonDocument | None = None, slip: Slip = FORGETFUL
    ) -> None:
        self._watch = watch
        self._slip = slip
        self._result: CheckResult | None = None
        is_whole = document is not None or watch.may_rewrite
        self._pieces = self._whole(chunks, document) if is_whole else self._released(chunks)

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
        self._slip.follow(gate)
        try:
            with self._slip:
                for chunk in chunks:
                    self._slip.reads(chunk)
                    if text := gate.feed(chunk):
                        yield text
                    if gate.is_over:
                        break
                if text := gate.close():
                    yield text
                result = check_result(gate.checked, self._watch, None, gate.held_back, self._slip.id)
                self._end(result, gate.checked, is_shown=True)
        finally:
            gate.cancel()

    def _whole(self, chunks: Iterable[str], document: JsonDocument | None) -> Generator[str, None, None]:
        """A document is judged as a whole, and so is what may be written anew."""
        with self._slip:
            text = "".join(chunks)
            self._slip.reads(text)
            checked = self._watch.check(text, None if document is None else document.accepts)
            self._end(check_result(checked, self._watch, document, record_id=self._slip.id), checked)
        if checked.text:
            yield checked.text

    def _end(self, result: CheckResult, checked: Checked, *, is_shown: bool = False) -> None:
        """Of a text that was shown there is a result, whatever becomes of its record."""
        self._result = result if is_shown else None
        self._result = self._slip.recorded(checked, result, is_shown=is_shown)
