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


Open: TypeAlias = Callable[[Kept], str]
"""The text of what was kept; NotKept where there is none to be had."""


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
    text = open_kept(record.raw)
    last = next((each for each in reversed(record.trace.inspections) if each.side == side), None)
    return Asked(
        text=text,
        context=GuardContext(side, _opened(record.prompt, open_kept), _opened(record.system, open_kept)),
        recorded=_recorded(last, text, record, open_kept),
        is_streamed=last is not None and last.held_back is not None,
        is_document=record.is_document,
        schema_digest=str(record.trace.settings.get(_SCHEMA, "")),
        has_reviewer=last is None or _has_reviewer(last),
    )


def prompt_of(record: Record, open_kept: Open) -> Asked:
    """What a model was asked, without what its operator said, read as one text."""
    if record.kind == "check" or record.prompt is None:
        raise NotKept("no prompt was recorded")
    looked_at = [each for each in record.trace.inspections if each.side == "input"]
    text = _said_by_users(open_kept(record.prompt), _opened(record.system, open_kept))
    if record.raw is not None and any(each.changes for each in looked_at):
        raise NotKept("its guards changed it, and it was kept as they left it")
    return Asked(
        text=text,
        context=GuardContext("input", text),
        recorded=_recorded_of_prompt(looked_at, text),
        has_reviewer=all(map(_has_reviewer, looked_at)),
    )


def _recorded(inspection: Inspection | None, text: str, record: Record, open_kept: Open) -> Seen | None:
    if record.finish_reason == ABANDONED:
        return None
    if inspection is None:  # nobody looked
        return Seen(ALLOWED, (), text)
    shown = None if record.released is None else open_kept(record.released)
    return Seen(inspection.verdict, inspection.changes, shown)


def _recorded_of_prompt(looked_at: Sequence[Inspection], text: str) -> Seen | None:
    """Of several messages each was looked at alone: read as one text they may mean something else."""
    if not looked_at:
        return Seen(ALLOWED, (), text)
    return Seen(looked_at[0].verdict, looked_at[0].changes) if len(looked_at) == 1 else None


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


def _opened(kept: Kept | None, open_kept: Open) -> str:
    return "" if kept is None else open_kept(kept)


def _has_reviewer(inspection: Inspection) -> bool:
    return all(outcome.guard != _REVIEW for outcome in inspection.verdict.outcomes)
