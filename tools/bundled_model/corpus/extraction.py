"""Task one: read a text about one record and give the fields asked for as one JSON object.

It puts together a kind of record, a text (`prose`, `layouts`) and a question (`asks`). The answer is what
`json.dumps` would write with its default separators, keys in the order asked, numbers with the digits of the text,
`null` for what the text lacks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from . import asks, layouts, prose
from .asks import Asked
from .draw import Draw
from .kinds.address import ADDRESS
from .kinds.event import EVENT
from .kinds.invoice import INVOICE
from .kinds.order import ORDER
from .kinds.person import PERSON
from .kinds.ticket import TICKET
from .record import Record, RecordKind
from .turns import Turn, assistant, system, user
from .values import Value

KINDS: tuple[RecordKind, ...] = (PERSON, ORDER, TICKET, EVENT, ADDRESS, INVOICE)
KIND_WEIGHTS = (0.26, 0.18, 0.15, 0.15, 0.13, 0.13)
MISSING = Value("", "null")


def example(draw: Draw) -> list[Turn]:
    """One question with its answer."""
    kind = draw.rng.choices(KINDS, KIND_WEIGHTS)[0]
    draw.typo_rate = 0.12 if draw.chance(0.08) else 0.0
    record = kind.make(draw)
    text = text_of(draw, kind, record)
    draw.typo_rate = 0.0
    if draw.chance(0.06):
        text, record = _recased(text, record, upper=draw.chance(0.25))
    noun = draw.any(kind.nouns)
    noun = noun.title() if draw.chance(0.08) else noun
    if draw.chance(0.3):
        return _unlisted(draw, kind, record, noun, text)
    return _listed(draw, kind, record, noun, text)


def text_of(draw: Draw, kind: RecordKind, record: Record) -> str:
    """The record as a text in one of many shapes."""
    shape = draw.rng.random()
    if shape < 0.46:
        return prose.told(draw, kind, record)
    if shape < 0.55:
        return prose.tight(draw, kind, record)
    if shape < 0.68:
        return prose.mail(draw, kind, record)
    if shape < 0.72:
        return prose.chat(draw, kind, record)
    if shape < 0.78:
        return prose.paragraph(draw, prose.first_person(draw, kind, record), record)
    return draw.form(layouts.LAYOUTS)(draw, kind, record)


def answer(record: Record, asked: Sequence[Asked]) -> str:
    """The JSON object with the fields asked for."""
    return "{" + ", ".join(f"{json.dumps(one.key)}: {record.get(one.field, MISSING).literal}" for one in asked) + "}"


def _recased(text: str, record: Record, *, upper: bool) -> tuple[str, Record]:
    """Everything in one case; strings are copied as written, so the record changes with the text."""
    change = str.upper if upper else str.lower
    changed = {
        name: Value.of(change(json.loads(value.literal))) if value.literal.startswith('"') else value
        for name, value in record.items()
    }
    return change(text), changed


def _unlisted(draw: Draw, kind: RecordKind, record: Record, noun: str, text: str) -> list[Turn]:
    """No fields named: the answer has those that the text has, in the natural order."""
    asked = [Asked(one.name, one.type, one.name) for one in kind.fields if one.name in record]
    slots = {"noun": noun, "text": text}
    if draw.chance(0.1):
        return [system(draw.sentence(asks.SYSTEM_UNLISTED, slots)), user(text), assistant(answer(record, asked))]
    return [*_maybe_system(draw), user(draw.sentence(asks.UNLISTED, slots)), assistant(answer(record, asked))]


def _listed(draw: Draw, kind: RecordKind, record: Record, noun: str, text: str) -> list[Turn]:
    """Some fields named, under their own or other keys, in any order; some of them missing."""
    asked = _ask_for(draw, kind, record)
    reply = assistant(answer(record, asked))
    if draw.chance(0.4):
        slots = {"noun": noun, "text": text, "block": draw.form(asks.BLOCKS)(draw, asked)}
        return [*_maybe_system(draw), user(draw.sentence(asks.BLOCKED, slots)), reply]
    slots = {"noun": noun, "text": text, "fields": draw.form(asks.INLINE)(draw, asked)}
    if draw.chance(0.1):
        return [system(draw.sentence(asks.SYSTEM_LISTED, slots)), user(text), reply]
    return [*_maybe_system(draw), user(draw.sentence(asks.LISTED, slots)), reply]


def _maybe_system(draw: Draw) -> list[Turn]:
    return [system(draw.sentence(asks.SYSTEM_GENERAL))] if draw.chance(0.1) else []


def _ask_for(draw: Draw, kind: RecordKind, record: Record) -> list[Asked]:
    present = [one for one in kind.fields if one.name in record]
    count = len(present) if draw.chance(0.45) else draw.between(1, len(present))
    chosen = draw.some(present, count)
    absent = [one for one in kind.fields if one.name not in record]
    while absent and draw.chance(0.16):
        chosen.append(absent.pop(draw.between(0, len(absent) - 1)))
    if draw.chance(0.5):
        chosen.sort(key=kind.fields.index)
    style = draw.any(("own", "own", "own", "other", "mixed", "camel", "spaced"))
    asked: list[Asked] = []
    for one in chosen:
        key = draw.form(one.keys) if style == "other" or (style == "mixed" and draw.chance(0.5)) else one.name
        key = camel_case(key) if style == "camel" else key.replace("_", " ") if style == "spaced" else key
        asked.append(Asked(one.name if key in {other.key for other in asked} else key, one.type, one.name))
    return (
        asked
        if len({one.key for one in asked}) == len(asked)
        else [Asked(one.name, one.type, one.name) for one in chosen]
    )


def camel_case(key: str) -> str:
    """`order_id` as `orderId`."""
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)
