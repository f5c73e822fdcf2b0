"""Rubric: what a judge is asked, what it may answer, and which of its answers are findings.

A rubric is plain data: a file in `policies/rubrics`, one beside a policy, or a mapping in it. Here it is read, and what
cannot be asked is refused at its place. How a question is put together is the business of `asking`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import permutations
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, get_args

from llmpost.errors import PolicyError, suggestion
from llmpost.guards.options import Options

AnswerKind: TypeAlias = Literal["choice", "line", "json"]
"""A verdict alone; a verdict, a colon and a reason on one line; an object with verdict, score and reason."""

FINE: Final = "fine"
SYSTEM: Final = "You judge answers. Say {verdicts}."
QUESTION: Final = "Rubric: {rule}\nAnswer:\n{text}"
REWRITE: Final = "Write the text anew so that it keeps to this rule: {rule}"
LONGEST: Final = 6000
MOST_LONGEST: Final = 1_000_000
_VERSION: Final = 1
_MOST_VERDICTS: Final = 20
_SLOT = re.compile(r"\{([a-z_]+)\}")
_OURS: Final = ("rule", "verdicts", "text", "prompt")
_VERDICT = re.compile(r"[A-Za-z][\w ,.:'-]{0,78}[\w.]|[A-Za-z]", re.ASCII)
_LABEL = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and what is to be said of it."""

    text: str
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rubric:
    """
    >>> rubric = read_rubric({"version": 1, "rule": "polite", "verdicts": {"yes": "fine", "no": "RUDE"}}, "rubric")
    >>> rubric.labels, rubric.verdicts["yes"] is None
    (('RUDE',), True)
    """

    name: str
    rule: str
    verdicts: Mapping[str, str | None]
    """What may be said, each with the label of the finding that it is; None: it is none."""
    system: str = SYSTEM
    question: str = QUESTION
    rewrite: str = REWRITE
    answer: AnswerKind = "choice"
    threshold: float = 0.5
    """From this probability up a verdict is a finding."""
    longest: int = LONGEST
    """So many characters of a text are shown."""
    examples: tuple[Example, ...] = field(default=())

    @property
    def labels(self) -> tuple[str, ...]:
        """Of its findings, in order."""
        return tuple(dict.fromkeys(label for label in self.verdicts.values() if label is not None))

    @property
    def reads_prompt(self) -> bool:
        return "{prompt}" in self.question

    @property
    def lists_verdicts(self) -> bool:
        """Whether the model is told what it may say, in an order that could be another."""
        return "{verdicts}" in self.question + self.system

    def with_values(self, values: Mapping[str, str], where: str) -> Rubric:
        """Slots of the rubric's own filled as a policy says; PolicyError where one is left, or none is there."""
        needed = {name for text in self._texts for name in _SLOT.findall(text)} - set(_OURS)
        for name in values:
            if name not in needed:
                raise PolicyError(where, f"'{name}'", "a slot of this rubric", suggestion(name, sorted(needed)))
        missing = sorted(needed - values.keys())
        if missing:
            hint = f"Write {{{missing[0]}: …}}."
            raise PolicyError(where, f"no '{missing[0]}'", "possible: the rubric asks for it", hint)
        rule, system, question, rewrite = (filled(text, values) for text in self._texts)
        return replace(self, rule=rule, system=system, question=question, rewrite=rewrite)

    @property
    def _texts(self) -> tuple[str, ...]:
        return self.rule, self.system, self.question, self.rewrite


def filled(text: str, values: Mapping[str, str]) -> str:
    """Each slot replaced once: what is put in is not looked through again.

    >>> filled("{rule} {text}", {"rule": "no {text}"})
    'no {text} {text}'
    """
    return _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text)


def read_rubric(given: Any, where: str) -> Rubric:
    """PolicyError, with the place, for whatever is no rubric."""
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        hint = "Write {version: 1, rule: ..., verdicts: {...}}, or the name of a rubric."
        raise PolicyError(where, f"{given!r:.60}", "a rubric", hint)
    options = Options(given, where)
    if options.value("version") != _VERSION:
        raise options.error("version", f"{_VERSION}", "Write version: 1.")
    options.has("about")  # for people
    rubric = Rubric(
        name=options.text("name", "unnamed"),
        rule=options.text("rule", ""),
        verdicts=_verdicts(options),
        system=options.text("system", SYSTEM),
        question=options.text("question", QUESTION),
        rewrite=options.text("rewrite", REWRITE),
        answer=_answer_kind(options),
        threshold=options.number("threshold", 0.5, 0.0, 1.0) or 0.0,
        longest=options.whole("longest", LONGEST, low=2, high=MOST_LONGEST) or LONGEST,
    )
    rubric = replace(rubric, examples=_examples(options, rubric))
    options.finish()
    if "{text}" not in rubric.question:
        raise options.error("question", "a question with {text} in it", "Say where the text comes in.")
    return rubric


def _answer_kind(options: Options) -> AnswerKind:
    kind = options.one_of("answer", get_args(AnswerKind), "choice")
    return next(each for each in get_args(AnswerKind) if each == kind)


def _verdicts(options: Options) -> Mapping[str, str | None]:
    given = options.value("verdicts")
    if not isinstance(given, Mapping) or not 2 <= len(given) <= _MOST_VERDICTS:
        allowed = f"a mapping of 2 to {_MOST_VERDICTS} verdicts, each with 'fine' or a label"
        raise options.error("verdicts", allowed, 'Write {"yes": fine, "no": IMPOLITE}.')
    verdicts = {str(said): _meaning(said, label, options) for said, label in given.items()}
    for one, other in permutations(verdicts, 2):
        if other.startswith(one):
            where = f"{options.where}.verdicts"
            raise PolicyError(where, f"'{one}' beside '{other}'", "told apart as they begin", "Choose other words.")
    if len({label is None for label in verdicts.values()}) < 2:
        raise options.error("verdicts", "verdicts of which some are fine, and some are not", "Give one a label.")
    return MappingProxyType(verdicts)


def _meaning(said: Any, label: Any, options: Options) -> str | None:
    where = f"{options.where}.verdicts"
    if not isinstance(said, str) or not _VERDICT.fullmatch(said):
        raise PolicyError(where, f"{said!r:.60}", "a verdict of plain letters", 'Write "yes", in quotes.')
    if label == FINE:
        return None
    if not isinstance(label, str) or not _LABEL.fullmatch(label):
        raise PolicyError(f"{where}.{said}", f"{label!r:.60}", "'fine', or a label in capitals", "Write LEGAL_ADVICE.")
    return label


def _examples(options: Options, rubric: Rubric) -> tuple[Example, ...]:
    given = options.value("examples", ())
    if not isinstance(given, list | tuple):
        raise options.error("examples", "a list of examples", "Write [{text: ..., verdict: ...}].")
    return tuple(_example(each, f"{options.where}.examples[{place}]", rubric) for place, each in enumerate(given))


def _example(given: Any, where: str, rubric: Rubric) -> Example:
    if not isinstance(given, Mapping):
        raise PolicyError(where, f"{given!r:.60}", "an example", "Write {text: ..., verdict: ...}.")
    options = Options(given, where)
    verdict = options.one_of("verdict", tuple(rubric.verdicts), "")
    example = Example(
        options.text("text", ""), verdict, "" if not options.has("reason") else options.text("reason", "")
    )
    options.finish()
    return example
