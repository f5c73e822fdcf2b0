"""Likelihood: how sure a model was of each verdict, from the tokens in which it said one.

Where the verdicts part, each token among the best counts for the verdicts that begin with it; what goes on otherwise
counts for none, so the sum over the verdicts is one. It knows tokens as texts, and not what a verdict means.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from llmpost.contracts.text_model import SpokenToken

_NOTHING: Final = 1e-300
"""Less than any mass that counts: a verdict that the model all but rules out has some, so that they can be divided."""


class _Said(NamedTuple):
    """A token of the verdict, and the part of the token before it that belongs to something else."""

    token: SpokenToken
    before: str
    text: str


def likelihoods(tokens: Sequence[SpokenToken], verdicts: Sequence[str], said: str, start: int) -> Mapping[str, float]:
    """The probability of each verdict, given that it is one of them; `said` begins at that character of the reply.

    A verdict that is not among the best tokens has at most as much as the last of them, and not more than what was
    said in its place: so much it is given.

    >>> token = SpokenToken("yes", math.log(0.6), (("yes", math.log(0.6)), ("no", math.log(0.2)), ("x", math.log(0.1))))
    >>> {verdict: round(each, 2) for verdict, each in likelihoods([token], ["yes", "no"], "yes", 0).items()}
    {'yes': 0.75, 'no': 0.25}
    """
    masses = dict.fromkeys(verdicts, 0.0)
    written, so_far, left = "", 0.0, list(verdicts)
    for token in _of_verdict(tokens, start):
        left = _weigh_others(token, written, so_far, left, masses)
        written += token.text
        so_far += _finite(token.token.logprob)
        left = [verdict for verdict in left if _agrees(verdict, written)]
        if left == [said]:
            break
    masses[said] += math.exp(so_far)
    total = math.fsum(max(mass, _NOTHING) for mass in masses.values())
    return {verdict: max(mass, _NOTHING) / total for verdict, mass in masses.items()}


def _of_verdict(tokens: Sequence[SpokenToken], start: int) -> Iterator[_Said]:
    """From the token in which it begins."""
    at = 0
    for token in tokens:
        end = at + len(token.text)
        if end > start:
            cut = max(start - at, 0)
            yield _Said(token, token.text[:cut], token.text[cut:])
        at = end


def _weigh_others(
    token: _Said, written: str, so_far: float, left: Sequence[str], masses: dict[str, float]
) -> list[str]:
    """What other tokens at this place are worth to those that are left; who is left after it."""
    seen = set()
    for text, logprob in token.token.top:
        if text == token.token.text or not text.startswith(token.before):
            continue
        other = written + text[len(token.before) :]
        meant = [verdict for verdict in left if other != written and _agrees(verdict, other)]
        for verdict in meant:
            masses[verdict] += math.exp(so_far + _finite(logprob)) / len(meant)
            seen.add(verdict)
    going_on = written + token.text
    for verdict in left:
        if verdict not in seen and not _agrees(verdict, going_on):
            masses[verdict] += math.exp(so_far + _bound(token.token))
    return list(left)


def _agrees(verdict: str, written: str) -> bool:
    """Whether what was written is the verdict, as far as both go."""
    return verdict.startswith(written) or written.startswith(verdict)


def _bound(token: SpokenToken) -> float:
    """Of a token that is not among the best."""
    return _finite(min([token.logprob, *(logprob for _, logprob in token.top)]))


def _finite(logprob: float) -> float:
    """A log-probability is at most 0; servers write -9999 for what never is, and some have infinities."""
    return min(max(logprob, -600.0), 0.0) if logprob == logprob else -600.0
