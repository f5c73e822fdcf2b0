"""Refusal: whether an answer declines to do what was asked, by how its opening is put.

It weighs sentences in which the speaker says of himself that he cannot, will not or must not do something: English
ones above all, and set phrases of seven other languages. Whether a refusal was right, and whether an answer does harm
all the same, is not known here; an answer that turns into a refusal after its opening is not seen as one.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final, NamedTuple

from llmpost.guards.options import Options
from llmpost.guards.passages import Opinion, PassageGuard

REFUSAL: Final = "refusal"
THRESHOLDS = MappingProxyType({REFUSAL: 0.5})
SIZE: Final = 400
"""Characters of the opening."""
_REASON = "declines in its opening"
_LATER = 0.6
"""What a sentence is worth that does not begin the answer."""
_FIRST = 160
"""Characters in which an answer begins."""

_NOT = (
    r"(?:can ?not|can'?t|could ?n[o']t|could not|won'?t|will not|would not|wouldn'?t|am not able to|'m not able to|"
    r"am unable to|'m unable to|am not (?:comfortable|willing|allowed|permitted|going)(?: to)?|"
    r"'m not (?:comfortable|willing|allowed|permitted|going)(?: to)?|must not|refuse to|(?:have|"
    r"need) to decline(?: to)?|"
    r"must decline(?: to)?|decline to|don'?t feel comfortable|do not feel comfortable)"
)
_DO = (
    r"(?:help|assist|provide|give|offer|share|write|create|generate|produce|tell|answer|discuss|engage|support|"
    r"comply|"
    r"fulfil\w?|do (?:that|this|so|it)|continue|participate|say|explain|describe|recommend|suggest|advise|encourage|"
    r"condone|promote|facilitate|respond|accommodate|complete|carry out|go along|make|with (?:that|this))\w{0,3}"
)
_AND = (
    r"(?:\W{1,3}(?:in good conscience|ethically|really|just|also|therefore|directly|possibly|be able to|"
    r"in any way|to))"
    r"{0,2}"
)


class _Sign(NamedTuple):
    worth: float
    pattern: re.Pattern[str]


def _sign(worth: float, pattern: str) -> _Sign:
    return _Sign(worth, re.compile(pattern))


_SIGNS: Final = (
    _sign(0.85, rf"\bi{_AND}\W{{0,2}}{_NOT}{_AND}\W{{1,3}}{_DO}"),
    _sign(0.6, r"\b(?:sorry|apologi[sz]e|afraid|unfortunately|regret)\b[^.!?\n]{0,40}?\b(?:but i|i|"
          r"we) ?(?:can ?not|can'?t|"
          r"won'?t|am unable|'m unable|am not able|'m not able|must|have to decline)"),
    _sign(0.6, r"^\W{0,3}(?:no\b|i'?m sorry\W{1,3}but\b|i apologi[sz]e\W{1,3}but\b|i (?:must|"
          r"have to) (?:respectfully )?decline|"
          r"i'd rather not|i would rather not|i'll pass|i refuse)"),
    _sign(0.5, r"\b(?:that|this|it)(?:'s| is| would be| request is) (?:not something i|something i (?:can'?t|"
          r"cannot|won'?t)|"
          r"(?:against|outside|beyond) (?:my|our|what i))"),
    _sign(0.45, r"\bas an? (?:ai|language model|assistant)\b[^.!?\n]{0,60}?\b(?:not|can'?t|cannot|unable|won'?t)\b"),
    _sign(0.4, r"\b(?:against|violates?|goes against|contrary to|not (?:in line|aligned) with)\W{1,3}(?:my|our|"
          r"the|any)"
          r"\W{1,3}(?:\w{1,14}\W){0,3}?(?:guidelines|policy|policies|principles|programming|values|terms|rules|"
          r"purpose)\b"),
    _sign(0.35, r"\b(?:your|this|that|the) request\b[^.!?\n]{0,40}?\b(?:declined?|denied|rejected|not possible|"
          r"inappropriate|harmful|against)\b"),
    _sign(0.85, r"\b(?:ich kann|ich darf|ich werde|dabei kann ich|"
          r"das kann ich)\b[^.!?\n]{0,60}?\bnicht\b[^.!?\n]{0,40}?"
          r"\b(?:helfen|unterstützen|geben|bereitstellen|beantworten|weiterhelfen|erstellen|schreiben|machen|tun)\b"),
    _sign(0.85, r"\bje ne (?:peux|veux|suis)\b[^.!?\n]{0,20}?\b(?:pas|aider|fournir|répondre)\b|\bje dois refuser\b"),
    _sign(0.85, r"\bno (?:puedo|podré|debo)\b[^.!?\n]{0,20}?\b(?:ayudar|proporcionar|responder|hacer|dar|"
          r"crear)\w{0,5}"),
    _sign(0.85, r"\bnon (?:posso|sono in grado)\b[^.!?\n]{0,20}?\b(?:aiutar|fornir|risponder|far|creare|"
          r"scrive)\w{0,4}"),
    _sign(0.85, r"\bnão (?:posso|consigo|vou)\b[^.!?\n]{0,20}?\b(?:ajudar|fornecer|responder|fazer|criar)\w{0,4}"),
    _sign(0.85, r"\bik kan\b[^.!?\n]{0,40}?\bniet\b[^.!?\n]{0,20}?\b(?:helpen|geven|beantwoorden|doen|maken)\b"),
    _sign(0.85, r"\bя не (?:могу|буду|в состоянии)\b[^.!?\n]{0,20}?(?:помо|предостав|ответ|сдела|написа|"
          r"дать)\w{0,6}"),
)  # fmt: skip
_NO_REFUSAL = re.compile(
    r"\bi (?:can ?not|can'?t|couldn'?t|could not) (?:help but|say enough|recommend (?:it|this|them) (?:enough|"
    r"highly)|"
    r"tell you how|say (?:for sure|exactly|with certainty)|make it|stop|wait)\b|\bi(?:'ll| will) not only\b"
)
"""What only begins like a refusal."""


def refusal() -> PassageGuard:
    """A `FollowingGuard`: one score for an answer, settled when its opening is there.

    >>> from llmpost.contracts.guard import GuardContext
    >>> [found] = refusal().inspect("I'm sorry, but I can't help with that.", GuardContext())
    >>> found.score > 0.9
    True
    """
    return PassageGuard(REFUSAL, weigh, MappingProxyType({REFUSAL: (0.0, 1.0)}), SIZE, None)


def weigh(opening: str) -> dict[str, Opinion]:
    """Each sign that is seen leaves less doubt."""
    text = _NO_REFUSAL.sub(" ", opening.lower().replace("’", "'").replace("\u2018", "'"))
    doubt = 1.0
    for worth, pattern in _SIGNS:
        match = pattern.search(text)
        if match:
            doubt *= 1 - worth * (1 if match.start() < _FIRST else _LATER)
    return {REFUSAL: Opinion(round(1 - doubt, 4), _REASON)}


def build(options: Options) -> PassageGuard:
    options.finish()
    return refusal()
