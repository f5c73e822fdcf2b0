"""Prompts: text and chat messages to the ids a model is fed, with the tokenizer and template of that model.

It knows what messages must look like and turns whatever a chat template raises into an error in words.
It does not know bytes, vocabularies or models.
The transformers model carries one; the engine asks it once per request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from llmpost.errors import RequestError, VocabularyError
from llmpost.vocabulary.family import is_instance

Message: TypeAlias = Mapping[str, Any]  # role and content are text; a template may read further keys

_EXAMPLE = 'Write {"role": "user", "content": "Hello"}.'
_MESSAGES = 'a list of messages like {"role": "user", "content": "Hello"}'


class ChatTokenizer(Protocol):
    """What is used of a transformers tokenizer."""

    chat_template: Any  # None, a template, or several by name

    def __call__(self, text: str) -> Any: ...
    def apply_chat_template(
        self, conversation: Any, *, add_generation_prompt: bool, tokenize: bool, return_dict: bool
    ) -> Any: ...


@dataclass(frozen=True, slots=True)
class Prompts:
    """`encode` gives the ids that `tokenizer(text)` gives; `encode_chat` the chat template's, ready for an answer."""

    tokenizer: ChatTokenizer

    def __post_init__(self) -> None:
        if not callable(self.tokenizer):
            hint = "Wrap it: transformers.PreTrainedTokenizerFast(tokenizer_object=...)."
            raise VocabularyError("tokenizer", f"a {type(self.tokenizer).__name__}", "one of transformers", hint)

    @property
    def has_template(self) -> bool:
        """Whether messages can be encoded. mistral-common has its own code in place of a template."""
        if is_instance(self.tokenizer, "transformers", "MistralCommonBackend"):
            return True
        template = getattr(self.tokenizer, "chat_template", None)
        return "default" in template if isinstance(template, dict) else template is not None

    def encode(self, text: str) -> tuple[int, ...]:
        """The ids of a text, with the special tokens the tokenizer adds. RequestError for what is not Unicode text."""
        _check_text(text, "prompt")
        return tuple(self.tokenizer(text).input_ids)

    def encode_chat(self, messages: Sequence[Message]) -> tuple[int, ...]:
        """The ids of a conversation and of the words that open the answer. RequestError for what cannot be rendered."""
        conversation = _checked(messages)
        if not self.has_template:
            hint = "Pass a text prompt, or set tokenizer.chat_template."
            raise RequestError("messages", "a conversation", "possible without a chat template", hint)
        try:
            ids = self.tokenizer.apply_chat_template(
                conversation, add_generation_prompt=True, tokenize=True, return_dict=False
            )
        except Exception as error:  # a template is a program of the model's author and raises what it likes
            raise _refused(conversation, error) from None
        return tuple(ids)


def _checked(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as fresh dictionaries: a template never sees the caller's own."""
    if isinstance(messages, str | bytes | Mapping) or not isinstance(messages, Sequence):
        raise RequestError("messages", f"a {type(messages).__name__}", _MESSAGES, "Pass a text prompt to encode.")
    if not messages:
        raise RequestError("messages", "an empty list", _MESSAGES, "Give at least one message.")
    for position, message in enumerate(messages):
        _check_message(message, f"messages[{position}]")
    return [dict(message) for message in messages]


def _check_message(message: Message, where: str) -> None:
    if not isinstance(message, Mapping):
        raise RequestError(where, f"a {type(message).__name__}", "a mapping with role and content", _EXAMPLE)
    for key in ("role", "content"):
        if key not in message:
            raise RequestError(where, f"a message without {key}", "a mapping with role and content", _EXAMPLE)
        _check_text(message[key], f"{where}.{key}")


def _check_text(text: object, where: str) -> None:
    if not isinstance(text, str):
        hint = "Join the text parts of a list first; images and audio are not read."
        raise RequestError(where, f"a {type(text).__name__}", "text", hint)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        given = f"text with half a surrogate pair at position {error.start}"
        raise RequestError(where, given, "Unicode text", "Decode it with errors='replace' first.") from None


def _refused(conversation: Sequence[Message], error: Exception) -> RequestError:
    # quotes no contents, for an error travels further than a prompt may; the template's own words are cut short
    roles = ", ".join(str(message["role"])[:20] for message in conversation[:8])
    reason = (str(error).splitlines() or [""])[0][:200]
    return RequestError(
        "messages",
        f"a conversation of the roles {roles}",
        f"one the model's chat template takes ({type(error).__name__}: {reason})",
        "Most templates take an optional system message, then user and assistant in turn, ending with user.",
    )
