"""Which stop strings can come: one that no text of the language has is dead, one that every text has cuts them all.

Where some have it, the cut leaves part of a text; that may be a text of the language too, and then it is as good. What
is forbidden besides is looked at last, since it takes longest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.engine.linting.effort import example_of
from llmpost.engine.linting.remark import Remark, shown
from llmpost.engine.linting.subject import Subject, containing

_NOTHING = Forbidden(())
_HINT = "Leave it out: an output that is held to a language ends where the language does."


def stops(subject: Subject) -> Iterator[Remark]:
    """A remark for each stop string that is never reached, dead, or cuts what is held together."""
    given = subject.policy.decode.stop or ()
    yield from _shadowed(given)
    if not given or (subject.language is None and not subject.rules):
        return
    algebra = subject.effort.account()
    texts = subject.texts(algebra, _NOTHING)
    left = {}
    for place, stop in enumerate(given):
        where, found = f"decode.stop[{place}]", None
        if subject.language is not None:
            found = _in_language(where, stop, subject, (algebra, texts))
        if found is None:
            left[place] = stop
        else:
            yield found
    if subject.rules:
        yield from _forbidden(left, subject)


def _shadowed(given: Sequence[str]) -> Iterator[Remark]:
    """Of two that end at different places the one that ends first is heard."""
    for place, stop in enumerate(given):
        shorter = next((one for one in given if one in stop[:-1]), None)
        if shorter is not None:
            both, hint = f"{shown(stop)} beside {shown(shorter)}", "Leave one of them out."
            yield Remark(f"decode.stop[{place}]", "warning", both, "ever reached", hint, stop)


def _in_language(where: str, stop: str, subject: Subject, read: tuple[Algebra, Term]) -> Remark | None:
    algebra, texts = read
    with_stop = containing(algebra, stop)
    cut = algebra.intersect([texts, with_stop])
    if not algebra.is_live(texts):
        return None
    if _is_plainly_dead(stop, subject) or not algebra.is_live(cut):
        return _dead(where, stop, example_of(algebra, texts))
    if not algebra.is_live(algebra.intersect([texts, algebra.complement(with_stop)])):
        given = f"{shown(stop)}, which every text contains and is cut at,"
        return Remark(where, "error", given, "a stop that leaves any text whole", _HINT, example_of(algebra, cut))
    example = example_of(algebra, cut)
    if subject.accepts(example) and not subject.accepts(example.partition(stop)[0]):
        given = f"{shown(stop)}, at which some texts are cut in the middle,"
        return Remark(where, "warning", given, "a stop that leaves every text whole", _HINT, example)
    return None


def _is_plainly_dead(stop: str, subject: Subject) -> bool:
    """Whether that takes no search: a byte that no text has, or texts that stand there to be looked into."""
    if subject.source is not None and not subject.source.octets.issuperset(stop.encode()):
        return True
    texts = None if subject.language is None else subject.language.content
    return isinstance(texts, tuple) and not any(stop in text for text in texts)


def _forbidden(left: dict[int, str], subject: Subject) -> Iterator[Remark]:
    """Those that only something forbidden keeps from coming."""
    algebra = subject.effort.account()
    texts = subject.texts(algebra)
    if not algebra.is_live(texts):
        return  # that is said elsewhere
    for place, stop in left.items():
        if not algebra.is_live(algebra.intersect([texts, containing(algebra, stop)])):
            example = "" if subject.language is None else example_of(algebra, texts)
            yield _dead(f"decode.stop[{place}]", stop, example)


def _dead(where: str, stop: str, example: str) -> Remark:
    hint = "Leave it out, or write it as the texts have it."
    return Remark(where, "error", shown(stop), "in any text that can be written", hint, example)
