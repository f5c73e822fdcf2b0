"""A text model that says what a function of the question says; it keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from llmpost.contracts.text_model import Question, Reply, ReplyStream, SpokenToken
from llmpost.errors import ModelError


@dataclass
class Saying:
    """What it is asked comes to `say`; with tokens where that gives a reply."""

    say: Callable[[Question], str | Reply]
    name: str = "saying"
    asked: list[Question] = field(default_factory=list)

    def complete(self, question: Question) -> Reply:
        self.asked.append(question)
        said = self.say(question)
        return said if isinstance(said, Reply) else Reply(said, "stop")

    def stream(self, question: Question) -> ReplyStream:
        raise ModelError(self.name, "a stream", "possible here", "Ask for the whole.")


def always(*replies: str | Reply) -> Saying:
    """One after the other, the last again and again."""
    left = list(replies)
    return Saying(lambda question: left.pop(0) if len(left) > 1 else left[0])


def spoken(text: str, *top: tuple[str, float], logprob: float = 0.0) -> Reply:
    """A reply of one token, with what was likely in its place."""
    token = SpokenToken(text, logprob, tuple(top))
    return Reply(text, "stop", True, (token,))


def judged_part(question: Question) -> str:
    """What stands between the last two marks of what a judge is asked."""
    lines: Sequence[str] = question.messages[-1].content.split("\n")
    mark = question.messages[0].content.split("marks ")[1].split(" ")[0]
    places = [place for place, line in enumerate(lines) if line == mark]
    assert len(places) >= 2
    return "\n".join(lines[places[-2] + 1 : places[-1]])
