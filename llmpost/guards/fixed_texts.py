"""Fixed texts: what a policy will put in the place of others, looked at before it ever does.

A replacement that a guard finds in turn would be replaced again by whoever checks the text next, and a notice that is
blocked says nothing. So every text that is known when a policy loads is shown to the policy's own guards, alone. What
is made of values that nobody knows yet (the end of a mask, a realistic pseudonym) is not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import get_args

from llmpost.contracts.action import Action
from llmpost.contracts.guard import GuardContext, Side
from llmpost.errors import PolicyError
from llmpost.guards.checking import ask, inspected, weighed_of
from llmpost.guards.replacements.fingerprint import fingerprint
from llmpost.guards.replacements.mark import mark
from llmpost.guards.replacements.mask import Mask
from llmpost.guards.replacements.pseudonym import Pseudonym
from llmpost.guards.replacements.words import check_words, words
from llmpost.guards.rule import ANY, Guarding, Rule
from llmpost.guards.tools import Tools
from llmpost.guards.weighed import judges_whole_text

_SHOWN = 60
_NUM_HIDDEN = 16


@dataclass(frozen=True, slots=True)
class _FixedText:
    text: str
    where: str
    sides: frozenset[Side]


def check_replacements(guarding: Guarding, tools: Tools) -> None:
    """PolicyError where an action has no use for its argument, wants a key that is not there, or puts something into
    a text that a guard of the same side acts upon.

    Guards with a deadline are not asked: they may be models, and a policy is loaded in no time. Nor are those that
    judge a text as a whole.
    """
    every = [rule for asked in guarding.rules for rule in rules_within(asked)]
    for rule in every:
        for action in actions_of(rule):
            _check_argument(action, rule, tools)
    quick = tuple(rule for rule in every if rule.timeout_seconds is None and not judges_whole_text(rule.guard))
    for fixed in _fixed_texts(guarding, every, tools):
        for side in (side for side in get_args(Side) if side in fixed.sides):
            _check_text(fixed, Guarding(quick), GuardContext(side), tools)


def rules_within(rule: Rule) -> Iterator[Rule]:
    """The rule, and all who may be asked in its place."""
    yield rule
    for fallback in (rule.on_timeout, rule.on_failure):
        if fallback.rule is not None:
            yield from rules_within(fallback.rule)


def actions_of(rule: Rule) -> Iterator[Action]:
    """Everything that may be done about what it finds."""
    yield rule.action
    yield from rule.actions.values()
    yield from (tier.action for tiers in rule.tiers.values() for tier in tiers)


def _check_argument(action: Action, rule: Rule, tools: Tools) -> None:
    where = f"guards.{rule.guard.name}.{action.kind}"
    if action.kind == "mask":
        Mask.of(action.argument, where)
    elif action.kind == "replace":
        check_words(action.argument, where)
    elif action.kind == "pseudonymise":
        style = Pseudonym.of(action.argument, where).style
        if style == "keyed" and not tools.key:
            raise PolicyError(where, "keyed without a key", "possible", "Give a key, or write {style: numbered}.")
    elif action.kind == "hash" and not tools.key:
        hint = "Give a key: without one anybody could try out all values."
        raise PolicyError(where, "a hash without a key", "possible", hint)


def _fixed_texts(guarding: Guarding, rules: Iterable[Rule], tools: Tools) -> Iterator[_FixedText]:
    for rule in rules:
        for action in actions_of(rule):
            for text in _texts(action, _labels(rule), tools):
                yield _FixedText(text, f"guards.{rule.guard.name}.{action.kind}", rule.sides)
    if guarding.notice:
        yield _FixedText(guarding.notice, "notice", frozenset(get_args(Side)))


def _texts(action: Action, labels: Iterable[str], tools: Tools) -> Iterator[str]:
    """What the action writes, as far as it is known."""
    if action.kind == "mask":
        yield Mask.of(action.argument).character * _NUM_HIDDEN
    elif action.kind == "refuse" and isinstance(action.argument, str):
        yield action.argument
    for label in labels:
        if action.kind == "redact":
            yield mark(label)
        elif action.kind == "hash":
            yield fingerprint(label, label, tools.key)
        elif action.kind == "replace":
            yield words(action.argument, label)
        elif action.kind == "pseudonymise":
            yield mark(label, "1")


def _labels(rule: Rule) -> tuple[str, ...]:
    """Those that the rule names, those that the guard says it has, and one that stands for others."""
    said = getattr(rule.guard, "labels", ())
    own = [label for label in said if isinstance(label, str)] if isinstance(said, Iterable) else []
    return tuple(dict.fromkeys(["OTHER", *own, *rule.actions, *(label for label in rule.tiers if label != ANY)]))


def _check_text(fixed: _FixedText, guarding: Guarding, context: GuardContext, tools: Tools) -> None:
    answers = ask(guarding, context.side, partial(inspected, fixed.text, context), tools)
    found = next((one for one in weighed_of(answers) if one.is_acted_on), None)
    if found is not None:
        raise PolicyError(
            fixed.where,
            f"{fixed.text!r:.{_SHOWN}}",
            "a text that no guard of the policy finds in turn",
            f"{found.rule.guard.name} takes it for {mark(found.finding.label)}: choose other words.",
        )
