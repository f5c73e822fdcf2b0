"""An engine whose model says what a test wants it to say, in the pieces that the test wants.

Each answer is a list of pieces, each piece a token of its own; what is likely next is what some answer goes on with. A
prompt is any text that ends with '>'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llmpost.contracts.tokens import TokenId
from llmpost.engine import Engine
from llmpost.engine.surroundings import Surroundings
from llmpost.models import LoadedModel
from llmpost.testing import LongestMatch, ScriptedModel
from llmpost.vocabulary import Prompts, Vocabulary

NEVER = -1e9
_BYTES = [bytes([octet]) for octet in range(256)]
_PROMPT_END = ord(">")


def speaking(*answers: Sequence[str], policy: Any = "bare", **surroundings: Any) -> Engine:
    """An engine that answers with one of these, each as likely as the others that go on as it does."""
    pieces = list(dict.fromkeys(piece for answer in answers for piece in answer))
    ids = {piece: 256 + place for place, piece in enumerate(pieces)}
    tokens = [*_BYTES, *(piece.encode() for piece in pieces), b"</s>"]
    end = len(tokens) - 1
    model = ScriptedModel(_script([[ids[piece] for piece in answer] for answer in answers], end), len(tokens))
    vocabulary = Vocabulary.from_tokens(tokens, eos_ids=[end])
    prompts = Prompts(LongestMatch(Vocabulary.from_tokens(_BYTES)))
    return Engine(LoadedModel("speaking", model, vocabulary, prompts, 4096), policy, Surroundings(**surroundings))


def _script(answers: Sequence[Sequence[TokenId]], end: TokenId) -> Callable[[tuple[TokenId, ...]], Sequence[float]]:
    def script(tokens: tuple[TokenId, ...]) -> Sequence[float]:
        written = tokens[len(tokens) - tokens[::-1].index(_PROMPT_END) :]
        following = {[*answer, end][len(written)] for answer in answers if tuple(answer[: len(written)]) == written}
        return [0.0 if token in following else NEVER for token in range(end + 1)]

    return script


def cut(text: str, *places: int) -> list[str]:
    """A text in pieces, cut at these places."""
    ends = sorted({min(place, len(text)) for place in places} | {len(text)})
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False) if start < end]
