"""Blame: which keyword, which setting, or which habit of JSON forbids what a text does at a place.

A rule is responsible where the text could go on without it, and of several the one without which it gets furthest: so
the schema is read again without one keyword after another, those next to the place first. Asked for one place of one
text; it is bounded in how often it reads, and says so where it did not find out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from llmpost.automata.algebra import EMPTY, BudgetExceeded
from llmpost.constraints.explaining.standing import Standing
from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.explaining.habits import habit
from llmpost.constraints.json_schema.explaining.in_force import Keyword
from llmpost.constraints.json_schema.explaining.without import shown_at, value_at, without
from llmpost.constraints.json_schema.settings import Settings
from llmpost.constraints.state import State
from llmpost.contracts.refusal import Certainty, Rule
from llmpost.errors import ConstraintError

Begin: TypeAlias = Callable[[Any, Settings], State]
"""The start of the language of a schema, given as a tree, in the text's algebra; ConstraintError where it is none."""
Blamed: TypeAlias = tuple[tuple[Rule, ...], Certainty]

MAX_READINGS = 64
MAX_WORK = 2_000_000
"""Characters of schema and text that all readings together may look at."""
MAX_SECONDS = 5.0
"""After which no reading begins: some schemas take long to read, and there is always something to say."""
MAX_RULES = 5
_LOOSE = Settings("flexible", "any", "any", "annotate")
_SETTINGS = {
    "whitespace": "where whitespace may stand, and how much",
    "key_order": "listed keys keep the order of `properties`",
    "escapes": "what needs no escape is not escaped",
}
_WRITING = "how JSON is written"
_ONCE = Rule("json", _WRITING, "a key comes once in an object")


@dataclass(frozen=True, slots=True)
class Subject:
    """A text that stopped, from its first byte on: of `octets`, the first `place` are alive."""

    octets: bytes
    place: int
    ends: bool

    @classmethod
    def of(cls, standing: Standing, cursor: Cursor) -> Subject:
        """The cursor stands where the state does."""
        before = cursor.octets
        return cls(before + standing.text, len(before) + standing.place, standing.ends)

    def reach_from(self, start: State) -> int:
        """How many bytes are alive from there, and one more where the text ends and may; above `place` where it goes
        on."""
        algebra, place, last = start.reach.algebra, self.place - 1, EMPTY
        for term in start.along(self.octets, self.place):
            if term == EMPTY or not algebra.is_live(term):
                break
            place, last = place + 1, term
        return place + (self.ends and place == len(self.octets) and algebra.can_end(last))


def num_readings(num_characters: int) -> int:
    """How often a schema and a text of so many characters together may be read."""
    return min(MAX_READINGS, 8 + MAX_WORK // (1 + num_characters))


class Blame:
    """One search."""

    def __init__(self, subject: Subject, begin: Begin, tree: Any, settings: Settings, num_readings: int) -> None:
        self._subject = subject
        self._begin = begin
        self._tree = tree
        self._settings = settings
        self._num_left = num_readings
        self._deadline = time.monotonic() + MAX_SECONDS

    def rules(self, levels: Sequence[Sequence[Keyword]]) -> Blamed:
        """The rules responsible, of keywords by level, the innermost first."""
        if not self._goes_on(True, self._settings):
            return self._of_json()
        if self._writes_a_key_again():
            return (_ONCE,), "each"
        found = self._best([*self._settings_loosened(self._tree), *self._keywords_removed(levels)])
        if found:
            return _cut(found), "one of" if self._num_left <= 0 else "together" if len(found) > 1 else "each"
        return self._several(levels)

    def _of_json(self) -> Blamed:
        """Not even a schema that allows everything has it."""
        found = self._best(self._settings_loosened(True))
        if found:
            return found, "each"
        if self._goes_on(True, _LOOSE):
            return tuple(_setting_rule(name) for name in _SETTINGS), "together"
        if self._goes_on(True, _LOOSE, remembers=False):
            return (_ONCE,), "each"
        return (Rule("json", _WRITING, habit(self._subject.octets, self._subject.place)),), "each"

    def _writes_a_key_again(self) -> bool:
        """Whether what stands at the place is the beginning of a key that the object has already."""
        subject = self._subject
        end = self._reach(True, _LOOSE)
        if not subject.place < end < len(subject.octets) or b":" in subject.octets[subject.place : end]:
            return False
        start, stop = (Cursor.start().after(subject.octets[:place]) for place in (subject.place, end))
        is_one_key = stop.is_in_key and start.path == stop.path and start.frame is not None and start.frame.is_object
        return is_one_key and self._reach(True, _LOOSE, remembers=False) > end

    def _settings_loosened(self, tree: Any) -> Iterator[tuple[int, Rule]]:
        for name in _SETTINGS:
            loosened = replace(self._settings, **{name: getattr(_LOOSE, name)})
            if loosened != self._settings:
                yield self._reach(tree, loosened), _setting_rule(name)

    def _keywords_removed(self, levels: Sequence[Sequence[Keyword]]) -> Iterator[tuple[int, Rule]]:
        """How far the text gets without each; what is further out only where nothing nearer lets all of it pass."""
        for keywords in levels:
            furthest = 0
            for keyword in sorted(keywords, key=lambda one: one.applies):
                furthest = max(furthest, reach := self._reach(without(self._tree, [keyword.pointer]), self._settings))
                yield reach, self._keyword_rule(keyword)
            if furthest >= len(self._subject.octets):
                return

    def _best(self, tried: Iterable[tuple[int, Rule]]) -> tuple[Rule, ...]:
        """Those without which it gets furthest, and further than it did."""
        reached = [(reach, rule) for reach, rule in tried if reach > self._subject.place]
        furthest = max((reach for reach, _ in reached), default=0)
        best = [rule for reach, rule in reached if reach == furthest]
        return tuple(rule for rule in best if not any(_is_inside(other, rule) for other in best))

    def _several(self, levels: Sequence[Sequence[Keyword]]) -> Blamed:
        """No keyword alone: those that forbid it each by itself, where all the others of their level are gone."""
        removed: list[Keyword] = []
        for keywords in levels:
            removed += keywords
            if removed and self._goes_on(self._without(removed), self._settings):
                alone = [one for one in removed if not self._goes_on(self._without(removed, one), self._settings)]
                is_known = bool(alone) and self._num_left > 0
                return _cut(tuple(map(self._keyword_rule, alone or removed))), "each" if is_known else "one of"
        return (Rule("json_schema", "the schema"),), "each"

    def _without(self, keywords: Sequence[Keyword], kept: Keyword | None = None) -> Any:
        """The schema without these, but for one and what it stands in."""
        around = "" if kept is None else f"{kept.pointer}/"
        return without(self._tree, [one.pointer for one in keywords if not around.startswith(f"{one.pointer}/")])

    def _keyword_rule(self, keyword: Keyword) -> Rule:
        says = _missing(self._tree, keyword.pointer, self._subject) or shown_at(self._tree, keyword.pointer)
        return Rule("json_schema", keyword.pointer or "the schema", says)

    def _goes_on(self, tree: Any, settings: Settings, *, remembers: bool = True) -> bool:
        return self._reach(tree, settings, remembers=remembers) > self._subject.place

    def _reach(self, tree: Any, settings: Settings, *, remembers: bool = True) -> int:
        """How many bytes are alive under a schema, and one more where the text ends and may; fewer than the place where
        it comes to nothing, or was not looked into. What was written may come again where nothing is remembered."""
        self._num_left -= 1
        if self._num_left < 0 or time.monotonic() > self._deadline:
            self._num_left = 0
            return 0
        try:
            state = self._begin(tree, settings)
            return self._subject.reach_from(state if remembers else State(state.reach, state.term, state.cell))
        except ConstraintError:  # without the keyword it is no schema, or one that cannot be followed
            return 0
        except BudgetExceeded:
            self._num_left = 0
            return 0


def _cut(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    if len(rules) <= MAX_RULES:
        return rules
    return (*rules[: MAX_RULES - 1], Rule("json_schema", f"{len(rules) - MAX_RULES + 1} more keywords"))


def _is_inside(rule: Rule, other: Rule) -> bool:
    return rule.where.startswith(f"{other.where}/")


def _setting_rule(name: str) -> Rule:
    return Rule(name, f"the setting {name}", _SETTINGS[name])


def _missing(tree: Any, pointer: str, subject: Subject) -> str:
    """Of a list of required keys those that the innermost object lacks; empty where it is no such list."""
    frame = Cursor.start().after(subject.octets[: subject.place]).frame
    required = value_at(tree, pointer) if pointer.endswith("/required") else None
    if frame is None or not frame.is_object or not isinstance(required, list):
        return ""
    missing = [name for name in required if name not in {frame.name, *(field.step for field in frame.fields())}]
    return f"missing: {', '.join(map(json.dumps, missing[:MAX_RULES]))}" if missing else ""
