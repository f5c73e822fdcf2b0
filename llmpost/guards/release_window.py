"""The release window: what of a stream may be shown now. Nothing leaves that a guard may still object to.

What the panel of guards finds in each piece is gathered into clusters and decided as soon as no guard can add to it,
and the text leaves up to where the first open question begins. It does not know where pieces come from, nor how
anything is found; `check` judges whole texts by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llmpost.contracts.guard import GuardContext, Span, Verdict
from llmpost.contracts.inspection import Change
from llmpost.guards.apply import Plain, apply
from llmpost.guards.checking import Checked, check
from llmpost.guards.clusters import Sweep
from llmpost.guards.decide import Decision, decide_stream
from llmpost.guards.ending import ending_words
from llmpost.guards.held_text import HeldText
from llmpost.guards.panel import Panel
from llmpost.guards.rule import Guarding
from llmpost.guards.rule_reading import Piece
from llmpost.guards.tools import Tools
from llmpost.guards.verdicts import verdict_of
from llmpost.guards.weighed import Weighed


@dataclass(frozen=True, slots=True)
class Held:
    """How many characters were held back, looked at after each piece."""

    most: int = 0
    total: int = 0
    count: int = 0

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else 0.0

    def after(self, length: int) -> Held:
        return Held(max(self.most, length), self.total + length, self.count + 1)


class ReleaseWindow:
    """One text on its way out. For one thread.

    All that `feed` and `close` give, joined, depends on the text and not on how it was cut; where nothing ends the text
    it is what `check` makes of it. No character of a span that is changed or withheld is ever among it.

    Where a guard breaks, its rule's fallback holds: the text ends with what left last and the notice, or it goes on
    without the guard, or another one is shown all that has not left, and as much before that as it must see.
    """

    def __init__(self, guarding: Guarding, context: GuardContext, tools: Tools) -> None:
        self._guarding = guarding
        self._context = context
        self._tools = tools
        self._panel = Panel(guarding, context, tools)
        self._text = HeldText(self._panel.most_context)
        self._sweep = Sweep()
        self._length = 0
        self._released = 0
        """So many characters of the text have been decided; the others are held."""
        self._written = 0
        self._is_over = False
        self._weighed: list[Weighed] = []
        self._taken: list[Decision] = []
        self._changes: list[Change] = []
        self._checked: Checked | None = None
        self.held = Held()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will leave: the text ended, by itself or by a guard, or nobody wants it any more."""
        return self._is_over

    @property
    def num_held(self) -> int:
        """So many characters wait."""
        return len(self._text)

    @property
    def verdict(self) -> Verdict:
        """What was decided so far."""
        if self._checked is not None:
            return self._checked.verdict
        return verdict_of(self._weighed, self._taken, self._panel.answers, self._context.side)

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(self._changes) if self._checked is None else self._checked.changes

    def feed(self, piece: str) -> str:
        """What may be shown now that this has come; nothing once it is over."""
        return "" if self._is_over else self._guarded(piece, is_end=False)

    def close(self) -> str:
        """The rest, now that no more comes."""
        return "" if self._is_over else self._guarded("", is_end=True)

    def cancel(self) -> None:
        """Nothing more leaves, what is held is forgotten, and no guard that was not done has passed."""
        if not self._is_over:
            self._panel.stop("the text was given up")
            self._end()

    def _guarded(self, piece: str, is_end: bool) -> str:
        """A stream that something interrupts is over: text and guards might be out of step."""
        try:
            self._text.add(piece)
            self._length += len(piece)
            shown = self._at_end(is_end) if self._guarding.release == "at_end" else self._read(piece, is_end)
        except BaseException:
            self.cancel()
            raise
        self.held = self.held.after(len(self._text))
        if is_end:
            self._end()
        return shown

    def _at_end(self, is_end: bool) -> str:
        if not is_end:
            return ""
        self._checked = check(self._text.take_all(), self._guarding, self._context, self._tools)
        return self._checked.text

    def _read(self, text: str, is_end: bool) -> str:
        found = self._panel.read(Piece(text, self._length, is_end), self._text)
        self._weighed += found
        if self._panel.has_failed:
            self._end()
            return self._guarding.notice
        self._sweep.add(self._unreleased(found))
        # who is asked in another's place may still be reading what has left
        settled = max(self._released, self._length if is_end else self._panel.settled(self._length))
        decisions = decide_stream(self._sweep.closed(None if is_end else settled))
        return self._shown(decisions, settled)

    def _unreleased(self, found: Sequence[Weighed]) -> Iterator[Weighed]:
        """Of what is found too late, all that has not left."""
        for one in found:
            span = one.finding.span
            if span.start >= self._released:
                yield one
            elif span.end > self._released:
                yield replace(one, finding=replace(one.finding, span=Span(self._released, span.end)))

    def _shown(self, decisions: Sequence[Decision], settled: int) -> str:
        """The text with all that was decided, up to what is open, or to its end by one of the decisions."""
        open_start = self._sweep.open_start
        until = settled if open_start is None else min(settled, open_start)
        if not decisions:  # nearly always
            return self._taken_up_to(until)
        until = decisions[-1].span.end if decisions[-1].ends_text else until
        start, written = self._released, self._written
        applied = apply(Plain(self._taken_up_to(until), start), decisions, self._tools, written)
        self._written = written + len(applied.text)
        self._taken += decisions
        self._changes += applied.changes
        if applied.ended_by is None:
            return applied.text
        self._weighed = [one for one in self._weighed if one.finding.span.start < until]
        self._end()
        return applied.text + ending_words(applied.ended_by.action, self._guarding.notice)

    def _taken_up_to(self, until: int) -> str:
        """The text that is settled, as it was given."""
        text = self._text.take(until - self._released)
        self._released = until
        self._written += len(text)
        return text

    def _end(self) -> None:
        self._is_over = True
        self._text = HeldText()
        self._sweep = Sweep()


def check_streamed(text: str, guarding: Guarding, context: GuardContext, tools: Tools) -> Checked:
    """What a stream of this text would show, however it were cut."""
    window = ReleaseWindow(guarding, context, tools)
    shown = window.feed(text) + window.close()
    return Checked(shown, window.verdict, window.changes)
