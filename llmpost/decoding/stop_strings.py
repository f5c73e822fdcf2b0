"""Stop strings in streamed text: found across token borders, never shown, not even in part.

Text that could still turn out to begin a stop string is held back. The state is a value; how the text was cut
into pieces makes no difference to what is released or where it stops.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StopStrings:
    """The strings looked for, and the text held back.

    >>> stops = StopStrings(("END",))
    >>> released, stops, hit = stops.push("the E"); released, hit
    ('the ', None)
    >>> released, stops, hit = stops.push("ND of"); released, hit
    ('', 'END')
    """

    stops: tuple[str, ...] = ()
    held: str = ""

    def push(self, text: str) -> tuple[str, StopStrings, str | None]:
        """The text that may be shown now, the new state, and the stop string that was completed, if one was.

        Of several the one that is complete first counts, and of those the longest.
        """
        if not self.stops:
            return text, self, None
        text = self.held + text
        found = [(at + len(stop), at, stop) for stop in self.stops if (at := text.find(stop)) >= 0]
        if found:
            _, at, stop = min(found)
            return text[:at], StopStrings(self.stops), stop
        cut = len(text) - self._open_suffix(text)
        return text[:cut], StopStrings(self.stops, text[cut:]), None

    def _open_suffix(self, text: str) -> int:
        """Length of the longest end of `text` that begins a stop string."""
        longest = min(len(text), max(map(len, self.stops)) - 1)
        ends = range(longest, 0, -1)
        return next((n for n in ends if any(stop.startswith(text[len(text) - n :]) for stop in self.stops)), 0)
