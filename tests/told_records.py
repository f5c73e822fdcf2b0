"""Records to be told of: of real checks and answers, put together by hand, with secrets that are obviously none."""

from __future__ import annotations

from dataclasses import replace

from speaking_engine import speaking

import llmpost
from llmpost.contracts.action import ActionKind
from llmpost.contracts.guard import Finding, Outcome, Span, Verdict
from llmpost.contracts.inspection import Change, Inspection
from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.contracts.result import MaskedToken, Timings, Trace, Usage, frozen

TEXT = (
    "Of course! I have written to maria.chen@example.com about the card 4111 1111 1111 1111.\n"
    "She answers from +1 (202) 555-0143, and the invoice went to billing@example.org."
)
PROMPT = "Did you tell Maria Chen (maria.chen@example.com) about her card?"
POLICY = {
    "version": 1,
    "name": "support-bot",
    "guards": [
        {"use": "pii", "name": "mail", "entities": ["EMAIL_ADDRESS"], "action": "redact"},
        {"use": "pii", "name": "cards", "entities": ["CREDIT_CARD"], "action": {"mask": {"keep": 4}}},
        {"use": "pii", "name": "phones", "entities": {"PHONE_NUMBER": 0.3}, "action": "log"},
    ],
}


def kept(text: str) -> Kept:
    return Kept(len(text), "3f" * 16, text)


def checked(text: str = TEXT, **changes: object) -> Record:
    """A text that was checked under a policy that redacts, masks and logs."""
    result = llmpost.check(text, policy=POLICY)
    record = Record(
        id="5b1f0c9a7d3e4f60a1b2c3d4e5f60718",
        at=1_790_000_000.25,
        kind="check",
        store="raw",
        trace=result.trace,
        verdict=result.verdict,
        raw=kept(text),
        released=kept(result.text),
        seconds=0.0021,
    )
    return replace(record, **changes)  # type: ignore[arg-type]  # names of a record's own


def answered(text: str = TEXT, candidate: int = 0, **changes: object) -> Record:
    """An answer of a model that says this, with guards of the prompt, stages of decoding, and what masks removed."""
    policy = {**POLICY, "guards": [{**entry, "on": ["input", "output"]} for entry in POLICY["guards"]]}
    result = speaking([text], policy=policy).generate(f"{PROMPT}>", seed=7, max_new_tokens=8)
    prompt = result.trace.inspections[0]
    stages = frozen({"forward": 0.412, "draw": 0.031, "masks": 0.054, "decode": 0.006})
    record = Record(
        id="c0ffee00d15ea5e0000000000000beef",
        at=1_790_000_123.5,
        kind="generate",
        store="raw",
        trace=replace(result.trace, notes=(*result.trace.notes, "each token was held to the schema")),
        verdict=result.verdict,
        finish_reason=result.finish_reason,
        usage=Usage(21, 47),
        timings=Timings(0.503, 0.041, stages, 48, num_rollbacks=2),
        candidate=candidate,
        inputs=(kept(f"{PROMPT}>"),) if prompt.side == "input" else (),
        prompt=kept(f"{PROMPT.replace('maria.chen@example.com', '[EMAIL_ADDRESS]')}>"),
        raw=kept(text),
        released=kept(result.text),
        log_mass=-1.31,
        seconds=0.511,
    )
    return replace(record, **changes)  # type: ignore[arg-type]  # names of a record's own


def record_of(text: str, spans: list[tuple[int, int, str, ActionKind]]) -> Record:
    """By hand, with changes over these spans that leave the text as long as it was."""
    changes = tuple(Change(Span(start, end), Span(start, end), label, kind, "own") for start, end, label, kind in spans)
    findings = tuple(Finding("own", label, Span(start, end), 0.5, "it looked so") for start, end, label, _ in spans)
    verdict = Verdict("redact" if spans else "allow", findings, (Outcome("own", "changed", 0.001),), "own")
    looks = (Inspection("output", verdict, changes),)
    trace = Trace("tiny", "own", "0" * 64, 1, frozen({}), frozen({}), inspections=looks)
    return Record("1d", 0.0, "check", "raw", trace, verdict, raw=kept(text), released=kept(text))


MASKED = MaskedToken(3, 17, " maybe", 0.61, 'expected one of "yes", "no" by the choice')
