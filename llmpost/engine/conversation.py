"""Conversation: what was said before a text, as guards may look at it: all of it, and what the user did not write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llmpost.contracts.guard import GuardContext, Side
from llmpost.errors import RequestError

OPERATOR_ROLES = ("system", "developer")
"""Who speaks for whoever runs the program."""


def context_of(prompt: Any, system: str, side: Side) -> GuardContext:
    """`prompt` is a text, a list of chat messages, or nothing. `system` is said besides."""
    if prompt is None or isinstance(prompt, str):
        return GuardContext(side, prompt or "", system)
    if isinstance(prompt, Sequence) and all(isinstance(message, Mapping) for message in prompt):
        operator = [text for message in prompt if is_operator(message) for text in texts_in(message)]
        every = [text for message in prompt for text in texts_in(message)]
        return GuardContext(side, "\n".join(every), "\n".join([*([system] if system else []), *operator]))
    allowed = "a text or a list of messages"
    raise RequestError("prompt", f"a {type(prompt).__name__}", allowed, "A message is {'role': 'user', 'content': …}.")


def texts_in(message: Mapping[str, Any]) -> Iterator[str]:
    """The content of a message, which may come in parts of which some are text."""
    content = message.get("content")
    if isinstance(content, str):
        yield content
    elif isinstance(content, list | tuple):
        yield from (part["text"] for part in content if _is_text(part))


def with_texts(message: Mapping[str, Any], texts: Iterator[str]) -> dict[str, Any]:
    """The message with other texts in the same places."""
    content = message.get("content")
    if isinstance(content, str):
        return {**message, "content": next(texts)}
    if isinstance(content, list | tuple):
        return {**message, "content": [{**part, "text": next(texts)} if _is_text(part) else part for part in content]}
    return dict(message)


def is_operator(message: Mapping[str, Any]) -> bool:
    """Whether nobody from outside wrote it."""
    return message.get("role") in OPERATOR_ROLES


def _is_text(part: Any) -> bool:
    return isinstance(part, Mapping) and isinstance(part.get("text"), str)
