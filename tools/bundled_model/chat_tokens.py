"""Conversations as token ids: the special tokens, the chat template, and which tokens the model learns to say.

It knows the tokenizer's files, not the model. A conversation is `<|role|>text<|end|>` for each turn, nothing
between; only what the assistant says, with its `<|end|>`, is taught.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from .corpus.turns import Turn

PAD, END = "<|pad|>", "<|end|>"
ROLES = {"system": "<|system|>", "user": "<|user|>", "assistant": "<|assistant|>"}
SPECIAL_TOKENS = [PAD, END, *ROLES.values()]
PAD_ID, END_ID = 0, 1
ROLE_IDS = {role: i for i, role in enumerate(ROLES, start=2)}
MAX_TOKENS = 1024
CHAT_TEMPLATE = (
    "{%- for message in messages -%}\n"
    "  {%- if message['role'] not in ['system', 'user', 'assistant'] -%}\n"
    "    {{- raise_exception('tiny knows the roles system, user and assistant, not ' + message['role']) -}}\n"
    "  {%- endif -%}\n"
    "  {{- '<|' + message['role'] + '|>' + message['content'] + '<|end|>' -}}\n"
    "{%- endfor -%}\n"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}\n"
)


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids, and for each whether the model is taught to say it."""

    ids: list[int]
    taught: list[bool]


def load(folder: Path) -> Tokenizer:
    """The tokenizer of a model folder."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def encode(tokenizer: Tokenizer, conversations: Sequence[Sequence[Turn]]) -> list[Example]:
    """Each conversation as an example; those that are too long are cut."""
    texts = [turn.content for turns in conversations for turn in turns]
    encodings = iter(tokenizer.encode_batch(texts, add_special_tokens=False))
    return [_example(turns, [next(encodings) for _ in turns]) for turns in conversations]


def _example(turns: Sequence[Turn], encodings: Sequence[Encoding]) -> Example:
    ids: list[int] = []
    taught: list[bool] = []
    for turn, encoding in zip(turns, encodings, strict=True):
        said = turn.role == "assistant"
        ids += [ROLE_IDS[turn.role], *encoding.ids, END_ID]
        taught += [False, *([said] * (len(encoding.ids) + 1))]
    return Example(ids[:MAX_TOKENS], taught[:MAX_TOKENS])
