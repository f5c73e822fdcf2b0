"""Gate: one text on its way through a release window, with all that was let out of it so far.

What goes through it has been checked, whatever happens next: closed, cancelled or forgotten, nothing else comes out.
"""

from __future__ import annotations

from llmpost.contracts.inspection import HeldBack
from llmpost.guards.checking import Checked
from llmpost.guards.release_window import ReleaseWindow


class Gate:
    """Of one candidate, or of one stream of somebody else's."""

    def __init__(self, window: ReleaseWindow) -> None:
        self._window = window
        self._released: list[str] = []

    @property
    def is_over(self) -> bool:
        """Whether a guard has ended the text: nothing that is fed any more makes a difference."""
        return self._window.is_over

    @property
    def checked(self) -> Checked:
        """What came of it."""
        return Checked("".join(self._released), self._window.verdict, self._window.changes)

    @property
    def held_back(self) -> HeldBack:
        return HeldBack(self._window.held.most, self._window.held.mean)

    def feed(self, piece: str) -> str:
        """What may be shown now."""
        return self._kept(self._window.feed(piece))

    def close(self) -> str:
        """The rest."""
        return self._kept(self._window.close())

    def cancel(self) -> None:
        """No more, whatever there is."""
        self._window.cancel()

    def _kept(self, text: str) -> str:
        self._released.append(text)
        return text
