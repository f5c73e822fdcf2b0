"""Where the time went: seconds by name, measured by whoever owns a clock.

A loop calls :meth:`Laps.lap` after each thing it did; the time since the call before is added to that thing's
name. On an accelerator work is queued, so a lap there shows when the host waited, not when the device worked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable


class Laps:
    """A stopwatch with named laps.

    >>> times = iter([0.0, 2.0, 3.0])
    >>> laps = Laps(lambda: next(times))
    >>> laps.lap("forward"); laps.lap("draw"); laps.seconds
    {'forward': 2.0, 'draw': 1.0}
    """

    __slots__ = ("_clock", "_last", "_seconds", "num_redrawn")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._last = clock()
        self.num_redrawn = 0
        """Rows that were drawn without their mask and had to be drawn again with it."""

    def lap(self, name: str) -> None:
        now = self._clock()
        self._seconds[name] += now - self._last
        self._last = now

    def skip(self) -> None:
        """Forget the time since the last lap: it belonged to someone else."""
        self._last = self._clock()

    @property
    def seconds(self) -> dict[str, float]:
        return dict(self._seconds)
