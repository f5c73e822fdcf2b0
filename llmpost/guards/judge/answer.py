"""Answer: a verdict read from what a model replied.

Where the form was held there is one; where nobody held it the reply is held against it here, and what has another form
is no verdict. Only a verdict and what stands beside it come out: nothing is guessed from words in between.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from llmpost.guards.judge.asking import MOST_REASON, MOST_SCORE, line_pattern
from llmpost.guards.judge.rubric import Rubric

_MOST: Final = 20_000
"""Characters: a longer reply is none of ours, whatever it says."""
_MARGIN: Final = " \t\r\n"
_KEY = re.compile(r'"verdict"\s*:\s*"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said, and where in the reply."""

    verdict: str
    start: int
    """Of the verdict's first character."""
    score: float | None = None
    """From 0 to 1, where the model was asked for one."""
    reason: str = ""


def answer_in(reply: str, rubric: Rubric) -> Answer | None:
    """None where the reply has another form.

    >>> from llmpost.guards.judge.rubric import read_rubric
    >>> rubric = read_rubric({"version": 1, "rule": "polite", "verdicts": {"yes": "fine", "no": "RUDE"}}, "rubric")
    >>> answer_in(" no\\n", rubric), answer_in("not at all", rubric)
    (Answer(verdict='no', start=1, score=None, reason=''), None)
    """
    if len(reply) > _MOST:
        return None
    text = reply.strip(_MARGIN)
    start = len(reply) - len(reply.lstrip(_MARGIN))
    if rubric.answer == "choice":
        return Answer(text, start) if text in rubric.verdicts else None
    return _line(text, start, rubric) if rubric.answer == "line" else _object(text, start, rubric)


def _line(text: str, start: int, rubric: Rubric) -> Answer | None:
    found = re.fullmatch(line_pattern(rubric), text)
    return None if found is None else Answer(found[1], start, None, text[found.end(1) + 2 :])


def _object(text: str, start: int, rubric: Rubric) -> Answer | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    key = _KEY.search(text)
    if not isinstance(value, dict) or value.keys() != {"verdict", "score", "reason"} or key is None:
        return None
    verdict, score, reason = value["verdict"], value["score"], value["reason"]
    if verdict not in list(rubric.verdicts) or not isinstance(reason, str) or len(reason) > MOST_REASON:
        return None
    return Answer(verdict, start + key.end(), float(score) / MOST_SCORE, reason) if _is_score(score) else None


def _is_score(value: Any) -> bool:
    """A whole number, however it is spelled: 9e0 is one, too."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= MOST_SCORE and value == int(value)
