"""Schema: whether a text, or each block of JSON in it, is what a schema asks for.

Who reads the schema is passed in as a function from a text to yes or no; this knows only where such texts stand in a
text of Markdown. The whole text is needed: whether a value is whole shows at its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Final

from llmpost.contracts.guard import ALL_BEFORE, Finding, Guard, GuardContext, Span
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import certain

LABEL: Final = "INVALID_OUTPUT"

_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<kind>\S*)[^\n]*$", re.MULTILINE)

Accepts = Callable[[str], bool]


class Schema:
    """A text that `accepts` refuses is a finding. With `blocks` it is asked of each fenced block of JSON, of which
    there must be one.

    >>> Schema(str.isdigit).inspect("12a", GuardContext())[0].label
    'INVALID_OUTPUT'
    """

    reach = None
    context = ALL_BEFORE
    scores: ClassVar = certain((LABEL,))
    whole_text: Final = True
    """Of a JSON value the whole document is asked for, and not each of its strings."""

    def __init__(self, accepts: Accepts, name: str = "schema", blocks: bool = False) -> None:
        self.name = name
        self._accepts = accepts
        self._blocks = blocks

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        if not self._blocks:
            return () if self._accepts(text) else (self._finding(Span(0, len(text)), "not what its schema asks for"),)
        blocks = list(_json_blocks(text))
        if not blocks:
            return (self._finding(Span(0, len(text)), "no block of JSON in it"),)
        refused = (span for span in blocks if not self._accepts(text[span.start : span.end]))
        return [self._finding(span, "a block that is not what its schema asks for") for span in refused]

    def _finding(self, span: Span, reason: str) -> Finding:
        return Finding(self.name, LABEL, span, 1.0, reason)


def _json_blocks(text: str) -> Iterator[Span]:
    """What stands between fences that say json, or nothing; a block that is not closed goes on to the end."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif _closes(fence, opened):
            if _is_json(opened):
                yield Span(min(opened.end() + 1, fence.start()), fence.start())
            opened = None
    if opened is not None and _is_json(opened):
        yield Span(min(opened.end() + 1, len(text)), len(text))


def _closes(fence: re.Match[str], opened: re.Match[str]) -> bool:
    return fence["fence"].startswith(opened["fence"]) and not fence["kind"]


def _is_json(opened: re.Match[str]) -> bool:
    return opened["kind"].lower() in ("", "json")


def build(options: Options, accepting: Callable[[Any, str], Accepts]) -> Guard:
    """`accepting` makes of a policy's schema and its place a function that knows the texts that fit."""
    schema, blocks = options.value("schema"), options.flag("blocks", False)
    options.finish()
    if schema is None:
        raise options.error("schema", "a JSON Schema, or the path of one", "Write schema: {type: object}.")
    return Schema(accepting(schema, f"{options.where}.schema"), blocks=blocks)
