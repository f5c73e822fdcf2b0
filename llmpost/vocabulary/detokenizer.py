"""Detokenizer: text from ids as they come, never half a character.

It knows the bytes that wait for the rest of their character.
It does not know words, grapheme clusters, stops or what is done with the text.
A stream keeps one, hands it an id and goes on with the one it gets back; the old one stays valid, so it is a rollback.
"""

from codecs import utf_8_decode
from collections.abc import Iterable
from dataclasses import dataclass

from llmpost.vocabulary.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Detokenizer:
    """A point in a text. All deltas and then `finish` give, joined, what `vocabulary.decode` gives for all ids.

    >>> state = Detokenizer(Vocabulary.from_tokens([b"caf", b"\\xc3", b"\\xa9"]))
    >>> text, state = state.push(0)
    >>> waiting, state = state.push(1)
    >>> rest, state = state.push(2)
    >>> text, waiting, rest, state.finish()
    ('caf', '', 'é', '')
    """

    vocabulary: Vocabulary
    pending: bytes = b""  # the start of one character, at most three bytes

    def push(self, token_id: int) -> tuple[str, "Detokenizer"]:
        """The text that became certain with this id, and the state after it. VocabularyError for an id out of range."""
        token = self.vocabulary.bytes_of(token_id)
        if not self.pending:
            # nearly every token is whole UTF-8 on its own: no new state, a third of the time
            try:
                return token.decode(), self
            except UnicodeDecodeError:
                pass
        return self._decoded(token)

    def extend(self, token_ids: Iterable[int]) -> tuple[str, "Detokenizer"]:
        """The same for several ids at once."""
        return self._decoded(b"".join(map(self.vocabulary.bytes_of, token_ids)))

    def finish(self) -> str:
        """What is left when no more ids come: U+FFFD for a character that was cut, else nothing."""
        return self.pending.decode("utf-8", errors="replace")

    def _decoded(self, added: bytes) -> tuple[str, "Detokenizer"]:
        given = self.pending + added
        # not final: a truncated character at the end is left over instead of replaced
        text, used = utf_8_decode(given, "replace", False)
        left = given[used:]
        return text, self if left == self.pending else Detokenizer(self.vocabulary, left)
