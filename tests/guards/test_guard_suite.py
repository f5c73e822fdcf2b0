"""The suite that attacks guards: good ones pass, each kind of liar is caught, and the example is short."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from llmpost.contracts.guard import Finding, GuardContext, Progress, Span
from llmpost.testing import check_guard
from llmpost.testing.shortest import shortest

TEXTS = ("See ABC-1234, and ABC-12.", "no: ABC-1")
TICKET = re.compile(r"\b[A-Z]{2,5}-[0-9]{1,4}\b")
Inspect = Callable[[str], Any]


@dataclass
class Plain:
    """A guard made of a function."""

    find: Inspect
    reach: Any = 10
    context: Any = 1
    name: Any = "plain"

    def inspect(self, text: str, context: GuardContext) -> Any:
        return self.find(text)


@dataclass
class Follower(Plain):
    """A guard that follows by its own means: `step` makes memory, piece and end a Progress."""

    step: Callable[[Any, str, bool], Any] = field(default=lambda memory, piece, is_end: None)

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Any:
        return self.step(memory, piece, is_end)


def found(*spans: tuple[int, int], **fields: Any) -> list[Finding]:
    return [Finding(**{"guard": "plain", "label": "TICKET", "span": Span(*span), **fields}) for span in spans]


def tickets(text: str) -> list[Finding]:
    return found(*(match.span() for match in TICKET.finditer(text)))


def patience(memory: Any, piece: str, is_end: bool) -> Progress:
    """Says nothing until the end."""
    text = (memory or "") + piece
    return Progress(text, tuple(tickets(text)) if is_end else (), len(text) if is_end else 0)


GOOD = [
    Plain(tickets),
    Plain(lambda text: found(*((at, at + 1) for at, c in enumerate(text) if c == "\U0001f600")), reach=0, context=0),
    Plain(lambda text: found((0, len(text))) if len(text) > 20 else [], reach=None, context=0),
    Follower(tickets, step=patience),
]


@pytest.mark.parametrize("guard", GOOD)
def test_a_good_guard_passes(guard: Plain) -> None:
    """Nothing is said about a guard that keeps its promises."""
    check_guard(guard, TEXTS)


class Remembering:
    """Finds a ticket the first time only."""

    name, reach, context = "plain", 10, 1

    def __init__(self) -> None:
        self.seen: list[str] = []

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        new = [match for match in TICKET.finditer(text) if match[0] not in self.seen]
        self.seen.extend(match[0] for match in new)
        return found(*(match.span() for match in new))


def raising(text: str) -> list[Finding]:
    text.encode()
    return []


def at_once(memory: Any, piece: str, is_end: bool) -> Progress:
    """Looks at each piece alone."""
    start = memory or 0
    spans = [(match.start() + start, match.end() + start) for match in TICKET.finditer(piece)]
    return Progress(start + len(piece), tuple(found(*spans)), start + len(piece))


def in_a_list(memory: Any, piece: str, is_end: bool) -> Progress:
    """Keeps the text in a list that it adds to."""
    pieces = [] if memory is None else memory
    pieces.append(piece)
    text = "".join(pieces)
    return Progress(pieces, tuple(tickets(text)) if is_end else (), len(text) if is_end else 0)


def going_back(memory: Any, piece: str, is_end: bool) -> Progress:
    """Settles what it then finds something in."""
    text = (memory or "") + piece
    return Progress(text, tuple(tickets(text)) if is_end else (), len(text))


def never_done(memory: Any, piece: str, is_end: bool) -> Progress:
    text = (memory or "") + piece
    return Progress(text, tuple(tickets(text)) if is_end else (), 0)


def twice(memory: Any, piece: str, is_end: bool) -> Progress:
    one = patience(memory, piece, is_end)
    return Progress(one.memory, one.findings * 2, one.settled)


def near_the_word(text: str) -> list[Finding]:
    """Needs a word that stands long before."""
    return [one for one in tickets(text) if "See" in text[: one.span.start]]


LIARS: dict[str, tuple[Any, str]] = {
    "a reach shorter than the match": (Plain(tickets, reach=4), "reach is too short"),
    "a reach without the look ahead": (Plain(tickets, reach=8), "reach is too short"),
    "a match without an end": (
        Plain(lambda text: found(*(m.span() for m in re.finditer(r"(?<!\d)\d+", text))), reach=30),
        "reach is too short",
    ),
    "a context too short": (Plain(near_the_word), "context is too short"),
    "a search that depends on where it began": (
        Plain(lambda text: found(*(m.span() for m in re.finditer("aa", text))), reach=2, context=2),
        "too short",
    ),
    "a memory of its own": (Remembering(), "two different things"),
    "a span outside the text": (Plain(lambda text: found((0, 1))), "not inside its text of 0"),
    "a span turned round": (Plain(lambda text: found((1, 0)) if text else []), "from 1 to 0 is not inside"),
    "half a place": (Plain(lambda text: found((0, 0.5)) if text else []), "two whole numbers"),  # type: ignore[arg-type]
    "no span": (Plain(lambda text: [Finding("plain", "A", (0, 0))]), "no Span"),  # type: ignore[arg-type]
    "no list": (Plain(lambda text: None), "no sequence of Findings"),
    "no findings": (Plain(lambda text: ["ticket"]), "no sequence of Findings"),
    "a score that is none": (Plain(lambda text: found((0, 0), score=float("nan"))), "score is no number"),
    "no label": (Plain(lambda text: found((0, 0), label="")), "no label"),
    "another guard's name": (Plain(lambda text: found((0, 0), guard="other")), "names the guard 'other'"),
    "a reason that quotes": (
        Plain(lambda text: found(*((m.start(), m.end()) for m in TICKET.finditer(text)), reason=f"saw {text[-9:]}")),
        "a reason quotes",
    ),
    "a reason that is none": (Plain(lambda text: found((0, 0), reason=None)), "reason is no text"),
    "what raises": (Plain(raising), r"raises UnicodeEncodeError on '\\ud800'"),
    "a reach below nothing": (Plain(tickets, reach=-1), "its reach is -1"),
    "a reach that is a float": (Plain(tickets, reach=2.0), r"its reach is 2\.0"),
    "a context of None": (Plain(tickets, context=None), "its context is None"),
    "no name": (Plain(tickets, name=""), "name is no text"),
    "pieces alone": (Follower(tickets, step=at_once), "when .* comes in pieces"),
    "a memory that changes": (Follower(tickets, step=in_a_list), "two ways from one memory"),
    "a step back": (Follower(tickets, step=going_back), "which it had settled"),
    "an end that settles nothing": (Follower(tickets, step=never_done), "it settles 0 of"),
    "everything twice": (Follower(tickets, step=twice), "it finds TICKET .*, TICKET .*, and in the whole TICKET"),
    "no progress": (Follower(tickets), "gives back no Progress"),
}


@pytest.mark.parametrize("kind", LIARS)
def test_a_liar_is_caught(kind: str) -> None:
    """Each broken promise is an AssertionError that names the guard and says which."""
    guard, words = LIARS[kind]
    with pytest.raises(AssertionError, match=words):
        check_guard(guard, TEXTS)


def test_threads_that_disturb_each_other_are_caught() -> None:
    """A guard that answers one thread only is found out, though it repeats itself there."""

    class Owned:
        """Answers only the thread that asked first."""

        name, reach, context = "plain", 10, 1

        def __init__(self) -> None:
            self.threads: list[int] = []

        def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
            self.threads.append(threading.get_ident())
            return [] if self.threads[0] != threading.get_ident() else tickets(text)

    with pytest.raises(AssertionError, match="several threads"):
        check_guard(Owned(), TEXTS)


def test_time_that_grows_too_fast_is_caught() -> None:
    """A guard whose time is the square of the text's length is told, by the clock it is given."""
    now = [0.0]

    def find(text: str) -> list[Finding]:
        now[0] += len(text) ** 2 * 1e-7
        return tickets(text)

    with pytest.raises(AssertionError, match=r"grows faster than the text: 4000 characters .* 256 times"):
        check_guard(Plain(find), TEXTS, clock=lambda: now[0])


def test_the_example_is_short() -> None:
    """Of a long text with one fault, what is shown is the fault alone."""
    with pytest.raises(AssertionError, match=r"reach is too short: of '[^']{6,12}',"):
        check_guard(Plain(tickets, reach=4), ["some words before " * 5 + "ABC-1234" + " and some words behind" * 5])


def test_what_is_wrong_can_be_printed() -> None:
    """The message is plain ASCII but for its own words, whatever the text was."""
    with pytest.raises(AssertionError) as caught:
        check_guard(Plain(raising), ["\U0001f600\ud800"])
    str(caught.value).encode()


def test_shortest_leaves_nothing_out_that_matters() -> None:
    """What comes out is still wrong, and nothing in it can be spared."""
    text = "a lot of text with an x and then some more with a y in it"
    assert shortest(text, lambda part: "x" in part and part.endswith("it")) == "xit"
    assert shortest("", lambda part: True) == ""
