"""The guard `judge`: a text put to one language model or several, by a rubric; what they object to is a finding.

It needs the whole text, and time: a rule gives it `timeout_ms`, and says what holds where no answer came. Which models
there are is not known here: whoever builds it hands in how names become models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Final

from llmpost.contracts.guard import ALL_BEFORE, Finding, Guard, GuardContext, PossibleScores, Span
from llmpost.contracts.text_model import TextModel
from llmpost.errors import PolicyError
from llmpost.guards.judge.asking import Case
from llmpost.guards.judge.judge import Habits, Judge, Opinion
from llmpost.guards.judge.rubric import MOST_LONGEST, Rubric, read_rubric
from llmpost.guards.judge.vote import VOTES
from llmpost.guards.options import Options

FindModel = Callable[[str], TextModel]
TOO_LONG: Final = ("cut", "fail")


class TooLong(Exception):
    """A text of which only a part would be judged, where that is not wanted."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How opinions become findings."""

    threshold: float
    """From this score up a label is reported; at 0 always, with its score."""
    vote: str = "majority"
    too_long: str = "cut"
    gives_reasons: bool = False
    """Whether findings say why in a model's own words: those may quote the text."""


@dataclass(frozen=True, slots=True)
class JudgeGuard:
    """Finds, of the whole text, each label of its rubric that the judges together hold likely enough."""

    name: str
    rubric: Rubric
    judges: tuple[Judge, ...]
    manner: Manner

    reach: ClassVar[None] = None
    context: ClassVar[int] = ALL_BEFORE
    whole_text: ClassVar[bool] = True
    """Of a JSON value the whole document is asked for, and not each of its strings."""

    @property
    def labels(self) -> tuple[str, ...]:
        return self.rubric.labels

    @property
    def scores(self) -> PossibleScores:
        return MappingProxyType(dict.fromkeys(self.rubric.labels, (self.manner.threshold, 1.0)))

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        """ModelError where a judge gives no answer: a vote without one of its voters is none."""
        if self.manner.too_long == "fail" and len(text) > self.rubric.longest:
            raise TooLong
        case = Case(text, context.prompt)
        opinions = [judge.opinion(case, context.deadline) for judge in self.judges]
        scored = ((label, self._score(label, opinions)) for label in self.rubric.labels)
        span, reason = Span(0, len(text)), self._reason(case, opinions)
        return [
            Finding(self.name, label, span, score, reason) for label, score in scored if score >= self.manner.threshold
        ]

    def _score(self, label: str, opinions: Sequence[Opinion]) -> float:
        meant = [verdict for verdict, means in self.rubric.verdicts.items() if means == label]
        scores = [sum(opinion.verdicts[verdict] for verdict in meant) for opinion in opinions]
        return min(1.0, VOTES[self.manner.vote](scores))

    def _reason(self, case: Case, opinions: Sequence[Opinion]) -> str:
        """What was asked, and of how much."""
        said = [f"judged by the rubric {self.rubric.name}"]
        if len(self.judges) > 1:
            said.append(f"{self.manner.vote} of {len(self.judges)} judges")
        left_out = sum(excerpt.num_left_out for excerpt in case.shown(self.rubric))
        if left_out:
            said.append(f"{left_out} characters of the middle were not judged")
        if self.manner.gives_reasons and opinions[0].reason:
            said.append(opinions[0].reason)
        return "; ".join(said)


def build(options: Options, find: FindModel) -> Guard:
    """`find` makes of a model's name the model, when it is first asked for."""
    rubric = rubric_of(options)
    names = models_of(options)
    habits = Habits(
        ("given", "reversed") if options.one_of("orders", ("given", "both"), "given") == "both" else ("given",),
        options.flag("ignore_length", False),
    )
    threshold = options.number("threshold", rubric.threshold, 0.0, 1.0)
    manner = Manner(
        rubric.threshold if threshold is None else threshold,
        options.one_of("vote", tuple(VOTES), "majority"),
        options.one_of("too_long", TOO_LONG, "cut"),
        options.flag("reasons", False),
    )
    options.finish()
    if len(habits.orders) > 1 and not rubric.lists_verdicts:
        raise options.error("orders", "possible: this rubric lists no verdicts", "Write {verdicts} in its question.")
    if manner.gives_reasons and rubric.answer == "choice":
        raise options.error("reasons", "possible: this rubric asks for none", "Write answer: line in the rubric.")
    judges = tuple(Judge(name, find, rubric, habits) for name in names)
    return JudgeGuard("judge", rubric, judges, manner)


def rubric_of(options: Options) -> Rubric:
    """With the policy's own values in its slots, and as much of a text as it says."""
    if not options.has("rubric"):
        raise options.error("rubric", "a rubric", "Write rubric: polite, or the name of a file.")
    rubric = read_rubric(options.value("rubric"), f"{options.where}.rubric")
    longest = options.whole("longest", rubric.longest, low=2, high=MOST_LONGEST) or rubric.longest
    return replace(rubric.with_values(_values(options), f"{options.where}.values"), longest=longest)


def models_of(options: Options) -> tuple[str, ...]:
    """One or several; PolicyError where none is named, or both ways are used."""
    if options.has("model") and options.has("models"):
        raise options.error("models", "possible beside model", "Name all of them under models.")
    names = options.texts("models") if options.has("models") else (options.text("model", ""),)
    if not names or len(set(names)) < len(names):
        raise options.error("models", "one model or several, each once", "Write [tiny], say.")
    return names


def _values(options: Options) -> Mapping[str, str]:
    given = options.value("values", {})
    if isinstance(given, Mapping) and all(isinstance(each, str) and each for pair in given.items() for each in pair):
        return given
    raise PolicyError(f"{options.where}.values", f"{given!r:.60}", "texts by name", "Write {topic: gardening}.")
