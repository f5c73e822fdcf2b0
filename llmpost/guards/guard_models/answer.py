"""Answer: what a guard model said, and how likely it held each verdict where it had to choose one.

The likelihoods are read off the model's own distribution at the tokens that tell verdicts apart, and are shared out
among the verdicts alone. It knows no family, and not what a verdict means.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from llmpost.contracts.text_model import SpokenToken
from llmpost.errors import ModelError

_LITTLE = 0.5
"""A model that gives all verdicts together less than this was about to say something else."""
_NOTHING = 0.001
"""One that gives them less than this speaks another language: what it was made to say is no verdict."""


@dataclass(frozen=True, slots=True)
class Chances:
    """Of each verdict its probability, in the order in which they were asked for. They add up to 1."""

    of: tuple[float, ...]
    note: str = ""
    """What a reader must know about them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer.

    >>> token = SpokenToken("unsafe", math.log(0.6), (("unsafe", math.log(0.6)), ("safe", math.log(0.2))))
    >>> [round(chance, 2) for chance in Answer("unsafe", (token,)).chances("", ("safe", "unsafe")).of]
    [0.25, 0.75]
    """

    text: str
    tokens: tuple[SpokenToken, ...] | None

    def chances(self, before: str, verdicts: Sequence[str]) -> Chances:
        """How likely each verdict was behind what stands `before` it in the answer, which goes on with one of them.
        ModelError where the model hardly thought of any."""
        if self.tokens is None:
            said = next(verdict for verdict in verdicts if self.text.startswith(before + verdict))
            return Chances(tuple(float(verdict == said) for verdict in verdicts), "its model told no probabilities")
        weighed = _weighed(self.tokens, before, verdicts)
        most = max(logprob for _, logprob in weighed)
        shares = [sum(math.exp(lp - most) for at, lp in weighed if at == place) for place in range(len(verdicts))]
        total = sum(shares)
        if math.log(total) + most < math.log(_NOTHING):
            hint = "Name a model of the family, and see that its template is the one it came with."
            raise ModelError("guard model", "a verdict that the model was not about to give", "one to rely on", hint)
        is_little = math.log(total) + most < math.log(_LITTLE)
        note = "its model was about to say something else" if is_little else ""
        return Chances(tuple(share / total for share in shares), note)


def _weighed(tokens: Sequence[SpokenToken], before: str, verdicts: Sequence[str]) -> list[tuple[int, float]]:
    """Places of verdicts, with the log-probabilities of beginnings that only they have."""
    wholes = [before + verdict for verdict in verdicts]
    weighed: list[tuple[int, float]] = []
    said, path = "", 0.0
    for token in tokens:
        if len(said) + len(token.text) > len(before):
            for text, logprob in _choices(token):
                meant = [place for place, whole in enumerate(wholes) if _agrees(said + text, whole)]
                if len(meant) == 1:
                    weighed.append((meant[0], path + logprob))
            path += token.logprob
        said += token.text
        if sum(_agrees(said, whole) for whole in wholes) < 2:
            break
    return weighed


def _choices(token: SpokenToken) -> list[tuple[str, float]]:
    """The best tokens at a place, and the one that was taken, which need not be one of them."""
    is_among = any(text == token.text for text, _ in token.top)
    return [*token.top, *([] if is_among else [(token.text, token.logprob)])]


def _agrees(said: str, whole: str) -> bool:
    """Whether what was said begins the whole, or goes on behind it with another word."""
    return whole.startswith(said) or (said.startswith(whole) and not said[len(whole)].isalpha())
