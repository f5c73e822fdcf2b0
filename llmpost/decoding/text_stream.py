"""From committed tokens to text that may be shown: whole characters, nothing of a stop string.

One value handed from token to token. Guards come after this; they see the same text in the same pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.contracts.tokens import TokenId
from llmpost.decoding.stop_strings import StopStrings
from llmpost.vocabulary import Detokenizer


@dataclass(frozen=True, slots=True)
class TextStream:
    """Where the text stands after some tokens."""

    detokenizer: Detokenizer
    stops: StopStrings

    def push(self, token: TokenId) -> tuple[str, TextStream, str | None]:
        """Text to show now, the next state, and the stop string hit."""
        delta, detokenizer = self.detokenizer.push(token)
        text, stops, hit = self.stops.push(delta)
        return text, TextStream(detokenizer, stops), hit

    def finish(self) -> tuple[str, str | None]:
        """The text still held back at the end, and a stop string that its last, incomplete character completes."""
        text, stops, hit = self.stops.push(self.detokenizer.finish())
        return (text, hit) if hit else (text + stops.held, None)
