"""Asked: a text that guards are asked about again, with all that they were told about it then.

It is read from a record, or it is not there, and then it is said why: what was not kept is counted and never guessed
at. It knows no policy; who is asked, and what is compared, comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from llmpost.contracts.guard import GuardContext, Side
from llmpost.contracts.inspection import Inspection
from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.contracts.result import ALLOWED
from llmpost.engine.replaying.seen import Seen

ABANDONED = "abandoned"
_SCHEMA = "schema"  # the name under which a trace's settings have the digest of one
_REVIEW = "review"  # the name under which an outcome says that nobody reviewed


class NotKept(Exception):
    """What would be asked about is not in the record; ``str`` of it says why, in words that count well."""


Open: TypeAlias = Callable[[Kept, str], str]
"""The text of what was kept under the name of a field; NotKept where there is none to be had."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One text, and how it was looked at."""

    text: str
    context: GuardContext
    recorded: Seen | None
    """What became of it then; None where its record does not tell."""
    is_streamed: bool = False
    """Whether it left piece by piece, as its guards let it."""
    is_document: bool = False
    schema_digest: str = ""
    """Of what a JSON document was held to, as its trace names it."""
    has_reviewer: bool = True


def answer_of(record: Record, open_kept: Open) -> Asked:
    """What a model wrote, or what was handed in to be checked, the last attempt of several."""
    if record.raw is None:
        raise NotKept("nothing was written")
    side: Side = record.side if record.kind == "check" else "output"
    text = open_kept(record.raw, "raw")
    last = next((each for each in reversed(record.trace.inspections) if each.side == side), None)
    return Asked(
        text=text,
        context=GuardContext(side, *_around(record, open_kept)),
        recorded=_recorded(last, text, record, open_kept),
        is_streamed=last is not None and last.held_back is not None,
        is_document=record.is_document,
        schema_digest=str(record.trace.settings.get(_SCHEMA, "")),
        has_reviewer=last is None or _has_reviewer(last),
    )


def prompts_of(record: Record, open_kept: Open) -> list[Asked]:
    """What a model was asked: each text as guards looked at it, or all that users said as one text, where none did."""
    if record.kind == "check" or record.candidate or record.prompt is None:
        return []  # of several candidates the first stands for all
    inspections = _of_last_policy(record.trace.inspections)
    if not record.inputs:
        prompt, system = _around(record, open_kept)
        text = _said_by_users(prompt, system)
        return [Asked(text, GuardContext("input", prompt, system), Seen(ALLOWED, (), text))]
    first = len(record.inputs) - len(inspections)
    if first < 0:
        raise NotKept("not everything that guards looked at is there")
    texts = [open_kept(kept, f"inputs[{place}]") for place, kept in enumerate(record.inputs) if place >= first]
    context = GuardContext("input", "\n".join(texts), _around(record, open_kept)[1])
    return [
        Asked(text, context, Seen(each.verdict, each.changes), has_reviewer=_has_reviewer(each))
        for text, each in zip(texts, inspections, strict=True)
    ]


def _of_last_policy(inspections: Sequence[Inspection]) -> list[Inspection]:
    """What was seen of a prompt before it was handed to another policy is none of that one's."""
    own: list[Inspection] = []
    for place, each in enumerate(inspections):
        is_handed_on = each.verdict.action == "reroute" and place + 1 < len(inspections)
        own = [] if is_handed_on else [*own, each]
    return [each for each in own if each.side == "input"]


def _recorded(inspection: Inspection | None, text: str, record: Record, open_kept: Open) -> Seen | None:
    if record.finish_reason == ABANDONED:
        return None
    if inspection is None:  # nobody looked
        return Seen(ALLOWED, (), text)
    shown = None if record.released is None else open_kept(record.released, "released")
    return Seen(inspection.verdict, inspection.changes, shown)


def _around(record: Record, open_kept: Open) -> tuple[str, str]:
    """What guards were told of the prompt, and of its operator's part."""
    return (
        "" if record.prompt is None else open_kept(record.prompt, "prompt"),
        "" if record.system is None else open_kept(record.system, "system"),
    )


def _said_by_users(prompt: str, system: str) -> str:
    """What is kept of a prompt are all its messages, one behind the other; what an operator says comes first, as a
    rule, and is looked at by no guard."""
    if not system:
        return prompt
    if prompt == system:
        return ""
    if not prompt.startswith(f"{system}\n"):
        raise NotKept("what its operator said stands in between")
    return prompt[len(system) + 1 :]


def _has_reviewer(inspection: Inspection) -> bool:
    return all(outcome.guard != _REVIEW for outcome in inspection.verdict.outcomes)
