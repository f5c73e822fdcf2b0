"""What was decided, and how an answer ended, in words that a person reads once."""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.contracts.action import ActionKind
from llmpost.contracts.guard import Verdict
from llmpost.contracts.record import Record
from llmpost.pages.quantities import counted
from llmpost.pages.tones import Tone, tone_of_action

_DONE: dict[ActionKind, tuple[str, str]] = {
    "allow": ("allowed", "It was shown as it is."),
    "log": ("allowed", "It was shown as it is; what was found was written down."),
    "mask": ("changed", "What was found was masked."),
    "pseudonymise": ("changed", "What was found was given another name."),
    "hash": ("changed", "What was found was replaced by a keyed mark."),
    "replace": ("changed", "What was found was replaced."),
    "redact": ("changed", "What was found was replaced by its label."),
    "truncate": ("cut short", "It was shown up to what was found."),
    "review": ("held for a person", "A notice was shown in its place."),
    "retry": ("asked again", "The model was to answer once more."),
    "rewrite": ("written anew", "A text written anew was shown in its place."),
    "reroute": ("handed on", "Another model or policy was to answer."),
    "refuse": ("refused", "A message was shown in its place."),
    "block": ("blocked", "It was withheld."),
}
_ENDS: dict[str, tuple[str, Tone]] = {
    "stop": ("ended by itself", "good"),
    "length": ("ended at the most tokens it may have", "noted"),
    "time": ("ended when its time was over", "noted"),
    "blocked": ("kept back", "stopped"),
    "constraint_failed": ("no way was found to what was asked for", "stopped"),
    "error": ("an error ended it", "stopped"),
    "abandoned": ("whoever read it went away", "noted"),
}

_BAD_ENDS = ("constraint_failed", "abandoned", "blocked")


@dataclass(frozen=True, slots=True)
class Words:
    """A word to remember it by, how good that is, and a sentence."""

    word: str
    tone: Tone
    sentence: str


def words_of_verdict(verdict: Verdict) -> Words:
    """That a guard gave no answer is told: what nobody looked at is not what nothing was found in.

    >>> words_of_verdict(Verdict("redact", decided_by="pii")).sentence
    'What was found was replaced by its label. Decided by pii.'
    """
    word, sentence = _DONE[verdict.action]
    number = len(verdict.findings) if verdict.action == "allow" else 0
    silent = sum(outcome.status in ("skipped", "failed") for outcome in verdict.outcomes)
    sentences = (
        sentence,
        f"{counted(number, 'finding')} led to nothing." if number else "",
        f"Decided by {verdict.decided_by}." if verdict.decided_by else "",
        f"{counted(silent, 'guard')} gave no answer." if silent else "",
    )
    tone = "noted" if silent and verdict.action == "allow" else tone_of_action(verdict.action)
    return Words(word, tone, " ".join(filter(None, sentences)))


def words_of_end(record: Record) -> Words:
    """How the whole of it ended: what guards decided where they did something, else how decoding ended."""
    verdict = words_of_verdict(record.verdict)
    if record.error or record.finish_reason == "error":
        kind = f" ({record.error})" if record.error else ""
        return Words("failed", "stopped", f"An error ended it{kind}.")
    if record.verdict.action in ("allow", "log") and record.finish_reason in _BAD_ENDS:
        end, tone = _ENDS[record.finish_reason]
        return Words(record.finish_reason.replace("_", " "), tone, f"{end[0].upper()}{end[1:]}.")
    return verdict


def told_end(reason: str) -> str:
    """
    >>> told_end("length")
    'length: ended at the most tokens it may have'
    """
    return f"{reason}: {_ENDS[reason][0]}" if reason in _ENDS else reason
