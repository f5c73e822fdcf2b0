"""The guard of lists: texts that are not to be said, and texts around them that are.

However many there are, a text is read once for each way to spell them. Knows no meaning: what is not on a list is not
found, and what is on it is, unless it lies in something allowed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Final

from llmpost.automata.finding.finder import Finder
from llmpost.automata.finding.match import Sought
from llmpost.contracts.guard import Guard
from llmpost.errors import PolicyError, suggestion
from llmpost.guards.excepting import PASSES, Excepting
from llmpost.guards.judged import Judged, Judgement
from llmpost.guards.lists.entries import FOLDS, Comparison, form_of
from llmpost.guards.lists.profanity import profanity
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import certain
from llmpost.guards.reading import Reading
from llmpost.guards.regular import Label, RegularGuard

LISTS: Final = {"profanity": profanity}
_LONGEST: Final = 1000
_LETTER = re.compile(r"[^\W\d_]")


def lists(
    name: str, entries: Mapping[str, Sequence[str]], comparison: Comparison, *, has_whole_words: bool = True
) -> Excepting:
    """A `FollowingGuard` of entries by label, compared so; those under PASSES are let pass, and what is in them.

    >>> from llmpost.contracts.guard import GuardContext
    >>> guard = lists("phrases", {"COMPETITOR": ["umbrella"], PASSES: ["umbrella stand"]}, Comparison.of(["case"]))
    >>> [found.span.start for found in guard.inspect("An umbrella stand by UMBRELLA", GuardContext())]
    [21]
    """
    compared = {label: comparison.entries(texts) for label, texts in entries.items() if texts}
    forms = [form_of(texts, has_whole_words=has_whole_words) for texts in compared.values()]
    finder = Finder(
        [Sought(form, tag) for tag, form in enumerate(forms)], max(map(len, chain.from_iterable(compared.values())))
    )
    by_tag = {tag: Label(label, 1.0, str(tag)) for tag, label in enumerate(compared)}
    readings = tuple(Reading(finder, view) for view in comparison.views)
    numbers = frozenset(text for text in chain.from_iterable(entries.values()) if not _LETTER.search(text))
    matching, judge = RegularGuard(name, by_tag, readings), partial(_judgements, tuple(compared), numbers)
    return Excepting(Judged(matching, judge, scores=certain(compared)))


def _judgements(labels: Sequence[str], numbers: Collection[str], tag: int, text: str) -> Iterator[Judgement]:
    """Digits and signs alone spell nothing, whatever they may stand for, unless the list has them so."""
    if _LETTER.search(text) or text in numbers:
        yield Judgement(labels[tag], 0, len(text), 1.0, "an entry of a list")


def build(options: Options, name: str = "phrases", label: str = "PHRASE", default_list: str | None = None) -> Guard:
    """``use: phrases``: entries of `phrases`, the lines of a `file`, which whoever read the policy has read, or a
    built-in `list`."""
    comparison = Comparison.of(_folds(options, default_list))
    listed = options.one_of("list", tuple(LISTS), default_list or "") if default_list or options.has("list") else None
    label = options.text("label", label)
    texts = (*options.texts("phrases"), *options.texts("file"), *(LISTS[listed]() if listed else ()))
    allowed, has_whole_words = options.texts("allow"), options.flag("whole_words", True)
    options.finish()
    if not texts:
        raise PolicyError(options.where, "no phrases", "a guard that can find anything", "Write phrases: [one, other].")
    _check(options, (*texts, *allowed), comparison)
    return lists(name, {label: texts, PASSES: allowed}, comparison, has_whole_words=has_whole_words)


def build_competitors(options: Options) -> Guard:
    """``use: competitors``: the same under another name."""
    return build(options, "competitors", "COMPETITOR")


def build_profanity(options: Options) -> Guard:
    """``use: profanity``: the built-in list, and what else is given."""
    return build(options, "profanity", "PROFANITY", "profanity")


def _folds(options: Options, default_list: str | None) -> Sequence[str]:
    if not options.has("fold"):
        return FOLDS[:3] if default_list else FOLDS[:2]
    folds = options.texts("fold")
    for fold in folds:
        if fold not in FOLDS:
            raise options.error("fold", f"a list of {', '.join(FOLDS)}", suggestion(fold, FOLDS))
    return folds


def _check(options: Options, texts: Sequence[str], comparison: Comparison) -> None:
    for text, entry in zip(texts, comparison.entries(texts), strict=True):
        if not 0 < len(entry) <= _LONGEST:
            allowed = f"a phrase of 1 to {_LONGEST} characters, without those that do not count"
            raise PolicyError(options.where, f"{text!r:.60}", allowed, "Leave it out, or fold less.")
