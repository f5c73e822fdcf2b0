"""How few tokens end a text, by definition: breadth first over sequences of tokens."""

from __future__ import annotations

from random_languages import BruteForce

from llmpost.automata.algebra import Term


class FewestTokens:
    """Of a language over a vocabulary, as the plain algebra knows it. None: no sequence of tokens ends the text."""

    def __init__(self, oracle: BruteForce) -> None:
        self._algebra = oracle.algebra
        self._start = oracle.start
        self._texts = sorted({text for text in oracle.vocabulary.tokens if text})
        self._num_for_end = 1 if oracle.vocabulary.end_ids else 0
        self._known: dict[Term, int | None] = {}

    def after(self, text: bytes) -> int | None:
        """The end id counts."""
        term = self._algebra.after(self._start, text)
        if term not in self._known:
            self._known[term] = self._search(term)
        return self._known[term]

    def of_shortest_text(self) -> int | None:
        """The best tokenisation of the shortest text in bytes, of several of the best one, and the end id; None where
        the vocabulary cannot spell any of them."""
        here = {b"": self._start}
        while not any(map(self._algebra.can_end, here.values())):
            here = {
                text + bytes([byte]): self._algebra.derive(term, byte)
                for text, term in here.items()
                for byte in range(256)
            }
            here = {text: term for text, term in here.items() if self._algebra.is_live(term)}
        spelled = (self._spelled(text) for text, term in here.items() if self._algebra.can_end(term))
        return min((number + self._num_for_end for number in spelled if number is not None), default=None)

    def _spelled(self, text: bytes) -> int | None:
        fewest: list[int | None] = [0]
        for end in range(1, len(text) + 1):
            before = [fewest[end - len(one)] for one in self._texts if text[:end].endswith(one)]
            fewest.append(min((number + 1 for number in before if number is not None), default=None))
        return fewest[-1]

    def _search(self, start: Term) -> int | None:
        here, seen, number = {start}, {start}, self._num_for_end
        while here:
            if any(map(self._algebra.can_end, here)):
                return number
            here = {self._algebra.after(term, text) for term in here for text in self._texts} - seen
            seen |= here
            number += 1
        return None
