"""A prompt as a server reads it: messages with text. Token ids are one model's own, and are not sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmpost.contracts.text_model import Message, Role
from llmpost.engine.conversation import OPERATOR_ROLES, texts_in
from llmpost.errors import RequestError

_HINT = "A message is {'role': 'user', 'content': 'Hello'}."


def messages_of(prompt: Any, template: bool) -> tuple[Message, ...]:
    """RequestError where a server cannot be asked that."""
    if not template:
        given, allowed = "template=False", "possible: the server has the template"
        raise RequestError("generate.template", given, allowed, "Leave it out.")
    if isinstance(prompt, str) and prompt:
        return (Message("user", prompt),)
    if not isinstance(prompt, list | tuple) or not prompt:
        raise RequestError("prompt", f"a {type(prompt).__name__}", "a text or messages, not empty", _HINT)
    return tuple(_message(each, place) for place, each in enumerate(prompt))


def _message(given: Any, place: int) -> Message:
    where = f"messages[{place}]"
    if not isinstance(given, Mapping):
        hint = "A server has its own tokens: give it text."
        raise RequestError(where, f"a {type(given).__name__}", "a message with role and content", hint)
    role, content = given.get("role"), given.get("content")
    if not isinstance(content, str | list | tuple):
        raise RequestError(f"{where}.content", f"a {type(content).__name__}", "text", _HINT)
    texts = list(texts_in(given))
    if not isinstance(content, str) and len(texts) != len(content):
        raise RequestError(f"{where}.content", "a part that is no text", "text alone", "Images and audio are not sent.")
    return Message(_role(role, where), "".join(texts))


def _role(role: Any, where: str) -> Role:
    if role in OPERATOR_ROLES:
        return "system"
    if role == "user":
        return "user"
    if role == "assistant":
        return "assistant"
    allowed = "one of system, developer, user and assistant"
    raise RequestError(
        f"{where}.role", f"a role that is {'a text' if isinstance(role, str) else 'none'}", allowed, _HINT
    )
