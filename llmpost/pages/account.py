"""Account: one request as a person is told of it, before anybody decides how it looks.

It is put together from the records of all candidates of a request. A page and a terminal show the same account, so
that neither tells what the other does not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.contracts.result import MaskedToken
from llmpost.pages.looks import Look, looks_of
from llmpost.pages.quantities import counted, duration, moment, share
from llmpost.pages.stages import Stage, stages_of
from llmpost.pages.texts import ShownText, as_it_came_out, as_it_was
from llmpost.pages.words import Words, told_end, words_of_end


@dataclass(frozen=True, slots=True)
class Answer:
    """One candidate, or one text that was checked."""

    title: str
    words: Words
    facts: Mapping[str, str]
    inputs: tuple[ShownText, ...]
    """What the model was given, and what was asked by whoever called."""
    texts: tuple[ShownText, ...]
    """What the model wrote, and what was shown."""
    looks: tuple[Look, ...]
    stages: tuple[Stage, ...]
    masked: tuple[MaskedToken, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Of all of them together."""

    id: str
    title: str
    facts: Mapping[str, str]
    settings: Mapping[str, str]
    answers: tuple[Answer, ...]


def account_of(records: Sequence[Record]) -> Account:
    """`records` are those of one request, one at least, in any order."""
    ordered = sorted(records, key=lambda record: record.candidate)
    first = ordered[0]
    answers, number = [], 1
    for record in ordered:
        looks = looks_of(record, number)
        number += sum(look.num_rows for look in looks)
        answers.append(_answer(record, looks, len(ordered)))
    settings = {str(name): str(value) for name, value in first.trace.settings.items()}
    title = "A checked text" if first.kind == "check" else "A request"
    facts = _facts(first)
    if len(answers) == 1:  # there is nothing to tell apart
        facts, answers = {**facts, **answers[0].facts}, [replace(answers[0], facts={})]
    return Account(first.id, title, facts, settings, tuple(answers))


def _facts(record: Record) -> dict[str, str]:
    trace = record.trace
    versions = ", ".join(f"{name} {version}" for name, version in trace.versions.items())
    facts = {
        "Over at": moment(record.at),
        "Model": trace.model,
        "Policy": f"{trace.policy}@{trace.policy_digest[:12]}",
        "Seed": "" if trace.seed is None else str(trace.seed),
        "Versions": versions,
        "Texts are kept": _kept_as(record),
    }
    return {name: fact for name, fact in facts.items() if fact}


def _kept_as(record: Record) -> str:
    is_sealed = any(kept is not None and kept.sealed for kept in (record.prompt, record.raw, record.released))
    return {"digest": "as digests", "redacted": "redacted", "raw": "sealed" if is_sealed else "in full"}[record.store]


def _answer(record: Record, looks: tuple[Look, ...], number: int) -> Answer:
    is_check = record.kind == "check"
    own = "The text" if is_check else "The answer"
    title = own if number == 1 else f"Candidate {record.candidate + 1}"
    told = [f"{look.title}: {look.inspection.note}" for look in looks if look.inspection.note]
    notes = (*record.trace.notes, *told, *(look.waited for look in looks))
    return Answer(
        title=title,
        words=words_of_end(record),
        facts=_own_facts(record),
        inputs=_inputs(record, looks),
        texts=_texts(record, looks),
        looks=looks,
        stages=stages_of(record, looks),
        masked=record.trace.masked,
        notes=tuple(note for note in notes if note),
    )


def _own_facts(record: Record) -> dict[str, str]:
    usage = record.usage
    timings = record.timings if record.timings is not None and record.timings.num_forwards else None
    facts = {
        "Ended": told_end(record.finish_reason),
        "Error": record.error,
        "Tokens": f"{usage.prompt_tokens:,} read, {usage.completion_tokens:,} written" if usage.total_tokens else "",
        "Took": duration(record.seconds) if record.seconds else "",
        "Decoding took": "" if timings is None else duration(timings.total_seconds),
        "Forward passes": "" if timings is None else f"{timings.num_forwards:,} of its batch",
        "First token after": "" if timings is None else duration(timings.first_token_seconds),
        "Taken back": _taken_back(record),
        "Masks removed": _removed(record.log_mass),
        "Kept for replay": _kept_rows(record),
        "JSON document": "guards looked into its strings" if record.is_document else "",
    }
    return {name: fact for name, fact in facts.items() if fact not in ("", "–")}


def _taken_back(record: Record) -> str:
    number = 0 if record.timings is None else record.timings.num_rollbacks
    return f"{counted(number, 'dead end')}" if number else ""


def _removed(log_mass: float | None) -> str:
    """What masks left of the text's probability, the other way round."""
    if log_mass is None or math.isnan(log_mass):
        return ""
    left = math.exp(min(log_mass, 0.0))
    return f"{share(1 - left)} of the probability (ln of what was left: {log_mass:.3g})"


def _kept_rows(record: Record) -> str:
    if record.tokens is None:
        return ""
    best = max((len(row.token_ids) for row in record.tokens.rows), default=0)
    return f"{counted(len(record.tokens.rows), 'step')}, the best {best} of each"


def _inputs(record: Record, looks: Sequence[Look]) -> tuple[ShownText, ...]:
    """Each text that guards of the prompt were handed, with its marks; then all that the model was given."""
    own = [look for look in looks if look.inspection.side == "input"] if record.kind == "generate" else []
    title = "Handed in" if len(record.inputs) == 1 else "Handed in, {} of {}"
    shown = [
        as_it_was(title.format(place, len(record.inputs)), kept, record.store, look.rows)
        for place, (kept, look) in enumerate(zip(record.inputs, own, strict=False), 1)
    ]
    shown += [_unmarked("System", record.system, record), _unmarked("What the model was given", record.prompt, record)]
    return tuple(text for text in shown if text is not None)


def _texts(record: Record, looks: Sequence[Look]) -> tuple[ShownText, ...]:
    is_own = record.kind == "check" or (bool(looks) and looks[-1].inspection.side == "output")
    rows = looks[-1].rows if looks and is_own else ()
    title = "What was handed in" if record.kind == "check" else "What the model wrote"
    raw = as_it_was(title, record.raw, record.store, rows)
    released = as_it_came_out("What was shown", record.released, record.store, rows)
    return tuple(text for text in (raw, released) if text is not None)


def _unmarked(title: str, kept: Kept | None, record: Record) -> ShownText | None:
    return as_it_was(title, kept, record.store, ())
