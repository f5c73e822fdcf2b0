"""Memory: what was answered before, by what was asked. Bounded: what was not asked for longest goes first.

Keys are digests, so no text is kept. It is no state of a request: an answer is the same whether it is remembered.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

from llmpost.contracts.text_model import Question

T = TypeVar("T")


class Memory(Generic[T]):
    """For all threads.

    >>> memory = Memory[int](most=1)
    >>> memory.put("a", 1), memory.put("b", 2), memory.get("a"), memory.get("b")
    (None, None, None, 2)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> T | None:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def put(self, key: str, value: T) -> None:
        with self._lock:
            self._known[key] = value
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)


def key_of(model: str, question: Question) -> str:
    """Of all that decides about an answer: the rubric, the text and the form are in the question."""
    asked = [
        model,
        [(message.role, message.content) for message in question.messages],
        None if question.form is None else (question.form.kind, question.form.content),
        sorted(question.settings.items()),
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()
