"""Admission: a prompt before it reaches a model, text by text, as the guards of the input side leave it.

What an operator says (system messages) is not looked at: guards are there for what comes from outside. A prompt of
token ids is read as its text; it cannot be changed, and where a guard wants that it is blocked. It runs no model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from llmpost.contracts.action import ENDS_TEXT
from llmpost.contracts.inspection import Inspection
from llmpost.engine.conversation import is_operator, texts_in, with_texts
from llmpost.engine.prompt import is_token_ids
from llmpost.engine.recording.ledger import FORGETFUL, Ledger
from llmpost.engine.watch import Watch
from llmpost.guards.checking import Checked
from llmpost.vocabulary import Vocabulary

_STOPPING = ENDS_TEXT - {"truncate"}
_UNCHANGEABLE = "a prompt of token ids cannot be changed"
CHANGED = "the prompt was changed by its guards"


@dataclass(slots=True)
class Admission:
    """What became of a prompt: what the model is to read, or the check that keeps it from the model."""

    watch: Watch
    prompt: Any
    ledger: Ledger = FORGETFUL
    inspections: list[Inspection] = field(default_factory=list)
    stopped: Checked | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        return any(inspection.changes for inspection in self.inspections)


def admitted(prompt: Any, watch: Watch, vocabulary: Vocabulary, ledger: Ledger = FORGETFUL) -> Admission:
    """The prompt through all its guards. A form of prompt that nobody knows goes on as it is, to be refused later."""
    admission = Admission(watch, prompt, ledger)
    if watch.is_idle:
        return admission
    said = as_said(prompt, vocabulary)
    if isinstance(said, list):
        admission.prompt = [_message(message, f"messages[{place}]", admission) for place, message in enumerate(said)]
    elif isinstance(prompt, str):
        admission.prompt = _looked_at(prompt, admission)
    elif said is not None:
        _look_at_ids(said, admission)
    return admission


def as_said(prompt: Any, vocabulary: Vocabulary) -> str | list[Mapping[str, Any]] | None:
    """A prompt as text, or as messages; None where it is of no form that anybody knows."""
    if isinstance(prompt, str):
        return prompt
    if isinstance(prompt, list | tuple) and all(isinstance(item, Mapping) for item in prompt):
        return list(prompt)
    if is_token_ids(prompt):
        return vocabulary.decode(item for item in prompt if 0 <= item < vocabulary.size)
    return None


def _message(message: Mapping[str, Any], where: str, admission: Admission) -> Mapping[str, Any]:
    if is_operator(message):
        return message
    return with_texts(message, _each(texts_in(message), where, admission))


def _each(texts: Iterator[str], where: str, admission: Admission) -> Iterator[str]:
    for text in texts:
        yield _looked_at(text, admission, where)


def _looked_at(text: str, admission: Admission, where: str = "") -> str:
    """What may go on of a text; nobody looks further where one has stopped the prompt."""
    if admission.stopped is not None:
        return ""
    checked = admission.watch.check(text)
    admission.ledger.admitted(text, checked)
    admission.inspections.append(admission.watch.inspection(checked, note=where))
    if checked.verdict.action in _STOPPING:
        admission.stopped = checked
    return checked.text


def _look_at_ids(text: str, admission: Admission) -> None:
    _looked_at(text, admission)
    if admission.stopped is None and admission.is_changed:
        verdict = replace(admission.inspections[-1].verdict, action="block")
        admission.stopped = Checked(admission.watch.guarding.notice, verdict)
        admission.notes = (_UNCHANGEABLE,)
