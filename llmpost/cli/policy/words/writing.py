"""How a policy has texts written, in words: settings, what every output is held to, what none may contain."""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.cli.policy.spelling import spelled
from llmpost.cli.policy.words.sheet import Row
from llmpost.engine.portrait import Portrait
from llmpost.policy import SETTINGS
from llmpost.policy.constraint import ConstraintEntry

_LONGEST = 300
_HELD = {
    "json_schema": "an instance of the JSON Schema",
    "regex": "a match of",
    "choice": "one of",
    "quote": "a part of",
}


def writing_rows(portrait: Portrait) -> Iterator[Row]:
    given = portrait.policy.decode.given()
    for name, value in given.items():
        yield Row(name, f"{_cut(spelled(value))}: {SETTINGS[name].help}")
    rest = "Everything else is" if given else "Tokens are drawn"
    yield Row("", f"{rest} as the model's own settings say; a call may say otherwise.")
    yield from _held(portrait.policy.constraint)
    yield from _never(portrait)


def _held(constraint: ConstraintEntry | None) -> Iterator[Row]:
    if constraint is None:
        yield Row("held to", "nothing: any text may be written, unless a call asks for less")
        return
    said = constraint.said
    content, options = said.pop(constraint.kind), said
    yield Row("held to", f"{_HELD[constraint.kind]} {_cut(spelled(content))}, unless a call names another language")
    yield from (Row(name, spelled(value), 1) for name, value in options.items())


def _never(portrait: Portrait) -> Iterator[Row]:
    if not portrait.forbidden:
        yield Row("never written", "nothing is forbidden")
        return
    yield Row("never written", "masked while a model writes; a text from elsewhere that is checked may contain it:")
    yield from (Row("", f"- {_cut(str(rule))}", 1) for rule in portrait.forbidden)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
