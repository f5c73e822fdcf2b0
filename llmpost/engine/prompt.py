"""What a caller may hand in as a prompt, told apart: text, chat messages, token ids, or a list of them.

A string is one user turn where the model has a chat template, and plain text where it has none or the caller says
``template=False``. Knows nothing of what is generated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from llmpost.contracts.tokens import TokenId
from llmpost.errors import RequestError
from llmpost.models import LoadedModel

Prompt: TypeAlias = str | Sequence[Mapping[str, Any]] | Sequence[TokenId]


def is_batch(prompt: Any) -> bool:
    """Whether this is a list of prompts and not one prompt."""
    if isinstance(prompt, str) or not isinstance(prompt, Sequence):
        return False
    return bool(prompt) and all(isinstance(item, str | list | tuple) for item in prompt)


def is_token_ids(prompt: Any) -> bool:
    """Whether this is a list of token ids, in the vocabulary or not."""
    return isinstance(prompt, Sequence) and all(isinstance(item, int) and not isinstance(item, bool) for item in prompt)


def encode_prompt(prompt: Any, loaded: LoadedModel, template: bool) -> tuple[TokenId, ...]:
    """The token ids of one prompt, checked: not empty, in the vocabulary, with room behind it."""
    ids = _ids(prompt, loaded, template)
    if not ids:
        raise RequestError(
            "prompt", "an empty prompt", "a prompt of at least one token", "Write something for the model to continue."
        )
    if len(ids) >= loaded.context_length:
        raise RequestError(
            "prompt",
            f"a prompt of {len(ids)} tokens",
            f"shorter than the model's context of {loaded.context_length} tokens",
            "Shorten it, or use a model with more context.",
        )
    return ids


def _ids(prompt: Any, loaded: LoadedModel, template: bool) -> tuple[TokenId, ...]:
    if isinstance(prompt, str):
        if template and prompt and loaded.prompts.has_template:
            return loaded.prompts.encode_chat([{"role": "user", "content": prompt}])
        return loaded.prompts.encode(prompt) if prompt else ()
    if isinstance(prompt, Sequence) and all(isinstance(item, Mapping) for item in prompt):
        return loaded.prompts.encode_chat(prompt) if prompt else ()
    if is_token_ids(prompt):
        return _checked_ids(tuple(prompt), loaded.model.vocab_size)
    raise RequestError(
        "prompt",
        f"a {type(prompt).__name__}",
        "a string, a list of messages, a list of token ids, or a list of these",
        "A message is {'role': 'user', 'content': 'Hello'}.",
    )


def _checked_ids(ids: tuple[TokenId, ...], vocab_size: int) -> tuple[TokenId, ...]:
    for place, token in enumerate(ids):
        if not 0 <= token < vocab_size:
            raise RequestError(
                f"prompt[{place}]",
                f"token id {token}",
                f"in this model's vocabulary of {vocab_size}",
                "Encode the prompt with this model's own tokenizer.",
            )
    return ids
