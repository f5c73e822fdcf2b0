"""Added words: what a policy says beside which words an entity is surer, besides those that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from llmpost.guards.options import Options
from llmpost.guards.pii.context_words import BEFORE
from llmpost.guards.pii.kind import Kind

_HINT = "Write {US_SSN: [employee number]}."


def with_words(kinds: Sequence[Kind], options: Options) -> list[Kind]:
    """The kinds, with the words that `context` says of their entities. They are compared in any case."""
    given = options.value("context", {})
    if not isinstance(given, Mapping):
        raise options.error("context", "{ENTITY: [words]}", _HINT)
    raised = {kind.entity for kind in kinds if kind.highest > kind.score}
    for entity, words in given.items():
        if entity not in raised:
            raise options.error("context", f"entities that a word makes surer; {entity!r} is none of these", _HINT)
        if not isinstance(words, Sequence) or isinstance(words, str) or not all(map(_is_word, words)):
            raise options.error("context", f"a list of words for {entity}", _HINT)
    return [replace(kind, words=(*kind.words, *given.get(kind.entity, ()))) for kind in kinds]


def _is_word(word: object) -> bool:
    """One that fits in the stretch that is looked at, and begins and ends with something to be compared."""
    return isinstance(word, str) and 0 < len(word) <= BEFORE and word == word.strip()
