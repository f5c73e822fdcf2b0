"""Whether there is room for what an output is held to: the fewest tokens that it takes, against the most there are."""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.engine.linting.effort import example_of
from llmpost.engine.linting.remark import Remark
from llmpost.engine.linting.subject import Subject, compiled
from llmpost.engine.policy_language import in_policy
from llmpost.errors import LlmpostError

_WHERE = "decode.max_new_tokens"
_BYTES_A_TOKEN = 8
"""More than a token of JSON or prose has on the average, in any vocabulary that one meets."""


def length(subject: Subject) -> Iterator[Remark]:
    """With a model an error where there is not; without one, a note where that would be a surprise."""
    most = subject.policy.decode.max_new_tokens
    if most is None or subject.language is None:
        return
    yield from _guessed(subject, most) if subject.vocabulary is None else _counted(subject, most)


def _counted(subject: Subject, most: int) -> Iterator[Remark]:
    assert subject.vocabulary is not None
    assert subject.language is not None
    try:
        start = compiled(subject.vocabulary, subject.language, subject.forbidden).start()
        needed = None if start.can_end_within(most) else start.tokens_needed
    except LlmpostError as error:
        yield Remark.of(in_policy(error, subject.language.kind))
        return
    if needed is not None:
        allowed = f"enough to complete the shortest text, which takes {needed} tokens of the model"
        yield Remark(_WHERE, "error", f"{most}", allowed, f"Write {needed} or more.")


def _guessed(subject: Subject, most: int) -> Iterator[Remark]:
    algebra = subject.effort.account()
    texts = subject.texts(algebra)
    num_bytes = algebra.distance(texts)
    if num_bytes is not None and num_bytes > most * _BYTES_A_TOKEN:
        allowed = f"likely to be enough: the shortest text has {num_bytes} bytes"
        yield Remark(_WHERE, "note", f"{most}", allowed, "Write more.", example_of(algebra, texts))
