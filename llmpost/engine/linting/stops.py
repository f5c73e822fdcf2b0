"""Which stop strings can come: one that no text of the language has is dead, one that every text has cuts them all.

Where some have it, the cut leaves part of a text; that may be a text of the language too, and then it is as good.
"""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.automata.algebra import Algebra, Term
from llmpost.engine.linting.effort import example_of
from llmpost.engine.linting.remark import Remark, shown
from llmpost.engine.linting.subject import Subject, containing

_HINT = "Leave it out: an output that is held to a language ends where the language does."


def stops(subject: Subject) -> Iterator[Remark]:
    """A remark for each stop string that is dead, shadowed, or cuts what is held together."""
    given = subject.policy.decode.stop or ()
    for place, stop in enumerate(given):
        shorter = next((one for one in given if one in stop[:-1]), None)
        if shorter is not None:
            hint = "Leave one of them out."
            yield Remark(
                f"decode.stop[{place}]", "warning", f"{shown(stop)} beside {shown(shorter)}", "ever reached", hint, stop
            )
    if subject.language is None and not subject.rules:
        return
    algebra = subject.effort.account()
    texts = subject.texts(algebra)
    if algebra.is_live(texts):
        for place, stop in enumerate(given):
            yield from _of_stop(f"decode.stop[{place}]", stop, subject, (algebra, texts))


def _of_stop(where: str, stop: str, subject: Subject, read: tuple[Algebra, Term]) -> Iterator[Remark]:
    algebra, texts = read
    with_stop = containing(algebra, stop)
    cut = algebra.intersect([texts, with_stop])
    if not algebra.is_live(cut):
        hint = "Leave it out, or write it as the texts have it."
        example = example_of(algebra, texts) if subject.language is not None else ""
        yield Remark(where, "error", shown(stop), "in any text that can be written", hint, example)
    elif not algebra.is_live(algebra.intersect([texts, algebra.complement(with_stop)])):
        given = f"{shown(stop)}, which every text contains and is cut at,"
        yield Remark(where, "error", given, "a stop that leaves any text whole", _HINT, example_of(algebra, cut))
    elif subject.language is not None:
        example = example_of(algebra, cut)
        if subject.accepts(example) and not subject.accepts(example.partition(stop)[0]):
            given = f"{shown(stop)}, at which some texts are cut in the middle,"
            yield Remark(where, "warning", given, "a stop that leaves every text whole", _HINT, example)
