"""The suite that attacks a guard, anybody's: does it keep what `llmpost.contracts.guard` promises for it?

A release window relies on those promises, and cannot know whether they are kept: a guard whose reach is shorter than
the truth is too late with what it finds. The suite asks about nasty texts, about texts of the guard's own and about
variations of those, and says what is wrong with the shortest example it can make.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from llmpost.contracts.guard import Guard, GuardContext
from llmpost.testing.growth import grows_with_the_text
from llmpost.testing.guard_laws import Law, follows_as_it_inspects, keeps_its_context, keeps_its_reach, repeats
from llmpost.testing.guard_subject import Subject, WrongAnswer, shown
from llmpost.testing.nasty_texts import NASTY, variations
from llmpost.testing.shortest import shortest

_LAWS: tuple[Law, ...] = (repeats, keeps_its_reach, keeps_its_context, follows_as_it_inspects)
_NUM_THREADS = 8
_LONGEST_STRETCH = 2_000
_MAX_VARIED = 3
"""So many findings of a text are varied."""
_MAX_VARIATIONS = 300


def check_guard(
    guard: Guard,
    texts: Sequence[str] = (),
    context: GuardContext | None = None,
    clock: Callable[[], float] = time.thread_time,
) -> None:
    """AssertionError where the guard breaks a promise; says which, in words, with an example.

    Give it some `texts` in which it finds something, of every kind that it knows: what it finds in them is moved,
    joined, stretched and cut. The longest that it can find should be among them.

    >>> from llmpost.contracts.guard import Finding, Span
    >>> class Shouting:
    ...     name, reach, context = "shouting", 0, 0
    ...     def inspect(self, text, context):
    ...         return [Finding("shouting", "SHOUT", Span(at, at + 1)) for at, c in enumerate(text) if c == "!"]
    >>> check_guard(Shouting(), ["Help!!"])
    """
    subject = Subject(guard, context or GuardContext())
    for wrong in _complaints(subject, texts, clock):
        raise AssertionError(f"{getattr(guard, 'name', guard)}: {wrong}.")


def _complaints(subject: Subject, texts: Sequence[str], clock: Callable[[], float]) -> Iterator[str]:
    yield from _declared(subject.guard)
    try:
        varied = islice(_varied(subject, [*texts, *NASTY]), _MAX_VARIATIONS)
        asked = list(dict.fromkeys([*texts, *NASTY, *varied]))
    except WrongAnswer as error:
        yield str(error)
        return
    for law in _LAWS:
        for text in asked:
            wrong = _complaint(law, subject, text)
            if wrong:
                yield _complaint(law, subject, _shortest(law, subject, text, wrong)) or wrong
    yield from _in_threads(subject, asked)
    try:
        yield from grows_with_the_text(subject, clock)
    except WrongAnswer as error:
        yield str(error)


def _declared(guard: Guard) -> Iterator[str]:
    """The three things that are said before anything is asked."""
    if not isinstance(guard.name, str) or not guard.name:
        yield "its name is no text"
    if guard.reach is not None and not _is_count(guard.reach):
        yield f"its reach is {guard.reach!r}: a whole number from 0 up, or None where it needs the whole text"
    if not _is_count(guard.context):
        yield f"its context is {guard.context!r}: a whole number from 0 up"


def _is_count(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _varied(subject: Subject, texts: Sequence[str]) -> Iterator[str]:
    reach = subject.guard.reach or 0
    stretch = min(reach + subject.guard.context, _LONGEST_STRETCH) + 8
    for text in texts:
        for finding in subject.findings(text)[:_MAX_VARIED]:
            yield from variations(text, finding.span.start, finding.span.end, stretch)


def _complaint(law: Law, subject: Subject, text: str) -> str | None:
    try:
        return next(law(subject, text), None)
    except WrongAnswer as wrong:
        return str(wrong)


def _shortest(law: Law, subject: Subject, text: str, wrong: str) -> str:
    """Of the same complaint, told by its first words: else a shorter text might be wrong for another reason."""
    kind = wrong.partition(":")[0]
    return shortest(text, lambda less: (_complaint(law, subject, less) or "").startswith(kind))


def _in_threads(subject: Subject, texts: Sequence[str]) -> Iterator[str]:
    """Several threads ask about the same texts at once, each beginning with another one."""
    alone = [subject.places(text) for text in texts]
    differing: list[int] = []
    barrier = threading.Barrier(_NUM_THREADS)

    def ask(first: int) -> None:
        barrier.wait()
        for number in range(len(texts)):
            which = (number + first) % len(texts)
            try:
                is_same = subject.places(texts[which]) == alone[which]
            except WrongAnswer:
                is_same = False
            if not is_same:
                differing.append(which)

    threads = [threading.Thread(target=ask, args=(7 * number,), daemon=True) for number in range(_NUM_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if differing:
        yield f"asked by several threads at once, it finds something else in {shown(texts[min(differing)])}"
